// SPDX-License-Identifier: MIT
// What a page must survive: a graphics context that the browser takes away, elements that come and go.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { call, openLab, openSite } from './support.mjs';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => { site = await openSite(); });
after(() => site.close());

test('a lost graphics context comes back, and input meanwhile does no harm', async () => {
  const { page, problems } = await site.newPage({ viewport: { width: 640, height: 480 } });
  await openLab(page, `${site.url}/#scenario=plane`);
  await page.evaluate(() => {
    const gl = document.querySelector('canvas')?.getContext('webgl2');
    /** @type {any} */ (window).loss = gl?.getExtension('WEBGL_lose_context');
    /** @type {any} */ (window).loss.loseContext();
  });
  await page.mouse.move(300, 300);
  await page.setViewportSize({ width: 600, height: 440 });
  await page.waitForTimeout(300);
  await page.evaluate(() => /** @type {any} */ (window).loss.restoreContext());
  await page.waitForFunction(() => document.querySelector('canvas')?.getContext('webgl2')?.isContextLost() === false);
  const before = (await call(page, 'metrics')).iteration;
  await call(page, 'step', 3);
  await page.waitForFunction((from) => /** @type {any} */ (window).attentionSvmLab.metrics().iteration === from + 3, before);
  await page.waitForTimeout(300);
  const png = await page.locator('canvas').screenshot();
  const colours = new Set(png.subarray(100).toString('latin1').match(/.{4}/gs)).size;
  assert.ok(colours > 500, 'the canvas is blank');
  assert.deepEqual(problems, []);
});

test('an element that is removed gives its graphics context back', async () => {
  const { page, problems } = await site.newPage({ viewport: { width: 640, height: 480 } });
  await page.goto(`${site.url}/examples/minimal.html`);
  await page.evaluate(() => {
    const element = /** @type {any} */ (document.querySelector('attention-svm'));
    element.play();
    return element.ready.then(() => undefined);
  });
  const lost = await page.evaluate(async () => {
    const element = /** @type {any} */ (document.querySelector('attention-svm'));
    const gl = element.shadowRoot.querySelector('canvas').getContext('webgl2');
    const before = gl.isContextLost();
    element.remove();
    await new Promise((done) => setTimeout(done, 100));
    return [before, gl.isContextLost(), element.shadowRoot.childElementCount];
  });
  assert.deepEqual(lost, [false, true, 0]);
  assert.deepEqual(problems.filter((problem) => !problem.includes('404')), []);  // no favicon there
});

test('a link to a dataset file that is not here asks for it, in a message and a button outside the canvas', async () => {
  const { page, problems } = await site.newPage();
  await openLab(page, `${site.url}/#scenario=plane&data=file:0123456789abcdef`);
  await page.waitForSelector('#missing:not([hidden])');
  assert.match(String(await page.textContent('#missing')), /dataset from a file that is not in this browser/);
  const chooser = page.waitForEvent('filechooser');
  await page.click('#open-missing');
  await (await chooser).setFiles(fileURLToPath(new URL('../../web/data/digits-rows.json', import.meta.url)));
  await page.waitForSelector('#missing', { state: 'hidden' });
  assert.equal((await call(page, 'metrics')).selected.length, 16);
  await page.goto(`${site.url}/#scenario=plane&data=file:%E0%A4%A`);  // a broken escape is no reason to stop
  await page.waitForTimeout(300);
  assert.deepEqual(problems, []);
});

test('without WebGL 2 the page says so', async () => {
  const { page } = await site.newPage();
  await page.addInitScript(() => { HTMLCanvasElement.prototype.getContext = () => null; });
  await page.goto(site.url);
  await page.waitForSelector('[role=alert]:visible');
  assert.match(String(await page.locator('#lab').textContent()), /WebGL 2, which this browser does not offer/);
  assert.match(await page.evaluate(() => /** @type {any} */ (window).attentionSvmLab.ready.catch((/** @type {Error} */ error) => error.message)), /WebGL 2/);
});

test('when a file of the site is missing the page says so', async () => {
  const { page } = await site.newPage();
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: 'gone' }));
  await page.goto(site.url);
  await page.waitForSelector('[role=alert]:visible');
  assert.match(String(await page.locator('#lab').textContent()), /could not be loaded.*Load the page again/);
});

test('without JavaScript the page says what it needs', async () => {
  const { page } = await site.newPage({ javaScriptEnabled: false });
  await page.goto(site.url);
  assert.match(String(await page.locator('noscript').textContent()), /needs JavaScript/);
});

test('events on the page: ready first, verdict and progress with metrics, as the contract says', async () => {
  const { page } = await site.newPage();
  await page.addInitScript(() => {
    /** @type {any[]} */ const heard = [];
    /** @type {any} */ (window).heard = heard;
    for (const name of ['ready', 'progress', 'verdict'])
      document.addEventListener(`attention-svm:${name}`, (event) => heard.push([name, typeof (/** @type {CustomEvent} */ (event).detail?.loss)]));
  });
  await openLab(page, `${site.url}/#scenario=mlp-head&speed=20`);
  await call(page, 'play');
  await page.waitForFunction(() => ['ready', 'progress', 'verdict'].every((name) => /** @type {any} */ (window).heard.some((/** @type {any} */ [n]) => n === name)));
  const heard = await page.evaluate(() => /** @type {any} */ (window).heard);
  assert.deepEqual(heard[0], ['ready', 'undefined']);
  assert.ok(heard.slice(1).every((/** @type {any} */ [, type]) => type === 'number'));
});

test('at rest the page asks the lab for nothing', async () => {
  const { page } = await site.newPage();
  await openLab(page, `${site.url}/#scenario=plane`);
  await page.waitForTimeout(1500);
  const parsed = await page.evaluate(async () => {
    let count = 0;
    const { parse } = JSON;
    JSON.parse = (...args) => { count += 1; return parse(...args); };
    await new Promise((done) => setTimeout(done, 1200));
    JSON.parse = parse;
    return count;
  });
  assert.equal(parsed, 0);
});

test('load puts the state into the address', async () => {
  const { page } = await site.newPage();
  await openLab(page, site.url);
  await call(page, 'load', { scenario: 'infeasible', eta: 0.05 });
  assert.match(page.url(), /#.*scenario=infeasible.*eta=0\.05/);
});
