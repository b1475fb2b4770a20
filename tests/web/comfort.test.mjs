// SPDX-License-Identifier: MIT
// In the browser: command palette, what is remembered, files of all kinds, pasted data, sessions.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { call, openLab, openSite } from './support.mjs';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => { site = await openSite(); });
after(() => site.close());

/** @param {string} fragment @param {import('playwright-core').BrowserContextOptions} [options] */
async function lab(fragment, options) {
  const opened = await site.newPage(options);
  await openLab(opened.page, `${site.url}/#${fragment}`);
  return opened;
}

/** @param {import('playwright-core').Page} page @param {string} key @param {string} value */
const settled = (page, key, value) => page.waitForFunction(([k, v]) =>
  /** @type {any} */ (window).attentionSvmLab.state()[/** @type {string} */ (k)] === v, [key, value]);

/** @param {import('playwright-core').Page} page @param {RegExp} pattern */
const data = (page, pattern) => page.waitForFunction((text) =>
  new RegExp(text).test(/** @type {any} */ (window).attentionSvmLab.state().data), pattern.source);

test('ctrl k finds any action by its letters', async () => {
  const { page, problems } = await lab('scenario=plane');
  await page.locator('canvas').focus();
  await page.keyboard.press('Control+k');
  await page.waitForTimeout(200);
  await page.keyboard.type('digits', { delay: 30 });
  await page.keyboard.press('Enter');
  await settled(page, 'scenario', 'digits');
  await page.keyboard.type('/', { delay: 100 });
  await page.waitForTimeout(200);
  await page.keyboard.type('theme dark', { delay: 30 });
  await page.keyboard.press('Enter');
  await settled(page, 'theme', 'dark');
  assert.deepEqual(problems, []);
});

test('the width of the panel is remembered', async () => {
  const { page, context } = await lab('scenario=plane', { viewport: { width: 1200, height: 700 } });
  const box = await page.locator('canvas').boundingBox();
  assert.ok(box);
  const grip = { x: box.x + 324, y: box.y + 300 };
  await page.mouse.move(grip.x, grip.y);
  await page.waitForTimeout(100);
  await page.mouse.down();
  await page.mouse.move(grip.x + 90, grip.y, { steps: 5 });
  await page.waitForTimeout(100);
  await page.mouse.up();
  await page.waitForFunction(() => localStorage.getItem('attention-svm:panel-width') !== null);
  const width = Number(await page.evaluate(() => localStorage.getItem('attention-svm:panel-width')));
  assert.ok(Math.abs(width - 402) < 6, String(width));
  const again = await context.newPage();
  await openLab(again, `${site.url}/#scenario=plane`);
  await again.mouse.move(grip.x + 90, grip.y);
  await again.waitForFunction(() => document.querySelector('canvas')?.style.cursor === 'ew-resize');
});

test('without storage nothing is remembered and everything works', async () => {
  const { page, problems } = await site.newPage();
  await page.addInitScript(() => Object.defineProperty(window, 'localStorage', {
    get() { throw new DOMException('blocked', 'SecurityError'); } }));
  await openLab(page, `${site.url}/#scenario=plane`);
  await call(page, 'step', 3);
  assert.equal((await call(page, 'metrics')).iteration, 3);
  assert.deepEqual(problems, []);
});

test('a compressed NumPy archive of big-endian numbers in Fortran order opens', async () => {
  const { page, problems } = await lab('scenario=plane');
  const archive = execFileSync('/usr/bin/python3', ['-c', `
import io, sys
import numpy as np
file = io.BytesIO()
X = np.random.default_rng(1).normal(size=(5, 4, 3))
np.savez_compressed(file, X=np.asfortranarray(X).astype('>f8'), y=np.array([1, -1, 1, -1, 1], dtype='i1'))
sys.stdout.buffer.write(file.getvalue())`]);
  await page.setInputFiles('#file', { name: 'mine.npz', mimeType: 'application/zip', buffer: archive });
  await data(page, /^file:/);
  assert.equal((await call(page, 'metrics')).selected.length, 5);
  assert.deepEqual(problems, []);
});

const dataset = { format: 'attention-svm-dataset', version: 1, X: [[[2, 0], [0, 1]], [[-2, 1], [0, -1]]], y: [1, -1] };

test('pasted JSON and CSV become the data', async () => {
  const { page } = await lab('scenario=digits');
  await page.locator('canvas').focus();
  const paste = (/** @type {string} */ text) => page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    document.querySelector('canvas')?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, composed: true }));
  }, text);
  await paste(JSON.stringify(dataset));
  await data(page, /^file:/);
  assert.equal((await call(page, 'metrics')).selected.length, 2);
  await paste('sequence,token,role,x1,x2,label\n1,1,token,1,0,1\n1,2,token,0,1,\n2,1,token,-1,0,-1\n3,1,token,1,1,1\n');
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.metrics().selected.length === 3);
});

test('a saved session comes back with its iteration', async () => {
  const { page, problems } = await lab('scenario=digits');
  const session = { format: 'attention-svm-session', version: 1, address: 'v=1&scenario=plane&eta=0.05',
    dataset: { ...dataset, head: { kind: 'linear', v: [1, 0] } }, weights: [{ iteration: 140 }] };
  await page.setInputFiles('#file',
    { name: 'session.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(session)) });
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.metrics().iteration === 140);
  const state = await call(page, 'state');
  assert.equal(state.scenario, 'plane');
  assert.equal(state.eta, '0.05');
  assert.match(state.data, /^file:/);
  assert.deepEqual(problems, []);
});

test('reduced motion: an address that plays by itself waits', async () => {
  const { page } = await lab('scenario=plane&autoplay=1', { reducedMotion: 'reduce' });
  await page.waitForTimeout(300);
  assert.equal((await call(page, 'metrics')).iteration, 0);
});
