// SPDX-License-Identifier: MIT
// The essentials in Debian's Firefox, driven over WebDriver BiDi. Headless Firefox has no WebGL (its bug 1375585),
// so it draws on a virtual screen, where Mesa renders in software.
import assert from 'node:assert/strict';
import { after, before, test as nodeTest } from 'node:test';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';
import { temporaryFolder } from '../support/temporary-folder.mjs';
import { serve } from '../../script/static-server.mjs';
import { openScreen } from './screen.mjs';

/** @param {string} name @param {() => void | Promise<void>} run */
const test = (name, run) => nodeTest(name, { timeout: 120_000 }, run);
/** @type {Awaited<ReturnType<typeof openScreen>>} */ let screen;
/** @type {import('puppeteer-core').Browser} */ let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */ let server;

before(async () => {
  server = await serve(fileURLToPath(new URL('../../dist', import.meta.url)), 0);
  screen = await openScreen();
  browser = await puppeteer.launch({
    browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: false,
    // In a container the home folder may be somebody else's, which Firefox refuses as root.
    env: { ...process.env, HOME: temporaryFolder('firefox'), DISPLAY: screen.display, LIBGL_ALWAYS_SOFTWARE: '1' },
    extraPrefsFirefox: { 'webgl.force-enabled': true },
  });
});
after(async () => {
  await browser?.close();
  screen?.close();
  server?.close();
});

/** @param {string} path */
async function open(path) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1000, height: 700 });
  /** @type {string[]} */ const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => { if (message.type() === 'error') problems.push(message.text()); });
  await page.goto(server.url + path);
  return { page, problems };
}

/** @param {import('puppeteer-core').Page} page @param {string} selector */
async function colours(page, selector) {
  const png = Buffer.from(/** @type {Uint8Array} */ (await (await page.$(selector))?.screenshot()));
  return new Set(png.subarray(100).toString('latin1').match(/.{4}/gs)).size;
}

test('the page draws, trains, and says its verdict', async () => {
  const { page, problems } = await open('/#scenario=plane&speed=20');
  await page.evaluate(() => /** @type {any} */ (window).attentionSvmLab.ready.then(() => undefined));
  await page.click('#play');
  await page.waitForFunction(() => {
    const { iteration, correlation } = /** @type {any} */ (window).attentionSvmLab.metrics();
    return iteration > 600 && correlation.frobenius > 0.999;
  });
  await page.click('#play');
  assert.match(await page.evaluate(() => /** @type {any} */ (window).attentionSvmLab.metrics().verdict), /locally optimal direction; angle to its SVM/);
  await page.waitForFunction(() => document.getElementById('live')?.textContent?.includes('locally optimal direction'));
  assert.ok(await colours(page, 'canvas') > 500, 'the canvas is blank');
  assert.deepEqual(problems, []);
  await page.close();
});

test('keys reach the canvas and Tab leaves it', async () => {
  const { page } = await open('/#scenario=plane&speed=3');
  await page.evaluate(() => /** @type {any} */ (window).attentionSvmLab.ready.then(() => undefined));
  await page.focus('canvas');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.metrics().iteration === 3);
  await page.keyboard.press('Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), 'CANVAS');
  await page.close();
});

test('an embedded element shows its picture, loads, plays, and is freed', async () => {
  const { page, problems } = await open('/examples/strict-csp.html');
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector('attention-svm'))?.shadowRoot?.querySelector('canvas'));
  await page.evaluate(() => /** @type {any} */ (document.querySelector('attention-svm')).ready.then(() => undefined));
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector('attention-svm')).metrics().iteration > 5);
  assert.ok(await colours(page, 'attention-svm') > 300, 'the element is blank');
  const left = await page.evaluate(async () => {
    const element = /** @type {any} */ (document.querySelector('attention-svm'));
    const gl = element.shadowRoot.querySelector('canvas').getContext('webgl2');
    element.remove();
    await new Promise((done) => setTimeout(done, 100));
    return [gl.isContextLost(), element.shadowRoot.childElementCount];
  });
  assert.deepEqual(left, [true, 0]);
  assert.deepEqual(problems, []);
  await page.close();
});

test('an element far out of view gives its graphics context back and takes one again', async () => {
  const { page, problems } = await open('/examples/blog-post.html');
  const lost = () => page.evaluate(() => document.querySelector('attention-svm')?.shadowRoot?.querySelector('canvas')?.getContext('webgl2')?.isContextLost());
  await page.evaluate(() => {
    const element = /** @type {any} */ (document.querySelector('attention-svm'));
    element.scrollIntoView();
    return element.ready.then(() => undefined);
  });
  assert.equal(await lost(), false);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await page.waitForFunction(() => document.querySelector('attention-svm')?.shadowRoot?.querySelector('canvas')?.getContext('webgl2')?.isContextLost());
  await page.evaluate(() => document.querySelector('attention-svm')?.scrollIntoView());
  await page.waitForFunction(() => document.querySelector('attention-svm')?.shadowRoot?.querySelector('canvas')?.getContext('webgl2')?.isContextLost() === false);
  await new Promise((done) => setTimeout(done, 600));
  assert.ok(await colours(page, 'attention-svm') > 300, 'blank after coming back');
  assert.deepEqual(problems, []);
  await page.close();
});

test('the frame answers the page that said hello', async () => {
  const { page } = await open('/examples/core-module.html');
  const iteration = await page.evaluate(() => new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.src = '../index.html?embed#scenario=plane';
    document.body.prepend(frame);
    const say = (/** @type {object} */ message) => frame.contentWindow?.postMessage(message, location.origin);
    addEventListener('message', ({ data }) => {
      if (data.type === 'attention-svm:ready') {
        say({ type: 'attention-svm:call', id: 1, method: 'step', args: [12] });
        say({ type: 'attention-svm:call', id: 2, method: 'metrics' });
      }
      if (data.id === 2) resolve(data.result.iteration);
    });
    frame.addEventListener('load', () => say({ type: 'attention-svm:hello' }));
  }));
  assert.equal(iteration, 12);
  await page.close();
});

test('the core module runs on the page', async () => {
  const { page, problems } = await open('/examples/core-module.html');
  await page.waitForFunction(() => document.getElementById('result')?.textContent?.includes('gap'));
  assert.deepEqual(problems, []);
  await page.close();
});

test('the second visit works without a network', async () => {
  const host = await serve(fileURLToPath(new URL('../../dist', import.meta.url)), 0);
  const page = await browser.newPage();
  await page.goto(host.url);
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    while (active?.state !== 'activated') await new Promise((done) => setTimeout(done, 20));
  });
  await page.close();
  host.close();
  const again = await browser.newPage();
  await again.goto(`${host.url}/#scenario=plane`);
  await again.evaluate(() => /** @type {any} */ (window).attentionSvmLab.ready.then(() => undefined));
  assert.equal(await again.evaluate(() => /** @type {any} */ (window).attentionSvmLab.state().scenario), 'plane');
  await again.close();
});
