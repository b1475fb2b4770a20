// @ts-check
// index.html: the lab fills the page; real buttons, address, file drop, live region, and, embedded in a
// frame, messages from the surrounding page (docs/embedding.md).
import { createLab, LabError } from './lab.js';

/** @template {HTMLElement} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (document.getElementById(id));
const root = document.documentElement;
const embedded = new URLSearchParams(location.search).has('embed');
root.classList.toggle('embedded', embedded);

const scenario = /** @type {HTMLSelectElement} */ (byId('scenario'));

const live = byId('live');
let spoken = '';
let lastSpoken = 0;

/** @type {import('./lab.js').LabHandle | undefined} */
let lab;
/** @type {(value: unknown) => void} */ let isReady;
/** @type {(reason: unknown) => void} */ let hasFailed;
const ready = new Promise((resolve, reject) => {
  isReady = resolve;
  hasFailed = reject;
});
ready.catch(() => {});

/** The lab, once it is there. */
const use = () => {
  if (lab === undefined) throw new Error('the lab is still loading: wait for attentionSvmLab.ready');
  return lab;
};

const api = {
  ready,
  state: () => use().state(),
  load: (/** @type {object} */ state) => use().load(state),
  metrics: () => use().metrics(),
  play: () => use().play(),
  pause: () => use().pause(),
  step: (/** @type {number} */ n) => use().step(n),
  reset: () => use().reset(),
};
/** @type {any} */ (window).attentionSvmLab = api;

function refreshToolbar() {
  if (lab === undefined) return;
  const state = lab.state();
  const playing = lab.playing();
  const play = byId('play');
  play.textContent = playing ? 'Pause' : 'Play';
  play.setAttribute('aria-pressed', String(playing));
  if (document.activeElement !== scenario) scenario.value = state.scenario ?? '';
  if (state.theme === 'auto') delete root.dataset.theme;
  else root.dataset.theme = state.theme;
}

/** Tells screen readers, at most every two seconds while training. */
function speak() {
  if (lab === undefined) return;
  const text = lab.description();
  const now = performance.now();
  if (text === spoken || (lab.playing() && now - lastSpoken < 2000)) return;
  spoken = text;
  lastSpoken = now;
  live.textContent = text;
}

/** @param {string} event */
function tell(event) {
  const detail = lab === undefined || event === 'ready' ? undefined : lab.metrics();
  document.dispatchEvent(new CustomEvent(`attention-svm:${event}`, { detail, bubbles: true }));
  if (embedded && parent !== window && trustedOrigin !== undefined && event !== 'ready')
    parent.postMessage({ type: `attention-svm:${event}`, metrics: detail }, trustedOrigin);
  speak();
}

/** @param {string} fragment @param {boolean} push */
function showAddress(fragment, push) {
  const url = `${location.pathname}${location.search}#${fragment}`;
  if (push) history.pushState(null, '', url);
  else history.replaceState(null, '', url);
  refreshToolbar();
}

/** @param {FileList | null | undefined} files */
async function openFirst(files) {
  const file = files?.[0];
  if (file !== undefined) await lab?.openFile(file);
  speak();
}

function wireToolbar() {
  byId('play').addEventListener('click', () => lab?.playing() ? lab.pause() : lab?.play());
  byId('step').addEventListener('click', () => lab?.step(1));
  byId('reset').addEventListener('click', () => lab?.reset());
  byId('open').addEventListener('click', () => byId('file').click());
  byId('file').addEventListener('change', (event) => openFirst(/** @type {HTMLInputElement} */ (event.target).files));
  byId('theme').addEventListener('click', () => {
    const dark = root.dataset.theme === 'dark' || (root.dataset.theme === undefined && matchMedia('(prefers-color-scheme: dark)').matches);
    lab?.load({ ...lab.state(), theme: dark ? 'light' : 'dark' });
    if (lab !== undefined) showAddress(lab.address(), false);
  });
  scenario.addEventListener('change', () => {
    if (lab === undefined) return;
    const fragment = `v=1&scenario=${scenario.value}&theme=${lab.state().theme}`;
    lab.loadAddress(fragment);
    showAddress(lab.address(), true);
    speak();
  });
  setInterval(() => {
    refreshToolbar();
    speak();
  }, 250);
}

function wireDrop() {
  addEventListener('dragover', (event) => {
    event.preventDefault();
    root.classList.add('dropping');
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) root.classList.remove('dropping');
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    root.classList.remove('dropping');
    openFirst(event.dataTransfer?.files);
  });
}

// In a frame: the first page that says hello from the embedding window names the origin we answer to.
/** @type {string | undefined} */
let trustedOrigin;

/** @param {MessageEvent} event */
async function onMessage(event) {
  if (event.source !== parent || typeof event.data !== 'object' || event.data === null) return;
  const { type, id, args } = event.data;
  if (type === 'attention-svm:hello') {
    trustedOrigin ??= event.origin;
    await ready;
    if (event.origin === trustedOrigin) parent.postMessage({ type: 'attention-svm:ready' }, trustedOrigin);
    return;
  }
  if (type !== 'attention-svm:call' || event.origin !== trustedOrigin) return;
  const method = /** @type {any} */ ({ state: api.state, load: api.load, metrics: api.metrics, play: api.play, pause: api.pause, step: api.step, reset: api.reset })[event.data.method];
  try {
    if (method === undefined) throw new Error(`unknown method: ${event.data.method}`);
    parent.postMessage({ type: 'attention-svm:result', id, result: method(...(args ?? [])) }, trustedOrigin);
  } catch (error) {
    parent.postMessage({ type: 'attention-svm:result', id, error: String(error) }, trustedOrigin);
  }
}

async function start() {
  if (embedded && parent !== window) addEventListener('message', onMessage);
  const message = byId('message');
  try {
    lab = await createLab({
      container: byId('lab'),
      address: location.hash.slice(1) + (embedded && !location.hash.includes('panel=') ? '&panel=compact' : ''),
      onAddress: (fragment, push) => showAddress(fragment, push),
      onEvent: tell,
    });
    message.remove();
    for (const [id, title] of lab.scenarios()) scenario.add(new Option(title, id));
    wireToolbar();
    wireDrop();
    refreshToolbar();
    addEventListener('popstate', () => {
      lab?.loadAddress(location.hash.slice(1));
      refreshToolbar();
      speak();
    });
    isReady(api);
    tell('ready');
  } catch (error) {
    message.textContent = error instanceof LabError ? error.message : `The lab could not be loaded: ${error}. Load the page again.`;
    hasFailed(error);
  }
}
start();
