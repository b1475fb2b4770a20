// SPDX-License-Identifier: MIT
// See script/mutate. The copy and its one build directory stay in build/mutate, so that every change compiles
// only what it touches; what was found for a tree is kept and not tried again.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{name: string, find: string, put: string, first: string}} Mutation
 * @typedef {{outcome: string, by: string}} Outcome
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const work = join(root, 'build/mutate'), tree = join(work, 'tree'), built = join(work, 'built');
const memory = join(work, 'outcomes.json'), page = join(root, 'docs/reliability.md');
const longest = 900;  // seconds for one run of a test program; one that hangs is noticed too

/** @param {string} program @param {string[]} args @param {number} [seconds] */
function run(program, args, seconds = 3600) {
  const done = spawnSync(program, args, { encoding: 'utf8', timeout: seconds * 1000, maxBuffer: 1 << 28 });
  return { ok: done.status === 0, text: `${done.stdout ?? ''}${done.stderr ?? ''}${done.error ?? ''}` };
}

/** @param {string} text @returns {Mutation[]} */
function parse(text) {
  return text.split(/^== /m).slice(1).map((block) => {
    const [head, find, put] = block.split(/^(?:-- find\n|-- put\n)/m);
    const [name, first = ''] = head.trim().split(/\s*\|\s*/);
    if (put === undefined) throw new Error(`tests/mutations.txt: "${name}" has no "-- find" and "-- put"`);
    return { name, first, find: find.replace(/\n$/, ''), put: put.replace(/\n*$/, '') };
  });
}

/** Every tracked file goes to the copy, those that differ only: what did not change is not built again. */
function copyTree() {
  const files = run('git', ['-C', root, 'ls-files', '-z']).text.split('\0').filter(Boolean);
  const hash = createHash('sha256');
  for (const file of files) {
    if (!existsSync(join(root, file))) continue;
    const bytes = readFileSync(join(root, file)), target = join(tree, file);
    if (/^(core|shell|tests|cmake)\//.test(file)) hash.update(file).update(bytes);
    if (existsSync(target) && readFileSync(target).equals(bytes)) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  const known = new Set(files);
  for (const file of run('find', [tree, '-type', 'f', '-printf', '%P\\0']).text.split('\0').filter(Boolean))
    if (!known.has(file)) rmSync(join(tree, file));
  const sources = files.filter((file) => /^(core|shell)\/.*\.(cpp|h)$/.test(file));
  return { sources, hash: hash.digest('hex') };
}

/** The one file that holds the text, once. @param {Mutation} mutation @param {string[]} sources */
function place(mutation, sources) {
  const found = sources.flatMap((file) => {
    const count = readFileSync(join(root, file), 'utf8').split(mutation.find).length - 1;
    return Array.from({ length: count }, () => file);
  });
  if (found.length !== 1)
    throw new Error(`"${mutation.name}": its text is found ${found.length} times (${found.join(', ')}), not once`);
  return found[0];
}

function configure() {
  const deps = existsSync(join(root, 'build/_deps/imgui'))
    ? [`-DATTENTION_SVM_IMGUI_DIR=${join(root, 'build/_deps/imgui')}`] : [];
  const made = run('cmake', ['-S', tree, '-B', built, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release',
    '-DCMAKE_CXX_FLAGS_RELEASE=-O1', ...deps]);
  if (!made.ok) throw new Error(made.text);
}

/** @param {string} target */
const build = (target) => run('nice', ['cmake', '--build', built, '-j', '2', '--target', target]);

/** The first test of a program that fails, or nothing. @param {string} target @param {string} filter */
function failing(target, filter) {
  const done = run('nice', [join(built, 'tests', target), `--gtest_filter=${filter}`, '--gtest_brief=1'], longest);
  if (done.ok) return '';
  return /\[ {2}FAILED {2}\] ([\w./]+)/.exec(done.text)?.[1] ?? `${target} crashes or hangs`;
}

/** First the tests that ought to notice, then all of them. @param {Mutation} mutation @returns {Outcome} */
function tried(mutation) {
  const order = ['core_tests', 'shell_tests'];
  const [wanted, filter] = mutation.first ? mutation.first.split(/\s+/) : ['', ''];
  const runs = wanted ? [[`${wanted}_tests`, filter]] : [];
  for (const target of order) runs.push([target, '*']);
  for (const [target, tests] of runs) {
    const made = build(target);
    if (!made.ok) return { outcome: 'does not compile', by: made.text.split('\n').find((l) => /error/.test(l)) ?? '' };
    const by = failing(target, tests);
    if (by) return { outcome: 'caught', by };
  }
  return { outcome: 'survived', by: '' };
}

/** @param {[Mutation, string, Outcome][]} all */
function table(all) {
  const lines = all.map(([mutation, file, { outcome, by }]) =>
    `| ${mutation.name} | ${file} | ${outcome} | ${by ? `\`${by}\`` : ''} |`);
  const caught = all.filter(([, , { outcome }]) => outcome === 'caught').length;
  return [`${caught} of ${all.length} are caught.`, '', '| change | in | outcome | first test that fails |',
    '|---|---|---|---|', ...lines].join('\n');
}

function main() {
  const args = process.argv.slice(2);
  const only = args.includes('--only') ? new RegExp(args[args.indexOf('--only') + 1]) : /./;
  const all = parse(readFileSync(join(root, 'tests/mutations.txt'), 'utf8'));
  const { sources, hash } = copyTree();
  const places = all.map((mutation) => place(mutation, sources));
  if (args.includes('--check')) return console.log(`${all.length} changes, each text found once`);

  /** @type {Record<string, Outcome>} */
  const known = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {};
  const key = (/** @type {Mutation} */ m) => createHash('sha256').update(hash).update(m.find).update(m.put).digest('hex');
  const wanted = all.filter((mutation) => only.test(mutation.name) && !known[key(mutation)]);
  if (wanted.length > 0) {
    configure();
    for (const target of ['core_tests', 'shell_tests']) {
      const made = build(target);
      if (!made.ok) throw new Error(made.text);
      const by = failing(target, '*');
      if (by) throw new Error(`without any change ${by} fails: mend that first`);
    }
  }
  for (const mutation of wanted) {
    const file = join(tree, places[all.indexOf(mutation)]), text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(mutation.find, () => mutation.put));
    const start = Date.now();
    known[key(mutation)] = tried(mutation);
    writeFileSync(file, text);
    writeFileSync(memory, JSON.stringify(known, null, 1));
    const { outcome, by } = known[key(mutation)];
    console.log(`${outcome}: ${mutation.name} (${Math.round((Date.now() - start) / 1000)} s) ${by}`);
  }
  /** @type {[Mutation, string, Outcome][]} */
  const found = all.map((mutation, k) => [mutation, places[k], known[key(mutation)] ?? { outcome: 'not tried', by: '' }]);
  const text = table(found.filter(([mutation]) => only.test(mutation.name)));
  if (args.includes('--write')) {
    const before = readFileSync(page, 'utf8');
    writeFileSync(page, before.replace(/(<!-- mutate -->\n)[^]*?(\n<!-- end -->)/, (_, a, b) => a + text + b));
  }
  console.log(text);
  process.exitCode = found.some(([, , { outcome }]) => outcome === 'does not compile') ? 1 : 0;
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
