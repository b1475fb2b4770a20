// SPDX-License-Identifier: MIT
// Takes the still pictures that embedded elements show before the lab is loaded: web/posters/*.webp. Run it
// after a change of what the plots look like: script/build && node script/make-posters.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import { call, openLab, openSite } from '../tests/web/support.mjs';

const folder = new URL('../web/posters/', import.meta.url);
mkdirSync(folder, { recursive: true });
const site = await openSite();
const { page } = await site.newPage({ viewport: { width: 800, height: 420 } });
await openLab(page, `${site.url}/?embed#scenario=plane`);
const ids = await page.evaluate(() => [.../** @type {HTMLSelectElement} */ (document.getElementById('scenario')).options].map((o) => o.value));
for (const id of ids) {
  await call(page, 'load', { scenario: id });
  const { plots } = await call(page, 'state');
  // The two plots that an element of the usual size shows first
  await call(page, 'load', { scenario: id, panel: 'none', theme: 'light', plots: plots.split(',').slice(0, 2).join() });
  await call(page, 'step', 150);
  // Experiments fill their plot in the background; what there is after a while makes a picture too.
  await page.waitForFunction(() => !(/** @type {any} */ (window).attentionSvmLab.metrics().jobs > 0), null, { timeout: 25_000 }).catch(() => {});
  await page.waitForTimeout(500);
  const png = (await page.screenshot()).toString('base64');
  const webp = await page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = document.createElement('canvas');
    canvas.width = 520;
    canvas.height = 273;
    canvas.getContext('2d')?.drawImage(picture, 0, 0, 520, 273);
    return canvas.toDataURL('image/webp', 0.35).split(',')[1];
  }, png);
  writeFileSync(new URL(`${id}.webp`, folder), Buffer.from(webp, 'base64'));
}
await site.close();
