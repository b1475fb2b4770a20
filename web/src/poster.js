// @ts-check
// The picture that stands where the lab will be: taken of the lab itself at two widths (script/make-posters.mjs).

/** Where the layout of a small place has room for two plots beside each other. */
const WIDE = 570;

/** @param {string} scenario @param {number} width of the place, in pixels @returns {string} relative to the lab's folder */
export const posterOf = (scenario, width) =>
  `posters/${encodeURIComponent(scenario)}${width < WIDE ? '-narrow' : ''}.webp?${POSTERS_RELEASE}`;
