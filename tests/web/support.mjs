// SPDX-License-Identifier: MIT
// What every browser test needs: dist/ served on a free port, headless Chromium with WebGL 2 in software, and
// a record of console errors and of requests to other hosts.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from '../../script/static-server.mjs';

export const flags = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run'];

/** @param {string} [folder] @param {import('playwright-core').Browser} [shared] one that is open already */
export async function openSite(folder = fileURLToPath(new URL('../../dist', import.meta.url)), shared) {
  const server = await serve(folder, 0);
  const browser = shared ?? await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  return {
    url: server.url,
    browser,
    /** @param {import('playwright-core').BrowserContextOptions} [options] */
    async newPage(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, ...options });
      const page = await context.newPage();
      /** @type {string[]} */ const problems = [];
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
      });
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http') && url.origin !== server.url) problems.push(`request to ${url.host}`);
      });
      return { page, problems, context };
    },
    async close() {
      if (shared === undefined) await browser.close();
      server.close();
    },
  };
}

/** Opens the lab and waits until it is there. @param {import('playwright-core').Page} page @param {string} url */
export async function openLab(page, url) {
  await page.goto(url);
  await page.waitForFunction(() => 'attentionSvmLab' in window);
  await page.evaluate(() => /** @type {any} */ (window).attentionSvmLab.ready.then(() => undefined));
}

/** Calls a method of window.attentionSvmLab. @param {import('playwright-core').Page} page @param {string} method @param {...any} args */
export function call(page, method, ...args) {
  return page.evaluate(([name, values]) => /** @type {any} */ (window).attentionSvmLab[name](...values), /** @type {[string, any[]]} */ ([method, args]));
}

/**
 * How many different colours an element shows: more than a few hundred mean that the lab has drawn.
 * @param {import('playwright-core').Locator} element
 */
export async function colours(element) {
  const png = await element.screenshot();
  return new Set(png.subarray(100).toString('latin1').match(/.{4}/gs)).size;
}

/**
 * A page of somebody else with embed.js and the given body.
 * @param {Awaited<ReturnType<typeof openSite>>} site
 * @param {string} body
 * @param {import('playwright-core').BrowserContextOptions & {head?: string, before?: () => void}} [options]
 */
export async function embedding(site, body, { head = '', before, ...options } = {}) {
  const opened = await site.newPage(options);
  /** @type {string[]} */ const requests = [];
  opened.page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  if (before !== undefined) await opened.page.addInitScript(before);
  await opened.page.route('**/examples/blank.html', (route) => route.fulfill({ contentType: 'text/html',
    body: `<!doctype html><title>a page</title><script src="../embed.js" defer></script>${head}<body>${body}</body>` }));
  await opened.page.goto(`${site.url}/examples/blank.html`);
  return { ...opened, requests };
}

/** @param {import('playwright-core').Page} page @param {string} [selector] */
export const ready = (page, selector = 'attention-svm') =>
  page.evaluate((s) => /** @type {any} */ (document.querySelector(s)).ready.then(() => true), selector);

/** Calls a method of an element. @param {import('playwright-core').Page} page @param {string} method @param {...any} args */
export const tell = (page, method, ...args) => page.evaluate(([name, values]) =>
  /** @type {any} */ (document.querySelector('attention-svm'))[name](...values), /** @type {[string, any[]]} */ ([method, args]));

/** Scrolls to every element in turn and waits for its lab. @param {import('playwright-core').Page} page */
export const visitAll = (page) => page.evaluate(async () => {
  for (const element of document.querySelectorAll('attention-svm')) {
    element.scrollIntoView({ block: 'center' });
    await /** @type {any} */ (element).ready;
  }
});

/** Which elements hold a graphics context. @param {import('playwright-core').Page} page @returns {Promise<boolean[]>} */
export const holding = (page) => page.evaluate(() => [...document.querySelectorAll('attention-svm')].map((element) =>
  element.shadowRoot?.querySelector('canvas')?.getContext('webgl2')?.isContextLost() === false));
