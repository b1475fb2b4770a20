/** What embed.js defines: the element <attention-svm>. */
export interface LabMetrics {
  iteration: number;
  loss: number;
  norm: number;
  correlation: { frobenius: number | null; nuclear: number | null };
  selected: number[];
  verdict: string;
  playing: boolean;
  frameMilliseconds: number;
}

export interface AttentionSvmElement extends HTMLElement {
  readonly ready: Promise<AttentionSvmElement>;
  state(): Record<string, string>;
  /** Returns what could not be used, a sentence each. */
  load(state: object): string[];
  metrics(): LabMetrics;
  play(): void;
  pause(): void;
  step(n?: number): void;
  reset(): void;
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
