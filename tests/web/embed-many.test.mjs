// SPDX-License-Identifier: MIT
// Many <attention-svm> on one page, and what is left when they go.
import assert from 'node:assert/strict';
import { after, before, test as nodeTest } from 'node:test';
import { colours, embedding, holding, openSite, ready, tell, visitAll } from './support.mjs';

/** A promise that nobody keeps must not hold up the others. @param {string} name @param {() => void | Promise<void>} run */
const test = (name, run) => nodeTest(name, { timeout: 120_000 }, run);

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => { site = await openSite(); });
after(() => site.close());

test('ten on one page share one download', async () => {
  const { page, requests } = await embedding(site, '<attention-svm height="160" panel="none" plots="geometry"></attention-svm>'.repeat(10));
  await page.evaluate(async () => {
    for (const element of document.querySelectorAll('attention-svm')) {
      element.scrollIntoView();
      await /** @type {any} */ (element).ready;
    }
  });
  assert.equal(requests.filter((path) => path.endsWith('.wasm')).length, 1);
});

test('ten on one page draw, from one compiled module', async () => {
  const { page, problems } = await embedding(site, '<attention-svm height="200" panel="none" plots="geometry"></attention-svm>'.repeat(10), {
    before: () => {
      const counts = /** @type {any} */ (window).counts = { compiled: 0, instances: 0 };
      const wasm = /** @type {any} */ (WebAssembly);
      for (const name of ['compile', 'compileStreaming', 'instantiateStreaming', 'instantiate']) {
        const original = wasm[name].bind(WebAssembly);
        wasm[name] = (/** @type {any} */ source, /** @type {any} */ ...rest) => {
          counts[source instanceof WebAssembly.Module ? 'instances' : 'compiled'] += 1;
          return original(source, ...rest);
        };
      }
    },
  });
  await visitAll(page);
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).counts), { compiled: 1, instances: 10 });
  for (const element of await page.locator('attention-svm').all()) {
    await element.scrollIntoViewIfNeeded();
    await page.waitForTimeout(400);
    assert.ok(await colours(element) > 100, 'an element is blank');
  }
  assert.deepEqual(problems, []);
});

test('twenty-four on one page: far ones give their graphics context back and keep their state', async () => {
  const { page, problems } = await embedding(site, '<attention-svm height="300" panel="none" plots="geometry"></attention-svm>'.repeat(24));
  await ready(page);
  await tell(page, 'step', 7);
  await visitAll(page);
  await page.waitForTimeout(500);
  const held = await holding(page);
  assert.equal(held[0], false);
  assert.ok(held.filter(Boolean).length <= 12);
  assert.equal(await page.evaluate(() => document.querySelector('attention-svm')?.shadowRoot?.querySelector('img') !== null), true);
  assert.equal((await tell(page, 'metrics')).iteration, 7);
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForFunction(() => document.querySelector('attention-svm')?.shadowRoot?.querySelector('canvas')?.getContext('webgl2')?.isContextLost() === false);
  await page.waitForTimeout(500);
  assert.ok(await colours(page.locator('attention-svm').first()) > 100, 'blank after coming back');
  assert.equal((await tell(page, 'metrics')).iteration, 7);
  assert.deepEqual(problems, []);
});

test('more in view than the browser has contexts for: pictures, and pressing one makes it live', async () => {
  const { page, problems } = await embedding(site,
    `<div style="display: grid; grid-template-columns: repeat(5, 1fr)">${'<attention-svm height="160" panel="none" plots="geometry"></attention-svm>'.repeat(20)}</div>`);
  await page.waitForFunction(() => [...document.querySelectorAll('attention-svm')].filter((e) => e.shadowRoot?.querySelector('canvas')).length === 12);
  await page.waitForTimeout(1000);
  assert.equal((await holding(page)).filter(Boolean).length, 12);
  const last = page.locator('attention-svm').last();
  await last.locator('button').click();
  await page.waitForFunction(() => {
    const all = /** @type {any} */ (document.querySelectorAll('attention-svm'));
    return all[19].shadowRoot.querySelector('canvas') && all[19].metrics().playing;
  });
  await page.waitForTimeout(300);
  assert.equal((await holding(page)).filter(Boolean).length, 12);
  assert.ok(await colours(last) > 100);
  assert.deepEqual(problems, []);
});

test('removal frees memory, graphics, observers and listeners of the page', async () => {
  const { page, context } = await embedding(site, '<main></main>', {
    before: () => {
      const listening = /** @type {any} */ (window).listening = new Map();
      const key = (/** @type {any[]} */ [type, f]) => `${type} ${f?.name ?? f}`;
      for (const target of [window, document]) {
        const { addEventListener: add, removeEventListener: remove } = target;
        const change = (/** @type {any[]} */ args, /** @type {number} */ by) => listening.set(key(args), (listening.get(key(args)) ?? 0) + by);
        target.addEventListener = (/** @type {any[]} */ ...args) => { change(args, 1); return /** @type {any} */ (add).apply(target, args); };
        target.removeEventListener = (/** @type {any[]} */ ...args) => { change(args, -1); return /** @type {any} */ (remove).apply(target, args); };
      }
    },
  });
  const left = await page.evaluate(async () => {
    for (let k = 0; k < 4; ++k) {
      const element = /** @type {any} */ (document.createElement('attention-svm'));
      document.querySelector('main')?.append(element);
      await element.ready;
      element.play();
      await new Promise((done) => setTimeout(done, 100));
      element.remove();
      await new Promise((done) => setTimeout(done, 50));
    }
    return [.../** @type {any} */ (window).listening].filter(([, count]) => count !== 0);
  });
  assert.deepEqual(left, []);
  const debug = await context.newCDPSession(page);
  const count = async (/** @type {string} */ what) => {
    await debug.send('HeapProfiler.collectGarbage');
    const prototype = await debug.send('Runtime.evaluate', { expression: `${what}.prototype` });
    const { objects } = await debug.send('Runtime.queryObjects', { prototypeObjectId: /** @type {string} */ (prototype.result.objectId) });
    return (await debug.send('Runtime.callFunctionOn', { objectId: objects.objectId, functionDeclaration: 'function () { return this.length; }' })).result.value;
  };
  assert.equal(await count('WebAssembly.Memory'), 0, 'a lab is still in memory');
  assert.equal(await count('WebGL2RenderingContext'), 0, 'a graphics context is still in memory');
});

test('removal ends the workers, those at work and those that wait', async () => {
  const { page } = await embedding(site, '<attention-svm scenario="rank" experiment="rank,runs=2,values=5:10"></attention-svm>');
  await ready(page);
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector('attention-svm')).metrics().jobs === 0);
  assert.ok(page.workers().length > 0, 'no worker waits');
  await tell(page, 'load', { scenario: 'rank', experiment: 'rank,runs=200' });
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector('attention-svm')).metrics().jobs === 1);
  await page.evaluate(() => document.querySelector('attention-svm')?.remove());
  for (const end = Date.now() + 5000; page.workers().length > 0 && Date.now() < end;) await page.waitForTimeout(50);
  assert.equal(page.workers().length, 0);
});

test('removed and put back, it promises anew to be ready', async () => {
  const { page } = await embedding(site, '<attention-svm panel="none" plots="geometry"></attention-svm>');
  await ready(page);
  const result = await page.evaluate(async () => {
    const element = /** @type {any} */ (document.querySelector('attention-svm'));
    const first = element.ready;
    element.remove();
    await new Promise((done) => setTimeout(done, 50));
    document.body.append(element);
    const second = element.ready;
    element.play();
    await second;
    element.pause();
    element.reset();
    element.step(3);
    return [first === second, element.metrics().iteration];
  });
  assert.deepEqual(result, [false, 3]);
});

test('removed while it loads, it leaves nothing; moved, it goes on', async () => {
  const { page } = await embedding(site, '<main></main><aside></aside>');
  const result = await page.evaluate(async () => {
    const main = /** @type {HTMLElement} */ (document.querySelector('main'));
    const element = /** @type {any} */ (document.createElement('attention-svm'));
    main.append(element);
    element.play();
    await new Promise((done) => setTimeout(done, 30));
    element.remove();
    await new Promise((done) => setTimeout(done, 1500));
    const left = element.shadowRoot.childElementCount;
    main.append(element);
    await element.ready;
    element.step(5);
    document.querySelector('aside')?.append(element);
    await new Promise((done) => setTimeout(done, 100));
    return [left, element.metrics().iteration, element.shadowRoot.querySelectorAll('canvas').length];
  });
  assert.deepEqual(result, [0, 5, 1]);
});
