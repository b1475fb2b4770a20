// SPDX-License-Identifier: MIT
// attention-svm/worker: the module's answers to the bit, beside the caller, with progress and an end when asked.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import createAttentionSvm from '../../dist/attention-svm.mjs';
import createAttentionSvmWorker from '../../dist/attention-svm-worker.mjs';

/** @type {any} */ let here;
/** @type {any} */ let there;
before(async () => { [here, there] = await Promise.all([createAttentionSvm(), createAttentionSvmWorker()]); });
after(() => there.close());

const spec = { n: 4, T: 5, d: 6, seed: 3 };
const training = { parameterization: 'W', optimizer: 'normalized-gd', stepSize: 0.1, loss: 'logistic' };
/** @param {object} object */
const plain = ({ ...fields }) => fields;

test('the same answers as without a worker, to the bit', async () => {
  const a = here.randomDataset(spec), b = await there.randomDataset(spec);
  assert.deepEqual([b.n, b.d, b.lengths, b.name], [a.n, a.d, a.lengths, a.name]);
  assert.deepEqual(await b.file(), a.toJSON());
  assert.deepEqual(await b.scores(), a.scores());
  const tokens = a.optimalTokens();
  assert.deepEqual(await b.optimalTokens(), tokens);
  for (const norm of ['frobenius', 'nuclear', { p: 3 }])
    assert.deepEqual(await b.solveSvm({ norm }), plain(a.solveSvm({ norm })));
  assert.equal(await b.isLocallyOptimal(tokens), a.isLocallyOptimal(tokens));
  assert.deepEqual(await b.localOptima(), a.localOptima());
  assert.deepEqual(await b.conditions(tokens), a.conditions(tokens));
  const radii = [0.5, 1, 2, 4];
  assert.deepEqual(await b.regularizationPath({ norm: 'frobenius', radii }), a.regularizationPath({ norm: 'frobenius', radii }));
  const t = a.trainer(training), u = await b.trainer(training);
  t.step(300);
  const state = await u.step(300);
  assert.deepEqual([state.iteration, state.loss, state.W], [300, t.loss, t.W]);
  assert.deepEqual(await u.attention(), t.attention());
  assert.deepEqual(await u.verdict(), t.verdict());
  assert.match(t.verdict().sentence, /./);
});

test('what the page can compute a script can: local optima, conditions, experiments', () => {
  const dataset = here.randomDataset({ n: 3, T: 3, d: 3, seed: 3 });
  const { selections, global, total, complete } = dataset.localOptima();
  assert.equal(total, 27);
  assert.ok(complete && selections.length > 0 && selections.every((/** @type {number[]} */ s) => dataset.isLocallyOptimal(s)));
  assert.equal(global.length, selections.length);
  const best = dataset.optimalTokens();
  const { global: isGlobal, overparameterized, requiredDimension, text } = dataset.conditions(best);
  assert.ok(isGlobal);
  assert.equal(overparameterized, 3 >= requiredDimension);
  assert.ok(text.length > 100);
  const result = here.runExperiment('rank,runs=3,values=1:12');
  assert.deepEqual([...result.x], [1, 12]);
  assert.equal(result.draws >= 6, true);
  assert.match(result.csv, /^.*series/);
  assert.throws(() => here.runExperiment('nonsense'), /expected one of/);
  assert.throws(() => dataset.localOptima({ most: 3 }), /unknown option most/);
});

test('progress grows to 1', async () => {
  /** @type {number[]} */ const shares = [];
  await there.runExperiment('rank,runs=4,values=1:3:5', { progress: (/** @type {number} */ share) => shares.push(share) });
  assert.ok(shares.length > 1, `${shares.length} reports`);
  assert.ok(shares.every((share, k) => k === 0 || share >= shares[k - 1]));
  assert.equal(shares.at(-1), 1);
});

test('a nuclear solve of minutes ends when asked, and everything else goes on', async () => {
  const dataset = await there.randomDataset({ n: 60, T: 30, d: 40, seed: 1 });
  const trainer = await (await there.randomDataset(spec)).trainer(training);
  await trainer.step(10);
  const stop = new AbortController();
  const solving = dataset.solveSvm({ norm: 'nuclear' }, { signal: stop.signal });
  setTimeout(() => stop.abort(new Error('enough')), 300);
  const started = performance.now();
  await assert.rejects(solving, /enough/);
  assert.ok(performance.now() - started < 8000, 'the solver went on');
  assert.equal((await trainer.step(5)).iteration, 15);
});

test('training, experiments and paths end between two pieces, and keep what they have', async () => {
  const trainer = await (await there.randomDataset({ n: 20, T: 20, d: 20, seed: 1 })).trainer(training);
  const stop = new AbortController();
  await assert.rejects(trainer.step(10_000_000, { signal: stop.signal,
    progress: (/** @type {number} */ share) => { if (share > 0) stop.abort(new Error('enough')); } }), /enough/);
  const { iteration } = await trainer.state();
  assert.ok(iteration > 0 && iteration < 10_000_000, `${iteration}`);
  await assert.rejects(there.runExperiment('rank,runs=100000', { signal: AbortSignal.timeout(200) }), { name: 'TimeoutError' });
  await assert.rejects(there.runExperiment('rank', { signal: AbortSignal.abort(new Error('before')) }), /before/);
});

test('mistakes are named as without a worker', async () => {
  const dataset = await there.randomDataset(spec);
  await assert.rejects(dataset.solveSvm({ norm: 'max' }), /norm: expected one of/);
  await assert.rejects(there.parseDataset('{'), /line 1/);
  await assert.rejects(dataset.regularizationPath({ norm: 'frobenius', radii: [2, 1] }), /./);
  await dataset.delete();
  await assert.rejects(dataset.scores(), /used after delete/);
});

test('a limit refuses, says what is needed, and is lifted by that', async () => {
  const tight = await createAttentionSvm({ limit: 20000 });
  const wide = { n: 30, T: 20, d: 40, seed: 1 };
  assert.throws(() => tight.randomDataset(wide), /the data needs 25270 numbers at once, the limit is 20000: .* set limit=25270/);
  const enough = await createAttentionSvmWorker({ limit: 25270 });
  assert.equal((await enough.randomDataset(wide)).n, 30);
  enough.close();
  await assert.rejects(enough.randomDataset(wide), /closed/);
  const dataset = tight.randomDataset({ n: 30, T: 20, d: 20, seed: 1 });
  assert.throws(() => dataset.solveSvm({ norm: 'frobenius' }), /the SVM has 570 constraints, the limit is 50: /);
});
