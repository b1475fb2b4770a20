// SPDX-License-Identifier: MIT
// Machines as people have them: each works, or ends with one sentence that says what to do.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/temporary-folder.mjs';
import { copyTree, root, runWith, shell } from './support.mjs';

const missingPackages = { 'dpkg-query': 'exit 1' };

test('without sudo: the packages and the command for an administrator', () => {
  const { status, last } = runWith(root, ['script/bootstrap'], { ...missingPackages, id: 'echo 1000', sudo: 'exit 1' });
  assert.equal(status, 1);
  assert.match(last, /^script\/bootstrap: these Debian packages are missing; let an administrator type: apt-get install .*cmake/);
});

test('without a network: apt and npm end in a sentence', () => {
  const apt = runWith(root, ['script/bootstrap'], { ...missingPackages, id: 'echo 0', 'apt-get': 'echo "E: no network"; exit 100' });
  assert.equal(apt.status, 1);
  assert.match(apt.last, /^script\/bootstrap: apt-get could not install them; when this machine has no network, run it again/);

  const folder = temporaryFolder('npm');
  copyTree(folder);
  mkdirSync(join(folder, 'build'));
  cpSync(join(root, 'build/_deps'), join(folder, 'build/_deps'), { recursive: true });
  const npm = runWith(folder, ['script/bootstrap'], { 'dpkg-query': 'echo install ok installed', npm: 'exit 1' });
  assert.equal(npm.status, 1);
  assert.match(npm.last, /^script\/bootstrap: npm could not fetch its packages; when this machine has no network/);
});

test('without a network: Dear ImGui names the folder for its sources', () => {
  const folder = temporaryFolder('imgui');
  copyTree(folder);
  const { status, last } = runWith(folder, ['script/fetch-imgui'], { 'apt-get': 'exit 100', git: 'exit 128' });
  assert.equal(status, 1);
  assert.match(last, /could not be fetched; unpack its sources into build\/_deps\/imgui and run again/);
});

test('the apt step shows that it goes on', () => {
  const apt = 'case "$*" in *install*) for k in $(seq 60); do echo "Get:$k x"; done; for k in $(seq 30); do echo "Setting up $k"; done ;; esac';
  const { stdout } = runWith(root, ['script/bootstrap'], { ...missingPackages, id: 'echo 0', 'apt-get': apt });
  assert.match(stdout, /installing \d+ Debian packages.*\n {2}25 packages fetched\n {2}50 packages fetched\n {2}25 packages set up\n/);
});

test('no Debian: what is missing, and which packages to match', () => {
  const folder = temporaryFolder('other');
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const name of ['bash', 'dirname', 'sed', 'cat']) symlinkSync(shell(root, `command -v ${name}`).trim(), join(bin, name));
  const { status, stderr } = runWith(root, ['/usr/bin/env', '-i', `PATH=${bin}`, 'bash', 'script/bootstrap']);
  assert.equal(status, 1);
  assert.match(stderr, /^script\/bootstrap: cmake is missing; this is no Debian, so install what matches these packages of it: cmake ninja-build/);
});

test('a taken port', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (other.address());
  const { status, stderr } = runWith(root, ['node', 'script/static-server.mjs', 'dist', String(port)]);
  other.close();
  assert.equal(status, 1);
  assert.equal(stderr.trim(), `Port ${port} is taken: choose another, as in script/server --port ${port + 1}`);
});

test('a source archive in a folder with a space, behind a symbolic link: builds the same bytes and serves them', async () => {
  const folder = temporaryFolder('put');
  copyTree(join(folder, 'a place'));
  symlinkSync('a place', join(folder, 'link'));
  const link = join(folder, 'link');
  mkdirSync(join(link, 'build'));
  cpSync(join(root, 'build/_deps'), join(link, 'build/_deps'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(link, 'node_modules'));
  shell(link, 'cmake --preset wasm && cmake --build --preset wasm --target reproducible_sample && script/format --check');
  shell(root, 'cmake --build --preset wasm --target reproducible_sample');
  const sample = 'build/wasm/tests/reproducible_sample.wasm';
  assert.deepEqual(readFileSync(join(link, sample)), readFileSync(join(root, sample)), 'the same bytes in two folders');
  cpSync(join(root, 'build/wasm/web'), join(link, 'build/wasm/web'), { recursive: true });
  shell(link, 'node script/assemble-dist.mjs');
  assert.equal(shell(root, `diff -r dist '${link}/dist'`), '');

  const server = spawn('node', ['script/static-server.mjs', 'dist', '0'], { cwd: link });
  const [line] = await once(server.stdout, 'data');
  const page = await fetch(String(line).trim().split(' ').at(-1) ?? '');
  assert.match(await page.text(), /Attention SVM Lab/);
  server.kill();
});

test('CMake lists every single test by name', () => {
  const list = shell(root, 'ctest --preset native -N');
  assert.ok(Number(list.match(/Total Tests: (\d+)/)?.[1]) > 100, list.slice(-200));
  assert.match(list, /Test +#\d+: \w+\.\w+/);
});

test('the umbrella header has every header', () => {
  const all = shell(root, 'cd core/include && ls attention_svm').split('\n').filter((name) => name.endsWith('.h') && name !== 'attention_svm.h');
  const umbrella = readFileSync(join(root, 'core/include/attention_svm/attention_svm.h'), 'utf8');
  for (const name of all) assert.ok(umbrella.includes(`#include "attention_svm/${name}"`), name);
  assert.ok(existsSync(join(root, 'core/include/attention_svm/attention_svm.h')));
});
