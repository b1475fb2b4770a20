// SPDX-License-Identifier: MIT
// The second visit works without a network, a new release replaces the old one, and nobody else's page is touched.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test as nodeTest } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/temporary-folder.mjs';
import { serve } from '../../script/static-server.mjs';
import { call, colours, openLab, openSite } from './support.mjs';

/** @param {string} name @param {() => void | Promise<void>} run */
const test = (name, run) => nodeTest(name, { timeout: 120_000 }, run);
/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => { site = await openSite(); });
after(() => site.close());

/** A copy of dist/ under a path of its own, as on a host that serves many projects. */
async function host() {
  const folder = temporaryFolder('host');
  const dist = join(folder, 'some', 'path');
  mkdirSync(join(folder, 'some'));
  cpSync(fileURLToPath(new URL('../../dist', import.meta.url)), dist, { recursive: true });
  /** @type {string[]} */ const requests = [];
  const server = await serve(folder, 0, { onRequest: (path) => requests.push(path) });
  const context = await site.browser.newContext({ viewport: { width: 800, height: 600 } });
  return { url: `${server.url}/some/path/`, dist, requests, context, close: server.close };
}

/** @param {import('playwright-core').Page} page */
const workerReady = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(async (registration) => {
  while (registration.active?.state !== 'activated') await new Promise((done) => setTimeout(done, 20));
}));

/** Page.waitForFunction takes a promise itself for an answer. @param {import('playwright-core').Page} page @param {() => Promise<boolean>} condition */
async function until(page, condition) {
  for (const end = Date.now() + 20_000; !(await page.evaluate(condition));) {
    assert.ok(Date.now() < end, `waited in vain for ${condition}`);
    await page.waitForTimeout(50);
  }
}

test('second visit without a network; the first one transfers every file once', async () => {
  const { url, requests, context, close } = await host();
  const page = await context.newPage();
  await openLab(page, `${url}#scenario=plane`);
  await workerReady(page);
  const hashed = requests.filter((path) => /-[0-9a-f]{10}\./.test(path));
  assert.ok(hashed.length >= 5, hashed.join());
  assert.equal(new Set(hashed).size, hashed.length, `transferred twice: ${hashed}`);
  await page.close();
  close();

  for (const address of [url, `${url}index.html`, `${url}index.html?from=mail`]) {
    const again = await context.newPage();
    /** @type {string[]} */ const problems = [];
    again.on('pageerror', (error) => problems.push(String(error)));
    await openLab(again, `${address}#scenario=ten-dimensions`);
    await call(again, 'step', 20);
    await again.waitForTimeout(300);
    assert.equal((await call(again, 'metrics')).iteration, 20);
    assert.ok(await colours(again.locator('canvas')) > 500);
    assert.deepEqual(problems, []);
    // What the lab does not need is not kept
    assert.equal(await again.evaluate(() => fetch('data/plane-3.json').then(() => 'kept', () => 'passed by')), 'passed by');
    await again.close();
  }
});

test('a new release shows at once, and then works offline; the old cache is gone', async () => {
  const { url, dist, context, close } = await host();
  const page = await context.newPage();
  await openLab(page, url);
  await workerReady(page);
  const caches = () => page.evaluate(() => window.caches.keys());
  const [before] = await caches();
  assert.match(before, /some\/path\//);

  const script = String(readdirSync(dist).find((name) => /^page-.*\.js$/.test(name)));
  const release = String(/ ([0-9a-f]{10})$/.exec(before)?.[1]);
  renameSync(join(dist, script), join(dist, 'page-0123456789.js'));
  for (const name of ['index.html', 'service-worker.js']) {
    const text = readFileSync(join(dist, name), 'utf8');
    writeFileSync(join(dist, name), text.replaceAll(script, 'page-0123456789.js').replaceAll(release, 'fedcba9876'));
  }
  await openLab(page, `${url}?again`);
  assert.match(String(await page.evaluate(() => document.querySelector('script')?.getAttribute('src'))), /page-0123456789\.js/);
  // The new worker waits until no page of the old release is open.
  await until(page, () => navigator.serviceWorker.getRegistration().then((registration) => Boolean(registration?.waiting)));
  await page.goto('about:blank');
  await openLab(page, url);
  await until(page, () => window.caches.keys().then((keys) => keys.length === 1 && keys[0].endsWith('fedcba9876')));
  close();
  await openLab(page, `${url}?offline`);
  assert.match(String(await page.evaluate(() => document.querySelector('script')?.getAttribute('src'))), /page-0123456789\.js/);
});

test('pages that embed the lab, and frames, register no service worker', async () => {
  const { url, context, close } = await host();
  const page = await context.newPage();
  for (const address of ['examples/minimal.html', 'index.html?embed']) {
    await page.goto(url + address);
    await page.waitForFunction(() => document.querySelector('canvas') || document.querySelector('attention-svm')?.shadowRoot?.querySelector('canvas'));
    await page.waitForTimeout(500);
    assert.equal(await page.evaluate(() => navigator.serviceWorker.getRegistrations().then((all) => all.length)), 0, address);
  }
  close();
});

test('a deep path, no trailing headers, no service workers: the lab works all the same', async () => {
  const { url, context, close } = await host();
  const page = await context.newPage();
  await page.addInitScript(() => Object.defineProperty(navigator, 'serviceWorker', { value: undefined }));
  await openLab(page, `${url}index.html`);
  await call(page, 'step', 2);
  assert.equal((await call(page, 'metrics')).iteration, 2);
  close();
});

test('names: fixed for others, hashed for everything that those load', () => {
  const dist = new URL('../../dist/', import.meta.url);
  const names = readdirSync(dist);
  for (const fixed of ['index.html', 'embed.js', 'service-worker.js', 'attention-svm.mjs', 'attention-svm.wasm', 'attention-svm.d.ts', 'embed.d.ts', 'package.json'])
    assert.ok(names.includes(fixed), fixed);
  const others = names.filter((name) => /\.(js|wasm|css|svg)$/.test(name) && !['embed.js', 'service-worker.js', 'attention-svm.wasm'].includes(name));
  assert.ok(others.length >= 5);
  for (const name of others) assert.match(name, /-[0-9a-f]{10}\.\w+$/);
  for (const user of ['index.html', 'embed.js', 'service-worker.js'])
    assert.doesNotMatch(readFileSync(new URL(user, dist), 'utf8'), /["'`](\.\/)?(lab|page)\.(js|wasm|css)["'`]/, user);
});
