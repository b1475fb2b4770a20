// SPDX-License-Identifier: MIT
// The page in a real browser: everything that a reader does with it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seriousViolations } from './axe.mjs';
import { call, openLab, openSite } from './support.mjs';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => { site = await openSite(); });
after(() => site.close());

const digits = new URL('../../web/data/digits-rows.json', import.meta.url);

/** How many different colours the canvas shows: more than a few means that something is drawn. @param {import('playwright-core').Page} page */
async function colours(page) {
  const png = await page.locator('canvas').screenshot();
  return new Set(png.subarray(100).toString('latin1').match(/.{4}/gs)).size;
}

/** @param {import('playwright-core').Page} page @param {string} fragment */
async function lab(page, fragment) {
  await openLab(page, `${site.url}/#${fragment}`);
}

test('draws within ten seconds, with no error and no request to another host', async () => {
  const { page, problems } = await site.newPage();
  const start = Date.now();
  await lab(page, 'scenario=plane');
  await page.waitForTimeout(300);
  assert.ok(await colours(page) > 500, 'the canvas is blank');
  assert.ok(Date.now() - start < 10_000);
  assert.deepEqual(problems, []);
});

test('a frame asks the graphics context for nothing: every answer waits for the graphics process', async () => {
  const { page } = await site.newPage();
  await page.addInitScript(() => {
    const asked = /** @type {Record<string, number>} */ ({}), drawn = { count: 0 };
    Object.assign(window, { asked, drawn });
    const prototype = /** @type {any} */ (WebGL2RenderingContext.prototype);
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const method = Object.getOwnPropertyDescriptor(prototype, name)?.value;
      if (typeof method !== 'function') continue;
      const asks = /^(get|is|check|finish|readPixels)/.test(name);
      prototype[name] = function (/** @type {any[]} */ ...args) {
        if (asks) asked[name] = (asked[name] ?? 0) + 1;
        if (name === 'drawElements') ++drawn.count;
        return method.apply(this, args);
      };
    }
  });
  await lab(page, 'scenario=plane');
  const counts = () => page.evaluate(() => [{ .../** @type {any} */ (window).asked }, /** @type {any} */ (window).drawn.count]);
  const [before, drawnBefore] = await counts();
  assert.ok(before.getUniformLocation >= 1, 'the test sees what is asked');
  await page.click('#play');
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.metrics().iteration > 20);
  const [after, drawnAfter] = await counts();
  assert.ok(drawnAfter > drawnBefore + 20, 'it draws');
  assert.deepEqual(after, before);
});

test('plays, pauses, steps, resets by the buttons of the page', async () => {
  const { page, problems } = await site.newPage();
  await lab(page, 'scenario=plane');
  await page.click('#play');
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.metrics().iteration > 5);
  await page.click('#play');
  const paused = (await call(page, 'metrics')).iteration;
  await page.waitForTimeout(300);
  assert.equal((await call(page, 'metrics')).iteration, paused);
  await page.click('#step');
  assert.equal((await call(page, 'metrics')).iteration, paused + 1);
  await page.click('#reset');
  assert.equal((await call(page, 'metrics')).iteration, 0);
  assert.deepEqual(problems, []);
});

test('reaches the verdict on the plane, says it and fires the events', async () => {
  const { page } = await site.newPage();
  await lab(page, 'scenario=plane&speed=20');
  await page.evaluate(() => {
    /** @type {any} */ (window).fired = {};
    for (const name of ['progress', 'verdict'])
      document.addEventListener(`attention-svm:${name}`, () => { /** @type {any} */ (window).fired[name] = true; });
  });
  await call(page, 'play');
  await page.waitForFunction(() => {
    const { iteration, correlation } = /** @type {any} */ (window).attentionSvmLab.metrics();
    return iteration > 600 && correlation.frobenius > 0.999;
  });
  await call(page, 'pause');
  const { verdict, selected, frameMilliseconds } = await call(page, 'metrics');
  assert.match(verdict, /Selected tokens 1 1: a locally optimal direction; angle to its SVM/);
  assert.deepEqual(selected, [0, 0]);
  assert.equal(typeof frameMilliseconds, 'number');
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).fired), { progress: true, verdict: true });
  await page.waitForFunction(() => document.getElementById('live')?.textContent?.includes('locally optimal direction'));
});

test('loads the digits file, and its address finds it again', async () => {
  const { page, problems, context } = await site.newPage();
  await lab(page, 'scenario=plane');
  await page.setInputFiles('#file', fileURLToPath(digits));
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.state().data.startsWith('file:'));
  assert.equal((await call(page, 'metrics')).selected.length, 16);
  const address = page.url();
  const again = await context.newPage();
  await openLab(again, address);
  assert.equal((await call(again, 'metrics')).selected.length, 16);
  assert.deepEqual(problems, []);
});

test('an address that names an unknown file asks for it and shows the scenario', async () => {
  const { page } = await site.newPage();
  await lab(page, 'scenario=plane&data=file:0123456789abcdef');
  assert.equal((await call(page, 'metrics')).selected.length, 2);
});

test('refuses a broken file, names the place, leaves everything as it was', async () => {
  const { page } = await site.newPage();
  await lab(page, 'scenario=plane');
  await call(page, 'step', 9);
  const before = await call(page, 'state');
  const data = JSON.parse(readFileSync(digits, 'utf8'));
  data.X[3][2].pop();
  const problem = await page.evaluate((text) => new Promise((resolve) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'broken.json'));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
    setTimeout(() => resolve(/** @type {any} */ (window).attentionSvmLab.state()), 400);
  }), JSON.stringify(data));
  assert.deepEqual(problem, before);
  assert.equal((await call(page, 'metrics')).iteration, 9);
});

test('the address is the state: round trip, nonsense, back and forward', async () => {
  const { page } = await site.newPage();
  await lab(page, 'scenario=ten-dimensions&eta=0.05&wobble=1');
  const state = await call(page, 'state');
  assert.equal(state.eta, '0.05');
  await page.selectOption('#scenario', 'infeasible');
  await page.waitForFunction(() => location.hash.includes('scenario=infeasible'));
  await page.goBack();
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.state().scenario === 'ten-dimensions');
  await page.goForward();
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.state().scenario === 'infeasible');
  const notices = await call(page, 'load', { scenario: 'plane', eta: 'many', param: 'KQ' });
  assert.equal(notices.length, 1);
  assert.match(notices[0], /eta=many was left out: expected a number/);
  assert.equal((await call(page, 'state')).param, 'KQ');
});

test('sharp at pixel ratio 2, follows the size of the window', async () => {
  const { page } = await site.newPage({ deviceScaleFactor: 2, viewport: { width: 900, height: 600 } });
  await lab(page, 'scenario=plane');
  const size = () => page.evaluate(() => {
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('canvas'));
    return [canvas.width / canvas.clientWidth, canvas.clientWidth];
  });
  assert.deepEqual(await size(), [2, 900]);
  await page.setViewportSize({ width: 700, height: 500 });
  await page.waitForFunction(() => document.querySelector('canvas')?.width === 1400);
  assert.deepEqual(await size(), [2, 700]);
});

test('keys work once the canvas has the focus, and Tab leaves it', async () => {
  const { page } = await site.newPage();
  await lab(page, 'scenario=plane&speed=3');
  await page.locator('canvas').focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.metrics().iteration === 3);
  await page.keyboard.press('Space');
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.metrics().playing);
  await page.keyboard.press('r');
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.metrics().iteration === 0);
  await page.keyboard.press('Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), 'CANVAS');
});

test('the mouse drags a token and the address holds the data', async () => {
  const { page } = await site.newPage({ viewport: { width: 800, height: 800 } });
  await lab(page, 'scenario=plane&panel=none&plots=geometry');
  const box = await page.locator('canvas').boundingBox();
  assert.ok(box);
  // The first plot's frame is square in units: look for a token along a grid of points.
  for (let y = box.y + 100; y < box.y + box.height - 60; y += 12)
    for (let x = box.x + 70; x < box.x + box.width - 30; x += 12) {
      await page.mouse.move(x, y);
      if (x % 48 < 12) await page.waitForTimeout(20);
      const hand = await page.evaluate(() => document.querySelector('canvas')?.style.cursor === 'pointer');
      if (!hand) continue;
      await page.mouse.down();
      await page.mouse.move(x + 40, y + 25, { steps: 6 });
      await page.waitForTimeout(150);
      await page.mouse.up();
      await page.waitForTimeout(150);
      if ((await call(page, 'state')).data.startsWith('inline:')) {
        assert.match(page.url(), /data=inline:/);
        return;
      }
    }
  assert.fail('no token could be dragged');
});

test('by touch the page plays and a tap reaches the canvas', async () => {
  const { page } = await site.newPage({ viewport: { width: 390, height: 844 }, hasTouch: true });
  await lab(page, 'scenario=plane');
  await page.tap('#play');
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.metrics().playing);
  await page.tap('#play');
  await page.waitForFunction(() => !(/** @type {any} */ (window).attentionSvmLab.metrics().playing));
});

test('light and dark follow the system and can be switched', async () => {
  const { page } = await site.newPage({ colorScheme: 'dark' });
  await lab(page, 'scenario=plane');
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(await background(), 'rgb(16, 19, 24)');
  await page.click('#theme');
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'light');
  assert.equal(await background(), 'rgb(244, 245, 247)');
});

for (const colorScheme of /** @type {const} */ (['light', 'dark']))
  test(`axe-core finds nothing serious, ${colorScheme}`, async () => {
    const { page } = await site.newPage({ colorScheme });
    await lab(page, 'scenario=plane');
    const serious = await seriousViolations(page);
    assert.deepEqual(serious, []);
  });

test('every scenario opens without an error', async () => {
  const { page, problems } = await site.newPage();
  await lab(page, 'scenario=plane');
  const ids = await page.evaluate(() => [.../** @type {HTMLSelectElement} */ (document.getElementById('scenario')).options].map((o) => o.value));
  assert.equal(ids.length, 25);
  for (const id of ids) {
    await page.selectOption('#scenario', id);
    await page.waitForFunction((name) => /** @type {any} */ (window).attentionSvmLab.state().scenario === name, id);
    await call(page, 'step', 3);
  }
  assert.deepEqual(problems, []);
});
