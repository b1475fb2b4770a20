// SPDX-License-Identifier: MIT
// Takes the pictures that a person should look at before a release: node script/screenshots.mjs FOLDER [SCENARIO ...]
import { mkdirSync } from 'node:fs';
import { call, openLab, openSite } from '../tests/web/support.mjs';

const [folder, ...names] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const site = await openSite();
const screens = [
  { name: 'desktop', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { name: 'desktop-dark', viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  { name: 'retina', viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2, colorScheme: 'light' },
  { name: 'phone', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, colorScheme: 'light' },
].filter((screen) => !process.env.SCREENS || process.env.SCREENS.split(',').includes(screen.name));
for (const { name, ...options } of screens)
  for (const scenario of names.length > 0 ? names : ['plane']) {
    const { page, problems } = await site.newPage(/** @type {any} */ (options));
    await openLab(page, `${site.url}/#scenario=${scenario}`);
    await call(page, 'step', Number(process.env.STEPS ?? 300));
    await page.waitForTimeout(800);
    await page.screenshot({ path: `${folder}/${scenario}-${name}.png` });
    if (problems.length > 0) console.log(scenario, name, problems);
    await page.close();
  }
await site.close();
