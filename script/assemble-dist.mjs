// SPDX-License-Identifier: MIT
// node script/assemble-dist.mjs [WASM_FOLDER FOLDER]: puts dist/, or another folder, together: the two modules, the page's
// scripts bundled and minified, styles, data, examples.
//
// What others link to keeps its name: index.html, embed.js, attention-svm.*, package.json. Everything that these
// load is named after its content, so that hosts and browsers may keep it for ever and a new release never mixes
// with an old one. Sources write the plain names ('lab.js'); they are replaced here.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { notices } from './notices.mjs';

const [wasm = 'build/wasm/web', dist = 'dist'] = process.argv.slice(2);
const work = 'build/site';
const version = readFileSync('CMakeLists.txt', 'utf8').match(/^project\(AttentionSvm VERSION ([\d.]+)/m)?.[1];
if (version === undefined) throw new Error('CMakeLists.txt names no version');

/**
 * The files of the site. A file comes after those whose names it contains; what has no `bundle` is copied.
 * @typedef {object} Part
 * @property {string} name      as the sources call it, and in dist/ too when `fixed`
 * @property {string} from
 * @property {'esm' | 'iife'} [bundle]
 * @property {string[]} [external]  not bundled: parts of their own, and what only Node has
 * @property {boolean} [fixed]      others link to it by name
 * @property {boolean} [lab]        a first visit of the lab transfers it, and it must be there without a network
 */
/** @type {Part[]} */
const parts = [
  { name: 'lab.wasm', from: `${wasm}/lab.wasm`, lab: true },
  { name: 'attention-svm.wasm', from: `${wasm}/attention-svm-core.wasm`, fixed: true },
  // The same for the page's workers, under a name that no other release has
  { name: 'core.wasm', from: `${wasm}/attention-svm-core.wasm` },
  { name: 'worker.js', from: `${work}/worker.js`, bundle: 'esm' },
  { name: 'lab.js', from: `${work}/lab.js`, bundle: 'esm', external: ['module', 'fs', 'path', 'url', './worker.js'], lab: true },
  { name: 'page.js', from: `${work}/page.js`, bundle: 'esm', external: ['./lab.js'], lab: true },
  { name: 'lab.css', from: 'web/styles/page.css', bundle: 'esm', lab: true },
  { name: 'icon.svg', from: 'web/icon.svg', lab: true },
  { name: 'manifest.webmanifest', from: 'web/manifest.webmanifest', fixed: true },
  { name: 'index.html', from: 'index.html', fixed: true, lab: true },
  { name: 'glossary.html', from: 'web/glossary.html', fixed: true },
  { name: 'service-worker.js', from: `${work}/service-worker.js`, bundle: 'iife', fixed: true },
  { name: 'embed.js', from: `${work}/embed.js`, bundle: 'iife', fixed: true },
  { name: 'attention-svm-inline.mjs', from: `${work}/attention-svm-inline.mjs`, fixed: true },
  { name: 'attention-svm.mjs', from: `${work}/module.js`, bundle: 'esm', external: ['./attention-svm-inline.mjs'], fixed: true },
  { name: 'attention-svm-thread.mjs', from: `${work}/module-thread.js`, bundle: 'esm', external: ['./attention-svm.mjs'], fixed: true },
  { name: 'attention-svm-worker.mjs', from: `${work}/module-worker.js`, bundle: 'esm', external: ['./attention-svm-thread.mjs'], fixed: true },
];
const copies = [['web/data', 'data'], ['web/examples', 'examples'], ['web/posters', 'posters'], ['web/icons', 'icons'],
  ['web/README.md', 'README.md'], ['LICENSE', 'LICENSE'],
  ...['embed', 'attention-svm', 'attention-svm-worker', 'react', 'preact'].map((name) => [`web/${name}.d.ts`, `${name}.d.ts`])];

/**
 * Where the site will be and where its sources are, for what must name them in full: pictures that other sites show of
 * a link, and the package's description. Known in a workflow of GitHub, or told; else addresses stay relative.
 */
const { ATTENTION_SVM_HOME, GITHUB_REPOSITORY = '' } = process.env;
const [owner, repository] = GITHUB_REPOSITORY.split('/');
const home = ATTENTION_SVM_HOME?.replace(/([^/])$/, '$1/') ?? (repository ? `https://${owner}.github.io/${repository}/` : './');

/** @param {string | Buffer} content */
const hashOf = (content) => createHash('sha256').update(content).digest('hex').slice(0, 10);
/** FNV-1a, 32 bits, with which attention-svm.mjs knows its module. @param {Buffer} bytes */
const checkSum = (bytes) => bytes.reduce((sum, byte) => Math.imul(sum ^ byte, 16777619), 2166136261) >>> 0;
/** @type {Map<string, string>} From the name in the sources to the one in dist/. */ const names = new Map();
/** @type {Map<string, string>} From the name in the sources to the content's hash. */ const hashes = new Map();

/** @param {string} text */
const withNames = (text) => text.replace(/(["'`])(\.{1,2}\/)?([\w-]+\.\w+)\1/g, (all, quote, folder = '', name) =>
  names.has(name) ? quote + folder + names.get(name) + quote : all);

/** Minifying drops the comments that tell bundlers to leave an import of a computed name alone. @param {string} text */
const forBundlers = (text) => text.replace(/\bimport\((?=[^"'`/)])/g, 'import(/* @vite-ignore */ /* webpackIgnore: true */ ');

/** What the sources know of the build, from the parts made so far: declared in web/src/generated.d.ts. */
function constants() {
  const lab = parts.filter((part) => part.lab && names.has(part.name));
  const posters = readdirSync('web/posters').sort().map((name) => hashOf(readFileSync(`web/posters/${name}`)));
  const values = {
    CORE_SUM: checkSum(readFileSync(`${wasm}/attention-svm-core.wasm`)),
    CORE_WASM: names.get('core.wasm'),
    LAB_FILES: lab.map((part) => names.get(part.name)),
    LAB_RELEASE: hashOf(lab.map((part) => hashes.get(part.name)).join()),
    LATER_FILES: [names.get('worker.js'), names.get('core.wasm')],
    PAGE_SCRIPT: names.get('page.js') ?? '',
    POSTERS_RELEASE: hashOf(posters.join()),
    VERSION: version,
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
}

/** @param {Part} part */
async function content({ name, from, bundle, external }) {
  if (bundle === undefined) return readFileSync(from);
  const { outputFiles } = await esbuild.build({ entryPoints: [from], bundle: true, minify: true, target: 'es2022',
    legalComments: 'none', logLevel: 'warning', format: extname(name) === '.css' ? undefined : bundle, external, write: false,
    define: constants() });
  return Buffer.from(outputFiles[0].contents);
}

/** @param {Part} part */
async function make(part) {
  let bytes = await content(part);
  if (extname(part.name) !== '.wasm') bytes = Buffer.from(forBundlers(withNames(bytes.toString('utf8').replaceAll('{HOME}', home))));
  if (/\.m?js$/.test(part.name) && /\beval\(|new Function\(/.test(bytes.toString('utf8')))
    throw new Error(`${part.name} evaluates text as code: the content security policy forbids it`);
  const hash = hashOf(bytes);
  const file = part.fixed ? part.name : part.name.replace(/\.\w+$/, `-${hash}$&`);
  hashes.set(part.name, hash);
  names.set(part.name, file);
  writeFileSync(`${dist}/${file}`, bytes);
}

for (const folder of [work, dist]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
cpSync('web/src', work, { recursive: true });
cpSync(`${wasm}/lab.mjs`, `${work}/lab.mjs`);
// In the package the module's bytes lie under the package's name, where bundlers look for them.
writeFileSync(`${work}/attention-svm-core.mjs`,
  readFileSync(`${wasm}/attention-svm-core.mjs`, 'utf8').replaceAll('attention-svm-core.wasm', 'attention-svm.wasm'));
// For bundlers that leave the .wasm file behind: the same bytes, compressed, as text, loaded only when the file is not found.
writeFileSync(`${work}/attention-svm-inline.mjs`,
  `export default "${gzipSync(readFileSync(`${wasm}/attention-svm-core.wasm`), { level: 9 }).toString('base64')}";\n`);
for (const part of parts) await make(part);
for (const [from, to] of copies) if (existsSync(from)) cpSync(from, `${dist}/${to}`, { recursive: true });
const { name: packageName, ...rest } = JSON.parse(readFileSync('web/package.json', 'utf8'));
if (home !== './') rest.homepage = home;
if (repository) rest.repository.url = `git+https://github.com/${GITHUB_REPOSITORY}.git`;
writeFileSync(`${dist}/package.json`, `${JSON.stringify({ name: packageName, version, ...rest }, null, 2)}\n`);
writeFileSync(`${dist}/THIRD-PARTY-NOTICES.txt`, notices());
for (const name of readdirSync(`${dist}/examples`).filter((file) => file.endsWith('.html')))
  writeFileSync(`${dist}/examples/${name}`, withNames(readFileSync(`${dist}/examples/${name}`, 'utf8')));

/** @param {string} file */
const weight = (file) => gzipSync(readFileSync(`${dist}/${file}`), { level: 9 }).length;
const first = [...parts.filter((part) => part.lab).map((part) => part.name), 'service-worker.js']
  .reduce((sum, name) => sum + weight(String(names.get(name))), 0);
const element = weight('embed.js');
console.log(`dist/: a first visit transfers ${(first / 1000).toFixed(1)} kB compressed, embed.js ${(element / 1000).toFixed(1)} kB`);
if (first > 450_000 || element > 6_000) {
  console.error('too heavy: the limits are 450 kB for a first visit and 6 kB for embed.js');
  // Another compiler's few bytes must not keep anybody from a page; here in the tests they count.
  if (process.env.ATTENTION_SVM_STRICT) process.exitCode = 1;
}
