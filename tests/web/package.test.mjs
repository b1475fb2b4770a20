// SPDX-License-Identifier: MIT
// dist/ as an npm package: packed, installed into an empty project, imported by Node, in workers, checked by tsc.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test as nodeTest } from 'node:test';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packedProject, root, solve } from './packed.mjs';
import { openSite } from './support.mjs';

/** @param {string} name @param {() => void | Promise<void>} run */
const test = (name, run) => nodeTest(name, { timeout: 180_000 }, run);
/** @type {ReturnType<typeof packedProject>} */ let project;
/** @param {string} name @param {string} text */
const write = (name, text) => project.write(name, text);
/** @param {string} program @param {string[]} args */
const run = (program, args) => project.run(program, args);

before(() => {
  project = packedProject();
  for (const name of ['@types', 'preact']) symlinkSync(join(root, 'node_modules', name), join(project.folder, 'node_modules', name));
});

test('the package installs into an empty project and runs', () => {
  write('use.js', `import createAttentionSvm from 'attention-svm';\n${solve}\nconsole.log(answer);`);
  assert.equal(run('node', ['use.js']).trim(), 'solved');
});

test('in a worker thread of Node, and with a module compiled beforehand', () => {
  write('worker.js', `import { parentPort, workerData } from 'node:worker_threads';
    import createAttentionSvm from 'attention-svm';
    const attention = await createAttentionSvm(workerData === null ? {} : { wasmModule: workerData });
    parentPort.postMessage(attention.randomDataset({ n: 2, T: 3, d: 4, seed: 1 }).solveSvm({ norm: 'frobenius' }).status);`);
  write('threads.js', `import { Worker } from 'node:worker_threads';
    import { readFile } from 'node:fs/promises';
    import { createRequire } from 'node:module';
    const compiled = await WebAssembly.compile(await readFile(createRequire(import.meta.url).resolve('attention-svm/attention-svm.wasm')));
    for (const workerData of [null, compiled])
      console.log(await new Promise((done, fail) => new Worker('./worker.js', { workerData }).on('message', done).on('error', fail)));`);
  assert.equal(run('node', ['threads.js']).trim(), 'solved\nsolved');
});

const typed = `import createAttentionSvm, { correlation, type AttentionSvm, type Dataset, type SvmSolution, type Trainer } from 'attention-svm';
import 'attention-svm/embed.js';
import type { AttentionSvmElement, LabMetrics } from 'attention-svm/embed.js';

export async function core(json: string): Promise<number> {
  const attention: AttentionSvm = await createAttentionSvm();
  const data: Dataset = attention.parseDataset(json);
  const trainer: Trainer = data.trainer({ parameterization: 'KQ', rank: 2, optimizer: 'normalized-gd', stepSize: 0.1, loss: 'logistic' });
  trainer.step(10);
  const tokens: number[][] | undefined = data.toJSON().X[0];
  console.log(tokens?.length, createAttentionSvm({ wasmModule: await WebAssembly.compile(new Uint8Array()) }));
  const K: Float64Array | undefined = trainer.K;
  const svm: SvmSolution = data.solveSvm({ norm: { p: 3 }, tokens: trainer.selected() });
  // @ts-expect-error no such optimizer
  data.trainer({ parameterization: 'W', optimizer: 'sgd', stepSize: 1, loss: 'linear' });
  // @ts-expect-error a number is no text
  attention.parseDataset(7);
  // @ts-expect-error read only
  trainer.iteration = 3;
  return correlation(trainer.W, svm.W) + (K?.length ?? 0);
}

export async function element(): Promise<LabMetrics> {
  const lab: AttentionSvmElement = document.createElement('attention-svm');
  lab.scenario = 'plane';
  lab.panel = 'none';
  lab.theme = 'dark';
  lab.autoplay = true;
  lab.height = 300;
  lab.addEventListener('attention-svm:verdict', (event) => console.log(event.detail.verdict.length, event.detail.correlation.nuclear ?? 0));
  document.addEventListener('attention-svm:progress', (event) => console.log(event.detail.iteration, event.target));
  document.body.append(lab);
  const same: AttentionSvmElement = await lab.ready;
  const notices: string[] = same.load({ scenario: 'infeasible', seed: 3 });
  same.play();
  same.pause();
  same.step();
  await same.step(5);
  same.reset();
  // @ts-expect-error not a panel
  lab.panel = 'half';
  // @ts-expect-error read only
  lab.ready = Promise.resolve(lab);
  const scenario: string | undefined = same.state().scenario;
  console.log(notices.length, scenario);
  const { locallyOptimal, global, feasible, angle, runs, jobs, experiment, norm } = same.metrics();
  console.log([locallyOptimal, global, feasible] satisfies boolean[], [angle, runs, jobs, norm] satisfies number[], experiment?.toFixed());
  return same.metrics();
}
`;

const settings = { strict: true, noEmit: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, target: 'es2022', types: [] };
/** @param {string[]} files @param {object} options */
function compile(files, options) {
  write('tsconfig.json', JSON.stringify({ files, compilerOptions: { ...settings, ...options } }));
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json']);
}

for (const [module, moduleResolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']])
  test(`declarations under tsc --strict, module resolution ${moduleResolution}`, () => {
    write('typed.ts', typed);
    compile(['typed.ts'], { lib: ['es2022', 'dom'], module, moduleResolution });
  });

test('declarations without the library of browsers, and with `using`', () => {
  write('plain.ts', `import createAttentionSvm, { type Trainer } from 'attention-svm';
    export async function train(bytes: Uint8Array): Promise<Trainer> {
      const attention = await createAttentionSvm({ wasmBinary: bytes });
      return attention.parseDataset('').trainer({ parameterization: 'W', optimizer: 'gd', stepSize: 1, loss: 'linear' });
    }`);
  compile(['plain.ts'], { lib: ['es2022'], module: 'nodenext' });
  write('using.ts', `import createAttentionSvm from 'attention-svm';
    export async function norm(): Promise<number> {
      const attention = await createAttentionSvm();
      using data = attention.randomDataset({ n: 2, T: 3, d: 4, seed: 1 });
      using svm = data.solveSvm({ norm: 'frobenius' });
      return svm.norm;
    }`);
  compile(['using.ts'], { lib: ['es2022', 'esnext.disposable'], module: 'nodenext' });
});

for (const library of ['react', 'preact'])
  test(`the element in the JSX of ${library === 'react' ? 'React 19' : 'Preact'}`, () => {
    write(`${library}.tsx`, `import 'attention-svm/${library}';
      import type { AttentionSvmElement } from 'attention-svm/${library}';
      export const figure = <attention-svm scenario="plane" seed={3} height={420} autoplay theme="dark" title="a figure"
        ref={(element: AttentionSvmElement | null) => { element?.play(); }}>
        <a href="https://your.host/"><img src="plane.webp" alt="attention in training" /></a>
      </attention-svm>;
      export const heard = <attention-svm {...{ 'onattention-svm:verdict': (event: CustomEvent<{ verdict: string }>) => console.log(event.detail.verdict) }} />;
      // @ts-expect-error no such panel
      export const wrong = <attention-svm panel="half" />;`);
    compile([`${library}.tsx`], { lib: ['es2022', 'dom', 'dom.iterable'], module: 'esnext', moduleResolution: 'bundler', jsx: 'react-jsx',
      jsxImportSource: library, skipLibCheck: true });
  });

test('publint finds nothing', async () => {
  const { messages, pkg } = await publint({ pkgDir: join(root, 'dist'), strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, /** @type {any} */ (pkg))), []);
});

test('the types are right for every way to resolve them (are the types wrong?)', () => {
  // What is an ES module only cannot be required: the profile leaves those ways out.
  execFileSync(process.execPath, [join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js'), project.tarball, '--profile', 'esm-only',
    '--exclude-entrypoints', './attention-svm.wasm', '--no-color'], { stdio: 'pipe' });
});

test('in a module worker without a bundler', async () => {
  const site = await openSite();
  after(() => site.close());
  const { page, problems } = await site.newPage();
  await page.route('**/examples/worker.js', (route) => route.fulfill({ contentType: 'text/javascript',
    body: `import createAttentionSvm from '../attention-svm.mjs';\n${solve}\npostMessage(answer);` }));
  await page.goto(`${site.url}/examples/minimal.html`);
  assert.equal(await page.evaluate(() => new Promise((resolve, reject) => {
    const worker = new Worker('worker.js', { type: 'module' });
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => reject(new Error(event.message));
  })), 'solved');
  assert.deepEqual(problems, []);
});

test('the package says what it is', () => {
  const description = JSON.parse(readFileSync(join(project.folder, 'node_modules/attention-svm/package.json'), 'utf8'));
  for (const field of ['name', 'version', 'description', 'license', 'type', 'types', 'exports', 'engines', 'repository', 'homepage']) assert.ok(field in description, field);
  assert.equal(description.exports['.'].browser, './attention-svm.mjs');
  for (const target of Object.values(description.exports).flatMap((entry) => typeof entry === 'string' ? [entry] : Object.values(entry)))
    assert.ok(readFileSync(join(project.folder, 'node_modules/attention-svm', target)).length > 0, target);
});
