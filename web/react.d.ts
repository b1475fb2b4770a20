// SPDX-License-Identifier: MIT
/** `import "attention-svm/react"`: the element, and its name in the JSX of React 19 (and 18, where it has its own namespace). */
import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { AttentionSvmAttributes, AttentionSvmElement, LabMetrics } from "./embed.js";

export * from "./embed.js";

type Base = Omit<DetailedHTMLProps<HTMLAttributes<AttentionSvmElement>, AttentionSvmElement>, keyof AttentionSvmAttributes>;

export interface AttentionSvmProps extends Base, AttentionSvmAttributes {
  /** A class in React 19, which hands attributes of custom elements on as they are. */
  class?: string;
  "onattention-svm:ready"?: (event: CustomEvent<undefined>) => void;
  "onattention-svm:progress"?: (event: CustomEvent<LabMetrics>) => void;
  "onattention-svm:verdict"?: (event: CustomEvent<LabMetrics>) => void;
}

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "attention-svm": AttentionSvmProps;
    }
  }
}
