// SPDX-License-Identifier: MIT
// Everything that can go wrong around the page, at once, in Chromium and in Firefox: each file missing, cut off,
// slow or of a wrong type; and what happens to a page while it works. The page must work, or say in a sentence what
// to do, and never end in silence.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, normalize } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { policy } from '../../script/static-server.mjs';
import { temporaryFolder } from '../support/temporary-folder.mjs';
import { openScreen } from './screen.mjs';
import { flags } from './support.mjs';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css',
  '.wasm': 'application/wasm', '.json': 'application/json', '.svg': 'image/svg+xml', '.webp': 'image/webp', '.webmanifest': 'application/manifest+json' };

/** /KIND/FILE/... serves dist/ with one fault. */
const server = createServer((request, response) => {
  const [, kind, file, ...rest] = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://h').pathname)).split('/');
  const name = rest.join('/') || 'index.html';
  if (name.includes('..') || !existsSync(dist + name) || statSync(dist + name).isDirectory() || (kind === 'missing' && name === file)) {
    response.writeHead(404, { 'Content-Type': 'text/html' }).end('<!doctype html>gone');
    return;
  }
  const hit = name === file;
  const bytes = readFileSync(dist + name);
  const type = /** @type {Record<string, string>} */ (types)[extname(name)] ?? 'application/octet-stream';
  response.writeHead(200, { 'Content-Type': hit && kind === 'type' ? 'text/html' : type, 'Cache-Control': 'no-store',
    'Content-Security-Policy': kind === 'trusted' ? `${policy}; require-trusted-types-for 'script'; trusted-types 'none'` : policy });
  if (hit && kind === 'cut') response.end(bytes.subarray(0, bytes.length / 2));
  else if (hit && kind === 'slow') {
    response.write(bytes.subarray(0, bytes.length / 2));
    setTimeout(() => response.end(bytes.subarray(bytes.length / 2)), 1500);
  } else response.end(bytes);
});
let origin = '';
/** @type {import('playwright-core').Browser} */ let chrome;
/** @type {import('puppeteer-core').Browser} */ let firefox;
/** @type {Awaited<ReturnType<typeof openScreen>>} */ let screen;
before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  origin = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  screen = await openScreen();
  [chrome, firefox] = await Promise.all([
    chromium.launch({ executablePath: '/usr/bin/chromium', args: flags }),
    puppeteer.launch({ browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: false,
      env: { ...process.env, HOME: temporaryFolder('firefox'), DISPLAY: screen.display, LIBGL_ALWAYS_SOFTWARE: '1' },
      extraPrefsFirefox: { 'webgl.force-enabled': true, 'dom.navigation.navigationRateLimit.count': 200, 'dom.navigation.navigationRateLimit.timespan': 10 } }),
  ]);
});
after(async () => {
  await Promise.allSettled([chrome?.close(), firefox?.close()]);
  screen?.close();
  server.closeAllConnections?.();
  server.close();
});

/** What both drivers can do. @typedef {{evaluate: (f: any, arg?: any) => Promise<any>, close: () => Promise<void>, goto: (url: string, options: any) => Promise<any>}} Page */
/** @type {[string, () => Promise<Page>][]} */
const browsers = [
  ['Chromium', async () => (await (await chrome.newContext({ viewport: { width: 800, height: 600 } })).newPage())],
  ['Firefox', async () => firefox.newPage()],
];

/** 'works', or the sentence that the page shows; undefined while neither is there. */
const state = () => {
  const lab = /** @type {any} */ (window).attentionSvmLab;
  try {
    if (lab?.metrics().iteration >= 0) return 'works';
  } catch { /* not yet */ }
  const alert = document.querySelector('#lab [role=alert]');
  if (alert !== null) return alert.textContent;
  const late = document.querySelector('#message .late');
  return late !== null && getComputedStyle(late).visibility === 'visible' ? late.textContent : undefined;
};

/** @param {Page} page @param {number} [seconds] */
async function settled(page, seconds = 45) {
  // Without its style the sentence for the late stands there from the start.
  const patient = performance.now() + 12_000;
  for (const end = performance.now() + 1000 * seconds; performance.now() < end;) {
    const now = await page.evaluate(state);
    if (now && (!/by now/.test(now) || performance.now() > patient)) return now;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return 'silence';
}

/** @param {Page} page @param {() => any} condition */
async function comes(page, condition) {
  for (const end = performance.now() + 20000; performance.now() < end;) {
    if (await page.evaluate(condition)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** Files of a first visit, with those that only jobs need. */
const names = () => readdirSync(dist).filter((name) => /^(lab|page|core|worker|icon)-.*\.(js|wasm|css|svg)$/.test(name));
/** Without it the page cannot work; then it must say so. @param {string} name @param {string} kind */
const needed = (name, kind) => /^(lab-.*\.(wasm|js)|page-)/.test(name) && kind !== 'slow' && !(kind === 'type' && name.endsWith('.wasm'));

for (const [browser, open] of browsers) {
  test(`${browser}: each file missing, cut off, slow, of a wrong type`, { timeout: 180_000 }, async () => {
    const cases = ['missing', 'cut', 'slow', 'type'].flatMap((kind) => names().map((name) => ({ kind, name })));
    const work = [...cases];
    /** @type {string[]} */ const wrong = [];
    /** @type {Page[]} */ const pages = [];
    for (let k = 0; k < 4; k += 1) pages.push(await open());
    await Promise.all(pages.map(async (page) => {
      for (let next = work.pop(); next !== undefined; next = work.pop()) {
        const { kind, name } = next;
        await page.goto(`${origin}/${kind}/${name}/index.html#scenario=plane`, { waitUntil: 'domcontentloaded' });
        const end = await settled(page);
        const right = needed(name, kind) ? /load the page again/i.test(end) : end === 'works';
        if (!right) wrong.push(`${kind} ${name}: ${end}`);
      }
      await page.close();
    }));
    assert.deepEqual(wrong, [], `of ${cases.length}`);
  });

  test(`${browser}: trouble while the page works`, { timeout: 120_000 }, async () => {
    const page = await open();
    await page.goto(`${origin}/none/none/index.html#scenario=rank&experiment=rank,runs=40`, { waitUntil: 'domcontentloaded' });
    assert.equal(await settled(page), 'works');
    // The context goes while an experiment runs and the canvas is dragged, and comes back.
    await page.evaluate(() => {
      const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('canvas'));
      const loss = canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context');
      const at = (/** @type {string} */ type, /** @type {number} */ x) => canvas.dispatchEvent(new MouseEvent(type, { clientX: x, clientY: 300, bubbles: true, button: 0 }));
      at('mousedown', 300);
      for (let x = 300; x < 360; x += 5) at('mousemove', x);
      loss?.loseContext();
      for (let x = 360; x > 300; x -= 5) at('mousemove', x);
      setTimeout(() => loss?.restoreContext(), 200);
      window.dispatchEvent(new MouseEvent('mouseup', { button: 0 }));
    });
    assert.ok(await comes(page, () => document.querySelector('canvas')?.getContext('webgl2')?.isContextLost() === false));
    // Another pixel ratio, a hidden tab, a hostile message.
    await page.evaluate(() => {
      Object.defineProperty(window, 'devicePixelRatio', { value: 2, configurable: true });
      document.body.style.width = '60%';
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
      for (const data of [null, 7, { type: 'attention-svm:call', method: '__proto__' }, { type: 'attention-svm:hello' }])
        window.postMessage(data, '*');
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: false, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
      /** @type {any} */ (window).attentionSvmLab.load({ scenario: 'plane' });
      /** @type {any} */ (window).attentionSvmLab.step(25);
    });
    assert.ok(await comes(page, () => /** @type {any} */ (window).attentionSvmLab.metrics().iteration === 25));
    await page.close();
  });

  test(`${browser}: a policy without trusted types, a sandboxed frame, two tabs, thirty elements`, { timeout: 120_000 }, async () => {
    const trusted = await open(), tabs = [await open(), await open()], frames = await open(), many = await open();
    await trusted.goto(`${origin}/trusted/none/index.html`, { waitUntil: 'domcontentloaded' });
    for (const tab of tabs) await tab.goto(`${origin}/none/none/index.html#scenario=digits`, { waitUntil: 'domcontentloaded' });
    await frames.goto(`${origin}/none/none/examples/minimal.html`, { waitUntil: 'domcontentloaded' });
    await frames.evaluate((/** @type {string} */ src) => {
      document.body.replaceChildren();
      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', 'allow-scripts');
      frame.src = src;
      document.body.append(frame);
      // No origin of its own: what it says can only be heard.
      /** @type {any} */ (window).loaded = new Promise((resolve) => { frame.onload = () => resolve(true); });
    }, `${origin}/none/none/index.html?embed#scenario=plane`);
    await many.goto(`${origin}/none/none/examples/minimal.html`, { waitUntil: 'domcontentloaded' });
    await many.evaluate(() => {
      document.body.replaceChildren(...Array.from({ length: 30 }, () => Object.assign(document.createElement('attention-svm'), { height: '200' })));
    });
    assert.equal(await settled(trusted), 'works');
    for (const tab of tabs) assert.equal(await settled(tab), 'works');
    assert.ok(await frames.evaluate(() => /** @type {any} */ (window).loaded));
    await many.evaluate(() => document.querySelectorAll('attention-svm')[29].scrollIntoView());
    assert.ok(await many.evaluate(() => Promise.race([/** @type {any} */ (document.querySelectorAll('attention-svm')[29]).ready.then(() => true),
      new Promise((resolve) => setTimeout(resolve, 20000, false))])));
    for (const page of [trusted, ...tabs, frames, many]) await page.close();
  });
}
