// SPDX-License-Identifier: MIT
// What the module's objects hold is freed: at once when asked, and when they are collected.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import createAttentionSvm from '../../dist/attention-svm.mjs';

const module = new URL('../../dist/attention-svm.mjs', import.meta.url).href;

/** Megabytes of the module's memory after 300 datasets of 1.6 MB with a trainer each. @param {string} end of each */
function megabytesAfter(end) {
  const program = `
    let memory;
    const instantiate = WebAssembly.instantiate;
    WebAssembly.instantiate = async (...args) => {
      const made = await instantiate(...args);
      memory = Object.values((made.instance ?? made).exports).find((value) => value instanceof WebAssembly.Memory);
      return made;
    };
    const { default: createAttentionSvm } = await import(${JSON.stringify(module)});
    const attention = await createAttentionSvm();
    for (let k = 0; k < 300; ++k) {
      const data = attention.randomDataset({ n: 100, T: 100, d: 20, seed: k });
      const trainer = data.trainer({ parameterization: 'W', optimizer: 'gd', stepSize: 0.1, loss: 'logistic' });
      ${end}
    }
    console.log(memory.buffer.byteLength / 1e6);`;
  return Number(execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', program]).toString());
}

test('objects that are no longer reachable are freed when they are collected', () => {
  assert.ok(megabytesAfter('if (k % 10 === 0) { gc(); await new Promise((done) => setTimeout(done)); }') < 150);
  assert.ok(megabytesAfter('globalThis.kept = [...globalThis.kept ?? [], data];') > 400, 'the test would see it if they stayed');
});

test('delete() and Symbol.dispose free at once', () => {
  assert.ok(megabytesAfter('trainer.delete(); data.delete();') < 60);
  assert.ok(megabytesAfter(`Symbol.dispose === undefined ? (trainer.delete(), data.delete())
    : (trainer[Symbol.dispose](), data[Symbol.dispose]());`) < 60);
});

test('after dispose as after delete() an object says so', async () => {
  const attention = await createAttentionSvm();
  const data = attention.randomDataset({ n: 2, T: 3, d: 4, seed: 1 });
  const dispose = /** @type {any} */ (Symbol).dispose;
  if (dispose === undefined) data.delete();  // an engine from before `using`
  else /** @type {any} */ (data)[dispose]();
  assert.throws(() => data.n, /Dataset: used after delete\(\)/);
});
