// SPDX-License-Identifier: MIT
// @ts-check
// Runs the lab's jobs with the core module: in a Web Worker, or, where a page may start none, in slices on the
// page itself (jobs.js imports this file then).
import createCore from './attention-svm-core.mjs';
import { instantiate } from './instance.js';

/** What a job has come to. @typedef {{progress: number, finished: boolean, answer: Uint8Array, error: string}} Report */

const nothing = new Uint8Array();

/** @param {WebAssembly.Module} wasmModule @returns {Promise<any>} */
export const createJobCore = (wasmModule) => new Promise((resolve, reject) =>
  createCore({ instantiateWasm: instantiate(wasmModule, reject) }).then(resolve, reject));

const answerEvery = 200;  // milliseconds: an answer may be long, progress is one number

/**
 * Runs one job in slices and tells how far it is; between them `pause` lets others work.
 * @param {any} core @param {Uint8Array} request @param {number} slice milliseconds
 * @param {() => Promise<boolean>} pause  false: stop
 * @param {(report: Report) => void} report
 */
export async function runJob(core, request, slice, pause, report) {
  const job = new core.JobRunner(request);
  try {
    if (job.error() !== '') {
      report({ progress: 0, finished: true, answer: nothing, error: job.error() });
      return;
    }
    let answered = performance.now();
    for (let more = true; more;) {
      more = job.advance(slice);
      const due = !more || performance.now() - answered > answerEvery;
      if (due) answered = performance.now();
      report({ progress: job.progress(), finished: !more, answer: due ? job.answer() : nothing, error: job.failure() });
      if (more && !(await pause())) return;
    }
  } finally {
    job.delete();
  }
}

/** In a worker: first the compiled module comes, then one request after the other. */
function serve() {
  /** @type {Promise<any>} */ let core;
  const scope = /** @type {any} */ (globalThis);
  scope.onmessage = async (/** @type {MessageEvent} */ { data }) => {
    if (data.module !== undefined) {
      core = createJobCore(data.module);
      return;
    }
    const send = (/** @type {Report} */ report) => scope.postMessage(report, report.answer === nothing ? [] : [report.answer.buffer]);
    try {
      await runJob(await core, data.request, 60, async () => true, send);
    } catch (error) {  // a trap, or no memory: this worker is of no more use
      const why = /memory|alloc|OOM/i.test(String(error)) ? 'it needs more memory than the browser gives' : String(error);
      send({ progress: 0, finished: true, answer: nothing, error: why });
      scope.close();
    }
  };
}

if ('WorkerGlobalScope' in globalThis) serve();
