// SPDX-License-Identifier: MIT
// Work in the background: in workers, stoppable, and in slices where a page may start no worker.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { policy } from '../../script/static-server.mjs';
import { call, openLab, openSite } from './support.mjs';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => { site = await openSite(); });
after(() => site.close());

/** @param {import('playwright-core').Page} page */
const jobsDone = (page) => page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.metrics().jobs === 0);

test('an experiment runs in a worker while the page goes on drawing', async () => {
  const { page, problems } = await site.newPage();
  await openLab(page, `${site.url}/#scenario=rank&experiment=rank,runs=30`);
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.metrics().jobs === 1);
  const frames = await page.evaluate(() => new Promise((resolve) => {
    let count = 0;
    const end = performance.now() + 600;
    const frame = () => {
      count += 1;
      if (performance.now() < end) requestAnimationFrame(frame);
      else resolve(count);
    };
    requestAnimationFrame(frame);
  }));
  assert.ok(frames > 3, `${frames} frames`);
  assert.ok(page.workers().some((worker) => worker.url().includes('worker')), 'no worker runs');
  await jobsDone(page);
  assert.equal((await call(page, 'metrics')).experiment, 1);
  assert.deepEqual(problems, []);
});

test('other data stops what runs for the old one', async () => {
  const { page, problems } = await site.newPage();
  await openLab(page, `${site.url}/#scenario=global-or-local`);
  await page.waitForFunction(() => /** @type {any} */ (window).attentionSvmLab.metrics().jobs === 1);
  await call(page, 'load', { scenario: 'plane' });
  assert.equal((await call(page, 'metrics')).jobs, 0);
  assert.deepEqual(problems, []);
});

test('a large nuclear SVM comes from a worker and then stands in the metrics', async () => {
  const { page, problems } = await site.newPage();
  await openLab(page, `${site.url}/#scenario=ten-dimensions&n=15&T=6&d=16&param=KQ`);
  await jobsDone(page);
  const { correlation, verdict } = await call(page, 'metrics');
  assert.equal(typeof correlation.nuclear, 'number');
  assert.match(verdict, /nuclear-norm SVM/);
  assert.deepEqual(problems, []);
});

test('where a page may start no worker the same work is done in slices', async () => {
  const { page } = await site.newPage();
  await page.route('**/index.html', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': `${policy}; worker-src 'none'` } });
  });
  await openLab(page, `${site.url}/index.html#scenario=rank&experiment=rank,runs=2,values=5:10`);
  await jobsDone(page);
  assert.equal(page.workers().length, 0);
  assert.equal((await call(page, 'metrics')).experiment, 1);
  const state = await call(page, 'state');
  assert.equal(state.experiment, 'rank,values=5:10,runs=2');
});
