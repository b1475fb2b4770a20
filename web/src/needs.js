// SPDX-License-Identifier: MIT
// @ts-check
// What the browser must offer, and the sentence for each that it lacks.

const current = 'Try a current Firefox, Chrome, Edge or Safari';
export const needs = {
  webAssembly: `The lab computes with WebAssembly, which this browser does not offer or has switched off. ${current}.`,
  simd: `The lab computes with the SIMD instructions of WebAssembly, which this browser does not know yet. ${current}.`,
  webgl: `The lab draws with WebGL 2, which this browser does not offer. ${current}, or switch on hardware acceleration.`,
};

/** The smallest module with an instruction of 128 bits. */
const simdModule = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

export const hasSimd = () => WebAssembly.validate(new Uint8Array(simdModule));

/** Why WebAssembly of ours cannot run here; empty when it can. */
export function lacking() {
  if (typeof WebAssembly === 'undefined') return needs.webAssembly;
  return hasSimd() ? '' : needs.simd;
}
