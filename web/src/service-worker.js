// SPDX-License-Identifier: MIT
// @ts-check
// The second visit works without a network. Only what the lab itself loads is kept; requests for anything else
// on the host pass by. Files named after their content come from the cache; index.html comes from the network
// while there is one, so that a new release shows at once.

const worker = /** @type {any} */ (self);  // the types of windows and of workers exclude each other
/** @type {string} */ const scope = worker.registration.scope;
// Other sites may share the origin (user pages do): the scope belongs to the name.
const prefix = `attention-svm-lab ${scope} `;
const cacheName = prefix + LAB_RELEASE;
const page = new URL('index.html', scope).href;
const files = new Set(LAB_FILES.map((name) => new URL(name, scope).href));

/** Kept once the page has asked for them: a first visit need not transfer what works in the background. */
const later = new Set(LATER_FILES.map((name) => new URL(name, scope).href));

/** Fetches index.html around the browser's own cache, without the mark of a redirection, which navigations refuse. */
async function currentPage() {
  const response = await fetch(page, { cache: 'reload' });
  const text = await response.text();
  // Between two releases the page may already be the next one: better no cache than one that does not fit.
  if (!response.ok || !text.includes(PAGE_SCRIPT))
    throw new Error('index.html belongs to another release');
  return new Response(text, { headers: { 'Content-Type': response.headers.get('Content-Type') ?? 'text/html; charset=utf-8',
    ...policyOf(response) } });
}

/** A page from the cache is bound by the same policy as from the host. @param {Response} response */
function policyOf(response) {
  const policy = response.headers.get('Content-Security-Policy');
  return policy === null ? undefined : { 'Content-Security-Policy': policy };
}

async function keep() {
  const cache = await caches.open(cacheName);
  await cache.put(page, await currentPage());
  // The browser has just fetched these for the page: nothing is transferred twice.
  await cache.addAll([...files].filter((url) => url !== page).map((url) => new Request(url, { cache: 'force-cache' })));
}

async function forgetOldReleases() {
  for (const name of await caches.keys())
    if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
}

/** @param {string} url */
const kept = (url) => caches.match(url, { cacheName, ignoreVary: true });

/** The network's answer, or after five seconds without one the kept page. @param {Request} request */
async function answerPage(request) {
  const online = fetch(request);
  const slow = new Promise((resolve) => setTimeout(resolve, 5000)).then(() => kept(page));
  try {
    return await Promise.race([online, slow]) ?? await online;
  } catch (error) {
    const response = await kept(page);
    if (response === undefined) throw error;
    return response;
  }
}

/** @param {Request} request */
async function answerLater(request) {
  const known = await caches.match(request.url, { cacheName, ignoreVary: true });
  if (known !== undefined) return known;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(cacheName)).put(request.url, response.clone());
  return response;
}

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(keep()));
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(forgetOldReleases()));
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  /** @type {Request} */ const request = event.request;
  const url = request.url.replace(/[?#].*/s, '');
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') {
    if (url === page || url === scope) event.respondWith(answerPage(request));
  } else if (later.has(request.url)) {
    event.respondWith(answerLater(request));
  } else if (files.has(url)) {
    event.respondWith(kept(url).then((response) => response ?? fetch(request)));
  }
});
