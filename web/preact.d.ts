// SPDX-License-Identifier: MIT
/** `import "attention-svm/preact"`: the element, and its name in the JSX of Preact. */
import type { JSX } from "preact";
import type { AttentionSvmAttributes, AttentionSvmElement, LabMetrics } from "./embed.js";

export * from "./embed.js";

export interface AttentionSvmProps extends Omit<JSX.HTMLAttributes<AttentionSvmElement>, keyof AttentionSvmAttributes>, AttentionSvmAttributes {
  "onattention-svm:ready"?: (event: CustomEvent<undefined>) => void;
  "onattention-svm:progress"?: (event: CustomEvent<LabMetrics>) => void;
  "onattention-svm:verdict"?: (event: CustomEvent<LabMetrics>) => void;
}

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "attention-svm": AttentionSvmProps;
    }
  }
}
