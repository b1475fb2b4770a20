// What a page must survive: a graphics context that the browser takes away, elements that come and go.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, openLab, openSite } from './support.mjs';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => { site = await openSite(); });
after(() => site.close());

test('a lost graphics context comes back, and input meanwhile does no harm', async () => {
  const { page, problems } = await site.newPage({ viewport: { width: 640, height: 480 } });
  await openLab(page, `${site.url}/#scenario=plane`);
  await page.evaluate(() => {
    const gl = document.querySelector('canvas')?.getContext('webgl2');
    /** @type {any} */ (window).loss = gl?.getExtension('WEBGL_lose_context');
    /** @type {any} */ (window).loss.loseContext();
  });
  await page.mouse.move(300, 300);
  await page.setViewportSize({ width: 600, height: 440 });
  await page.waitForTimeout(300);
  await page.evaluate(() => /** @type {any} */ (window).loss.restoreContext());
  await page.waitForFunction(() => document.querySelector('canvas')?.getContext('webgl2')?.isContextLost() === false);
  const before = (await call(page, 'metrics')).iteration;
  await call(page, 'step', 3);
  await page.waitForFunction((from) => /** @type {any} */ (window).attentionSvmLab.metrics().iteration === from + 3, before);
  await page.waitForTimeout(300);
  const png = await page.locator('canvas').screenshot();
  const colours = new Set(png.subarray(100).toString('latin1').match(/.{4}/gs)).size;
  assert.ok(colours > 500, 'the canvas is blank');
  assert.deepEqual(problems, []);
});

test('an element that is removed gives its graphics context back', async () => {
  const { page, problems } = await site.newPage({ viewport: { width: 640, height: 480 } });
  await page.goto(`${site.url}/examples/minimal.html`);
  await page.evaluate(() => {
    const element = /** @type {any} */ (document.querySelector('attention-svm'));
    element.play();
    return element.ready.then(() => undefined);
  });
  const lost = await page.evaluate(async () => {
    const element = /** @type {any} */ (document.querySelector('attention-svm'));
    const gl = element.shadowRoot.querySelector('canvas').getContext('webgl2');
    const before = gl.isContextLost();
    element.remove();
    await new Promise((done) => setTimeout(done, 100));
    return [before, gl.isContextLost(), element.shadowRoot.childElementCount];
  });
  assert.deepEqual(lost, [false, true, 0]);
  assert.deepEqual(problems.filter((problem) => !problem.includes('404')), []);  // no favicon there
});
