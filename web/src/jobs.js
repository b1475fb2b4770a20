// SPDX-License-Identifier: MIT
// @ts-check
// Work that is longer than a frame, for all labs of a page: a few Web Workers with the core module, made when
// the first job comes. A page that may not start workers (its policy, an old browser) gets slices instead.

import { compileWasm } from './instance.js';

/** @typedef {import('./worker.js').Report} Report */
/** @typedef {{request: Uint8Array, report: (report: Report) => void, worker?: Worker, stopped: boolean}} Job */

const most = Math.max(2, Math.min(4, (navigator.hardwareConcurrency || 2) - 2));
/** @type {Job[]} */ const waiting = [];
/** @type {Set<Job>} */ const running = new Set();
/** @type {Worker[]} */ const idle = [];
const LARGE = 4e6;  // bytes of a request
let workersWork = true;  // until one fails

/** @type {Promise<WebAssembly.Module> | undefined} */ let compiled;
function compiledCore() {
  compiled ??= compileWasm(new URL(CORE_WASM, import.meta.url)).catch((error) => {
    compiled = undefined;
    throw error;
  });
  return compiled;
}

/** A script of another host must not be a worker, but may be imported by one. @returns {Worker} */
function createWorker() {
  const url = new URL('worker.js', import.meta.url);
  if (url.origin === location.origin) return new Worker(url, { type: 'module' });
  const stub = URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' }));
  return new Worker(stub, { type: 'module' });
}

/** @param {Job} job @param {Report} report */
function pass(job, report) {
  if (job.stopped) return;
  if (report.finished) finish(job, report.error !== '');
  job.report(report);
}

/** @param {Job} job @param {boolean} failed */
function finish(job, failed) {
  running.delete(job);
  // A module's memory never shrinks, and one that has trapped is of no more use.
  if (failed || job.request.byteLength > LARGE) job.worker?.terminate();
  else if (job.worker !== undefined) idle.push(job.worker);
  job.worker = undefined;
  next();
}

/** @param {Job} job @param {unknown} error */
const fail = (job, error) => pass(job, { progress: 0, finished: true, answer: new Uint8Array(), error: reasonOf(error) });

/** @param {unknown} error */
function reasonOf(error) {
  const message = error instanceof Error ? error.message : String(error);
  // Files named after their content are gone after a release, and then the browser speaks of modules.
  return /dynamically imported|module script|\(404\)|another release/i.test(message)
    ? 'the lab has been renewed since this page was opened, or the network is gone: load the page again' : message;
}

/** @param {Job} job */
async function runInWorker(job) {
  const module = await compiledCore();
  if (job.stopped) return;
  let worker = idle.pop();
  if (worker === undefined) {
    worker = createWorker();
    worker.postMessage({ module });
  }
  job.worker = worker;
  worker.onmessage = ({ data }) => pass(job, data);
  worker.onerror = (event) => {
    event.preventDefault();
    job.worker?.terminate();
    job.worker = undefined;
    workersWork = false;
    if (!job.stopped) runInSlices(job).catch((error) => fail(job, error));
  };
  worker.postMessage({ request: job.request });
}

/** @param {Job} job */
async function runInSlices(job) {
  const { createJobCore, runJob } = await import('./worker.js');
  const core = await createJobCore(await compiledCore());
  const pause = () => new Promise((resolve) => setTimeout(() => resolve(!job.stopped), 8));
  await runJob(core, job.request, 8, pause, (report) => pass(job, report));
}

function next() {
  while (running.size < most && waiting.length > 0) {
    const job = /** @type {Job} */ (waiting.shift());
    running.add(job);
    (workersWork ? runInWorker(job) : runInSlices(job)).catch((error) => {
      if (!workersWork || job.worker !== undefined) return fail(job, error);
      workersWork = false;  // the policy of the page forbids them, say
      runInSlices(job).catch((later) => fail(job, later));
    });
  }
}

/** For when the last lab of a page has gone: workers that wait for work end. */
export function endIdleWorkers() {
  for (const worker of idle.splice(0)) worker.terminate();
}

/**
 * @param {Uint8Array} request @param {(report: Report) => void} report
 * @returns {() => void} ends the job; nothing is reported any more
 */
export function startJob(request, report) {
  /** @type {Job} */ const job = { request, report, stopped: false };
  waiting.push(job);
  // Not within this call: the lab is still busy with what asked for the job.
  queueMicrotask(next);
  return () => {
    if (job.stopped) return;
    job.stopped = true;
    const place = waiting.indexOf(job);
    if (place >= 0) waiting.splice(place, 1);
    if (!running.delete(job)) return;
    job.worker?.terminate();  // a solver that has begun does not listen
    job.worker = undefined;
    next();
  };
}
