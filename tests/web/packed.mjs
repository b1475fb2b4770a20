// SPDX-License-Identifier: MIT
// dist/ as an npm package, installed into an empty project in a temporary folder.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/temporary-folder.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a program does with the core, for all of them. */
export const solve = `const attention = await createAttentionSvm();
const data = attention.randomDataset({ n: 2, T: 3, d: 4, seed: 1 });
const answer = data.solveSvm({ norm: 'nuclear' }).status;`;

export function packedProject() {
  const folder = temporaryFolder('package');
  /** @param {string} name @param {string} text */
  const write = (name, text) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  /** @param {string} program @param {string[]} args */
  const run = (program, args) => {
    try {
      return execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
    } catch (error) {
      const { stdout, stderr } = /** @type {any} */ (error);
      throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`);
    }
  };
  const [{ filename, files }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', folder],
    { cwd: join(root, 'dist'), stdio: ['ignore', 'pipe', 'ignore'] }).toString());
  for (const name of ['attention-svm.mjs', 'attention-svm.wasm', 'attention-svm-inline.mjs', 'attention-svm.d.ts', 'embed.js', 'embed.d.ts',
    'react.d.ts', 'preact.d.ts', 'index.html', 'LICENSE'])
    assert.ok(files.some((/** @type {any} */ file) => file.path === name), `${name} is not packed`);
  write('package.json', '{"type":"module"}');
  run('npm', ['install', '--no-audit', '--no-fund', '--offline', join(folder, filename)]);
  return { folder, tarball: join(folder, filename), write, run };
}
