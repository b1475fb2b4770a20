// SPDX-License-Identifier: MIT
// @ts-check
// The picture that stands where the lab will be: taken of the lab itself at two widths (script/make-posters.mjs).

/** Where the layout of a small place has room for two plots beside each other. */
const WIDE = 570;

/** @param {string} scenario @param {boolean} narrow */
const posterOf = (scenario, narrow) => `posters/${encodeURIComponent(scenario)}${narrow ? '-narrow' : ''}.webp?${POSTERS_RELEASE}`;

/**
 * The picture for a place of this width; where there is no narrow one the wide one, where there is none nothing.
 * @param {HTMLImageElement} picture @param {string} scenario @param {number} width @param {URL | string} base the lab's folder
 */
export function showPosterOf(picture, scenario, width, base) {
  let narrow = width < WIDE;
  const show = () => { picture.src = new URL(posterOf(scenario, narrow), base).href; };
  picture.addEventListener('error', () => {
    if (!narrow) return picture.remove();
    narrow = false;
    show();
  });
  show();
}
