// SPDX-License-Identifier: MIT
// node script/notices.mjs: prints THIRD-PARTY-NOTICES, the licences of what dist/ contains that is not ours, taken from
// the packages that this machine builds with.
import { existsSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} Work
 * @property {string} name
 * @property {string} what      which part of dist/ it is
 * @property {string} licence
 * @property {string} home
 * @property {string} text      the file with the copyright and the licence
 * @property {RegExp} [files]   of a long copyright file in Debian's format: only what is said of these files
 */
/** @type {Work[]} */
const works = [
  { name: 'Dear ImGui', what: 'lab.wasm', licence: 'MIT', home: 'https://github.com/ocornut/imgui',
    text: 'build/_deps/imgui/LICENSE.txt' },
  { name: 'stb (stb_image, stb_rect_pack, stb_textedit, stb_truetype)', what: 'lab.wasm', licence: 'MIT or public domain',
    home: 'https://github.com/nothings/stb', text: '/usr/share/doc/libstb-dev/copyright' },
  { name: 'Inter', what: 'lab.wasm', licence: 'SIL Open Font License 1.1', home: 'https://rsms.me/inter/',
    text: '/usr/share/doc/fonts-inter/copyright', files: /^(?!debian)/ },
  { name: 'DejaVu Sans', what: 'lab.wasm', licence: 'Bitstream Vera and Arev', home: 'https://dejavu-fonts.github.io/',
    text: '/usr/share/doc/fonts-dejavu-core/copyright', files: /^(?!debian)/ },
  { name: 'Eigen', what: 'lab.wasm and attention-svm.wasm', licence: 'MPL 2.0', home: 'https://eigen.tuxfamily.org/',
    text: '/usr/share/doc/libeigen3-dev/copyright', files: /^(?!debian)/ },
  { name: 'fast_float', what: 'lab.wasm and attention-svm.wasm', licence: 'MIT, Apache 2.0 or Boost 1.0',
    home: 'https://github.com/fastfloat/fast_float', text: '/usr/share/doc/libfast-float-dev/copyright', files: /^(?!debian)/ },
  { name: 'dragonbox', what: 'lab.wasm and attention-svm.wasm', licence: 'Apache 2.0 with LLVM exceptions or Boost 1.0',
    home: 'https://github.com/jk-jeon/dragonbox', text: '/usr/share/doc/libdragonbox-dev/copyright', files: /^(?!debian)/ },
  { name: 'the runtime of Emscripten, with musl, libc++ and compiler-rt', what: 'the scripts and both .wasm files',
    licence: 'MIT, NCSA and others', home: 'https://emscripten.org/', text: '/usr/share/doc/emscripten/copyright',
    files: /^(\*|src\/.*|system\/.*)$/ },
];

/** Of a paragraph in Debian's format: the value of a field. @param {string} paragraph @param {string} name */
const field = (paragraph, name) => paragraph.match(new RegExp(`^${name}:((?:.*\\n?)(?:[ \\t].*\\n?)*)`, 'm'))?.[1].trim();

/** The names of the licences in "A or B, and C". @param {string} value */
const licences = (value) => value.split('\n')[0].split(/,|\s+(?:and|or)\s+/).map((one) => one.trim()).filter(Boolean);

/** @param {string} text @param {RegExp} files */
function selected(text, files) {
  const [, ...paragraphs] = text.split(/\n[ \t]*\n/);
  const kept = paragraphs.filter((p) => field(p, 'Files')?.split(/\s+/).some((file) => files.test(file)));
  const named = new Set(kept.flatMap((p) => licences(field(p, 'License') ?? '')));
  return [...kept, ...paragraphs.filter((p) => !/^Files:/m.test(p) &&
    licences(field(p, 'License') ?? '').some((licence) => named.has(licence)))].join('\n\n');
}

/** @param {Work} work */
function notice({ name, what, licence, home, text, files }) {
  const head = `${'='.repeat(100)}\n${name} (in ${what})\n${licence}, ${home}\n\n`;
  if (!existsSync(text)) return `${head}(its licence is at the address above)`;
  const content = readFileSync(text, 'utf8').trim();
  return head + (files === undefined ? content : selected(content, files));
}

export const notices = () => `What this folder contains that is not Attention SVM Lab's own work, with its licences.

The digits (data/digits-rows.json) are from the UCI repository: E. Alpaydin and C. Kaynak, Optical Recognition of
Handwritten Digits, 1998, https://doi.org/10.24432/C50P49, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).

${works.map(notice).join('\n\n')}
`;
