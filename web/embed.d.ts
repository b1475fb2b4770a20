// SPDX-License-Identifier: MIT
/// <reference lib="dom" />
/** What embed.js defines: the element <attention-svm>. Documented in docs/embedding.md. */

/** Everything that the address holds, as text. */
export type LabState = Record<string, string>;

export interface LabMetrics {
  iteration: number;
  loss: number;
  /** Frobenius norm of W. */
  norm: number;
  /** With the support vector machine of the tokens that training selects; null when there is none. */
  correlation: { frobenius: number | null; nuclear: number | null };
  /** The token of each sequence (of each query) with most attention, counted from 0. */
  selected: number[];
  /** In plain words. */
  verdict: string;
  locallyOptimal: boolean;
  global: boolean;
  /** Whether a matrix separates the selected tokens from the others. */
  feasible: boolean;
  /** Between W and its support vector machine, in degrees. */
  angle: number;
  /** The last iteration that was recorded, also of a run that was taken back to an earlier one. */
  recorded: number;
  /** Of the support vector machine that the theory names; one by this is its margin. Null when there is none. */
  svmNorm: number | null;
  /** Of each ray of the setting `guess`, the degrees between it and that of the support vector machine. */
  guessError: number[];
  /** How many runs are compared. */
  runs: number;
  playing: boolean;
  /** What runs in the background. */
  jobs: number;
  /** How far the experiment is, from 0 to 1; null when there is none. */
  experiment: number | null;
  frameMilliseconds: number;
}

export interface AttentionSvmElement extends HTMLElement {
  /** Fulfilled when the lab is there; rejected when it, or the file of the attribute `dataset`, could not be loaded. */
  readonly ready: Promise<AttentionSvmElement>;

  // These reflect the attributes of the same names.
  scenario: string;
  get seed(): string;
  set seed(value: string | number);
  panel: "full" | "compact" | "none";
  /** Comma separated. */
  plots: string;
  get theme(): "auto" | "light" | "dark" | "";
  set theme(value: "auto" | "light" | "dark");
  get height(): string;
  set height(value: string | number);
  autoplay: boolean;

  // These throw until the lab is there: wait for `ready`.
  state(): LabState;
  /** Returns what could not be used, a sentence each. */
  load(state: Record<string, string | number | boolean>): string[];
  metrics(): LabMetrics;
  /** Never blocks longer than a part of a frame; the promise is kept when all steps are done. */
  step(n?: number): Promise<void>;
  reset(): void;

  /** Loads the lab when it is not there yet; trains as soon as the element is in view. */
  play(): void;
  pause(): void;
}

export type EventName = "attention-svm:ready" | "attention-svm:progress" | "attention-svm:verdict";

/** The attributes, as templates write them: JSX (attention-svm/react, attention-svm/preact) or others. */
export interface AttentionSvmAttributes {
  scenario?: string;
  panel?: "full" | "compact" | "none";
  /** Comma separated. */
  plots?: string;
  theme?: "auto" | "light" | "dark";
  height?: number | string;
  autoplay?: boolean;
  /** URL of a dataset file. */
  dataset?: string;
  // Settings of the address
  data?: string;
  seed?: number | string;
  n?: number | string;
  t?: number | string;
  d?: number | string;
  m?: number | string;
  p?: number | string;
  self?: 0 | 1 | string;
  lambda?: number | string;
  head?: string;
  param?: "W" | "KQ";
  opt?: string;
  eta?: number | string;
  loss?: string;
  grad?: string;
  every?: 0 | 1 | string;
  causal?: 0 | 1 | string;
  trainseed?: number | string;
  compare?: string;
  experiment?: string;
  speed?: number | string;
  w0?: string;
  k0?: string;
  q0?: string;
}

declare global {
  interface HTMLElementTagNameMap {
    "attention-svm": AttentionSvmElement;
  }
  // Of the element, the document and the window: the events bubble.
  interface GlobalEventHandlersEventMap {
    "attention-svm:ready": CustomEvent<undefined>;
    "attention-svm:progress": CustomEvent<LabMetrics>;
    "attention-svm:verdict": CustomEvent<LabMetrics>;
  }
}
