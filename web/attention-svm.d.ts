// SPDX-License-Identifier: MIT
/** The core of Attention SVM Lab as an ES module, for browsers, workers and Node 18 or later. */

/** A WebAssembly.Module, where the library "dom" or Node's types know of it. */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } } ? M : object;
type DisposeKey = SymbolConstructor extends { readonly dispose: infer S extends symbol } ? S : never;
/** With TypeScript's library "esnext.disposable": `using trainer = dataset.trainer(...)` frees it at the end of the block. */
type Disposes = { [key in DisposeKey]: () => void };

/** Memory is freed when the object is collected; delete() frees it at once. */
export interface Freed extends Disposes {
  delete(): void;
}

export interface ModuleOptions {
  /** The compiled attention-svm.wasm, to share one compilation among many instances. */
  wasmModule?: CompiledModule;
  /** The bytes of attention-svm.wasm, when they come from somewhere else than beside this module. */
  wasmBinary?: ArrayBuffer | Uint8Array;
  /** Where attention-svm.wasm lies; default: beside this module. */
  locateFile?: (name: string) => string;
  /** Numbers (doubles) that a dataset, a training or an SVM may hold at once; default 20 million. What needs more is
   *  refused with an error that says how many. */
  limit?: number;
}

export default function createAttentionSvm(options?: ModuleOptions): Promise<AttentionSvm>;

/** ⟨a, b⟩ / (‖a‖ ‖b‖); 0 when one of them is zero. */
export function correlation(a: Float64Array, b: Float64Array): number;

export interface RandomDatasetSpec {
  n: number;
  T: number;
  d: number;
  seed: number;
  /**
   * "mlp": d hidden units, Gaussian weights of variance 1/d, output weights of either sign. The paper's several-tokens
   * experiment has another head, 1ᵀ relu(Vᵀ o) with ‖V‖_F = 1.
   */
  head?: "linear" | "mlp" | "quadratic";
  /** Quadratic head only; default 1. */
  lambda?: number;
  /** No queries: the first token of each sequence is its query. */
  selfAttention?: boolean;
}

export interface TextOptions {
  /** Words between white space, without the punctuation around them, or single characters; capitals become small. */
  unit: "word" | "character";
  /** At most so many words before the next one, 1 to 1000. */
  context: number;
  /** Unit vectors, or uniform on the unit sphere. */
  embeddings: "one-hot" | "random";
  /** Dimension of the embeddings; default: as many as there are words. */
  d?: number;
  /** Of random embeddings; default 1. */
  seed?: number;
}

export interface AttentionSvm {
  readonly version: string;
  /** Throws an Error that names the place when the text does not fit the format. */
  parseDataset(json: string): Dataset;
  randomDataset(spec: RandomDatasetSpec): Dataset;
  /** Next-word prediction: a sequence for each place of the text whose word occurs in the context before it. */
  textDataset(text: string, options: TextOptions): Dataset;
  /** One of the experiments, as the page's address and the program name it: "rank,runs=20,T=10,values=1:2:5". Takes
   *  seconds to minutes; attention-svm/worker does it beside the caller. */
  runExperiment(spec: string): ExperimentResult;
}

export interface ExperimentSeries {
  name: string;
  /** One entry for each x; NaN where there is no sample. low and high: quartiles, or Wilson's interval of a share. */
  mean: Float64Array; median: Float64Array; low: Float64Array; high: Float64Array; error: Float64Array; count: Float64Array;
}
export interface ExperimentResult {
  /** What was run, with all that differs from the paper's settings. */
  spec: string;
  xName: string;
  yName: string;
  x: Float64Array;
  series: ExperimentSeries[];
  points: { series: number; x: number; y: number }[];
  scatterName: string;
  draws: number;
  leftOut: number;
  note: string;
  /** x, series, mean, error, median, low, high, count. */
  csv: string;
}

export interface LocalOptimaOptions {
  everyToken?: boolean;
  causal?: boolean;
  /** Selections to look at, at most; default 10000. */
  limit?: number;
}
export interface LocalOptima {
  /** In lexicographic order, a token for each row. */
  selections: number[][];
  global: boolean[];
  total: number;
  examined: number;
  complete: boolean;
}

export interface ConditionsOptions {
  everyToken?: boolean;
  causal?: boolean;
  loss?: "logistic" | "exponential" | "linear";
  /** Start of the training that condition (b) is about; default: drawn from the seed. */
  W0?: Float64Array;
  seed?: number;
}
/** How a selection stands, and the conditions under which the theorems promise the globally optimal one. */
export interface Conditions {
  feasible: boolean;
  locallyOptimal: boolean;
  /** No support token scores higher, and one scores the same. */
  undecidedByTie: boolean;
  global: boolean;
  uniqueBest: boolean;
  solution: Omit<SvmSolution, keyof Freed>;
  /** (a) all tokens that are not optimal score the same. */
  equalScores: boolean;
  scoreSpread: number;
  /** (b) the first gradient step favours every optimal token. */
  gradientPointsToOptimal: boolean;
  smallestStepMargin: number;
  /** (c) d ≥ max(T − 1, n). */
  overparameterized: boolean;
  requiredDimension: number;
  nothingToCompare: boolean;
  text: string;
}

/** What the page says of a run. */
export interface Verdict {
  sentence: string;
  selected: number[];
  saturated: boolean;
  unsaturated: number;
  feasible: boolean;
  locallyOptimal: boolean;
  global: boolean;
  norm: string;
  /** Between W and the SVM solution; null where one of them has no direction. */
  angleDegrees: number | null;
  text: string;
}

export interface SvmOptions {
  norm: "frobenius" | "nuclear" | "l1" | "linf" | "spectral" | { p: number };
  /** One token per sequence (default: the optimal ones; of words, none: the Graph-SVM); a list per sequence asks for
   * the generalized SVM
   * of those kept tokens; with everyToken, tokens[i][k] is the one selected by query k. */
  tokens?: number[] | number[][];
  everyToken?: boolean;
  causal?: boolean;
  /** Relative duality gap to reach; default 1e-9. */
  tolerance?: number;
}

export interface SvmSolution extends Freed {
  /** bounded-below: neither solved nor infeasible to the rounding of the data. */
  readonly status: "solved" | "infeasible" | "not-converged" | "bounded-below";
  /** Whether W meets the constraints; false when bounded-below. */
  readonly feasible: boolean;
  /** d × d, row by row. */
  readonly W: Float64Array;
  readonly norm: number;
  readonly dual: Float64Array;
  /** Relative duality gap. */
  readonly gap: number;
  /** Every W that meets the constraints has at least this norm; unless infeasible. */
  readonly lowerBound?: number;
  /** 1 / norm. */
  readonly margin: number;
  readonly smallestConstraint: number;
  readonly support: { sequence: number; query: number; token: number }[];
  readonly singularValues: number[];
  readonly rank: number;
  readonly iterations: number;
  /** a ≥ 0 with sum 1 and Σ a_k A_k = 0; only when infeasible. */
  readonly certificate?: Float64Array;
  readonly certificateResidual?: number;
  /** All of it for people. */
  readonly text: string;
}

export interface PathPoint {
  radius: number;
  loss: number;
  W: Float64Array;
  /** Relative Frank-Wolfe residual: 0 at a stationary point. */
  stationarity: number;
  /** Words only, whose loss is convex: the loss is at most this much above the least one in the ball. */
  gap?: number;
  converged: boolean;
}

/** A dataset file of words (docs/data-format.md, version 2). */
export interface WordsFile {
  format: "attention-svm-dataset";
  version: 2;
  name?: string;
  source?: string;
  /** K words and their embeddings, a row each. */
  vocabulary: { words: string[]; E: number[][] };
  /** Word numbers from 0; the last word of a sequence is its query. */
  sequences: number[][];
  /** The next word of each sequence, which occurs in it. */
  next: number[];
}

/** A dataset file of points (docs/data-format.md, version 1). */
export interface DatasetFile {
  format: "attention-svm-dataset";
  version: number;
  name?: string;
  source?: string;
  /** n sequences of tokens of d numbers. */
  X: number[][][];
  /** n queries; absent: the first token of each sequence. */
  Z?: number[][];
  y: (1 | -1)[];
  head: { kind: "linear"; v: number[] } | { kind: "mlp"; hidden: number[][]; output: number[]; activation: "relu" }
    | { kind: "quadratic"; v: number[]; lambda: number };
}

export interface Dataset extends Freed {
  readonly n: number;
  readonly d: number;
  readonly lengths: number[];
  readonly name: string;
  /** What JSON.stringify(dataset) writes: a dataset file; of words, toJSON<WordsFile>(). */
  toJSON<File extends DatasetFile | WordsFile = DatasetFile>(): File;
  /** γ_it = y_i vᵀx_it; linear head only. */
  scores(): number[][];
  /** The token of highest score in each sequence, the first of those that are equal to rounding. */
  optimalTokens(): number[];
  solveSvm(options: SvmOptions): SvmSolution;
  /** Every support token scores below the selected one; false too where one scores the same, to rounding. */
  isLocallyOptimal(tokens: number[]): boolean;
  regularizationPath(options: { norm: "frobenius" | "nuclear"; radii: number[] }): PathPoint[];
  /** All selections of tokens that are locally optimal. */
  localOptima(options?: LocalOptimaOptions): LocalOptima;
  conditions(tokens: number[], options?: ConditionsOptions): Conditions;
  trainer(options: TrainerOptions): Trainer;
  /** Of a text: the places that make no sequence, because the next word does not occur in the context before it. */
  readonly leftOut: number;
  /** Words only: that the theory does not cover these embeddings, and why; empty when it does. */
  readonly note: string;
  /** Words only: one graph for each word in which a sequence ends. */
  priorityGraph(): PriorityGraph[];
}

/** Which words outrank which after the word `last`. */
export interface PriorityGraph {
  last: number;
  /** [next word, other word of a sequence that ends in `last`] */
  edges: [number, number][];
  /** Strongly connected components. */
  components: number[][];
}

export interface TrainerOptions {
  parameterization: "W" | "KQ";
  /** Inner size m of K and Q; default d. */
  rank?: number;
  /** "normalized-gd" normalizes K and Q each, as published; "normalized-gd-growing" takes step
   *  η (1 + k/100)^growth at iteration k, K and Q normalized together; the last three are steepest descent in the
   *  entrywise ℓ∞, operator and entrywise ℓ1 norm, K and Q each. */
  optimizer: "normalized-gd" | "normalized-gd-growing" | "gd" | "adam" | "mirror" | "normalized-mirror"
    | "sign-descent" | "spectral-descent" | "coordinate-descent";
  /** "normalized-gd-growing" only, 0 to 10; default 1 for W, 3 for (K, Q). */
  growth?: number;
  /** Mirror descent only: potential (1/p) Σ |W_ij|^p. */
  p?: number;
  stepSize: number;
  /** Words have the log loss, whatever stands here. */
  loss: "logistic" | "exponential" | "linear";
  /** Default "log-domain". */
  gradient?: "log-domain" | "plain";
  /** Plain gradients of (K, Q) only: the published program's 2⁻⁵² (‖K‖² + ‖Q‖²) beside the loss; default true. */
  ridge?: boolean;
  everyToken?: boolean;
  causal?: boolean;
  W0?: Float64Array;
  K0?: Float64Array;
  Q0?: Float64Array;
  /** Of the initial weights where none are given; default 1. */
  seed?: number;
}

export interface Decomposition {
  feasible: boolean;
  /** False while probabilities lie between kept and masked; message says so. */
  settled: boolean;
  message: string;
  kept: number[][];
  /** Of words: the solution of the Graph-SVM. */
  directional: Float64Array;
  /** Of words: W_fin, by Newton's method. */
  finite: Float64Array;
  /** Largest error of the log-odds; of words, the gradient that Newton's method left. */
  finiteResidual: number;
  /** Words only: the part of W in the cyclic subspace, which tends to `finite`. */
  cyclic?: Float64Array;
  R: number;
  correlation: { directional: number; svmEquivalent: number; oneToken: number | null };
  text: string;
}

export interface Trainer extends Freed {
  step(count?: number): void;
  readonly iteration: number;
  readonly loss: number;
  readonly gradientNorm: number;
  /** Its natural logarithm, which does not underflow. */
  readonly logGradientNorm: number;
  /** The last step could not move: the gradient is zero. */
  readonly stalled: boolean;
  /** Why training has ended for good: a number left the range of doubles. Empty while it can go on. */
  readonly failure: string;
  /** What to know about the training now, in a sentence or two; empty when there is nothing to say. */
  readonly note: string;
  /** Plain gradients: the iteration from which on they are no larger than their own rounding. */
  readonly roundingSince: number | null;
  /** Plain gradients of (K, Q): the iteration from which on the ridge balances the loss. */
  readonly ridgeSince: number | null;
  /** Largest share of attention off the selected token. */
  readonly unsaturated: number;
  readonly W: Float64Array;
  readonly K?: Float64Array;
  readonly Q?: Float64Array;
  attention(): number[][];
  selected(): number[];
  kept(threshold?: number): number[][];
  decompose(threshold?: number): Decomposition;
  /** Solves the SVMs of the tokens selected now and says what training has done. */
  verdict(): Verdict;
}
