// SPDX-License-Identifier: MIT
// @ts-check
// An instance of a WebAssembly module behind a guard. What leaves C++ as an exception (a trap, an abort, or one
// of the host's that should never have got there) leaves the instance in pieces: it is not called again, and
// whoever made it hears of it once.

/** What a failed download is about: browsers only say "Failed to fetch", or quote the compiler.
 * @param {unknown} error @param {string} name of the file */
function explained(error, name) {
  if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError)
    return new Error(`${name} arrived incomplete, or from another release`);
  return error instanceof TypeError ? new Error(`${name} did not arrive; check the network`) : error;
}

/** Compiles while downloading, where the host names the file's type rightly. @param {URL} url */
export async function compileWasm(url) {
  const name = url.pathname.replace(/.*\//, '');
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${name} could not be loaded (${response.status})`);
    const streaming = response.headers.get('content-type') === 'application/wasm';
    return await (streaming ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
  } catch (error) {
    throw explained(error, name);
  }
}

/**
 * The option `instantiateWasm` of Emscripten's modules.
 * @param {WebAssembly.Module} module
 * @param {(error: unknown) => void} failed it could not be made
 * @param {(error: unknown) => void} [ended] it came to an end later; never twice
 */
export const instantiate = (module, failed, ended) =>
  (/** @type {WebAssembly.Imports} */ imports, /** @type {(instance: any) => void} */ done) => {
    WebAssembly.instantiate(module, imports)
      .then((instance) => done(ended === undefined ? instance : { exports: guarded(instance.exports, ended) }))
      .catch((error) => failed(explained(error, 'the module')));
    return {};
  };

/** Every way from JavaScript into C++. @param {WebAssembly.Exports} exports @param {(error: unknown) => void} ended */
function guarded(exports, ended) {
  let alive = true;
  const guard = (/** @type {Function} */ f) => (/** @type {any[]} */ ...args) => {
    if (!alive) return 0;
    try {
      return f(...args);
    } catch (error) {
      if (alive) {
        alive = false;
        queueMicrotask(() => ended(error));
      }
      throw error;
    }
  };
  /** @param {WebAssembly.Table} table */
  const guardedTable = (table) => {
    /** @type {Function[]} */ const known = [];
    return { get: (/** @type {number} */ i) => known[i] ??= guard(table.get(i)) };
  };
  return Object.fromEntries(Object.entries(exports).map(([name, value]) => [name,
    value instanceof WebAssembly.Table ? guardedTable(value) : typeof value === 'function' ? guard(value) : value]));
}

/** No exception of the page may cross a C++ frame: functions that C++ calls report theirs instead.
 * @template {Record<string, (...args: any[]) => any>} T @param {T} host @returns {T} */
export const harmless = (host) => /** @type {T} */ (Object.fromEntries(Object.entries(host).map(([name, f]) => [name,
  (/** @type {any[]} */ ...args) => {
    try {
      const result = f(...args);
      if (!(result instanceof Promise)) return result;
      result.catch(report);
    } catch (error) {
      report(error);
    }
    return '';
  }])));

/** As if nobody had caught it. @param {unknown} error */
const report = (error) => { setTimeout(() => { throw error; }); };
