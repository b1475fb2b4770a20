// SPDX-License-Identifier: MIT
// A copy of the tree as from a source archive, without .git, and machines that lack something: a PATH on which some
// programs are replaced by short shell scripts.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/temporary-folder.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The sources, without what is built and installed. @param {string} folder */
export function copyTree(folder) {
  mkdirSync(folder, { recursive: true });
  cpSync(root, folder, { recursive: true, filter: (from) =>
    !['.git', 'build', 'dist', 'node_modules'].includes(from.slice(root.length).split('/')[0]) });
}

/**
 * Runs a script of `folder` where `programs` have another body, and without a terminal.
 * @param {string} folder @param {string[]} command @param {Record<string, string>} [programs]
 */
export function runWith(folder, [program, ...words], programs = {}) {
  const bin = temporaryFolder('bin');
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: folder, encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH: `${bin}:${process.env.PATH}` } });
  return { status, stdout, stderr, last: stderr.trim().split('\n').at(-1) ?? '' };
}

/** @param {string} folder @param {string} script */
export const shell = (folder, script) => execFileSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' });
