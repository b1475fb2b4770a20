// SPDX-License-Identifier: MIT
// @ts-check
// Arguments that must be whole numbers, checked alike by the core module and by the lab.

const largestInt = 2 ** 31 - 1;  // of the int on the C++ side

/** How a value is named in an error. @param {unknown} value */
export function shown(value) {
  return typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value) ?? typeof value;
}

/** @param {string} name @param {unknown} value @param {number} [low] @param {number} [high] @returns {number} */
export function wholeNumber(name, value, low = 0, high = largestInt) {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low)
    throw new Error(`${name}: expected a whole number of at least ${low}, found ${shown(value)}`);
  if (value > high) throw new Error(`${name}: expected at most ${high}, found ${value}`);
  return value;
}
