// SPDX-License-Identifier: MIT
// Takes pictures of the lab itself: what embedded elements show before it is loaded (web/posters/*.webp, at two widths, two
// device pixels a pixel), what other sites show of a link, and the icons (web/icons). Run it after a change of what
// the plots look like: script/build && node script/make-posters.mjs [names of pictures, such as plane-narrow, or icons]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { call, openLab, openSite } from '../tests/web/support.mjs';

const posters = new URL('../web/posters/', import.meta.url), icons = new URL('../web/icons/', import.meta.url);
for (const folder of [posters, icons]) mkdirSync(folder, { recursive: true });
const site = await openSite();

/** A small place as articles have it; the border takes a pixel on each side. */
const places = [{ suffix: '', width: 718, height: 418 }, { suffix: '-narrow', width: 358, height: 418 }];
const STEPS = 150;
/** @param {string} name */
const wanted = (name) => process.argv.length < 3 || process.argv.includes(name);

/** What is on screen as WebP. @param {import('playwright-core').Page} page @param {number} quality */
async function webp(page, quality) {
  const png = (await page.screenshot({ timeout: 120_000 })).toString('base64');
  const data = await page.evaluate(async ([text, q]) => {
    const bytes = Uint8Array.from(atob(String(text)), (c) => c.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = document.createElement('canvas');
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext('2d')?.drawImage(picture, 0, 0);
    return canvas.toDataURL('image/webp', Number(q)).split(',')[1];
  }, [png, quality]);
  return Buffer.from(data, 'base64');
}

/** Experiments fill their plot in the background; what there is after a while makes a picture too. @param {import('playwright-core').Page} page */
async function settled(page) {
  await page.waitForFunction(() => !(/** @type {any} */ (window).attentionSvmLab.metrics().jobs > 0), null, { timeout: 25_000 }).catch(() => {});
  await page.waitForTimeout(200);
}

for (const { suffix, width, height } of places) {
  const { page, context } = await site.newPage({ viewport: { width, height }, deviceScaleFactor: 2 });
  await openLab(page, `${site.url}/?embed#scenario=plane`);
  const ids = await page.evaluate(() => [.../** @type {HTMLSelectElement} */ (document.getElementById('scenario')).options].map((o) => o.value));
  for (const id of ids.filter((name) => wanted(name + suffix))) {
    await call(page, 'load', { scenario: id, panel: 'compact', theme: 'light' });
    if ((await call(page, 'state')).plots.includes('experiment')) await call(page, 'play');
    else await call(page, 'step', STEPS);
    await settled(page);
    writeFileSync(new URL(`${id}${suffix}.webp`, posters), await webp(page, 0.4));
  }
  await context.close();
}

if (wanted('icons')) {
  const { page } = await site.newPage({ viewport: { width: 1200, height: 630 } });
  await openLab(page, `${site.url}/?embed#scenario=plane`);
  await call(page, 'load', { scenario: 'plane', panel: 'none', theme: 'light', plots: 'geometry,convergence' });
  await call(page, 'step', 400);
  await settled(page);
  writeFileSync(new URL('social.jpg', icons), await page.screenshot({ type: 'jpeg', quality: 75 }));
  const icon = readFileSync(new URL('../web/icon.svg', import.meta.url), 'utf8');
  for (const size of [180, 192, 512]) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<body style="margin: 0">${icon.replace('<svg ', `<svg width="${size}" height="${size}" style="display: block" `)}</body>`);
    writeFileSync(new URL(`${size}.png`, icons), await page.screenshot({ omitBackground: true }));
  }
}
await site.close();
