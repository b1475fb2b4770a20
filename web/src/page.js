// SPDX-License-Identifier: MIT
// @ts-check
// index.html: the story and the lab, which share one instance; real buttons, address, file drop, live region. In
// a frame (?embed) it shows a picture first, loads in view or when pressed, pauses out of view, and answers the messages of the
// surrounding page (docs/embedding.md).
import { writeAddress } from './address.js';
import { showPosterOf } from './poster.js';
import { stepOf, tellStory } from './story.js';
import { keepForTab } from './tab.js';

/** @template {HTMLElement} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (document.getElementById(id));
const root = document.documentElement;
const embed = new URLSearchParams(location.search).get('embed');
const embedded = embed !== null;
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

const methods = {
  state: () => use().state(),
  /** @param {object} state */
  load(state) {
    if (story?.telling()) showLab();
    const notices = use().load(state);
    showAddress(use().address(), false);
    return notices;
  },
  metrics: () => use().metrics(),
  play() {
    if (lab !== undefined) lab.play();
    else if (embedded) pressed();
    else use();
    stale = true;
  },
  pause() {
    playInView = false;
    use().pause();
    stale = true;
  },
  /** @param {number} [n] */
  step(n) {
    use().step(n);
    stale = true;
  },
  /** @param {number} iteration */
  seek(iteration) {
    use().seek(iteration);
    stale = true;
  },
  reset() {
    use().reset();
    stale = true;
  },
};
const api = { ready, ...methods };
/** @type {any} */ (window).attentionSvmLab = api;

/** Something that the toolbar or the live region shows may have changed. */
let stale = true;
let shownPlaying = false;

function refreshToolbar() {
  if (lab === undefined) return;
  const state = lab.state();
  const play = byId('play');
  shownPlaying = lab.playing();
  play.textContent = shownPlaying ? 'Pause' : 'Play';
  play.setAttribute('aria-pressed', String(shownPlaying));
  if (document.activeElement !== scenario) scenario.value = state.scenario ?? '';
  if (state.theme === 'auto') delete root.dataset.theme;
  else root.dataset.theme = state.theme;
  askForMissingFile(state.data ?? '');
}

/** An address may name a dataset file that this browser has never seen. @param {string} data the one in use */
function askForMissingFile(data) {
  const named = /(?:^|&)data=file(?::|%3a)([0-9a-f]+)/i.exec(location.hash.slice(1))?.[1];
  byId('missing').hidden = named === undefined || data === `file:${named}`;
}

/** Tells screen readers, at most every two seconds while training. */
function speak() {
  if (lab === undefined || story?.telling()) return;
  const now = performance.now();
  if (lab.playing() && now - lastSpoken < 2000) {
    stale = true;  // later
    return;
  }
  const text = lab.description();
  if (text === spoken) return;
  spoken = text;
  lastSpoken = now;
  live.textContent = text;
}

/** Four times a second, a look at one flag; more only after something happened. */
function watch() {
  if (lab === undefined || document.hidden || (!stale && lab.playing() === shownPlaying)) return;
  stale = false;
  refreshToolbar();
  speak();
}

/** @param {string} event */
function tell(event) {
  const detail = lab === undefined || event === 'ready' ? undefined : lab.metrics();
  document.dispatchEvent(new CustomEvent(`attention-svm:${event}`, { detail, bubbles: true }));
  if (embedded && parent !== window && trustedOrigin !== undefined && event !== 'ready')
    parent.postMessage({ type: `attention-svm:${event}`, metrics: detail }, trustedOrigin);
  stale = true;
}

/** @param {string} fragment @param {boolean} push */
function showAddress(fragment, push) {
  if (story?.telling()) return;  // there the address is the step
  writeAddress(fragment, push);
  refreshToolbar();
}

/** @param {FileList | null | undefined} files */
async function openFirst(files) {
  const file = files?.[0];
  if (file !== undefined && lab !== undefined && story?.telling()) {
    methods.load({ ...lab.state(), panel: 'full', layers: '', plots: 'geometry,convergence', speed: 1 });
    remember('lab');
  }
  if (file !== undefined) await lab?.openFile(file);
  speak();
}

function wireToolbar() {
  byId('play').addEventListener('click', () => lab?.playing() ? methods.pause() : methods.play());
  byId('step').addEventListener('click', () => methods.step(1));
  byId('reset').addEventListener('click', () => methods.reset());
  for (const id of ['open', 'open-missing']) byId(id).addEventListener('click', () => byId('file').click());
  byId('file').addEventListener('change', (event) => openFirst(/** @type {HTMLInputElement} */ (event.target).files));
  byId('theme').addEventListener('click', () => {
    const dark = root.dataset.theme === 'dark' || (root.dataset.theme === undefined && matchMedia('(prefers-color-scheme: dark)').matches);
    methods.load({ ...use().state(), theme: dark ? 'light' : 'dark' });
  });
  scenario.addEventListener('change', () => {
    if (lab === undefined) return;
    const fragment = `v=1&scenario=${scenario.value}&theme=${lab.state().theme}`;
    lab.loadAddress(fragment);
    showAddress(lab.address(), true);
    speak();
  });
  setInterval(watch, 250);
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

// In a frame: the first hello of the surrounding page names the origin that we answer to. The address may name
// it beforehand, ?embed=https://your.host, and then no other is listened to.
/** @type {string | undefined} */
let trustedOrigin;

/** @param {MessageEvent} event */
function trusts(event) {
  // Pages without an origin of their own (files, sandboxed frames) cannot be told from each other.
  if (event.source !== parent || event.origin === 'null' || (embed && embed !== event.origin)) return false;
  return trustedOrigin === undefined || trustedOrigin === event.origin;
}

/** @param {MessageEvent} event */
async function onMessage(event) {
  if (typeof event.data !== 'object' || event.data === null || !trusts(event)) return;
  const { type, id, args, method } = event.data;
  const answer = (/** @type {object} */ message) => parent.postMessage(message, event.origin);
  if (type === 'attention-svm:hello') {
    trustedOrigin = event.origin;
    await ready;
    answer({ type: 'attention-svm:ready' });
  } else if (type === 'attention-svm:call' && trustedOrigin !== undefined) {
    try {
      if (!Object.hasOwn(methods, method)) throw new Error(`unknown method: ${method}`);
      answer({ type: 'attention-svm:result', id, result: /** @type {any} */ (methods)[method](...(args ?? [])) });
    } catch (error) {
      answer({ type: 'attention-svm:result', id, error: error instanceof Error ? error.message : String(error) });
    }
  }
}

let playInView = false;
let pressed = () => {};

/** In a frame: the picture and its button until the frame is in view or the button is pressed. @returns {Promise<void>} */
function shown() {
  const settings = new URLSearchParams(location.hash.slice(1));
  const picture = new Image();
  picture.alt = '';
  picture.className = 'poster';
  showPosterOf(picture, settings.get('scenario') ?? 'plane', innerWidth, document.baseURI);
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'poster';
  button.textContent = '▶ Play';
  byId('message').replaceWith(picture, button);
  return new Promise((resolve) => {
    pressed = () => {
      playInView = true;
      resolve();
    };
    button.addEventListener('click', pressed);
    new IntersectionObserver((entries) => {
      const visible = entries[entries.length - 1].isIntersecting;
      if (visible) resolve();
      pauseOutOfView(visible);
    }).observe(byId('lab'));
  });
}

/** @param {boolean} visible */
function pauseOutOfView(visible) {
  if (lab === undefined) return;
  lab.setVisible(visible);
  if (visible && playInView) {
    playInView = false;
    lab.play();
  } else if (!visible && lab.playing()) {
    playInView = true;
    lab.pause();
  }
}

/** Offline the next time: only where the page is itself visited, and never in the way of anything. */
async function keepForOffline() {
  if (embedded || navigator.serviceWorker === undefined) return;
  try {
    const visitedBefore = navigator.serviceWorker.controller !== null;
    const registration = await navigator.serviceWorker.register('service-worker.js', { updateViaCache: 'none' });
    if (visitedBefore) await registration.update();  // registering again alone does not look for a new release
  } catch {
    // No storage, or a host without HTTPS: then the network is needed every time.
  }
}

/** @param {unknown} error */
function complain(error) {
  const message = document.createElement('p');
  message.className = 'message';
  message.setAttribute('role', 'alert');
  message.textContent = error instanceof Error && error.name === 'LabError' ? error.message
    : `The lab could not be loaded: ${error instanceof Error ? error.message : error}. Load the page again.`;
  for (const old of document.querySelectorAll('#lab > :not(noscript)')) old.remove();
  byId('lab').append(message);
}

const VIEW = 'attention-svm:view';
/** Private windows have no storage: then the story comes first each time. @param {'story' | 'lab'} view */
function remember(view) {
  try {
    localStorage.setItem(VIEW, view);
  } catch { /* see above */ }
}
function remembered() {
  try {
    return localStorage.getItem(VIEW);
  } catch {
    return null;
  }
}

/** Which step of the story the address asks for; without an address the first one, unless the reader chose the lab. */
function stepWanted() {
  const fragment = location.hash.slice(1);
  return embedded || (fragment === '' && remembered() === 'lab') ? undefined : fragment === '' ? 0 : stepOf(fragment);
}

/** `view=lecture`: nothing but the text, large, and its figure. */
const isLecture = () => /(^|&)view=lecture(&|$)/.test(location.hash.slice(1));

const story = embedded ? undefined : tellStory((id) => {
  history.pushState(null, '', `${location.pathname}${location.search}#story=${id}${isLecture() ? '&view=lecture' : ''}`);
  showView();
});

function showLab() {
  story?.leave();
  root.classList.remove('lecture');
  root.classList.add('lab-view');
}

/** What the address names. */
async function showView() {
  const step = stepWanted();
  root.classList.toggle('lecture', step !== undefined && isLecture());
  if (step !== undefined) {
    root.classList.remove('lab-view');
    story?.show(step);
    return;
  }
  showLab();
  await lab?.loadAddress(address());
  refreshToolbar();
  speak();
}

function address() {
  const fragment = location.hash.slice(1) === 'lab' ? '' : location.hash.slice(1);
  return embedded && !/(^|&)panel=/.test(fragment) ? `${fragment}&panel=compact` : fragment;
}

async function start() {
  if (embedded && parent !== window) addEventListener('message', onMessage);
  showView();
  /** @type {string[]} Some verdicts stand before the first step; they are told after `ready`. */ const early = [];
  try {
    if (embedded) await shown();
    const { createLab } = await import('./lab.js');
    lab = await createLab({
      container: byId('lab'),
      pageHasControls: !embedded,
      address: story?.telling() ? 'panel=figure' : address(),
      onAddress(fragment, push) {
        if (story?.telling()) story.edited();
        else showAddress(fragment, push);
      },
      onEvent: (event) => lab === undefined ? early.push(event) : tell(event),
    });
    for (const old of document.querySelectorAll('#message, .poster')) old.remove();
    for (const [id, title] of lab.scenarios()) scenario.add(new Option(title, id));
    wireToolbar();
    wireDrop();
    refreshToolbar();
    story?.begin(lab);
    if (playInView) {
      playInView = false;
      lab.play();
    }
    isReady(api);
    for (const event of ['ready', ...early]) tell(event);
    speak();
    keepForOffline();
    if (!embedded) keepForTab(lab, () => showAddress(use().address(), true), () => !story?.telling()).catch(() => {});
  } catch (error) {
    complain(error);
    hasFailed(error);
  }
}
addEventListener('popstate', () => {
  remember(stepWanted() === undefined ? 'lab' : 'story');
  showView();
});
start();
