// <attention-svm> in somebody's page, the frame, the examples.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openSite } from './support.mjs';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => { site = await openSite(); });
after(() => site.close());

const dist = new URL('../../dist/', import.meta.url);

/** A page with embed.js and the given body. @param {string} body @param {object} [options] */
async function embedding(body, options = {}) {
  const opened = await site.newPage(options);
  /** @type {string[]} */ const requests = [];
  opened.page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  await opened.page.route('**/examples/blank.html', (route) => route.fulfill({ contentType: 'text/html',
    body: `<!doctype html><title>a page</title><script src="../embed.js" defer></script><body>${body}</body>` }));
  await opened.page.goto(`${site.url}/examples/blank.html`);
  return { ...opened, requests };
}

/** @param {import('playwright-core').Page} page @param {string} [selector] */
const ready = (page, selector = 'attention-svm') =>
  page.evaluate((s) => /** @type {any} */ (document.querySelector(s)).ready.then(() => true), selector);

test('embed.js is light', () => {
  assert.ok(gzipSync(readFileSync(new URL('embed.js', dist))).length <= 6000);
  assert.ok(statSync(new URL('posters/plane.webp', dist)).size < 12_000);
});

test('shows a picture before any WASM is fetched, loads when pressed, follows its attributes', async () => {
  const { page, requests, problems } = await embedding(
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
  const { page } = await embedding('<attention-svm autoplay speed="5" height="300"></attention-svm><div style="height: 5000px"></div>');
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

test('ten on one page share one download', async () => {
  const { page, requests } = await embedding('<attention-svm height="160" panel="none" plots="geometry"></attention-svm>'.repeat(10));
  await page.evaluate(async () => {
    for (const element of document.querySelectorAll('attention-svm')) {
      element.scrollIntoView();
      await /** @type {any} */ (element).ready;
    }
  });
  assert.equal(requests.filter((path) => path.endsWith('.wasm')).length, 1);
});

test('a dataset by URL, and what is wrong with another', async () => {
  const { page } = await embedding('<attention-svm dataset="../data/digits-rows.json"></attention-svm><attention-svm id="none" dataset="nowhere.json"></attention-svm>');
  await ready(page);
  assert.equal(await page.evaluate(() => /** @type {any} */ (document.querySelector('attention-svm')).metrics().selected.length), 16);
  const message = await page.evaluate(() => /** @type {any} */ (document.getElementById('none')).ready.catch((/** @type {Error} */ e) => e.message));
  assert.match(message, /nowhere\.json could not be loaded \(404\)/);
});

test('the frame answers the page that said hello', async () => {
  const { page } = await embedding('<iframe src="../index.html?embed#scenario=plane" width="700" height="420"></iframe>');
  const result = await page.evaluate(() => new Promise((resolve) => {
    const frame = /** @type {HTMLIFrameElement} */ (document.querySelector('iframe'));
    addEventListener('message', (event) => {
      if (event.data.type === 'attention-svm:ready')
        frame.contentWindow?.postMessage({ type: 'attention-svm:call', id: 7, method: 'step', args: [12] }, location.origin);
      if (event.data.type === 'attention-svm:result' && event.data.id === 7)
        frame.contentWindow?.postMessage({ type: 'attention-svm:call', id: 8, method: 'metrics' }, location.origin);
      if (event.data.type === 'attention-svm:result' && event.data.id === 8) resolve(event.data.result.iteration);
    });
    frame.addEventListener('load', () => frame.contentWindow?.postMessage({ type: 'attention-svm:hello' }, location.origin));
  }));
  assert.equal(result, 12);
});

for (const name of ['blog-post', 'minimal', 'core-module', 'strict-csp'])
  test(`example ${name} works without an error`, async () => {
    const { page, problems } = await site.newPage();
    await page.goto(`${site.url}/examples/${name}.html`);
    if (name === 'core-module') await page.waitForFunction(() => document.getElementById('result')?.textContent?.includes('gap'));
    else await ready(page);
    assert.deepEqual(problems, []);
  });

test('the package installs into an empty project and runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attention-svm-'));
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: dist, stdio: ['ignore', 'pipe', 'ignore'] }).toString());
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--offline', join(folder, filename)], { cwd: folder, stdio: 'ignore' });
  writeFileSync(join(folder, 'use.js'), `import create from 'attention-svm';
    const attention = await create();
    console.log(attention.randomDataset({ n: 2, T: 3, d: 4, seed: 1 }).solveSvm({ norm: 'nuclear' }).status);`);
  assert.equal(execFileSync('node', ['use.js'], { cwd: folder }).toString().trim(), 'solved');
});
