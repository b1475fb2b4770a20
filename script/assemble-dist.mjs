// Puts dist/ together: the two modules, the page's scripts bundled and minified, styles, data, examples.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

const wasm = 'build/wasm/web';
const work = 'build/site';
const dist = 'dist';
rmSync(work, { recursive: true, force: true });
rmSync(dist, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
mkdirSync(dist, { recursive: true });

const common = { bundle: true, minify: true, target: 'es2022', legalComments: 'none', logLevel: 'warning' };

cpSync('web/src', work, { recursive: true });
cpSync(`${wasm}/lab.mjs`, `${work}/lab.mjs`);

// lab.js is a file of its own, so that embed.js can load it when it is needed and not before.
await esbuild.build({ ...common, entryPoints: [`${work}/lab.js`], outfile: `${dist}/lab.js`, format: 'esm',
  external: ['module', 'fs', 'path', 'url', './worker.js'] });
cpSync(`${wasm}/attention-svm-core.mjs`, `${work}/attention-svm-core.mjs`);
await esbuild.build({ ...common, entryPoints: [`${work}/worker.js`], outfile: `${dist}/worker.js`, format: 'esm' });
await esbuild.build({ ...common, entryPoints: [`${work}/page.js`], outfile: `${dist}/page.js`, format: 'esm',
  external: ['./lab.js'] });
cpSync(`${wasm}/lab.wasm`, `${dist}/lab.wasm`);
if (existsSync(`${work}/embed.js`))
  await esbuild.build({ ...common, entryPoints: [`${work}/embed.js`], outfile: `${dist}/embed.js`, format: 'iife' });

if (existsSync(`${wasm}/attention-svm-core.mjs`)) {
  cpSync(`${wasm}/attention-svm-core.mjs`, `${work}/attention-svm-core.mjs`);
  await esbuild.build({ ...common, entryPoints: [`${work}/module.js`], outfile: `${dist}/attention-svm.mjs`,
    format: 'esm', external: ['node:fs/promises'] });
  cpSync(`${wasm}/attention-svm-core.wasm`, `${dist}/attention-svm.wasm`);
  cpSync('web/attention-svm.d.ts', `${dist}/attention-svm.d.ts`);
}

for (const [from, to] of [['index.html', 'index.html'], ['web/styles/lab.css', 'lab.css'], ['web/icon.svg', 'icon.svg'],
  ['web/data', 'data'], ['web/examples', 'examples'], ['web/posters', 'posters'], ['web/package.json', 'package.json'],
  ['web/README.md', 'README.md'], ['web/embed.d.ts', 'embed.d.ts'], ['LICENSE', 'LICENSE']])
  if (existsSync(from)) cpSync(from, `${dist}/${to}`, { recursive: true });

for (const name of ['lab.js', 'attention-svm.mjs', 'page.js', 'embed.js'])
  if (existsSync(`${dist}/${name}`) && /\beval\(|new Function\(/.test(readFileSync(`${dist}/${name}`, 'utf8')))
    throw new Error(`${name} evaluates text as code: the content security policy forbids it`);

const weigh = (names) => names.reduce((sum, name) => sum + gzipSync(readFileSync(`${dist}/${name}`), { level: 9 }).length, 0);
const first = weigh(['index.html', 'lab.css', 'icon.svg', 'page.js', 'lab.js', 'lab.wasm']);
console.log(`dist/: a first visit transfers ${(first / 1000).toFixed(0)} kB compressed (lab.wasm ${(statSync(`${dist}/lab.wasm`).size / 1000).toFixed(0)} kB plain)`);
if (first > 400_000) throw new Error('more than 400 kB: the page has grown too heavy');
