// SPDX-License-Identifier: MIT
// The JavaScript module against the answers of independent solvers (tests/reference), and its errors.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import createAttentionSvm, { correlation } from '../../dist/attention-svm.mjs';

const attention = await createAttentionSvm();
/** @param {string} name @returns {any[]} */
const cases = (name) => JSON.parse(readFileSync(new URL(`../reference/${name}.json`, import.meta.url), 'utf8'));
/** @param {number[][]} rows */
const flat = (rows) => Float64Array.from(rows.flat());
/** @param {Float64Array} a @param {Float64Array} b */
const largestDifference = (a, b) => a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);

/** @param {any} solution @param {any} reference @param {'frobenius' | 'nuclear'} norm */
function checkSolution(solution, reference, norm) {
  assert.equal(solution.feasible, reference.feasible);
  if (!reference.feasible) {
    const sum = solution.certificate.reduce((/** @type {number} */ s, /** @type {number} */ a) => s + a, 0);
    assert.ok(Math.abs(sum - 1) < 1e-12 && solution.certificate.every((/** @type {number} */ a) => a >= 0));
    assert.ok(solution.certificateResidual < 1e-10);
    return;
  }
  const { norm: expected, rank } = reference[norm];
  assert.ok(Math.abs(solution.norm / expected - 1) < (norm === 'frobenius' ? 1e-8 : 1e-7), `${solution.norm} ${expected}`);
  assert.ok(solution.gap <= 1e-9, `gap ${solution.gap}`);
  assert.equal(solution.status, 'solved');
  if (norm === 'nuclear') assert.equal(solution.rank, rank);
}

for (const file of ['svm', 'plane', 'local-convergence'])
  test(`${file}: optimal tokens, feasibility and both norms`, () => {
    for (const { name, dataset, optimal_tokens: optimal, svm } of cases(file)) {
      const data = attention.parseDataset(JSON.stringify(dataset));
      assert.deepEqual(data.optimalTokens(), optimal, name);
      for (const norm of /** @type {const} */ (['frobenius', 'nuclear'])) checkSolution(data.solveSvm({ norm }), svm, norm);
      data.delete();
    }
  });

test('sequence: every token queries, causal or not, both norms', () => {
  for (const { dataset, causal, optimal_tokens: tokens, svm } of cases('sequence')) {
    const data = attention.parseDataset(JSON.stringify(dataset));
    for (const norm of /** @type {const} */ (['frobenius', 'nuclear'])) {
      checkSolution(data.solveSvm({ norm, tokens, everyToken: true, causal }), svm, norm);
      checkSolution(data.solveSvm({ norm, everyToken: true, causal }), svm, norm);
    }
    data.delete();
  }
});

/** @param {any} training @param {'plain' | 'log-domain'} gradient @returns {any} */
function trainerOptions(training, gradient) {
  const start = training.parameterization === 'KQ'
    ? { K0: flat(training.K0), Q0: flat(training.Q0), rank: training.K0[0].length } : { W0: flat(training.W0) };
  return { parameterization: training.parameterization, optimizer: 'normalized-gd', stepSize: training.step_size,
    loss: training.loss, gradient, ...start };
}

test('plain training of W and of (K, Q) follows the reference, to the same selection', () => {
  for (const { name, dataset, training } of [...cases('plane'), ...cases('local-convergence')]) {
    const data = attention.parseDataset(JSON.stringify(dataset));
    for (const run of training) {
      const trainer = data.trainer(trainerOptions(run, 'plain'));
      for (const { iteration, W, loss } of run.checkpoints) {
        trainer.step(iteration - trainer.iteration);
        if (iteration > 100) continue;
        assert.ok(largestDifference(trainer.W, flat(W)) < 1e-9, `${name} ${run.parameterization} ${iteration}`);
        assert.ok(Math.abs(trainer.loss - loss) < 1e-12, `${name} ${run.parameterization} ${iteration}`);
      }
      trainer.step(2000 - trainer.iteration);
      assert.deepEqual(trainer.selected(), run.selected, name);
      trainer.delete();
    }
    data.delete();
  }
});

test('in the log domain W goes on towards the SVM of its selection', () => {
  for (const { name, dataset, training } of cases('local-convergence')) {
    const data = attention.parseDataset(JSON.stringify(dataset));
    const trainer = data.trainer(trainerOptions(training.find((/** @type {any} */ t) => t.parameterization === 'W'), 'log-domain'));
    trainer.step(2000);
    const half = trainer.W;
    trainer.step(2000);
    const { W } = data.solveSvm({ norm: 'frobenius', tokens: trainer.selected() });
    const off = 1 - correlation(trainer.W, W);
    assert.ok(off < (name.endsWith('seed=2') ? 1e-2 : 1e-3), `${name}: ${off}`);
    assert.ok(off < 1 - correlation(half, W));
    trainer.delete();
    data.delete();
  }
});

test('MLP head: paths, kept tokens, decomposition', () => {
  let decomposed = 0;
  for (const one of cases('mlp-head')) {
    const data = attention.parseDataset(JSON.stringify(one.dataset));
    const trainer = data.trainer(trainerOptions(one.training, 'plain'));
    for (const { iteration, softmax } of one.training.checkpoints) {
      trainer.step(iteration - trainer.iteration);
      if (iteration > 100) continue;
      trainer.attention().forEach((row, i) => row.forEach((s, t) =>
        assert.ok(Math.abs(s - softmax[i][t]) < 1e-9, `${one.name} ${iteration}`)));
    }
    assert.deepEqual(trainer.kept(), one.kept, one.name);
    const parts = trainer.decompose();
    assert.equal(parts.settled, !one.ambiguous, one.name);
    if (one.W_directional !== undefined) {
      decomposed += 1;
      const directional = flat(one.W_directional), finite = flat(one.W_finite);
      const size = (/** @type {Float64Array} */ a) => Math.hypot(...a);
      assert.ok(largestDifference(parts.directional, directional) < 1e-6 * size(directional), one.name);
      assert.ok(largestDifference(parts.finite, finite) < 1e-6 * (1 + size(finite)), one.name);
      assert.ok(Math.abs(parts.correlation.directional - one.correlation.directional) < 1e-4, one.name);
      assert.ok(Math.abs(parts.correlation.svmEquivalent - one.correlation.svm_equivalent) < 1e-4, one.name);
      if (one.correlation.one_token === null) assert.equal(parts.correlation.oneToken, null);
      else assert.ok(Math.abs(Number(parts.correlation.oneToken) - one.correlation.one_token) < 1e-4, one.name);
    }
    trainer.delete();
    data.delete();
  }
  assert.ok(decomposed >= 5);
});

test('the generalized SVM ties the kept tokens and beats the others by 1', () => {
  const data = attention.randomDataset({ n: 3, T: 5, d: 8, seed: 4 });
  for (const norm of /** @type {const} */ (['frobenius', 'nuclear'])) {
    const solution = data.solveSvm({ norm, tokens: [[0, 2], [1], [3, 4]] });
    assert.equal(solution.status, 'solved');
    const { X, Z } = data.toJSON();
    const logit = (/** @type {number} */ i, /** @type {number} */ t) =>
      X[i][t].reduce((/** @type {number} */ sum, /** @type {number} */ x, /** @type {number} */ r) =>
        sum + x * Z[i].reduce((/** @type {number} */ s, /** @type {number} */ z, /** @type {number} */ c) => s + solution.W[r * 8 + c] * z, 0), 0);
    assert.ok(Math.abs(logit(0, 0) - logit(0, 2)) < 1e-9);
    assert.ok(logit(0, 0) - logit(0, 1) > 1 - 1e-9);
  }
  data.delete();
});

test('norms: least norms of l1, linf and the operator norm, and the steps that belong to them', () => {
  const optimizers = /** @type {const} */ ({ l1: 'coordinate-descent', linf: 'sign-descent', spectral: 'spectral-descent' });
  for (const { name, X, Z, y, v, W0, svm, steepest_descent: descents } of cases('norms')) {
    const data = attention.parseDataset(JSON.stringify({ format: 'attention-svm-dataset', version: 1, X, Z, y, head: { kind: 'linear', v } }));
    for (const norm of /** @type {const} */ (['l1', 'linf', 'spectral'])) {
      const solution = data.solveSvm({ norm });
      assert.equal(solution.feasible, svm[norm].feasible);
      if (solution.feasible) assert.ok(Math.abs(solution.norm / svm[norm].norm - 1) < 1e-7, `${name} ${norm} ${solution.norm}`);
      assert.ok(solution.gap <= 1e-9 || !solution.feasible, `${name} ${norm} gap ${solution.gap}`);
      const trainer = data.trainer({ parameterization: 'W', optimizer: optimizers[norm], loss: 'logistic',
        stepSize: descents[norm].step_size, W0: flat(W0) });
      for (const { iteration, W } of descents[norm].checkpoints) {
        trainer.step(iteration - trainer.iteration);
        assert.ok(largestDifference(trainer.W, flat(W)) < 1e-9, `${name} ${norm} ${iteration}`);
      }
      trainer.delete();
    }
    data.delete();
  }
  const data = attention.randomDataset({ n: 3, T: 5, d: 8, seed: 4 });
  const least = /** @type {const} */ (['l1', 'nuclear', 'frobenius', 'spectral', 'linf']).map((norm) =>
    data.solveSvm({ norm, tokens: [[0, 2], [1], [3, 4]] }));
  for (const solution of least) assert.equal(solution.status, 'solved');
  for (let k = 1; k < least.length; ++k) assert.ok(least[k].norm <= least[k - 1].norm * (1 + 1e-9));
  data.delete();
});

test('l_p norms, optimality, path, and p = 2', () => {
  const data = attention.randomDataset({ n: 4, T: 5, d: 6, seed: 2 });
  const frobenius = data.solveSvm({ norm: 'frobenius' });
  assert.ok(Math.abs(data.solveSvm({ norm: { p: 2 } }).norm / frobenius.norm - 1) < 1e-8);
  for (const p of [1.5, 1.75, 3]) assert.ok(data.solveSvm({ norm: { p } }).gap < 1e-9, String(p));
  assert.equal(data.isLocallyOptimal(data.optimalTokens()), true);
  const path = data.regularizationPath({ norm: 'frobenius', radii: [1, 10, 100] });
  assert.ok(path[2].loss < path[0].loss);
  assert.ok(correlation(path[2].W, frobenius.W) > correlation(path[0].W, frobenius.W));
  data.delete();
});

test('the stack is deep enough for a nuclear norm of everyday size', () => {
  const data = attention.randomDataset({ n: 20, T: 10, d: 30, seed: 1 });
  assert.equal(data.solveSvm({ norm: 'nuclear' }).status, 'solved');
  data.delete();
});

test('mirror descent with p = 2 is gradient descent', () => {
  const data = attention.randomDataset({ n: 3, T: 4, d: 5, seed: 3 });
  const common = /** @type {const} */ ({ parameterization: 'W', stepSize: 0.1, loss: 'logistic', seed: 5 });
  for (const [mirror, plain] of /** @type {const} */ ([['mirror', 'gd'], ['normalized-mirror', 'normalized-gd']])) {
    const a = data.trainer({ ...common, optimizer: mirror, p: 2 }), b = data.trainer({ ...common, optimizer: plain });
    a.step(200);
    b.step(200);
    assert.deepEqual(a.W, b.W);
  }
});

test('errors name the place and the choices', () => {
  const broken = (/** @type {() => unknown} */ f, /** @type {RegExp} */ message) => assert.throws(f, { name: 'Error', message });
  const text = '{"format":"attention-svm-dataset","version":1,"X":[[[1,2],[3,4]]],"y":[1],"head":{"kind":"linear","v":[1,0]}}';
  broken(() => attention.parseDataset(text.replace('[3,4]', '[3]')), /^X\[0\]\[1\]: expected 2 numbers, found 1$/);
  broken(() => attention.parseDataset(text.replace('"y":[1]', '"y":[0]')), /^y\[0\]: expected 1 or -1, found 0$/);
  broken(() => attention.parseDataset(text.slice(0, 40)), /^line 1, column/);
  broken(() => attention.randomDataset(/** @type {any} */ ({ n: 0, T: 2, d: 2, seed: 1 })), /^n: expected a whole number/);
  const data = attention.parseDataset(text);
  broken(() => data.solveSvm(/** @type {any} */ ({ norm: 'l7' })), /^norm: expected one of frobenius, nuclear/);
  broken(() => data.solveSvm({ norm: 'frobenius', tokens: [7] }), /^tokens\[0\]: expected a token from 0 to 1, found 7$/);
  broken(() => data.trainer(/** @type {any} */ ({ parameterization: 'W', optimizer: 'sgd', stepSize: 1, loss: 'linear' })), /^optimizer: expected one of/);
  broken(() => data.trainer({ parameterization: 'W', optimizer: 'gd', stepSize: -1, loss: 'linear' }), /^stepSize: expected a positive number$/);
  broken(() => data.trainer({ parameterization: 'KQ', optimizer: 'gd', stepSize: 1, loss: 'linear', K0: new Float64Array(4), Q0: new Float64Array(4) }), /saddle/);
  broken(() => data.trainer({ parameterization: 'W', optimizer: 'gd', stepSize: 1, loss: 'linear', W0: new Float64Array(3) }), /^W0: expected 2 x 2 numbers/);
  assert.deepEqual(data.toJSON(), JSON.parse(text));
  assert.equal(JSON.stringify(data), JSON.stringify(JSON.parse(text)));
});

test('every object says that it was deleted, and can be deleted twice', () => {
  const used = { name: 'Error', message: /used after delete\(\)$/ };
  const data = attention.randomDataset({ n: 2, T: 3, d: 3, seed: 1 });
  const trainer = data.trainer({ parameterization: 'KQ', optimizer: 'gd', stepSize: 0.1, loss: 'logistic' });
  const solution = data.solveSvm({ norm: 'frobenius' });
  data.delete();
  data.delete();
  assert.throws(() => data.n, used);
  assert.throws(() => data.solveSvm({ norm: 'frobenius' }), used);
  trainer.step(3);  // lives on: it has its own copy of the data
  trainer.delete();
  trainer.delete();
  for (const use of [() => trainer.step(), () => trainer.loss, () => trainer.K, () => trainer.attention()]) assert.throws(use, used);
  solution.delete();
  solution.delete();
});

test('options are checked, not bent', () => {
  const data = attention.randomDataset({ n: 2, T: 3, d: 3, seed: 1 });
  const refused = (/** @type {(any: any) => unknown} */ f, /** @type {RegExp} */ message) =>
    assert.throws(() => f(undefined), { name: 'Error', message });
  const options = { parameterization: 'W', optimizer: 'gd', stepSize: 0.1, loss: 'linear' };
  const trainer = (/** @type {object} */ extra) => () => data.trainer(/** @type {any} */ ({ ...options, ...extra }));
  const solve = (/** @type {object} */ extra) => () => data.solveSvm(/** @type {any} */ ({ norm: 'frobenius', ...extra }));
  refused(trainer({ everyToken: 'yes' }), /^everyToken: expected true or false, found "yes"$/);
  refused(trainer({ causal: true }), /^causal: needs everyToken/);
  refused(trainer({ stepsize: 1 }), /^unknown option stepsize/);
  refused(trainer({ stepSize: NaN }), /^stepSize: expected a number, found NaN$/);
  refused(trainer({ seed: 1.5 }), /^seed: expected a whole number/);
  refused(trainer({ W0: [1, 2, 3] }), /^W0: expected a Float64Array$/);
  refused(trainer({ W0: new Float64Array(9).fill(NaN) }), /^W0: a number is not finite$/);
  refused(trainer({ rank: 0, parameterization: 'KQ' }), /^rank: expected a whole number of at least 1/);
  refused(trainer({ optimizer: 'mirror', p: 1 }), /^p: expected a number above 1$/);
  refused(solve({ tolerance: -1 }), /^tolerance: expected a positive number/);
  refused(solve({ norm: { p: 1 } }), /^norm.p: expected a number from 1.05 to 50, found 1/);
  refused(solve({ tokens: [0] }), /^tokens: expected 2 \(one for each sequence\), found 1$/);
  refused(solve({ tokens: [[0, 1], []] }), /^tokens\[1\]: expected at least one token$/);
  refused(solve({ tokens: [[0, 1, 2], [0]], everyToken: true }), /^tokens\[1\]: expected 3 tokens, one for each query, found 1$/);
  refused(() => data.isLocallyOptimal(/** @type {any} */ ([0, 'a'])), /^tokens\[1\]: expected a whole number/);
  refused(() => data.regularizationPath({ norm: 'nuclear', radii: [2, 1] }), /^radii\[1\]: expected positive numbers in ascending order$/);
  refused(() => attention.randomDataset({ n: 1e12, T: 2, d: 2, seed: 1 }), /^n: expected at most/);
  refused(() => attention.parseDataset(/** @type {any} */ (null)), /^json: expected a string$/);
  const run = data.trainer(/** @type {any} */ (options));
  refused(() => run.kept(2), /^threshold: expected a number between 0 and 1/);
  refused(() => run.step(-1), /^count: expected a whole number/);
  const mlp = attention.randomDataset({ n: 2, T: 3, d: 3, seed: 1, head: 'mlp' });
  refused(() => mlp.optimalTokens(), /^scores: only a linear head/);
});

test('the same seed gives the same bits, and two modules do not disturb each other', async () => {
  const other = await createAttentionSvm();
  const run = (/** @type {typeof attention} */ module) => {
    const data = module.randomDataset({ n: 6, T: 8, d: 10, seed: 11 });
    const trainer = data.trainer({ parameterization: 'KQ', optimizer: 'normalized-gd', stepSize: 0.1, loss: 'logistic', seed: 3 });
    trainer.step(500);
    return trainer.W;
  };
  assert.deepEqual(run(attention), run(other));
});
