// SPDX-License-Identifier: MIT
/** The module's API as promises, in a worker of its own: nothing blocks the caller. Browsers and Node 18 or later. */
import type {
  Conditions, ConditionsOptions, DatasetFile, Decomposition, ExperimentResult, LocalOptima, LocalOptimaOptions,
  ModuleOptions, PathPoint, PriorityGraph, RandomDatasetSpec, SvmOptions, SvmSolution, TextOptions, TrainerOptions,
  Verdict, Freed, WordsFile,
} from "./attention-svm.mjs";

/** How a call goes on. */
export interface Call {
  /** Ends the work; the promise is rejected with the signal's reason. What the worker holds stays as it was. */
  signal?: AbortSignal;
  /** Share of the work that is done, 0 to 1. */
  progress?: (share: number) => void;
}

export default function createAttentionSvmWorker(options?: Pick<ModuleOptions, "wasmBinary" | "limit">): Promise<AttentionSvmWorker>;

export interface AttentionSvmWorker {
  readonly version: string;
  parseDataset(json: string, call?: Call): Promise<WorkerDataset>;
  randomDataset(spec: RandomDatasetSpec, call?: Call): Promise<WorkerDataset>;
  textDataset(text: string, options: TextOptions, call?: Call): Promise<WorkerDataset>;
  runExperiment(spec: string, call?: Call): Promise<ExperimentResult>;
  /** Ends the worker; promises that are open are rejected. */
  close(): void;
}

type Solution = Omit<SvmSolution, keyof Freed>;

export interface WorkerDataset {
  readonly n: number;
  readonly d: number;
  readonly lengths: number[];
  readonly name: string;
  /** Of a text: the places that make no sequence. */
  readonly leftOut: number;
  /** Words only: that the theory does not cover these embeddings, and why; empty when it does. */
  readonly note: string;
  file<File extends DatasetFile | WordsFile = DatasetFile>(): Promise<File>;
  scores(): Promise<number[][]>;
  optimalTokens(): Promise<number[]>;
  /** Words only: one graph for each word in which a sequence ends. */
  priorityGraph(): Promise<PriorityGraph[]>;
  solveSvm(options: SvmOptions, call?: Call): Promise<Solution>;
  isLocallyOptimal(tokens: number[], call?: Call): Promise<boolean>;
  localOptima(options?: LocalOptimaOptions, call?: Call): Promise<LocalOptima>;
  conditions(tokens: number[], options?: ConditionsOptions, call?: Call): Promise<Conditions>;
  regularizationPath(options: { norm: "frobenius" | "nuclear"; radii: number[] }, call?: Call): Promise<PathPoint[]>;
  trainer(options: TrainerOptions): Promise<WorkerTrainer>;
  delete(): Promise<void>;
}

export interface TrainerState {
  iteration: number;
  loss: number;
  gradientNorm: number;
  logGradientNorm: number;
  stalled: boolean;
  failure: string;
  unsaturated: number;
  W: Float64Array;
  K?: Float64Array;
  Q?: Float64Array;
}

export interface WorkerTrainer {
  /** Steps of an aborted call that were made stay made. */
  step(count?: number, call?: Call): Promise<TrainerState>;
  state(): Promise<TrainerState>;
  attention(): Promise<number[][]>;
  selected(): Promise<number[]>;
  kept(threshold?: number): Promise<number[][]>;
  decompose(threshold?: number): Promise<Decomposition>;
  verdict(call?: Call): Promise<Verdict>;
  delete(): Promise<void>;
}
