// SPDX-License-Identifier: MIT
// Whatever happens, the page lives and nothing is lost: every fault here is a real one, injected into the page.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { call, colours, openLab, openSite } from './support.mjs';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => { site = await openSite(); });
after(() => site.close());

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
/** @param {RegExp} pattern */
const fileLike = (pattern) => String(readdirSync(dist).find((name) => pattern.test(name)));

/** Hands the module's memory to the test, to be overwritten: the next call of the module traps. */
const handOutMemory = () => {
  const { instantiate } = WebAssembly;
  /** @type {any} */ (window).memories = [];
  /** @type {any} */ (WebAssembly).instantiate = async (/** @type {any} */ ...args) => {
    const made = await /** @type {any} */ (instantiate)(...args);
    const exports = Object.values((made.instance ?? made).exports);
    /** @type {any} */ (window).memories.push(exports.find((value) => value instanceof WebAssembly.Memory));
    return made;
  };
};
/** @param {import('playwright-core').Page} page */
const overwriteMemory = (page) => page.evaluate(() => {
  const { memories } = /** @type {any} */ (window);
  new Uint8Array(memories[memories.length - 1].buffer).fill(0xff);
});
/** @param {import('playwright-core').Page} page @param {number} count of instances that there have been */
const rebuilt = (page, count) => page.waitForFunction((n) => {
  try {
    return /** @type {any} */ (window).memories.length === n && /** @type {any} */ (window).attentionSvmLab.metrics() !== undefined;
  } catch {
    return false;
  }
}, count);
/** @param {import('playwright-core').Page} page @param {number} iteration */
const trainedTo = (page, iteration) => page.waitForFunction((least) => {
  try {
    return /** @type {any} */ (window).attentionSvmLab.metrics().iteration >= least;
  } catch {
    return false;
  }
}, iteration);

test('when the module traps the page rebuilds it at the same address, data and iteration, and goes on', async () => {
  const { page } = await site.newPage();
  await page.addInitScript(handOutMemory);
  await openLab(page, `${site.url}/#scenario=ten-dimensions&eta=0.05`);
  await call(page, 'step', 240);
  await page.waitForTimeout(1200);
  const { loss } = await call(page, 'metrics');
  await overwriteMemory(page);
  await page.mouse.move(400, 300);
  await rebuilt(page, 2);
  await trainedTo(page, 240);
  const back = await call(page, 'metrics');
  assert.equal(back.iteration, 240);
  assert.equal(back.loss, loss);  // to the bit
  assert.equal((await call(page, 'state')).eta, '0.05');
  assert.ok(await colours(page.locator('canvas')) > 500, 'the canvas is blank');
  await call(page, 'step', 3);
  assert.equal((await call(page, 'metrics')).iteration, 243);
});

test('a module that traps again and again ends at the start page, not in a loop', async () => {
  const { page } = await site.newPage();
  await page.addInitScript(handOutMemory);
  await openLab(page, `${site.url}/#scenario=digits`);
  for (let ends = 1; ends <= 3; ends += 1) {
    await call(page, 'step', 5);
    await page.waitForTimeout(700);
    await overwriteMemory(page);
    await page.mouse.move(300 + 10 * ends, 300);
    await rebuilt(page, ends + 1);
  }
  assert.equal((await call(page, 'state')).scenario, 'plane');
  await call(page, 'step', 2);
  assert.equal((await call(page, 'metrics')).iteration, 2);
});

test('a link that needs more memory than there is opens, and says so', async () => {
  const { page } = await site.newPage();
  await openLab(page, `${site.url}/#scenario=ten-dimensions`);
  await page.evaluate(() => { try { /** @type {any} */ (window).attentionSvmLab.load({ scenario: 'ten-dimensions', n: 500, T: 500, d: 2, every: 1, limit: 1e9 }); } catch { /* the module aborts */ } });
  await page.waitForFunction(() => { try { return /** @type {any} */ (window).attentionSvmLab.state().n === '6'; } catch { return false; } });
  await call(page, 'step', 4);
  assert.ok((await call(page, 'metrics')).iteration >= 4);
});

test('a reload loses nothing: what was trained is offered again', async () => {
  const { page, problems } = await site.newPage();
  await openLab(page, `${site.url}/#scenario=ten-dimensions`);
  await call(page, 'step', 321);
  await page.waitForTimeout(6000);
  const { loss } = await call(page, 'metrics');
  await page.reload();
  await page.waitForSelector('#before');
  assert.match(String(await page.textContent('#before')), /321 steps of training/);
  assert.equal((await call(page, 'metrics')).iteration, 0);
  await page.click('#before button:has-text("Go on there")');
  await trainedTo(page, 321);
  assert.equal((await call(page, 'metrics')).loss, loss);
  assert.deepEqual(problems, []);
});

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

test('a graphics context that never comes back: a sentence, and a button that draws again', async () => {
  const { page } = await site.newPage({ viewport: { width: 640, height: 480 } });
  await openLab(page, `${site.url}/#scenario=plane`);
  await call(page, 'step', 12);
  await page.evaluate(() => document.querySelector('canvas')?.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext());
  await page.waitForSelector('#lab [role=alert]');
  assert.match(String(await page.textContent('#lab [role=alert]')), /took the graphics away/);
  await page.click('#lab [role=alert] button');
  await page.waitForSelector('#lab [role=alert]', { state: 'detached' });
  await trainedTo(page, 12);
  assert.ok(await colours(page.locator('canvas')) > 500, 'the canvas is blank');
});

test('a storage that never answers does not hold the start', async () => {
  const { page } = await site.newPage();
  await page.addInitScript(() => { IDBFactory.prototype.open = () => /** @type {any} */ ({}); });
  await openLab(page, `${site.url}/#scenario=plane&data=file:0123456789abcdef`);
  await page.waitForSelector('#missing:not([hidden])');
});

test('a full storage is said, and the file is open all the same', async () => {
  const { page } = await site.newPage();
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
  });
  await openLab(page, site.url);
  await page.setInputFiles('#file', fileURLToPath(new URL('../../web/data/mlp-kept.json', import.meta.url)));
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.state().data.startsWith('file:'));
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

/** n x T x d doubles as numpy.save writes them. @param {number[]} shape */
function npy(shape) {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`.padEnd(118);
  const values = new Float64Array(shape.reduce((a, b) => a * b));
  let seed = 1;
  for (let k = 0; k < values.length; k += 1) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    values[k] = seed / 2 ** 31 - 1;
  }
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(header), Buffer.from(values.buffer)]);
}

test('embeddings of everyday size open in seconds, train, and never hold the page', async (t) => {
  const { page, problems } = await site.newPage();
  await openLab(page, `${site.url}/#scenario=plane`);
  await page.evaluate(() => {
    /** @type {any} */ (window).longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) /** @type {any} */ (window).longest = Math.max(/** @type {any} */ (window).longest, duration);
    }).observe({ entryTypes: ['longtask'] });
  });
  const folder = mkdtempSync(join(tmpdir(), 'embeddings-'));  // from the disk: Playwright unpacks bytes on the page's own thread
  writeFileSync(join(folder, 'text.npy'), npy([100, 50, 768]));
  const started = performance.now();
  await page.setInputFiles('#file', join(folder, 'text.npy'));
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.state().data.startsWith('file:'), undefined, { timeout: 60000 });
  const opened = performance.now() - started;
  rmSync(folder, { recursive: true });
  const longestOpening = await page.evaluate(() => /** @type {any} */ (window).longest);
  await call(page, 'step', 2);
  assert.ok((await call(page, 'metrics')).iteration >= 2);
  const longest = await page.evaluate(() => /** @type {any} */ (window).longest);
  t.diagnostic(`opened in ${Math.round(opened)} ms, longest task ${Math.round(longestOpening)} ms, with training ${Math.round(longest)} ms`);
  assert.ok(opened < 20000, `${Math.round(opened)} ms`);
  assert.deepEqual(problems, []);
});
