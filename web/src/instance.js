// SPDX-License-Identifier: MIT
// @ts-check
// Modules of WebAssembly: loaded and made, with a sentence when that fails; and functions that they may call.

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

/** The option `instantiateWasm` of Emscripten's modules. @param {WebAssembly.Module} module @param {(error: unknown) => void} failed */
export const instantiate = (module, failed) =>
  (/** @type {WebAssembly.Imports} */ imports, /** @type {(instance: WebAssembly.Instance) => void} */ done) => {
    WebAssembly.instantiate(module, imports).then(done).catch((error) => failed(explained(error, 'the module')));
    return {};
  };

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
