// SPDX-License-Identifier: MIT
// The page reads and writes numbers by JavaScript (core/src/decimal_page.cpp), the worker and all other programs by
// fast_float and dragonbox: the same bits and the same text.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, openLab, openSite } from './support.mjs';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {any} */ let core;
before(async () => {
  const { default: createAttentionSvm } = await import(new URL('../../dist/attention-svm.mjs', import.meta.url).href);
  [site, core] = await Promise.all([openSite(), createAttentionSvm()]);
});
after(() => site.close());

/** Doubles of all sizes, the same every time. @param {number} count */
function doubles(count) {
  const words = new Uint32Array(2 * count);
  let seed = 7;
  for (let k = 0; k < words.length; k += 1) words[k] = seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return [...new Float64Array(words.buffer)].filter((x) => Math.abs(x) < 1e300);  // no NaN
}

test('numbers go through an address to the bit, written as the module writes them', async () => {
  const { page, problems } = await site.newPage();
  await openLab(page, `${site.url}/#scenario=self-attention&d=8`);
  const values = [...doubles(400), 0, -0, 0.1, 1 / 3, 5e-324, 2.2250738585072014e-308, 1e21, 123456789012345680, 1e-7, 9007199254740993]
    .slice(0, 384);
  for (let k = 0; k < values.length; k += 64) {
    const some = values.slice(k, k + 64);
    const notices = await call(page, 'load', { ...await call(page, 'state'), W0: some.map(String).join() });
    assert.deepEqual(notices, []);
    const texts = (await call(page, 'state')).W0.split(',');
    assert.deepEqual(texts.map(Number), some.map((x) => x + 0));
    // The module writes a dataset with the same numbers.
    const file = JSON.parse(JSON.stringify(core.parseDataset(JSON.stringify({ format: 'attention-svm-dataset', version: 1,
      X: [[some]], y: [1], head: { kind: 'linear', v: some.map(() => 0) } }))));
    assert.deepEqual(texts.map(Number), file.X[0][0].map((/** @type {number} */ x) => x + 0));
  }
  assert.deepEqual(problems, []);
});

test('what is no decimal number is refused, also what JavaScript takes for one', async () => {
  const { page } = await site.newPage();
  await openLab(page, `${site.url}/#scenario=plane`);
  for (const text of ['0x10', '0b1', '', 'Infinity', 'NaN', '1e', '.', '--1', '++1', '1_0', '1 0', '1e999', 'e', '1e+'])
    assert.notDeepEqual(await call(page, 'load', { scenario: 'plane', eta: text }), [], text);
  for (const text of ['+0.5', '.5', '5e-1', '0.5', '5E-1', '00.5'])
    assert.deepEqual(await call(page, 'load', { scenario: 'plane', eta: text }), [], text);
  assert.equal((await call(page, 'state')).eta, '0.5');
});
