// SPDX-License-Identifier: MIT
// axe-core run inside the page; returns what it finds serious or critical.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @param {import('playwright-core').Page} page @returns {Promise<string[]>} */
export async function seriousViolations(page) {
  // Through the debugger, which the page's content security policy does not bind
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => /** @type {any} */ (window).axe.run());
  return violations
    .filter((/** @type {any} */ v) => v.impact === 'serious' || v.impact === 'critical')
    .map((/** @type {any} */ v) => `${v.id}: ${v.nodes.map((/** @type {any} */ n) => n.html).join(' ')}`);
}
