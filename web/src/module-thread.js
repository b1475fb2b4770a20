// SPDX-License-Identifier: MIT
// @ts-check
// attention-svm-thread.mjs: the worker behind attention-svm-worker.mjs. Calls come as messages and are answered in
// their order; long work is done in slices, between which a call can be aborted.
import createAttentionSvm, { inPieces } from './attention-svm.mjs';

/** @typedef {{id: number, target: number, method: string, args: any[]}} Request */

const isNode = typeof process === 'object' && process.versions?.node !== undefined;
/** Where messages come from. @type {{on: (take: (data: any) => void) => void, send: (data: any) => void}} */
const port = isNode ? await (async () => {
  const { parentPort } = await import(/* @vite-ignore */ /* webpackIgnore: true */ ['node:worker', 'threads'].join('_'));
  return { on: (/** @type {any} */ take) => parentPort.on('message', take), send: (/** @type {any} */ data) => parentPort.postMessage(data) };
})() : { on: (/** @type {any} */ take) => { globalThis.onmessage = ({ data }) => take(data); },
  send: (/** @type {any} */ data) => /** @type {any} */ (globalThis).postMessage(data) };

const SLICE = 50;  // milliseconds
/** @type {any} */ let attention;
/** Datasets and trainers by their numbers. @type {Map<number, any>} */ const objects = new Map();
let created = 0;
/** @type {Set<number>} */ const aborted = new Set();
const breathe = () => new Promise((resolve) => setTimeout(resolve));

/** @param {any} object */
const keep = (object) => {
  objects.set(created += 1, object);
  return created;
};
/** @param {any} dataset */
const described = (dataset) => ({ object: keep(dataset), n: dataset.n, d: dataset.d, lengths: dataset.lengths, name: dataset.name,
  leftOut: dataset.leftOut, note: dataset.note });
/** @param {any} trainer */
const stateOf = ({ iteration, loss, gradientNorm, logGradientNorm, stalled, failure, unsaturated, W, K, Q }) => ({ iteration, loss,
  gradientNorm, logGradientNorm, stalled, failure, unsaturated, W, ...(K === undefined ? {} : { K, Q }) });

/** Work that tells how far it is. @param {number} id @param {any} work @returns {Promise<any>} */
async function finish(id, work) {
  try {
    for (let more = true; more;) {
      more = work.advance(SLICE);
      port.send({ id, progress: work.progress() });
      await breathe();
      if (aborted.has(id)) return undefined;
    }
    return work.result();
  } finally {
    work.delete();
  }
}

/** @param {number} id @param {any} trainer @param {number} count */
async function step(id, trainer, count) {
  let some = 1;
  for (let left = count; left > 0;) {
    const before = performance.now();
    trainer.step(Math.min(some, left));
    left -= some;
    if (performance.now() - before < SLICE / 2) some *= 2;
    port.send({ id, progress: Math.min(1, 1 - left / count) });
    await breathe();
    if (aborted.has(id)) break;
  }
  return stateOf(trainer);
}

/** @param {number} id @param {any} dataset @param {{norm: string, radii: number[]}} options */
async function path(id, dataset, options) {
  if (!Array.isArray(options?.radii) || options.radii.some((r, i, all) => !(r > 0) || r <= (all[i - 1] ?? 0)))
    return dataset.regularizationPath(options);  // which says what is wrong
  const work = dataset[inPieces]('pathOf', options);
  try {
    const points = [];
    for (const radius of options.radii) {
      points.push(work.next(radius));
      port.send({ id, progress: points.length / options.radii.length });
      await breathe();
      if (aborted.has(id)) return undefined;
    }
    return points;
  } finally {
    work.delete();
  }
}

/** @param {Request} request @returns {Promise<any>} */
async function carryOut({ id, target, method, args }) {
  if (target === 0) {
    if (method === 'create') {
      attention = await createAttentionSvm(args[0]);
      return { version: attention.version };
    }
    if (method === 'runExperiment') return finish(id, attention[inPieces](args[0]));
    return described(attention[method](...args));
  }
  const object = objects.get(target);
  if (object === undefined) throw new Error('used after delete()');
  switch (method) {
    case 'delete': objects.delete(target); return object.delete();
    case 'trainer': return { object: keep(object.trainer(...args)) };
    case 'step': return step(id, object, args[0]);
    case 'state': return stateOf(object);
    case 'file': return object.toJSON();
    case 'localOptima': return finish(id, object[inPieces]('search', args[0] ?? {}));
    case 'regularizationPath': return path(id, object, args[0]);
    case 'solveSvm': return { ...object.solveSvm(...args) };
    default: return object[method](...args);
  }
}

let last = Promise.resolve();
port.on((/** @type {Request & {abort?: number}} */ request) => {
  if (request.abort !== undefined) {
    aborted.add(request.abort);
    return;
  }
  last = last.then(async () => {
    const { id } = request;
    try {
      if (!aborted.has(id)) port.send({ id, result: await carryOut(request) });
    } catch (error) {
      port.send({ id, error: error instanceof Error ? error.message : String(error), fatal: error instanceof WebAssembly.RuntimeError });
    }
    aborted.delete(id);
  });
});
port.send({ ready: true });
