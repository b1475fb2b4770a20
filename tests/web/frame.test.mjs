// SPDX-License-Identifier: MIT
// index.html?embed in a frame: lazy like the element, and a protocol of messages that minds who speaks.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test as nodeTest } from 'node:test';
import { temporaryFolder } from '../support/temporary-folder.mjs';
import { serve } from '../../script/static-server.mjs';
import { colours, embedding, openSite } from './support.mjs';

/** @param {string} name @param {() => void | Promise<void>} run */
const test = (name, run) => nodeTest(name, { timeout: 120_000 }, run);
/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => { site = await openSite(); });
after(() => site.close());

/** What documentation tells authors to do: say hello, wait for ready, call. Put into the page as window.lab. */
function client() {
  const got = /** @type {any[]} */ ([]);
  addEventListener('message', (event) => { if (event.data?.type?.startsWith('attention-svm:')) got.push(event.data); });
  const frame = () => /** @type {Window} */ (/** @type {HTMLIFrameElement} */ (document.querySelector('iframe')).contentWindow);
  const until = async (/** @type {(message: any) => boolean} */ fits) => {
    for (;;) {
      const found = got.find(fits);
      if (found !== undefined) return found;
      await new Promise((done) => setTimeout(done, 20));
    }
  };
  let id = 0;
  /** @type {any} */ (window).lab = {
    got,
    async hello(/** @type {string} */ origin = location.origin) {
      const timer = setInterval(() => frame().postMessage({ type: 'attention-svm:hello' }, origin), 100);
      await until((message) => message.type === 'attention-svm:ready');
      clearInterval(timer);
    },
    async call(/** @type {string} */ method, /** @type {any[]} */ ...args) {
      id += 1;
      const mine = id;
      frame().postMessage({ type: 'attention-svm:call', id: mine, method, args }, '*');
      const { result, error } = await until((message) => message.type === 'attention-svm:result' && message.id === mine);
      return error === undefined ? result : { error };
    },
  };
}
/** @param {import('playwright-core').Page} page @param {string} method @param {...any} args */
const call = (page, method, ...args) => page.evaluate(([name, values]) =>
  /** @type {any} */ (window).lab.call(name, ...values), /** @type {[string, any[]]} */ ([method, args]));
/** @param {import('playwright-core').Page} page */
const hello = (page) => page.evaluate(() => /** @type {any} */ (window).lab.hello());
const frame = '<iframe src="../index.html?embed#scenario=plane&speed=20" title="lab" width="700" height="420"></iframe>';

test('the frame answers the page that said hello', async () => {
  const { page, problems } = await embedding(site, frame, { before: client });
  await hello(page);
  await call(page, 'step', 12);
  assert.equal((await call(page, 'metrics')).iteration, 12);
  assert.deepEqual(await call(page, 'load', { scenario: 'infeasible', speed: 20 }), []);
  const state = await call(page, 'state');
  assert.equal(state.scenario, 'infeasible');
  assert.equal(state.panel, 'full');  // load means exactly this state
  await call(page, 'load', { scenario: 'plane', speed: 20 });
  await call(page, 'play');
  await page.waitForFunction(() => /** @type {any} */ (window).lab.got.some((/** @type {any} */ m) => m.type === 'attention-svm:verdict'));
  const progress = await page.evaluate(() => /** @type {any} */ (window).lab.got.find((/** @type {any} */ m) => m.type === 'attention-svm:progress'));
  assert.ok(progress.metrics.iteration > 0);
  await call(page, 'pause');
  await call(page, 'reset');
  assert.equal((await call(page, 'metrics')).iteration, 0);
  assert.match((await call(page, 'constructor')).error, /unknown method: constructor/);
  assert.match((await call(page, 'eval', '1')).error, /unknown method/);
  assert.deepEqual(problems, []);
});

test('calls before a hello, and calls of others than the surrounding page, are ignored', async () => {
  const { page } = await embedding(site, `${frame}<iframe id="stranger" src="../data/plane-3.json" title="stranger"></iframe>`, { before: client });
  await page.frames()[1].waitForFunction(() => 'attentionSvmLab' in window);
  await page.frames()[1].evaluate(() => /** @type {any} */ (window).attentionSvmLab.ready.then(() => undefined));
  const early = page.evaluate(() => Promise.race([/** @type {any} */ (window).lab.call('step', 5), new Promise((done) => setTimeout(done, 400, 'silence'))]));
  assert.equal(await early, 'silence');
  await page.frames()[2].evaluate(() => {
    parent.frames[0].postMessage({ type: 'attention-svm:hello' }, '*');
    parent.frames[0].postMessage({ type: 'attention-svm:call', id: 1, method: 'step', args: [5] }, '*');
  });
  await hello(page);
  await page.frames()[2].evaluate(() => parent.frames[0].postMessage({ type: 'attention-svm:call', id: 1, method: 'step', args: [5] }, '*'));
  await page.waitForTimeout(300);
  assert.equal((await call(page, 'metrics')).iteration, 0);
});

test('a wrong origin is ignored, and answers go to the right one only', async () => {
  const folder = temporaryFolder('page');
  const other = await serve(folder, 0, { policy: null });
  const write = (/** @type {string} */ name, /** @type {string} */ pinned) => writeFileSync(join(folder, name), `<!doctype html><title>elsewhere</title><body>
    <iframe src="${site.url}/index.html?embed${pinned}#scenario=plane" title="lab" width="700" height="420"></iframe></body>`);
  const context = await site.browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(client);
  const open = async (/** @type {string} */ name, /** @type {string} */ pinned) => {
    write(name, pinned);
    await page.goto(`${other.url}/${name}`);
    return page.evaluate((origin) => Promise.race([/** @type {any} */ (window).lab.hello(origin).then(() => 'ready'),
      new Promise((done) => setTimeout(done, 4000, 'silence'))]), site.url);
  };
  assert.equal(await open('any.html', ''), 'ready');
  await call(page, 'step', 4);
  assert.equal((await call(page, 'metrics')).iteration, 4);
  assert.equal(await open('pinned.html', `=${other.url}`), 'ready');
  assert.equal(await open('wrong.html', '=https://blog.example'), 'silence');
  other.close();
});

test('a frame shows a picture, loads in view or when told to play, pauses out of view', async () => {
  const { page, requests } = await embedding(site, `<div style="height: 3000px"></div>${frame}<div style="height: 3000px"></div>`, { before: client });
  const inner = page.frames()[1];
  await inner.waitForSelector('button.poster');
  await page.waitForTimeout(300);
  assert.ok(requests.some((path) => path.endsWith('posters/plane.webp')));
  assert.ok(!requests.some((path) => path.endsWith('.wasm')), 'WASM was fetched out of view');
  await page.locator('iframe').scrollIntoViewIfNeeded();
  await inner.waitForSelector('canvas');
  await hello(page);
  await call(page, 'play');
  await page.waitForTimeout(300);
  assert.ok(await colours(page.locator('iframe')) > 300);
  await page.evaluate(() => scrollTo(0, 0));
  await inner.waitForFunction(() => !(/** @type {any} */ (window).attentionSvmLab.metrics().playing));
  await page.locator('iframe').scrollIntoViewIfNeeded();
  await inner.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.metrics().playing);
});

test('the wheel over a frame scrolls the page around it', async () => {
  const { page } = await embedding(site, `${frame}<div style="height: 3000px"></div>`);
  await page.frames()[1].waitForSelector('canvas');
  await page.mouse.move(300, 200);
  await page.mouse.wheel(0, 150);
  await page.waitForFunction(() => scrollY > 50);
});
