// SPDX-License-Identifier: MIT
// What the declarations promise is what the objects have: every interface of attention-svm.d.ts, member by member.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import ts from 'typescript';
import createAttentionSvm from '../../dist/attention-svm.mjs';

/**
 * Members of each interface, with those that it extends: name to whether it may be missing.
 * @param {string} path @returns {Map<string, Map<string, boolean>>}
 */
function interfacesOf(path) {
  const program = ts.createProgram([path], { noLib: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path);
  assert.ok(source, path);
  const found = new Map();
  for (const statement of source.statements) {
    if (!ts.isInterfaceDeclaration(statement)) continue;
    const members = checker.getTypeAtLocation(statement.name).getProperties()
      .filter((member) => !member.name.startsWith('__@'));  // [Symbol.dispose]
    found.set(statement.name.text,
      new Map(members.map((member) => [member.name, (member.flags & ts.SymbolFlags.Optional) !== 0])));
  }
  return found;
}

/** Own keys and those of its class. @param {any} value */
function keysOf(value) {
  const keys = new Set(Object.keys(value));
  for (let at = Object.getPrototypeOf(value); at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const key of Object.getOwnPropertyNames(at)) if (key !== 'constructor') keys.add(key);
  return keys;
}

const attention = await createAttentionSvm();
const interfaces = interfacesOf('web/attention-svm.d.ts');

/** Each sample has every member that must be there and none that is not declared; together they have all. */
test('objects and their declarations have the same members', () => {
  const data = attention.randomDataset({ n: 3, T: 4, d: 6, seed: 1 });
  const words = attention.textDataset('mississippi', { unit: 'character', context: 6, embeddings: 'one-hot' });
  const infeasible = attention.parseDataset(JSON.stringify({ format: 'attention-svm-dataset', version: 1,
    X: [[[0, 0], [1, 0], [-1, 0]]], Z: [[1, 0]], y: [1], head: { kind: 'linear', v: [0, 1] } }));
  const options = /** @type {const} */ ({ optimizer: 'gd', stepSize: 0.1, loss: 'logistic' });
  const trainer = data.trainer({ parameterization: 'W', ...options });
  const factored = data.trainer({ parameterization: 'KQ', ...options });
  const ofWords = words.trainer({ parameterization: 'W', ...options });
  ofWords.step(10);
  trainer.step(10);
  const radii = [1, 2];
  const experiment = attention.runExperiment('rank,runs=2,values=3:4,T=3,n=2');
  /** @type {Record<string, any[]>} */
  const samples = {
    AttentionSvm: [attention],
    Dataset: [data],
    DatasetFile: [data.toJSON()],
    WordsFile: [words.toJSON()],
    SvmSolution: [data.solveSvm({ norm: 'nuclear' }), infeasible.solveSvm({ norm: 'frobenius', tokens: [0] })],
    PathPoint: [...data.regularizationPath({ norm: 'frobenius', radii }), ...words.regularizationPath({ norm: 'frobenius', radii })],
    Trainer: [trainer, factored],
    Decomposition: [trainer.decompose(), ofWords.decompose()],
    PriorityGraph: words.priorityGraph(),
    ExperimentResult: [experiment],
    ExperimentSeries: experiment.series,
    LocalOptima: [data.localOptima()],
    Conditions: [data.conditions(data.optimalTokens())],
    Verdict: [trainer.verdict(), ofWords.verdict()],
  };
  for (const [name, values] of Object.entries(samples)) {
    const declared = interfaces.get(name);
    assert.ok(declared, name);
    const seen = new Set();
    for (const value of values) {
      const keys = keysOf(value);
      for (const [member, optional] of declared) assert.ok(optional || member in value, `${name}.${member} is declared and missing`);
      for (const key of keys) assert.ok(declared.has(key) || key.startsWith('_') || key.startsWith('#'), `${name}.${key} is there and not declared`);
      for (const key of declared.keys()) if (key in value) seen.add(key);
    }
    if (!name.endsWith('File')) assert.deepEqual([...declared.keys()].filter((key) => !seen.has(key)), [], `${name}: no sample has these`);
  }
});
