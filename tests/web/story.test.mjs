// SPDX-License-Identifier: MIT
// The story: the first thing that a visitor sees.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { seriousViolations } from './axe.mjs';
import { call, colours, openLab, openSite } from './support.mjs';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => { site = await openSite(); });
after(() => site.close());

const ids = ['attention', 'training', 'guess', 'band', 'why', 'start', 'words', 'factors', 'mixture', 'yours'];
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
/** @param {import('playwright-core').Page} page */
const heading = (page) => page.locator('#story .current h2').textContent();
/** @param {import('playwright-core').Page} page @param {number} iteration */
const trained = (page, iteration) => page.waitForFunction((least) =>
  /** @type {any} */ (window).attentionSvmLab.metrics().iteration >= least, iteration);

test('without an address the story opens, the lab is one click away, and the choice is remembered', async () => {
  const { page, problems, context } = await site.newPage();
  await openLab(page, site.url);
  assert.equal(await heading(page), 'A question looks at tokens');
  assert.ok(await page.locator('#story').isVisible());
  assert.ok(!await page.locator('.toolbar').isVisible());
  await page.click('#to-lab');
  await page.waitForSelector('.toolbar:visible');
  assert.ok(!await page.locator('#story').isVisible());
  assert.equal((await call(page, 'state')).panel, 'full');
  const again = await context.newPage();
  await openLab(again, site.url);
  assert.ok(await again.locator('.toolbar').isVisible());
  await again.click('#to-story');
  await again.waitForSelector('#story:visible');
  const third = await context.newPage();
  await openLab(third, site.url);
  assert.ok(await third.locator('#story').isVisible());
  assert.deepEqual(problems, []);
});

test('an address with settings opens the lab, whatever was chosen before', async () => {
  const { page } = await site.newPage();
  await openLab(page, `${site.url}/#scenario=infeasible`);
  assert.ok(!await page.locator('#story').isVisible());
  assert.equal((await call(page, 'state')).scenario, 'infeasible');
});

test('the first step reads without JavaScript and within 60 kB', async () => {
  const { page } = await site.newPage({ javaScriptEnabled: false });
  await page.goto(site.url);
  assert.match(await page.locator('#story').innerText(), /Each numbered disc is a token/);
  assert.match(await page.locator('#story').innerText(), /Several winners/);
  const dist = new URL('../../dist/', import.meta.url);
  const before = readdirSync(dist).filter((name) => /^(index\.html|lab-.*\.css|page-.*\.js)$/.test(name));
  assert.equal(before.length, 3);
  const weight = before.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, dist))).length, 0);
  assert.ok(weight < 60_000, `${weight} bytes`);
});

test('the text stands before any WebAssembly has arrived', async () => {
  const { page } = await site.newPage();
  await page.route('**/*.wasm', () => {});  // never answered
  await page.goto(`${site.url}/#story=band`);
  await page.waitForSelector('#story-band:visible');
  assert.equal(await page.locator('#story section:visible').count(), 1);
  await page.click('#next');
  assert.equal(await heading(page), 'Why the edge decides');
});

test('steps by number, by name, by button, by key, by the back button', async () => {
  const { page, problems } = await site.newPage();
  await openLab(page, `${site.url}/#story=3`);
  assert.equal(await heading(page), 'Where will they end?');
  await page.click('#next');
  assert.equal(await heading(page), 'The widest band');
  assert.match(page.url(), /#story=band$/);
  await page.keyboard.press('ArrowRight');
  assert.equal(await heading(page), 'Why the edge decides');
  await page.keyboard.press('ArrowLeft');
  await page.click('#back');
  assert.equal(await heading(page), 'Where will they end?');
  await page.goBack();
  await page.waitForFunction(() => document.querySelector('#story .current h2')?.textContent === 'The widest band');
  await page.goto(`${site.url}/#story=nonsense`);
  assert.equal(await heading(page), 'A question looks at tokens');
  assert.deepEqual(problems, []);
});

test('for a lecture: no header, large type, the keys of a remote control, and the address says so at every step', async () => {
  const { page } = await site.newPage({ viewport: { width: 1280, height: 800 } });
  await openLab(page, `${site.url}/#story=2&view=lecture`);
  assert.ok(!await page.locator('header').isVisible());
  const size = await page.locator('#story-training p').first().evaluate((text) => parseFloat(getComputedStyle(text).fontSize));
  assert.ok(size >= 24, `${size}`);
  await page.keyboard.press('PageDown');
  assert.equal(await heading(page), 'Where will they end?');
  assert.match(page.url(), /#story=guess&view=lecture$/);
  await page.keyboard.press('PageUp');
  assert.equal(await heading(page), 'Training turns the arrow');
  assert.ok(await page.locator('#next').isVisible());
});

test('on a phone: swipe, the text below the figure, a low header', async () => {
  const { page, context } = await site.newPage(phone);
  await openLab(page, `${site.url}/#story=1`);
  const box = async (/** @type {string} */ selector) => /** @type {any} */ (await page.locator(selector).boundingBox());
  const [header, figure, text, next] = [await box('header'), await box('#lab'), await box('#story .current'), await box('#next')];
  assert.ok(header.height <= 64, `${header.height}`);
  assert.ok(figure.y + figure.height <= text.y + 1);
  assert.ok(next.y + next.height <= 844 && next.height >= 40);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  const touch = await context.newCDPSession(page);
  const at = (/** @type {number} */ x) => [{ x, y: text.y + 60 }];
  const swipe = async (/** @type {number} */ from, /** @type {number} */ to) => {
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(from) });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(to) });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
  await swipe(300, 120);
  await page.waitForFunction(() => document.querySelector('#story-training.current'));
  await swipe(120, 300);
  await page.waitForFunction(() => document.querySelector('#story-attention.current'));
});

test('every step draws its figure, alone and after the others', async () => {
  const { page, problems } = await site.newPage();
  for (const id of ids) {
    await openLab(page, `${site.url}/#story=${id}`);
    await page.waitForTimeout(id === 'start' ? 2500 : 500);
    assert.equal((await call(page, 'state')).panel, 'figure');
    assert.ok(await colours(page.locator('canvas')) > 150, id);
  }
  assert.deepEqual(problems, []);
});

test('the page\'s methods are there in the story; load goes to the lab', async () => {
  const { page } = await site.newPage();
  await openLab(page, site.url);
  await call(page, 'step', 4);
  assert.equal((await call(page, 'metrics')).iteration, 4);
  await call(page, 'reset');
  await call(page, 'play');
  await trained(page, 2);
  await call(page, 'pause');
  assert.ok(await page.locator('#story').isVisible());
  assert.deepEqual(await call(page, 'load', { scenario: 'infeasible', eta: 0.05 }), []);
  assert.ok(!await page.locator('#story').isVisible());
  assert.equal((await call(page, 'state')).scenario, 'infeasible');
  assert.match(page.url(), /#.*scenario=infeasible/);
});

test('dragging the arrow changes the start, and the address stays the step\'s', async () => {
  const { page } = await site.newPage();
  await openLab(page, `${site.url}/#story=attention`);
  const start = (await call(page, 'state')).W0;
  const canvas = await page.locator('canvas').boundingBox();
  assert.ok(canvas);
  for (let y = canvas.y + 30; y < canvas.y + canvas.height - 90; y += 14)
    for (let x = canvas.x + 30; x < canvas.x + canvas.width - 20; x += 14) {
      await page.mouse.move(x, y);
      if (!await page.evaluate(() => document.querySelector('canvas')?.style.cursor === 'pointer')) continue;
      await page.mouse.down();
      await page.mouse.move(x - 60, y + 30, { steps: 4 });
      await page.mouse.up();
      await page.waitForTimeout(100);
      assert.notEqual((await call(page, 'state')).W0, start);
      assert.match(page.url(), /#story=attention$/);
      return;
    }
  assert.fail('the arrow has no tip to hold');
});

test('the guess is scored in degrees once training has come to its end', async () => {
  const { page } = await site.newPage();
  await openLab(page, `${site.url}/#story=guess`);
  assert.equal(await page.locator('#handle output').textContent(), '');
  await page.click('#handle .main');
  await trained(page, 20);
  await call(page, 'step', 600);
  await page.waitForFunction(() => /^Off by \d+° for circles and \d+° for squares/.test(document.querySelector('#handle output')?.textContent ?? ''));
  await page.click('#handle button:nth-of-type(2)');
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.state().data === 'random');
});

test('time is a slider, and so is the bend', async () => {
  const { page } = await site.newPage();
  await openLab(page, `${site.url}/#story=why`);
  assert.equal((await call(page, 'metrics')).iteration, 300);
  await page.locator('#handle input').fill('40');
  const metrics = await call(page, 'metrics');
  assert.equal(metrics.iteration, 40);
  assert.equal(metrics.recorded, 300);
  await openLab(page, `${site.url}/#story=mixture`);
  await page.locator('#handle input').fill('2');
  assert.equal((await call(page, 'state')).lambda, '2');
  assert.equal((await call(page, 'metrics')).iteration, 1500);
});

test('the reader\'s own text is trained on, and one that says nothing twice is explained', async () => {
  const { page, problems } = await site.newPage();
  await openLab(page, `${site.url}/#story=words`);
  const box = page.locator('#handle input');
  await box.fill('mississippi');
  await box.press('Enter');
  await trained(page, 20);
  assert.equal((await call(page, 'state')).text, 'mississippi');
  assert.equal((await call(page, 'state')).unit, 'character');
  await page.waitForFunction(() => /“i” and “s” are mixed 61 : 39 for ever/.test(document.querySelector('#handle output')?.textContent ?? ''), undefined, { timeout: 60_000 });
  await box.fill('every word is another');
  await box.press('Enter');
  await page.waitForFunction(() => /repeats itself/.test(document.querySelector('#handle output')?.textContent ?? ''));
  assert.equal((await call(page, 'state')).text, 'mississippi');
  assert.deepEqual(problems, []);
});

test('a press on the map starts there and plays', async () => {
  const { page } = await site.newPage();
  await openLab(page, `${site.url}/#story=start`);
  const canvas = await page.locator('canvas').boundingBox();
  assert.ok(canvas);
  await page.waitForTimeout(300);
  const start = (await call(page, 'state')).W0;
  await page.mouse.click(canvas.x + 0.5 * canvas.width, canvas.y + 0.2 * canvas.height);
  await trained(page, 3);
  assert.notEqual((await call(page, 'state')).W0, start);
});

test('the figures\' steps are nobody\'s work: a reload offers none of them', async () => {
  const { page } = await site.newPage();
  await openLab(page, `${site.url}/#story=why`);
  await page.waitForTimeout(2500);  // what is worth it is kept every two seconds
  await page.reload();
  await page.waitForFunction(() => 'attentionSvmLab' in window);
  await page.evaluate(() => /** @type {any} */ (window).attentionSvmLab.ready.then(() => undefined));
  await page.waitForTimeout(500);
  assert.equal(await page.locator('#before').count(), 0);
});

test('one table and two end at different directions', async () => {
  const { page } = await site.newPage();
  await openLab(page, `${site.url}/#story=factors`);
  await page.click('#handle button:has-text("Keys and queries")');
  assert.equal((await call(page, 'state')).param, 'KQ');
  assert.equal((await call(page, 'metrics')).iteration, 1500);
  assert.equal(await page.locator('#handle [aria-pressed="true"]').textContent(), 'Keys and queries');
});

test('read aloud, the story makes sense by its text alone, and names no symbol', async () => {
  const { page } = await site.newPage({ javaScriptEnabled: false });
  await page.goto(site.url);
  const text = await page.locator('#story').innerText();
  console.log(text);
  assert.doesNotMatch(text, /W z|‖|γ|ᵀ|λ|∇/);
  for (const id of ids) {
    const sentences = (await page.locator(`#story-${id} p:first-of-type`).innerText()).match(/[.?!](?:\s|$)/g) ?? [];
    assert.ok(sentences.length >= 2 && sentences.length <= 5, `${id}: ${sentences.length} sentences`);
  }
});

test('every word that the story explains is in the glossary, and axe-core finds nothing serious there', async () => {
  const { page, problems } = await site.newPage();
  await openLab(page, `${site.url}/#story=yours`);
  const words = await page.locator('#story dfn').allTextContents();
  assert.ok(words.length > 15);
  await page.click('#story-yours a[href="glossary.html"]');
  await page.waitForSelector('dl');
  const lines = (await page.locator('dt').allTextContents()).join('\n');
  for (const word of words) assert.ok(lines.includes(word.replace(/s$/, '')), word);
  assert.deepEqual(await seriousViolations(page), []);
  assert.deepEqual(problems, []);
});

for (const options of [{}, phone, { colorScheme: /** @type {const} */ ('dark') }])
  test(`axe-core finds nothing serious in the story, ${JSON.stringify(options)}`, async () => {
    const { page } = await site.newPage(options);
    for (const id of ['attention', 'guess', 'why', 'factors']) {
      await openLab(page, `${site.url}/#story=${id}`);
      assert.deepEqual(await seriousViolations(page), [], id);
    }
  });
