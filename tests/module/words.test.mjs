// SPDX-License-Identifier: MIT
// Words in the JavaScript module, against tests/reference/next-token.json, and their errors.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import createAttentionSvm from '../../dist/attention-svm.mjs';

const attention = await createAttentionSvm();
/** @type {any[]} */
const cases = JSON.parse(readFileSync(new URL('../reference/next-token.json', import.meta.url), 'utf8'));
/** @param {number[][]} rows */
const flat = (rows) => Float64Array.from(rows.flat());
/** @param {Float64Array} a @param {Float64Array} b */
const largestDifference = (a, b) => a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
/** The dataset file of a case. @param {any} one */
const file = ({ names, E, sequences, next }) =>
  ({ format: 'attention-svm-dataset', version: 2, vocabulary: { words: names, E }, sequences, next });

test('components, Graph-SVM and W_fin', () => {
  for (const one of cases) {
    const data = attention.parseDataset(JSON.stringify(file(one)));
    assert.deepEqual(data.toJSON(), file(one), one.name);
    assert.deepEqual(Object.fromEntries(data.priorityGraph().map(({ last, components }) => [last, components])),
      one.components, one.name);
    const svm = data.solveSvm({ norm: 'frobenius' });
    assert.equal(svm.status, 'solved');
    assert.ok(Math.abs(svm.norm - one.graph_svm.norm) < 1e-8, one.name);
    assert.ok(largestDifference(svm.W, flat(one.graph_svm.W)) < 1e-6, one.name);
    const trainer = data.trainer({ parameterization: 'W', optimizer: 'gd', stepSize: 1, loss: 'logistic' });
    trainer.step(500);
    const parts = trainer.decompose();
    assert.equal(parts.message, '');
    assert.ok(parts.feasible);
    assert.ok(largestDifference(parts.finite, flat(one.W_finite)) < 1e-8, one.name);
    assert.ok(largestDifference(parts.directional, svm.W) < 1e-12, one.name);
    assert.ok(parts.finiteResidual < 1e-12);
    const distance = largestDifference(/** @type {Float64Array} */ (parts.cyclic), parts.finite);
    trainer.step(4500);
    const later = trainer.decompose();
    const nearer = largestDifference(/** @type {Float64Array} */ (later.cyclic), later.finite);
    if (one.cyclic_dimension === 0) assert.equal(nearer, 0);
    else assert.ok(nearer < 0.5 * distance, `${one.name}: ${distance} ${nearer}`);
    assert.ok(later.correlation.directional > parts.correlation.directional, one.name);
    data.delete();
    trainer.delete();
  }
});

test('gradient descent takes the same steps, with the log loss whatever `loss` says', () => {
  for (const one of cases)
    for (const loss of /** @type {const} */ (['logistic', 'exponential', 'linear']))
      for (const gradient of /** @type {const} */ (['log-domain', 'plain'])) {
        const data = attention.parseDataset(JSON.stringify(file(one)));
        const trainer = data.trainer({ parameterization: 'W', optimizer: 'gd', stepSize: one.training.step_size, loss,
          gradient, W0: flat(one.training.W0) });
        for (const { iteration, W, loss: expected } of one.training.checkpoints) {
          trainer.step(iteration - trainer.iteration);
          assert.ok(largestDifference(trainer.W, flat(W)) < 1e-9, `${one.name} ${iteration}`);
          assert.ok(Math.abs(trainer.loss - expected) < 1e-11, `${one.name} ${iteration}`);
        }
        assert.deepEqual(trainer.attention().map((row) => row.length), one.sequences.map((/** @type {number[]} */ s) => s.length));
      }
});

test('a text becomes the sequences of the reference', () => {
  for (const one of cases.filter(({ name }) => !name.startsWith('random'))) {
    const unit = one.name === 'mississippi' ? 'character' : 'word';
    const data = attention.textDataset(one.name, { unit, context: 6, embeddings: 'one-hot' });
    const { vocabulary, sequences, next } = /** @type {any} */ (data.toJSON());
    assert.deepEqual([vocabulary.words, sequences, next], [one.names, one.sequences, one.next]);
    const places = unit === 'character' ? one.name.length : one.name.split(' ').length;
    assert.equal(data.leftOut, places - 1 - next.length);
    assert.equal(data.n, next.length);
    assert.equal(data.note, '');
  }
  const random = attention.textDataset('a b a b', { unit: 'word', context: 3, embeddings: 'random', d: 1, seed: 2 });
  assert.match(random.note, /not linearly independent/);
  assert.equal(random.d, 1);
});

test('every point of the path has a duality gap', () => {
  const data = attention.textDataset('mississippi', { unit: 'character', context: 6, embeddings: 'one-hot' });
  for (const norm of /** @type {const} */ (['frobenius', 'nuclear']))
    for (const point of data.regularizationPath({ norm, radii: [1, 5, 20] })) {
      assert.ok(/** @type {number} */ (point.gap) >= 0 && /** @type {number} */ (point.gap) < 1e-5 * point.loss, `${norm} ${point.gap}`);
    }
});

test('errors name the place', () => {
  const broken = (/** @type {() => unknown} */ f, /** @type {RegExp} */ message) => assert.throws(f, { name: 'Error', message });
  const good = file(cases[4]);
  const parse = (/** @type {object} */ change) => () => attention.parseDataset(JSON.stringify({ ...good, ...change }));
  broken(parse({ next: good.next.slice(1) }), /^next: expected 7 words, found 6$/);
  broken(parse({ sequences: good.sequences.map(() => [0, 3]) }), /^sequences\[0\]\[1\]: expected a word from 0 to 2, found 3$/);
  broken(parse({ version: 3 }), /^version: expected 1 or 2, found 3$/);
  broken(parse({ vocabulary: undefined }), /^vocabulary: missing$/);
  const options = { unit: 'word', context: 6, embeddings: 'one-hot' };
  const text = (/** @type {any} */ words, /** @type {object} */ change) => () =>
    attention.textDataset(words, /** @type {any} */ ({ ...options, ...change }));
  broken(text(7, {}), /^text: expected a string$/);
  broken(text('a b a', { unit: 'letter' }), /^unit: expected one of word, character, found "letter"$/);
  broken(text('a b a', { embeddings: 'given' }), /^embeddings: expected one of one-hot, random/);
  broken(text('a b a', { context: 0 }), /^context: expected a whole number of at least 1/);
  broken(text('a b a', { context: 2000 }), /^context: expected a whole number from 1 to 1000, found 2000$/);
  broken(text('a b a', { length: 2 }), /^unknown option length/);
  broken(text('a b c', {}), /^text: no word occurs among the 6 before it/);
  const points = attention.randomDataset({ n: 2, T: 3, d: 3, seed: 1 });
  broken(() => points.priorityGraph(), /^priorityGraph: expected a dataset of words$/);
  const words = attention.textDataset('a b a b', /** @type {any} */ (options));
  broken(() => words.scores(), /^scores: only a linear head/);
  broken(() => words.trainer({ parameterization: 'W', optimizer: 'gd', stepSize: 1, loss: 'linear', everyToken: true }), /^everyToken: a sequence of words/);
});
