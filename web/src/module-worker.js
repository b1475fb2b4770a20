// SPDX-License-Identifier: MIT
// @ts-check
// attention-svm-worker.mjs: the module's API as promises, computed in a worker of its own (module-thread.js).
//
// A solver that has begun does not listen: a solve that can be aborted gets a worker of its own, which ends with it,
// so that nothing else is lost.

const isNode = typeof process === 'object' && process.versions?.node !== undefined;

/** @typedef {import('../attention-svm-worker.d.ts').Call} Call */
/** @typedef {{resolve: (value: any) => void, reject: (reason: any) => void, progress?: (share: number) => void}} Open */

/** A worker, in browsers and in Node alike. @param {(data: any) => void} take @param {(error: Error) => void} broken */
async function start(take, broken) {
  const url = new URL('./attention-svm-thread.mjs', import.meta.url);
  if (isNode) {
    const threads = await import(/* @vite-ignore */ /* webpackIgnore: true */ ['node:worker', 'threads'].join('_'));
    const worker = new threads.Worker(url);
    worker.on('message', take);
    worker.on('error', broken);
    return { send: (/** @type {any} */ data) => worker.postMessage(data), end: () => worker.terminate(),
      // A worker without an open call keeps no program alive.
      hold: (/** @type {boolean} */ on) => on ? worker.ref() : worker.unref() };
  }
  const worker = new Worker(new URL('./attention-svm-thread.mjs', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }) => take(data);
  worker.onerror = (event) => broken(new Error(event.message || `${url.pathname.replace(/.*\//, '')} could not be loaded`));
  return { send: (/** @type {any} */ data) => worker.postMessage(data), end: () => worker.terminate(), hold: () => {} };
}

/** One worker with its open calls. @param {object} options of the module */
async function createThread(options) {
  /** @type {Map<number, Open>} */ const open = new Map();
  let calls = 0;
  let ended = false;
  /** @param {Error} error */
  const endAll = (error) => {
    ended = true;
    for (const { reject } of open.values()) reject(error);
    open.clear();
    thread?.end();
  };
  /** @type {() => void} */ let ready = () => {};
  const isReady = new Promise((resolve, reject) => {
    ready = () => resolve(undefined);
    open.set(0, { resolve: () => {}, reject });
  });
  /** @type {Awaited<ReturnType<typeof start>> | undefined} */ let thread;
  thread = await start((data) => {
    if (data.ready === true) {
      open.delete(0);
      ready();
      return;
    }
    const call = open.get(data.id);
    if (call === undefined) return;
    if (data.progress !== undefined) {
      call.progress?.(data.progress);
      return;
    }
    open.delete(data.id);
    if (open.size === 0) thread?.hold(false);
    if (data.error === undefined) call.resolve(data.result);
    else call.reject(new Error(data.error));
    if (data.fatal) endAll(new Error('the worker has stopped, out of memory or of an error in it: create another one'));
  }, endAll);
  await isReady;
  /** @param {number} target @param {string} method @param {any[]} args @param {Call} [call] @returns {Promise<any>} */
  const ask = (target, method, args, { signal, progress } = {}) => new Promise((resolve, reject) => {
    if (ended) throw new Error('the worker is closed');
    signal?.throwIfAborted();
    const id = calls += 1;
    const abort = () => {
      open.delete(id);
      thread?.send({ abort: id });
      if (open.size === 0) thread?.hold(false);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    const settle = (/** @type {(value: any) => void} */ then) => (/** @type {any} */ value) => {
      signal?.removeEventListener('abort', abort);
      then(value);
    };
    open.set(id, { resolve: settle(resolve), reject: settle(reject), progress });
    thread?.hold(true);
    thread?.send({ id, target, method, args });
  });
  const { version } = await ask(0, 'create', [options]);
  return { version, ask, close: () => endAll(new Error('the worker was closed')) };
}

/** @typedef {Awaited<ReturnType<typeof createThread>>} Thread */

/** Work that does not listen, in a worker that ends when it is aborted. @param {object} options
 * @param {(thread: Thread) => Promise<any>} work @param {Call} call */
async function apart(options, work, { signal, progress }) {
  signal?.throwIfAborted();
  progress?.(0);
  const thread = await createThread(options);
  const aborted = new Promise((_, reject) => {
    const end = () => {
      thread.close();
      reject(signal?.reason);
    };
    if (signal?.aborted) end();
    signal?.addEventListener('abort', end, { once: true });
  });
  try {
    const result = await Promise.race([work(thread), aborted]);
    progress?.(1);
    return result;
  } finally {
    aborted.catch(() => {});
    thread.close();
  }
}

/** @param {Thread} thread @param {number} object */
function trainerOf(thread, object) {
  const ask = (/** @type {string} */ method) => (/** @type {any[]} */ ...args) => thread.ask(object, method, args);
  return {
    /** @param {number} [count] @param {Call} [call] */
    step: (count = 1, call) => thread.ask(object, 'step', [count], call),
    state: ask('state'), attention: ask('attention'), selected: ask('selected'), kept: ask('kept'), decompose: ask('decompose'),
    verdict: (/** @type {Call} */ call) => thread.ask(object, 'verdict', [], call),
    delete: ask('delete'),
  };
}

/** @param {Thread} thread @param {object} options 
 * @param {{object: number, n: number, d: number, lengths: number[], name: string, leftOut: number, note: string}} described */
function datasetOf(thread, options, { object, ...fields }) {
  const ask = (/** @type {string} */ method) => (/** @type {any[]} */ ...args) => thread.ask(object, method, args);
  /** @param {string} method @param {any[]} args @param {Call} [call] */
  const solve = (method, args, call) => call?.signal === undefined ? thread.ask(object, method, args, call) : apart(options, async (other) => {
    const copy = await other.ask(0, 'parseDataset', [JSON.stringify(await thread.ask(object, 'file', []))]);
    return other.ask(copy.object, method, args);
  }, call);
  return {
    ...fields,
    file: ask('file'), scores: ask('scores'), optimalTokens: ask('optimalTokens'), priorityGraph: ask('priorityGraph'),
    /** @param {object} o @param {Call} [call] */
    solveSvm: (o, call) => solve('solveSvm', [o], call),
    /** @param {number[]} tokens @param {Call} [call] */
    isLocallyOptimal: (tokens, call) => solve('isLocallyOptimal', [tokens], call),
    /** @param {number[]} tokens @param {object} [o] @param {Call} [call] */
    conditions: (tokens, o, call) => solve('conditions', [tokens, o], call),
    /** @param {object} [o] @param {Call} [call] */
    localOptima: (o, call) => thread.ask(object, 'localOptima', [o], call),
    /** @param {object} o @param {Call} [call] */
    regularizationPath: (o, call) => thread.ask(object, 'regularizationPath', [o], call),
    /** @param {object} o */
    trainer: async (o) => trainerOf(thread, (await thread.ask(object, 'trainer', [o])).object),
    delete: ask('delete'),
  };
}

/** @param {Pick<import('../attention-svm.d.ts').ModuleOptions, 'wasmBinary' | 'limit'>} [options] */
export default async function createAttentionSvmWorker(options = {}) {
  const thread = await createThread(options);
  return {
    version: thread.version,
    /** @param {string} json @param {Call} [call] */
    parseDataset: async (json, call) => datasetOf(thread, options, await thread.ask(0, 'parseDataset', [json], call)),
    /** @param {object} spec @param {Call} [call] */
    randomDataset: async (spec, call) => datasetOf(thread, options, await thread.ask(0, 'randomDataset', [spec], call)),
    /** @param {string} text @param {object} o @param {Call} [call] */
    textDataset: async (text, o, call) => datasetOf(thread, options, await thread.ask(0, 'textDataset', [text, o], call)),
    /** @param {string} spec @param {Call} [call] */
    runExperiment: (spec, call) => thread.ask(0, 'runExperiment', [spec], call),
    close: thread.close,
  };
}
