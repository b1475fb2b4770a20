// SPDX-License-Identifier: MIT
// What the field expects of a repository.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './support.mjs';

/** @param {string} name */
const text = (name) => readFileSync(join(root, name), 'utf8');

test('lines of the docs are at most 120 characters wide', () => {
  const files = [...readdirSync(root).filter((name) => name.endsWith('.md')), 'web/README.md',
    ...readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
  for (const file of files)
    text(file).split('\n').forEach((line, k) => assert.ok([...line].length <= 120, `${file}:${k + 1} has ${[...line].length}`));
});

test('the version stands in CMakeLists.txt, and what is built takes it from there', async () => {
  const version = text('CMakeLists.txt').match(/^project\(AttentionSvm VERSION ([\d.]+)/m)?.[1];
  for (const file of ['package.json', 'web/package.json', 'web/src/module.js'])
    assert.ok(!/\bversion\b['": =]+\d/.test(text(file)), file);
  assert.equal(JSON.parse(text('dist/package.json')).version, version);
  const { default: create } = await import(join(root, 'dist/attention-svm.mjs'));
  assert.equal((await create()).version, version);
});

test('actions of the workflows are pinned by commit', () => {
  for (const file of readdirSync(join(root, '.github/workflows')))
    for (const [, action] of text(`.github/workflows/${file}`).matchAll(/uses: *(\S+)/g))
      assert.match(action, /@[0-9a-f]{40}$/, file);
});

test('the notices have the text of every licence', () => {
  const notices = text('dist/THIRD-PARTY-NOTICES.txt');
  for (const phrase of ['Omar Cornut', 'Sean Barrett', 'SIL OPEN FONT LICENSE', 'Bitstream Vera', 'Mozilla Public License',
    'Daniel Lemire', 'Junekey Jeon', 'The Emscripten Authors', 'Rich Felker'])
    assert.ok(notices.toLowerCase().includes(phrase.toLowerCase()), phrase);
  assert.ok(!notices.includes('its licence is at the address above'));
});
