// SPDX-License-Identifier: MIT
// <attention-svm> in places that lack something, or bring something of their own.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test as nodeTest } from 'node:test';
import { temporaryFolder } from '../support/temporary-folder.mjs';
import { serve } from '../../script/static-server.mjs';
import { root } from './packed.mjs';
import { embedding, openSite, ready, tell } from './support.mjs';

/** @param {string} name @param {() => void | Promise<void>} run */
const test = (name, run) => nodeTest(name, { timeout: 120_000 }, run);
/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => { site = await openSite(); });
after(() => site.close());

/** @param {import('playwright-core').Page} page */
const complaint = (page) => page.evaluate(async () => {
  const element = /** @type {any} */ (document.querySelector('attention-svm'));
  const reason = await element.ready.then(() => 'it is there', (/** @type {Error} */ error) => error.message);
  return [reason, element.shadowRoot.querySelector('[role=alert]')?.textContent];
});
const own = '<attention-svm><a href="#"><img src="data:," alt="own"></a></attention-svm>';

test('one sentence for each thing that a browser lacks', async () => {
  for (const [before, sentence] of /** @type {[() => void, RegExp][]} */ ([
    [() => { /** @type {any} */ (window).WebAssembly = undefined; }, /^The lab computes with WebAssembly, which/],
    [() => { WebAssembly.validate = () => false; }, /^The lab computes with the SIMD instructions/],
    [() => { /** @type {any} */ (window).CSSStyleSheet = function () { throw new TypeError('Illegal constructor'); }; }, /^This figure needs constructable/],
    [() => { HTMLCanvasElement.prototype.getContext = () => null; }, /^The lab draws with WebGL 2, which/],
  ])) {
    const { page, context } = await embedding(site, own, { before });
    const [reason, shown] = await complaint(page);
    assert.match(reason, sentence);
    assert.equal(shown, reason);
    await context.close();
  }
});

test('a host without the CORS header is named as such, one with it serves other origins', async () => {
  const folder = temporaryFolder('elsewhere');
  const pages = await serve(folder, 0, { policy: null });
  after(() => pages.close());
  for (const cors of [false, true]) {
    const host = await serve(join(root, 'dist'), 0, { cors, policy: null });
    after(() => host.close());
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>elsewhere</title><link rel="icon" href="data:,">' +
      `<script src="${host.url}/embed.js" defer></script><attention-svm></attention-svm>`);
    const { page, context } = await site.newPage();
    await page.goto(`${pages.url}/index.html`);
    const [reason] = await complaint(page);
    assert.match(reason, cors ? /^it is there$/ : /must send the header Access-Control-Allow-Origin/);
    await context.close();
  }
});

test('attributes of others are left alone, mistakes are told in the console and not on screen', async () => {
  const { page, problems } = await embedding(site,
    '<attention-svm itemprop="x" inert translate="no" _ngcontent-abc hx-get="/" seed="nine" wobble="1" plots="geometry"></attention-svm>');
  /** @type {string[]} */ const warnings = [];
  page.on('console', (message) => { if (message.type() === 'warning' && message.text().includes('<attention-svm>')) warnings.push(message.text()); });
  await page.reload();
  await ready(page);
  assert.equal(warnings.length, 2, warnings.join());
  assert.match(warnings.join(), /wobble/);
  assert.match(warnings.join(), /seed=nine/);
  assert.deepEqual(problems, []);
});

test('looks change and training stays, also what load() has brought', async () => {
  const { page } = await embedding(site, '<attention-svm scenario="plane"></attention-svm>');
  await ready(page);
  await tell(page, 'load', { scenario: 'infeasible', seed: 3 });
  await tell(page, 'step', 30);
  await page.evaluate(() => { /** @type {any} */ (document.querySelector('attention-svm')).theme = 'dark'; });
  const state = await tell(page, 'state');
  assert.deepEqual([state.theme, state.scenario, (await tell(page, 'metrics')).iteration], ['dark', 'infeasible', 30]);
});

test('step() checks its argument, and a long one leaves the page its frames', async () => {
  const { page } = await embedding(site, '<attention-svm scenario="ten-dimensions" plots="geometry"></attention-svm>');
  await ready(page);
  for (const wrong of [-1, 1.5, '7']) await assert.rejects(tell(page, 'step', wrong), /count: expected a whole number of at least 0/);
  const [before, after] = await page.evaluate(async () => {
    const element = /** @type {any} */ (document.querySelector('attention-svm'));
    const done = element.step(100_000);
    const early = element.metrics().iteration;  // the call has come back after a part of a frame
    await new Promise((frame) => requestAnimationFrame(frame));
    element.pause();
    await done;
    return [early, element.metrics().iteration];
  });
  assert.ok(before > 0 && before < 100_000 && after < 100_000, `${before} ${after}`);
});

test('in print the element shows its own content', async () => {
  const { page } = await embedding(site, own);
  await ready(page);
  const seen = () => page.evaluate(() => document.querySelector('attention-svm')?.shadowRoot?.querySelector('slot')?.checkVisibility());
  assert.equal(await seen(), false);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await seen(), true);
});
