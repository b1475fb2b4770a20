// SPDX-License-Identifier: MIT
// <attention-svm> in somebody's page, and the examples.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { after, before, test as nodeTest } from 'node:test';
import { gzipSync } from 'node:zlib';
import { embedding, openSite, ready, tell, visitAll } from './support.mjs';

/** A promise that nobody keeps must not hold up the others. @param {string} name @param {() => void | Promise<void>} run */
const test = (name, run) => nodeTest(name, { timeout: 120_000 }, run);

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => { site = await openSite(); });
after(() => site.close());

const dist = new URL('../../dist/', import.meta.url);

test('embed.js is light', () => {
  assert.ok(gzipSync(readFileSync(new URL('embed.js', dist))).length <= 6000);
  assert.ok(statSync(new URL('posters/plane.webp', dist)).size < 64_000);
});

test('every scenario has a picture, sharp on good screens, below 64 kB (script/make-posters.mjs)', async () => {
  const { page } = await site.newPage();
  await page.goto(site.url);
  await page.waitForSelector('#scenario option', { state: 'attached' });
  const ids = await page.evaluate(() => [.../** @type {HTMLSelectElement} */ (document.getElementById('scenario')).options].map((option) => option.value));
  for (const id of ids) {
    const poster = new URL(`posters/${id}.webp`, dist);
    assert.ok(existsSync(poster), `${id} has no picture`);
    assert.ok(statSync(poster).size < 64_000, `${id}: ${statSync(poster).size} bytes`);
  }
});

test('shows a picture before any WASM is fetched, loads when pressed, follows its attributes', async () => {
  const { page, requests, problems } = await embedding(site,
    '<div style="height: 4000px"></div><attention-svm scenario="local-optima" seed="166" height="300"></attention-svm>');
  await page.waitForTimeout(400);
  assert.ok(requests.some((path) => path.endsWith('/posters/local-optima.webp')));
  assert.ok(!requests.some((path) => path.endsWith('.wasm')), 'WASM was fetched out of view');
  assert.equal(await page.evaluate(() => document.querySelector('attention-svm')?.clientHeight), 300);
  await page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('attention-svm')?.shadowRoot?.querySelector('button')).click());
  await ready(page);
  const state = await page.evaluate(() => /** @type {any} */ (document.querySelector('attention-svm')).state());
  assert.equal(state.seed, '166');
  assert.equal(state.panel, 'compact');
  assert.ok(requests.some((path) => path.endsWith('.wasm')));
  assert.deepEqual(problems.filter((p) => !p.includes('style')), []);
});

test('plays in view, pauses out of view, fires events, frees on removal', async () => {
  const { page } = await embedding(site, '<attention-svm autoplay speed="5" height="300"></attention-svm><div style="height: 5000px"></div>');
  await page.evaluate(() => document.addEventListener('attention-svm:progress', () => { /** @type {any} */ (window).progressed = true; }));
  await ready(page);
  await page.waitForFunction(() => /** @type {any} */ (window).progressed);
  await page.evaluate(() => scrollTo(0, 4000));
  await page.waitForFunction(() => !(/** @type {any} */ (document.querySelector('attention-svm')).metrics().playing));
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector('attention-svm')).metrics().playing);
  const left = await page.evaluate(async () => {
    const element = /** @type {any} */ (document.querySelector('attention-svm'));
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return element.shadowRoot.childElementCount;
  });
  assert.equal(left, 0);
});

test('the picture is asked for before the lab, and the lab without a press when the element comes near', async () => {
  const near = await embedding(site, '<attention-svm></attention-svm>');
  await ready(near.page);
  const order = near.requests.filter((path) => /webp|wasm/.test(path));
  assert.match(order[0], /plane\.webp$/);
  const { page, requests } = await embedding(site, '<div style="height: 4000px"></div><attention-svm></attention-svm>');
  await page.waitForTimeout(300);
  assert.ok(!requests.some((path) => path.endsWith('.wasm')));
  await page.evaluate(() => scrollTo(0, 4000 - innerHeight - 200));  // below the fold by 200 pixels
  await ready(page);
});

test('every attribute counts, at first and when changed', async () => {
  const { page } = await embedding(site, `<attention-svm scenario="ten-dimensions" seed="9" panel="none" plots="loss,geometry" theme="dark"
    height="350" eta="0.05" t="6"></attention-svm>`);
  await ready(page);
  const { scenario, seed, panel, plots, theme, eta, T } = await tell(page, 'state');
  assert.deepEqual({ scenario, seed, panel, plots, theme, eta, T },
    { scenario: 'ten-dimensions', seed: '9', panel: 'none', plots: 'loss,geometry', theme: 'dark', eta: '0.05', T: '6' });
  assert.deepEqual(await page.evaluate(() => {
    const element = /** @type {any} */ (document.querySelector('attention-svm'));
    const before = [element.scenario, element.seed, element.panel, element.plots, element.theme, element.height, element.autoplay];
    element.scenario = 'infeasible';
    element.height = 240;
    element.setAttribute('eta', '0.2');
    element.autoplay = true;
    const { scenario, eta } = element.state();
    return [before, scenario, eta, element.getAttribute('scenario'), element.hasAttribute('autoplay')];
  }), [['ten-dimensions', '9', 'none', 'loss,geometry', 'dark', '350', false], 'infeasible', '0.2', 'infeasible', true]);
  await page.waitForFunction(() => document.querySelector('attention-svm')?.clientHeight === 240);
});

test('methods and events are those of the page, on the element', async () => {
  const { page } = await embedding(site, '<div id="around"><attention-svm speed="20"></attention-svm></div>', {
    before: () => {
      /** @type {any} */ const heard = {};
      /** @type {any} */ (window).heard = heard;
      addEventListener('DOMContentLoaded', () => {
        for (const name of ['ready', 'progress', 'verdict'])
          document.getElementById('around')?.addEventListener(`attention-svm:${name}`, (event) => {
            heard[name] = [/** @type {HTMLElement} */ (event.target).localName, /** @type {CustomEvent} */ (event).detail?.iteration > 0];
          });
      });
    },
  });
  await assert.rejects(page.evaluate(() => /** @type {any} */ (document.createElement('attention-svm')).metrics()), /wait for the element's ready/);
  assert.equal(await page.evaluate(() => {
    const element = /** @type {any} */ (document.querySelector('attention-svm'));
    return element.ready.then((/** @type {any} */ value) => value === element);
  }), true);
  await tell(page, 'step', 3);
  assert.equal((await tell(page, 'metrics')).iteration, 3);
  await tell(page, 'reset');
  assert.equal((await tell(page, 'metrics')).iteration, 0);
  assert.match((await tell(page, 'load', { scenario: 'plane', speed: 20, wobble: 1 }))[0], /wobble/);
  await tell(page, 'play');
  await page.waitForFunction(() => /** @type {any} */ (window).heard.verdict);
  await tell(page, 'pause');
  const paused = (await tell(page, 'metrics')).iteration;
  await page.waitForTimeout(200);
  assert.equal((await tell(page, 'metrics')).iteration, paused);
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).heard),
    { ready: ['attention-svm', false], progress: ['attention-svm', true], verdict: ['attention-svm', true] });
});

test('a verdict that stands before the first step is told after ready', async () => {
  const { page } = await embedding(site, '<div id="around"><attention-svm scenario="mlp-head"></attention-svm></div>', {
    before: () => {
      /** @type {any[]} */ const heard = [];
      /** @type {any} */ (window).heard = heard;
      for (const name of ['ready', 'verdict'])
        addEventListener(`attention-svm:${name}`, (event) => heard.push([name, typeof (/** @type {CustomEvent} */ (event).detail?.verdict)]));
    },
  });
  await ready(page);
  await tell(page, 'step', 400);
  await page.waitForFunction(() => /** @type {any} */ (window).heard.length >= 2);
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).heard.slice(0, 2)), [['ready', 'undefined'], ['verdict', 'string']]);
});

test('what the reader pauses out of view stays paused', async () => {
  const { page } = await embedding(site, '<attention-svm autoplay></attention-svm><div style="height: 5000px"></div>');
  await ready(page);
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector('attention-svm')).metrics().playing);
  await page.evaluate(() => scrollTo(0, 4000));
  await page.waitForFunction(() => !(/** @type {any} */ (document.querySelector('attention-svm')).metrics().playing));
  await tell(page, 'pause');
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(500);
  assert.equal((await tell(page, 'metrics')).playing, false);
});

test('with reduced motion nothing plays by itself', async () => {
  const { page } = await embedding(site, '<attention-svm autoplay></attention-svm>', { reducedMotion: 'reduce' });
  await ready(page);
  await page.waitForTimeout(300);
  assert.equal((await tell(page, 'metrics')).iteration, 0);
});

test('a failed download is told, and the button tries again', async () => {
  const { page } = await site.newPage();
  let broken = true;
  await page.route('**/*.wasm', (route) => broken ? route.abort() : route.continue());
  await page.goto(`${site.url}/examples/minimal.html`);
  await assert.rejects(ready(page));
  assert.equal(await page.locator('attention-svm [role=alert]').count(), 1);
  broken = false;
  await page.locator('attention-svm button').click();
  await ready(page);
  assert.equal(await page.locator('attention-svm [role=alert]').count(), 0);
});

test('styles of the page do not leak in', async () => {
  const style = `<style>* { display: inline !important; position: static !important; padding: 30px !important;
    color: red !important; font: italic 40px cursive !important; text-transform: uppercase !important; letter-spacing: 1em !important;
    overflow: visible !important; text-align: right !important; line-height: 4 !important; box-sizing: border-box !important }
    button, canvas, img { display: none !important; border: 20px solid lime !important }</style>`;
  const look = async (/** @type {string} */ head) => {
    const { page } = await embedding(site, '<div style="height: 4000px"></div><attention-svm height="300"></attention-svm>', { head });
    const parts = (/** @type {string[]} */ names) => page.evaluate((selectors) => {
      const element = /** @type {HTMLElement} */ (document.querySelector('attention-svm'));
      const own = getComputedStyle(element);
      return [own.display, own.position, own.paddingTop, own.overflow, element.clientHeight, ...selectors.map((s) => {
        const style = getComputedStyle(/** @type {Element} */ (element.shadowRoot?.querySelector(s)));
        return [s, style.display, style.position, style.font, style.color, style.textTransform, style.letterSpacing, style.paddingTop,
          style.borderTopWidth, style.textAlign];
      })];
    }, names);
    const before = await parts(['button', 'img']);
    await page.evaluate(() => /** @type {any} */ (document.querySelector('attention-svm')).play());
    await ready(page);
    return [before, await parts(['canvas', 'p', 'div'])];
  };
  assert.deepEqual(await look(style), await look(''));
});

test('the wheel scrolls the page, Tab passes through, and both ways', async () => {
  const { page } = await embedding(site, '<input id="before"><attention-svm></attention-svm><input id="after"><div style="height: 3000px"></div>');
  await ready(page);
  const box = await page.locator('attention-svm').boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 200, box.y + 200);
  await page.mouse.wheel(0, 120);
  await page.waitForFunction(() => scrollY > 50);
  await page.evaluate(() => scrollTo(0, 0));
  await page.focus('#before');
  const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.localName);
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'attention-svm');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'after');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await focused(), 'before');
});

test('takes the size of its container', async () => {
  const { page } = await embedding(site, '<div id="box" style="width: 500px"><attention-svm height="200"></attention-svm></div>');
  await ready(page);
  const width = () => page.evaluate(() => {
    const canvas = document.querySelector('attention-svm')?.shadowRoot?.querySelector('canvas');
    return [canvas?.width, canvas?.clientWidth, canvas?.height];
  });
  assert.deepEqual(await width(), [498, 498, 200]);  // 1 pixel of border on each side
  await page.evaluate(() => { /** @type {HTMLElement} */ (document.getElementById('box')).style.width = '320px'; });
  await page.waitForFunction(() => document.querySelector('attention-svm')?.shadowRoot?.querySelector('canvas')?.width === 318);
});

test('a dataset by URL, and what is wrong with another', async () => {
  const { page } = await embedding(site, '<attention-svm dataset="../data/digits-rows.json"></attention-svm><attention-svm id="none" dataset="nowhere.json"></attention-svm>');
  await ready(page);
  assert.equal(await page.evaluate(() => /** @type {any} */ (document.querySelector('attention-svm')).metrics().selected.length), 16);
  const message = await page.evaluate(() => /** @type {any} */ (document.getElementById('none')).ready.catch((/** @type {Error} */ e) => e.message));
  assert.match(message, /nowhere\.json could not be loaded \(404\)/);
});

for (const name of ['blog-post', 'minimal', 'core-module', 'strict-csp'])
  test(`example ${name} works without an error`, async () => {
    const { page, problems } = await site.newPage();
    await page.goto(`${site.url}/examples/${name}.html`);
    if (name === 'core-module') await page.waitForFunction(() => document.getElementById('result')?.textContent?.includes('gap'));
    else await ready(page);
    assert.deepEqual(problems, []);
  });


test('the blog post: its four figures show what the text says', async () => {
  const { page, problems } = await site.newPage({ viewport: { width: 1000, height: 900 } });
  await page.goto(`${site.url}/examples/blog-post.html`);
  await visitAll(page);
  /** @param {string} id @param {number} steps */
  const after = (id, steps) => page.evaluate(async ([name, count]) => {
    const figure = /** @type {any} */ (document.getElementById(String(name)));
    figure.scrollIntoView({ block: 'center' });
    await new Promise((done) => setTimeout(done, 300));
    figure.pause();
    figure.reset();
    await figure.step(count);
    await new Promise((done) => setTimeout(done, 600));  // frames judge what steps did
    return figure.metrics();
  }, /** @type {[string, number]} */ ([id, steps]));
  /** @param {string} id @param {string} name */
  const press = (id, name) => page.locator(`button[data-figure="${id}"]`, { hasText: name }).click();

  const plane = await after('plane', 1500);
  assert.ok(plane.correlation.frobenius > 0.999 && plane.global);
  await press('plane', 'Three tokens');
  assert.equal(await page.evaluate(() => /** @type {any} */ (document.getElementById('plane')).state().data), 'plane-3');

  const local = await after('local', 1500);
  assert.match(local.verdict, /a locally optimal direction.*Not the global one/);
  await press('local', 'Another start');
  assert.match((await after('local', 1500)).verdict, /It is the global one/);

  const rank = (await after('rank', 1500)).correlation;
  assert.ok(1 - rank.nuclear < 0.05 && 1 - rank.frobenius > 0.1, JSON.stringify(rank));
  await press('rank', 'Train W');
  const full = (await after('rank', 1500)).correlation;
  assert.ok(full.frobenius > full.nuclear, JSON.stringify(full));

  assert.match((await after('mlp', 1500)).verdict, /more than one in 1 of 3/);
  for (const link of await page.locator('figcaption a').all()) assert.match(String(await link.getAttribute('href')), /^\.\.\/index\.html#scenario=/);
  assert.deepEqual(problems, []);
});
