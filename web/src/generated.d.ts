// Modules that the build makes (emcc).
declare module '*/lab.mjs' {
  export default function createLabModule(options: object): Promise<any>;
}
declare module '*/attention-svm-core.mjs' {
  export default function createCore(options: object): Promise<any>;
}
