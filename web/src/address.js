// SPDX-License-Identifier: MIT
// @ts-check
// Writes the page's address. Browsers take few changes and throw for more (Safari 100 in 30 seconds, Firefox 200 in
// 10): what changes all the time is written when the mouse lets go, and at most some times a second.

const APART = 400;  // milliseconds between two changes
const LATER = 4000;  // after one that was refused
/** @type {{url: string, push: boolean} | undefined} */ let pending;
/** @type {ReturnType<typeof setTimeout> | undefined} */ let timer;
let last = -Infinity;
let pressed = false;

function write() {
  if (pending === undefined) return;
  const { url, push } = pending;
  clearTimeout(timer);
  timer = undefined;
  last = performance.now();
  try {
    if (push) history.pushState(null, '', url);
    else history.replaceState(null, '', url);
    pending = undefined;
  } catch {  // too often, whoever else did it: later
    timer = setTimeout(write, LATER);
  }
}

function writeSoon() {
  const wait = APART - (performance.now() - last);
  if (timer !== undefined || pending === undefined) return;
  if (wait <= 0) write();
  else timer = setTimeout(write, wait);
}

/** @param {string} fragment @param {boolean} push a new entry of the history; else the present one changes */
export function writeAddress(fragment, push) {
  if (push) write();  // what the entry before was about
  pending = { url: `${location.pathname}${location.search}#${fragment}`, push: push || (pending?.push ?? false) };
  if (push) write();
  else if (!pressed) writeSoon();
}

const released = () => {
  pressed = false;
  writeSoon();
};
addEventListener('pointerdown', () => { pressed = true; }, true);
for (const type of ['pointerup', 'pointercancel', 'blur']) addEventListener(type, released, true);
addEventListener('pagehide', write);
// The reader is at another entry now, whose address is not this one's business.
addEventListener('popstate', () => { pending = undefined; }, true);
