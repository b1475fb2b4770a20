// SPDX-License-Identifier: MIT
// @ts-check
// attention-svm.mjs: the shape of attention-svm.d.ts around the thin C++ bindings, with arguments checked.
import createCore from './attention-svm-core.mjs';
import { hasSimd, needs } from './needs.js';
import { instantiate } from './instance.js';
import { shown, wholeNumber } from './numbers.js';

/** Symbol.dispose, for `using`, where the engine has it. @type {symbol | undefined} */
const dispose = /** @type {any} */ (Symbol).dispose;
/** Lets `using trainer = ...` free it at the end of the block. @param {{prototype: {delete(): void}}[]} classes */
function addDispose(...classes) {
  if (dispose === undefined) return;
  for (const { prototype } of classes)
    Object.defineProperty(prototype, dispose, { value() { this.delete(); }, configurable: true, writable: true });
}

/** What the C++ side reports as { error } becomes an exception. @template T @param {T} result @returns {T} */
function checked(result) {
  const error = /** @type {any} */ (result)?.error;
  if (typeof error === 'string') throw new Error(error);
  return result;
}

/** What each choice may be, from the C++ side: "logistic, exponential, linear".
 * @typedef {Record<'parameterization' | 'optimizer' | 'loss' | 'gradient' | 'head' | 'unit' | 'embeddings'
 * | 'norm' | 'ball', string>} Names */

/** @param {string} name @param {unknown} value @param {string} all @returns {string} */
function oneOf(name, value, all) {
  if (typeof value === 'string' && all.split(', ').includes(value)) return value;
  throw new Error(`${name}: expected one of ${all}, found ${shown(value)}`);
}

/** @param {string} name @param {unknown} value @returns {boolean} */
function flag(name, value) {
  if (value === undefined) return false;
  if (typeof value !== 'boolean') throw new Error(`${name}: expected true or false, found ${shown(value)}`);
  return value;
}

/** Which queries attend. @param {{everyToken?: boolean, causal?: boolean}} options */
function queryMode(options) {
  const everyToken = flag('everyToken', options.everyToken), causal = flag('causal', options.causal);
  if (causal && !everyToken) throw new Error('causal: needs everyToken; one query per sequence sees all its tokens');
  return { everyToken, causal };
}

/** @param {string} name @param {unknown} value */
function probability(name, value) {
  const result = number(name, value);
  if (!(result > 0 && result < 1)) throw new Error(`${name}: expected a number between 0 and 1, found ${result}`);
  return result;
}

/** @param {string} name @param {unknown} value @returns {number} */
function number(name, value) {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Error(`${name}: expected a number, found ${shown(value)}`);
  return value;
}

/** @param {object} options @param {string[]} known */
function onlyKnown(options, known) {
  if (typeof options !== 'object' || options === null) throw new Error('options: expected an object');
  for (const key of Object.keys(options))
    if (!known.includes(key)) throw new Error(`unknown option ${key}; known are ${known.join(', ')}`);
}

/** @param {string} name @param {unknown} value */
function tokenList(name, value) {
  if (!Array.isArray(value)) throw new Error(`${name}: expected a list of token numbers`);
  return value.map((token, i) => wholeNumber(`${name}[${i}]`, token));
}

/** @param {string} name @param {unknown} value */
function matrix(name, value) {
  if (value === undefined || value instanceof Float64Array) return value;
  throw new Error(`${name}: expected a Float64Array`);
}

/** @param {import('../attention-svm.d.ts').SvmOptions} options @param {number[]} lengths @param {Names} names */
function svmOptions(options, lengths, names) {
  onlyKnown(options, ['norm', 'tokens', 'everyToken', 'causal', 'tolerance']);
  const { norm, tokens, tolerance } = options;
  const mode = queryMode(options);
  if (tolerance !== undefined && !(number('tolerance', tolerance) > 0))
    throw new Error(`tolerance: expected a positive number, found ${tolerance}`);
  const result = { norm: 'frobenius', p: 2, ...mode, tolerance };
  if (typeof norm === 'object' && norm !== null) {
    if (typeof norm.p !== 'number') throw new Error(`norm.p: expected a number, found ${norm.p}`);
    Object.assign(result, { norm: 'lp', p: norm.p });
  } else {
    result.norm = oneOf('norm', norm, names.norm);
  }
  if (tokens === undefined) return result;
  if (!Array.isArray(tokens)) throw new Error('tokens: expected a list');
  const nested = tokens.length > 0 && Array.isArray(tokens[0]);
  if (!nested) return { ...result, tokens: tokenList('tokens', tokens) };
  const lists = tokens.map((list, i) => tokenList(`tokens[${i}]`, list));
  if (!mode.everyToken) return { ...result, kept: lists };
  if (lists.length !== lengths.length)
    throw new Error(`tokens: expected ${lengths.length} lists, found ${lists.length}`);
  lists.forEach((list, i) => {
    if (list.length !== lengths[i])
      throw new Error(`tokens[${i}]: expected ${lengths[i]} tokens, one for each query, found ${list.length}`);
  });
  return { ...result, tokens: lists.flat() };
}

/** The C++ object behind `owner`, until delete(). @param {string} name @param {any} core */
function alive(name, core) {
  if (core === null) throw new Error(`${name}: used after delete()`);
  return core;
}

/** Methods for module-worker.js, which nobody else can name. */
export const inPieces = Symbol('in pieces');

/** @param {import('../attention-svm.d.ts').LocalOptimaOptions} options */
function limitOf(options) {
  onlyKnown(options, ['everyToken', 'causal', 'limit']);
  return wholeNumber('limit', options.limit ?? 10000, 1, Number.MAX_SAFE_INTEGER);
}

/** @param {any} work */
function finished(work) {
  const result = work.result();
  work.delete();
  return result;
}

class SvmSolution {
  /** @param {object} fields */
  constructor(fields) {
    Object.assign(this, fields);
  }
  /** The solution lives in JavaScript's memory; there is nothing to free. */
  delete() {}
}

class Trainer {
  #object;
  #factors;
  /** @param {any} core @param {boolean} factors */
  constructor(core, factors) {
    this.#object = core;
    this.#factors = factors;
  }
  get #core() { return alive('Trainer', this.#object); }
  step(count = 1) { this.#core.step(wholeNumber('count', count)); }
  get iteration() { return this.#core.iteration(); }
  get loss() { return this.#core.loss(); }
  get gradientNorm() { return this.#core.gradientNorm(); }
  get logGradientNorm() { return this.#core.logGradientNorm(); }
  get stalled() { return this.#core.stalled(); }
  get failure() { return this.#core.failure(); }
  get note() { return this.#core.note(); }
  get roundingSince() { return this.#core.roundingSince(); }
  get ridgeSince() { return this.#core.ridgeSince(); }
  get unsaturated() { return this.#core.unsaturated(); }
  get W() { return this.#core.W(); }
  get K() { return this.#factors ? this.#core.K() : undefined; }
  get Q() { return this.#factors ? this.#core.Q() : undefined; }
  attention() { return this.#core.attention(); }
  selected() { return this.#core.selected(); }
  kept(threshold = 1e-3) { return this.#core.kept(probability('threshold', threshold)); }
  decompose(threshold = 1e-3) { return this.#core.decompose(probability('threshold', threshold)); }
  verdict() { return checked(this.#core.verdict()); }
  delete() {
    this.#object?.delete();
    this.#object = null;
  }
}

class Dataset {
  #object;
  #names;
  /** @param {any} core @param {Names} names */
  constructor(core, names) {
    this.#object = core;
    this.#names = names;
  }
  get #core() { return alive('Dataset', this.#object); }
  get n() { return this.#core.n(); }
  get d() { return this.#core.d(); }
  get lengths() { return this.#core.lengths(); }
  get name() { return this.#core.name(); }
  get leftOut() { return this.#core.leftOut(); }
  get note() { return this.#core.note(); }
  priorityGraph() { return checked(this.#core.priorityGraph()); }
  /** So that JSON.stringify(dataset) is the dataset file. @returns {any} */
  toJSON() { return JSON.parse(this.#core.json()); }
  scores() { return checked(this.#core.scores()); }
  optimalTokens() { return checked(this.#core.optimalTokens({ everyToken: false, causal: false })); }
  /** @param {import('../attention-svm.d.ts').SvmOptions} options */
  solveSvm(options) { return new SvmSolution(checked(this.#core.solve(svmOptions(options, this.lengths, this.#names)))); }
  /** @param {number[]} tokens */
  isLocallyOptimal(tokens) {
    return checked(this.#core.isLocallyOptimal(tokenList('tokens', tokens), { everyToken: false, causal: false }));
  }
  /** @param {{norm: 'frobenius' | 'nuclear', radii: number[]}} options */
  regularizationPath(options) {
    onlyKnown(options, ['norm', 'radii']);
    oneOf('norm', options.norm, this.#names.ball);
    if (!Array.isArray(options.radii)) throw new Error('radii: expected a list of numbers');
    return checked(this.#core.path({ norm: options.norm, p: 2, radii: options.radii.map((r, i) => number(`radii[${i}]`, r)) }));
  }
  /** @param {import('../attention-svm.d.ts').LocalOptimaOptions} [options] */
  localOptima(options = {}) {
    const work = checked(this.#core.search({ ...queryMode(options), limit: limitOf(options) }));
    while (work.advance(1000)) continue;
    return finished(work);
  }
  /** @param {number[]} tokens @param {import('../attention-svm.d.ts').ConditionsOptions} [options] */
  conditions(tokens, options = {}) {
    onlyKnown(options, ['everyToken', 'causal', 'loss', 'W0', 'seed']);
    return checked(this.#core.conditions(tokenList('tokens', tokens), { ...queryMode(options),
      loss: oneOf('loss', options.loss ?? 'logistic', this.#names.loss), W0: matrix('W0', options.W0),
      seed: wholeNumber('seed', options.seed ?? 1, 0, Number.MAX_SAFE_INTEGER) }));
  }
  /** For the worker: the same pieces of work one by one. @param {'search' | 'pathOf'} kind @param {any} options */
  [inPieces](kind, options) {
    if (kind === 'search') return checked(this.#core.search({ ...queryMode(options), limit: limitOf(options) }));
    onlyKnown(options, ['norm', 'radii']);
    return checked(this.#core.pathOf({ norm: oneOf('norm', options.norm, this.#names.ball), p: 2, loss: 'logistic', ...queryMode({}) }));
  }
  /** @param {import('../attention-svm.d.ts').TrainerOptions} options */
  trainer(options) {
    onlyKnown(options, ['parameterization', 'rank', 'optimizer', 'growth', 'p', 'stepSize', 'loss', 'gradient',
      'ridge', 'everyToken', 'causal', 'W0', 'K0', 'Q0', 'seed']);
    const parameterization = oneOf('parameterization', options.parameterization, this.#names.parameterization);
    const core = checked(this.#core.trainer({
      parameterization,
      rank: options.rank === undefined ? 0 : wholeNumber('rank', options.rank, 1),
      optimizer: oneOf('optimizer', options.optimizer, this.#names.optimizer),
      growth: options.growth === undefined ? undefined : number('growth', options.growth),
      ridge: flag('ridge', options.ridge ?? true),
      p: number('p', options.p ?? 2),
      stepSize: number('stepSize', options.stepSize),
      loss: oneOf('loss', options.loss, this.#names.loss),
      gradient: oneOf('gradient', options.gradient ?? 'log-domain', this.#names.gradient),
      ...queryMode(options),
      W0: matrix('W0', options.W0), K0: matrix('K0', options.K0), Q0: matrix('Q0', options.Q0),
      seed: wholeNumber('seed', options.seed ?? 1, 0, Number.MAX_SAFE_INTEGER),
    }));
    return new Trainer(core, parameterization === 'KQ');
  }
  delete() {
    this.#object?.delete();
    this.#object = null;
  }
}

addDispose(SvmSolution, Trainer, Dataset);

const isNode = typeof process === 'object' && process.versions?.node !== undefined;
const wasmName = 'attention-svm.wasm';

/** The file beside this module, as bundlers know it too. @param {import('../attention-svm.d.ts').ModuleOptions} options */
const address = (options) => options.locateFile?.(wasmName) ?? new URL('attention-svm.wasm', import.meta.url).href;

/** @param {string} url @returns {Promise<WebAssembly.Module>} */
async function compiledFrom(url) {
  if (isNode && !/^(https?|blob|data):/.test(url)) {
    // Not for bundlers, which look for the modules that they can read the names of.
    const files = await import(/* @vite-ignore */ /* webpackIgnore: true */ ['node:fs', 'promises'].join('/'));
    return WebAssembly.compile(paired(new Uint8Array(await files.readFile(url.startsWith('file:') ? new URL(url) : url)).buffer));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} could not be loaded (${response.status})`);
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/html')) throw new Error(`${url} is a web page, not the WebAssembly module`);
  return WebAssembly.compile(paired(await response.arrayBuffer()));
}

/** An old script from a cache must not run a new module: both would be whole, and their answers wrong.
 * @param {ArrayBuffer} bytes */
function paired(bytes) {
  let sum = 2166136261;  // FNV-1a, as in script/assemble-dist.mjs
  for (const byte of new Uint8Array(bytes)) sum = Math.imul(sum ^ byte, 16777619);
  if (sum >>> 0 !== CORE_SUM)
    throw new Error('attention-svm.mjs and attention-svm.wasm are of different releases, or one arrived incomplete: load both again');
  return bytes;
}

/**
 * The compiled module: given, from given bytes, from the file beside this one; and where a bundler or its server
 * has left that file behind, from the copy in attention-svm-inline.mjs, which nobody else loads.
 * @param {import('../attention-svm.d.ts').ModuleOptions} options
 */
async function compiled(options) {
  if (typeof WebAssembly === 'undefined') throw new Error(needs.webAssembly);
  if (!hasSimd()) throw new Error(needs.simd);
  if (options.wasmModule !== undefined) return /** @type {WebAssembly.Module} */ (options.wasmModule);
  if (options.wasmBinary !== undefined) return WebAssembly.compile(/** @type {BufferSource} */ (options.wasmBinary));
  try {
    return await compiledFrom(address(options));
  } catch (error) {
    if (options.locateFile !== undefined) throw error;
    const inline = await import('./attention-svm-inline.mjs').catch(() => { throw error; });
    const packed = Uint8Array.from(atob(inline.default), (letter) => letter.charCodeAt(0));
    const bytes = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    return WebAssembly.compile(paired(await new Response(bytes).arrayBuffer()));
  }
}

/** @param {import('../attention-svm.d.ts').ModuleOptions} [options] */
export default async function createAttentionSvm(options = {}) {
  const wasmModule = await compiled(options);
  const core = await new Promise((resolve, reject) => {
    createCore({
      locateFile: () => wasmName,  // nothing is looked for: else the glue asks where it lies itself
      instantiateWasm: instantiate(wasmModule, reject),
    }).then(resolve, reject);
  });
  const names = /** @type {Names} */ (core.names());
  const limit = options.limit === undefined ? 0 : number('limit', options.limit);
  if (limit < 0) throw new Error(`limit: expected a positive number, found ${limit}`);
  /** @param {string} spec */
  const experiment = (spec) => {
    if (typeof spec !== 'string') throw new Error('spec: expected a string, such as "rank,runs=20"');
    return checked(core.experiment(spec));
  };
  return {
    version: VERSION,
    /** @param {string} json */
    parseDataset: (json) => {
      if (typeof json !== 'string') throw new Error('json: expected a string');
      return new Dataset(checked(core.parseDataset(json, limit)), names);
    },
    /** @param {import('../attention-svm.d.ts').RandomDatasetSpec} spec */
    randomDataset: (spec) => {
      onlyKnown(spec, ['n', 'T', 'd', 'seed', 'head', 'lambda', 'selfAttention']);
      return new Dataset(checked(core.randomDataset({
        n: wholeNumber('n', spec.n, 1), T: wholeNumber('T', spec.T, 1), d: wholeNumber('d', spec.d, 1),
        seed: wholeNumber('seed', spec.seed, 0, Number.MAX_SAFE_INTEGER), head: oneOf('head', spec.head ?? 'linear', names.head),
        lambda: number('lambda', spec.lambda ?? 1), selfAttention: flag('selfAttention', spec.selfAttention), limit,
      })), names);
    },
    /** @param {string} text @param {import('../attention-svm.d.ts').TextOptions} options */
    textDataset: (text, options) => {
      if (typeof text !== 'string') throw new Error('text: expected a string');
      onlyKnown(options, ['unit', 'context', 'embeddings', 'd', 'seed']);
      return new Dataset(checked(core.textDataset(text, {
        unit: oneOf('unit', options.unit, names.unit), context: wholeNumber('context', options.context, 1),
        embeddings: oneOf('embeddings', options.embeddings, names.embeddings),
        d: options.d === undefined ? 0 : wholeNumber('d', options.d, 1),
        seed: wholeNumber('seed', options.seed ?? 1, 0, Number.MAX_SAFE_INTEGER), limit,
      })), names);
    },
    /** @param {string} spec */
    runExperiment: (spec) => {
      const work = experiment(spec);
      while (work.advance(1000)) continue;
      return finished(work);
    },
    [inPieces]: experiment,
  };
}

/** @param {Float64Array} a @param {Float64Array} b */
export function correlation(a, b) {
  if (a.length !== b.length) throw new Error(`correlation: ${a.length} and ${b.length} numbers`);
  let ab = 0, aa = 0, bb = 0;
  for (let i = 0; i < a.length; ++i) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa) / Math.sqrt(bb) : 0;
}
