// SPDX-License-Identifier: MIT
// dist/ as an npm package: packed, installed into an empty project, imported by Node, by Vite, in a worker, checked by tsc.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test as nodeTest } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openSite } from './support.mjs';

/** @param {string} name @param {() => void | Promise<void>} run */
const test = (name, run) => nodeTest(name, { timeout: 180_000 }, run);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'attention-svm-'));
/** @param {string} name @param {string} text */
function write(name, text) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}
/** @param {string} program @param {string[]} args */
function run(program, args) {
  try {
    return execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
  } catch (error) {
    const { stdout, stderr } = /** @type {any} */ (error);
    throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`);
  }
}
const solve = `const attention = await createAttentionSvm();
const data = attention.randomDataset({ n: 2, T: 3, d: 4, seed: 1 });
const answer = data.solveSvm({ norm: 'nuclear' }).status;`;

before(() => {
  const [{ filename, files }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', folder],
    { cwd: join(root, 'dist'), stdio: ['ignore', 'pipe', 'ignore'] }).toString());
  for (const name of ['attention-svm.mjs', 'attention-svm.wasm', 'attention-svm.d.ts', 'embed.js', 'embed.d.ts', 'index.html', 'LICENSE'])
    assert.ok(files.some((/** @type {any} */ file) => file.path === name), `${name} is not packed`);
  write('package.json', '{"type":"module"}');
  run('npm', ['install', '--no-audit', '--no-fund', '--offline', join(folder, filename)]);
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
  document.body.append(lab);
  const same: AttentionSvmElement = await lab.ready;
  const notices: string[] = same.load({ scenario: 'infeasible', seed: 3 });
  same.play();
  same.pause();
  same.step();
  same.step(5);
  same.reset();
  // @ts-expect-error not a panel
  lab.panel = 'half';
  // @ts-expect-error read only
  lab.ready = Promise.resolve(lab);
  const scenario: string | undefined = same.state().scenario;
  console.log(notices.length, scenario);
  return same.metrics();
}
`;
for (const [module, moduleResolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']])
  test(`declarations under tsc --strict, module resolution ${moduleResolution}`, () => {
    write('typed.ts', typed);
    write('tsconfig.json', JSON.stringify({ files: ['typed.ts'], compilerOptions: { strict: true, noEmit: true, exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true, target: 'es2022', lib: ['es2022', 'dom'], types: [], module, moduleResolution } }));
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json']);
  });

test('bundled by Vite, on the page and in a module worker', async () => {
  write('index.html', '<!doctype html><title>bundled</title><link rel="icon" href="data:,"><body><script type="module" src="./main.js"></script></body>');
  write('main.js', `import createAttentionSvm from 'attention-svm';
    ${solve}
    const worker = new Worker(new URL('./in-worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => { document.body.textContent = [answer, data].join(' '); };`);
  write('in-worker.js', `import createAttentionSvm from 'attention-svm';\n${solve}\npostMessage(answer);`);
  write('vite.config.js', 'export default { worker: { format: "es" } };');
  const log = run(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--base', './', '--outDir', 'built', '--target', 'es2022', '--config', 'vite.config.js']);
  assert.doesNotMatch(log, /warn|externalized|doesn't exist/i);
  const assets = readdirSync(join(folder, 'built', 'assets'));
  assert.equal(assets.filter((name) => name.endsWith('.wasm')).length, 1, assets.join());
  const site = await openSite(join(folder, 'built'));
  after(() => site.close());
  const { page, problems } = await site.newPage();
  await page.goto(`${site.url}/index.html`);
  await page.waitForFunction(() => document.body.textContent === 'solved solved');
  assert.deepEqual(problems.filter((problem) => !problem.includes('data:,')), []);
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
  const description = JSON.parse(readFileSync(join(folder, 'node_modules/attention-svm/package.json'), 'utf8'));
  for (const field of ['name', 'version', 'description', 'license', 'type', 'types', 'exports', 'engines']) assert.ok(field in description, field);
  for (const target of Object.values(description.exports).flatMap((entry) => typeof entry === 'string' ? [entry] : Object.values(entry)))
    assert.ok(readFileSync(join(folder, 'node_modules/attention-svm', target)).length > 0, target);
});
