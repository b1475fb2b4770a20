// SPDX-License-Identifier: MIT
// Whatever happens, the page lives and nothing is lost: every fault here is a real one, injected into the page.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { call, openLab, openSite } from './support.mjs';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => { site = await openSite(); });
after(() => site.close());

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
/** @param {RegExp} pattern */
const fileLike = (pattern) => String(readdirSync(dist).find((name) => pattern.test(name)));

/** @param {import('playwright-core').Page} page @param {number} iteration */
const trainedTo = (page, iteration) => page.waitForFunction((least) => {
  try {
    return /** @type {any} */ (window).attentionSvmLab.metrics().iteration >= least;
  } catch {
    return false;
  }
}, iteration);

test('history.replaceState that throws, as browsers do when it is called too often, does no harm', async () => {
  const { page } = await site.newPage({ viewport: { width: 900, height: 600 } });
  await page.addInitScript(() => {
    const calls = { made: 0, refused: 0 };
    /** @type {any} */ (window).calls = calls;
    const { replaceState } = history;
    /** @type {number[]} */ let times = [];
    history.replaceState = (...args) => {  // Safari's rule, ten times as strict
      const now = performance.now();
      times = times.filter((t) => now - t < 30000);
      if (times.length >= 10) {
        calls.refused += 1;
        throw new DOMException('Attempt to use history.replaceState() more than 10 times per 30 seconds', 'SecurityError');
      }
      times.push(now);
      calls.made += 1;
      replaceState.apply(history, args);
    };
  });
  await openLab(page, `${site.url}/#scenario=plane`);
  await page.mouse.move(250, 300);
  await page.mouse.down();
  for (let k = 0; k < 200; k += 1) await page.mouse.move(250 + 60 * Math.sin(k / 9), 300 + 60 * Math.cos(k / 7));
  const during = await page.evaluate(() => ({ .../** @type {any} */ (window).calls }));
  await page.mouse.up();
  assert.equal(during.made + during.refused, 0, 'the address was written during a drag');
  for (let k = 0; k < 60; k += 1) {
    await page.evaluate((eta) => /** @type {any} */ (window).attentionSvmLab.load({ scenario: 'plane', eta }), 0.01 + k / 100);
    await page.waitForTimeout(100);
  }
  const later = await page.evaluate(() => ({ .../** @type {any} */ (window).calls }));
  assert.ok(later.refused > 0, 'the browser has not refused anything: the test is of no use');
  assert.ok(later.made + later.refused < 25, `${later.made + later.refused} changes of the address in 6 seconds`);
  await call(page, 'step', 7);
  assert.equal((await call(page, 'metrics')).iteration, 7);
});

test('a listener that throws does not reach the module', async () => {
  const { page, problems } = await site.newPage();
  await openLab(page, `${site.url}/#scenario=plane&speed=50`);
  await page.evaluate(() => document.addEventListener('attention-svm:progress', () => { throw new Error('a listener'); }));
  await page.evaluate(() => { localStorage.setItem = () => { throw new Error('storage'); }; });
  await call(page, 'play');
  await trainedTo(page, 300);
  await call(page, 'pause');
  assert.ok(problems.every((problem) => problem.includes('a listener')), problems.join());
});

test('a storage that never answers does not hold the start', async () => {
  const { page } = await site.newPage();
  await page.addInitScript(() => { IDBFactory.prototype.open = () => /** @type {any} */ ({}); });
  await openLab(page, `${site.url}/#scenario=plane&data=file:0123456789abcdef`);
  await page.waitForSelector('#missing:not([hidden])');
});

test('a module that arrives cut off: a sentence, not the compiler\'s', async () => {
  const { page } = await site.newPage();
  const name = fileLike(/^lab-.*\.wasm$/);
  await page.route(`**/${name}`, (route) => route.fulfill({ contentType: 'application/wasm', body: readFileSync(dist + name).subarray(0, 200000) }));
  await page.goto(site.url);
  await page.waitForSelector('#lab [role=alert]');
  const text = String(await page.textContent('#lab [role=alert]'));
  assert.match(text, /arrived incomplete/);
  assert.doesNotMatch(text, /compile|section|@\+/i);
});

test('jobs of an old page after a release say what to do', async () => {
  const { page } = await site.newPage();
  await page.route(/\/(worker|core)-[^/]*\.(js|wasm)$/, (route) => route.fulfill({ status: 404, body: 'gone' }));
  await openLab(page, `${site.url}/#scenario=rank`);
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.metrics().jobs === 0);
  await call(page, 'step', 1);  // it lives
});

test('a release cannot pair an old script with a new module', () => {
  const worker = readFileSync(dist + fileLike(/^worker-.*\.js$/), 'utf8') + readFileSync(dist + fileLike(/^lab-.*\.js$/), 'utf8');
  const name = fileLike(/^core-.*\.wasm$/);
  assert.ok(worker.includes(name), `nobody asks for ${name}`);
  assert.deepEqual(readFileSync(dist + name), readFileSync(`${dist}attention-svm.wasm`));
});

test('attention-svm.mjs beside a module of another release refuses it, and says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'paired-'));
  try {
    cpSync(`${dist}attention-svm.mjs`, join(folder, 'attention-svm.mjs'));
    const bytes = readFileSync(`${dist}attention-svm.wasm`);
    writeFileSync(join(folder, 'attention-svm.wasm'), Buffer.concat([bytes, Buffer.from([0, 2, 1, 120])]));  // one empty section more
    const { default: createAttentionSvm } = await import(pathToFileURL(join(folder, 'attention-svm.mjs')).href);
    await assert.rejects(createAttentionSvm(), /different releases, or one arrived incomplete: load both again/);
    writeFileSync(join(folder, 'attention-svm.wasm'), bytes);
    assert.match((await createAttentionSvm()).version, /^\d/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
