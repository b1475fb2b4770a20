// SPDX-License-Identifier: MIT
// Modules that the build makes (emcc).
declare module '*/lab.mjs' {
  export default function createLabModule(options: object): Promise<any>;
}
declare module '*/attention-svm-core.mjs' {
  export default function createCore(options: object): Promise<any>;
}
declare module '*/attention-svm.mjs' {
  export { default, inPieces } from '*/module.js';
}
declare module '*/attention-svm-inline.mjs' {
  /** attention-svm.wasm, compressed with gzip, in base64. */
  const bytes: string;
  export default bytes;
}
// Constants that script/assemble-dist.mjs fills in.
declare const CORE_SUM: number;
declare const CORE_WASM: string;
declare const LATER_FILES: string[];
declare const LAB_FILES: string[];
declare const LAB_RELEASE: string;
declare const PAGE_SCRIPT: string;
declare const POSTERS_RELEASE: string;
declare const VERSION: string;
