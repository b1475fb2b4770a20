// SPDX-License-Identifier: MIT
/** What embed.js defines: the element <attention-svm>. Documented in docs/embedding.md. */

/** Everything that the address holds, as text. */
export type LabState = Record<string, string>;

export interface LabMetrics {
  iteration: number;
  loss: number;
  norm: number;
  /** With the support vector machine of the tokens that training selects; null when there is none. */
  correlation: { frobenius: number | null; nuclear: number | null };
  selected: number[];
  /** In plain words. */
  verdict: string;
  playing: boolean;
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
  step(n?: number): void;
  reset(): void;

  /** Loads the lab when it is not there yet; trains as soon as the element is in view. */
  play(): void;
  pause(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "attention-svm": AttentionSvmElement;
  }
  interface HTMLElementEventMap {
    "attention-svm:ready": CustomEvent<undefined>;
    "attention-svm:progress": CustomEvent<LabMetrics>;
    "attention-svm:verdict": CustomEvent<LabMetrics>;
  }
}
