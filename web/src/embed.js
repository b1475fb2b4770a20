// SPDX-License-Identifier: MIT
// @ts-check
// embed.js: <attention-svm scenario="plane" height="420"></attention-svm> in anybody's page. A picture and a
// play button at once; the lab itself, one download and one compiled module for all elements of a page, only
// when the element comes near the viewport or is pressed. Documented in docs/embedding.md.
import { lacking } from './needs.js';
import { showPosterOf } from './poster.js';

/** Imported on a server, which has no page, it defines nothing and does no harm. */
const hasPage = typeof HTMLElement === 'function' && typeof document === 'object';
const script = !hasPage ? null : /** @type {HTMLScriptElement | null} */
  (document.currentScript ?? document.querySelector('script[src*="embed.js"]'));
/** In a bundle the script's own address says nothing: <meta name="attention-svm" content="/folder/of/the/lab/">. */
const told = hasPage ? document.querySelector('meta[name="attention-svm"]')?.getAttribute('content') ?? '' : '';
const base = new URL(told.replace(/([^/])$/, '$1/') || '.', !hasPage ? 'file:///' : told === '' && script?.src || document.baseURI);

/** Attributes of HTML, of this element, and of whatever has a hyphen, a colon or the like in its name. */
const elsewhere = new Set(['accesskey', 'autocapitalize', 'autocorrect', 'autofocus', 'class', 'contenteditable', 'dir', 'draggable',
  'enterkeyhint', 'exportparts', 'hidden', 'id', 'inert', 'inputmode', 'is', 'itemid', 'itemprop', 'itemref', 'itemscope', 'itemtype',
  'lang', 'nonce', 'part', 'popover', 'role', 'slot', 'spellcheck', 'style', 'tabindex', 'title', 'translate', 'virtualkeyboardpolicy',
  'writingsuggestions', 'xmlns', 'height', 'dataset', 'autoplay']);
/** All others are settings of the address. @param {string} name */
const isSetting = (name) => /^(?!on)[a-z][a-z0-9]*$/.test(name) && !elsewhere.has(name);
/** Settings of which training knows nothing. */
const looks = new Set(['theme', 'panel', 'plots', 'speed']);
/** @type {Record<string, string>} */ const defaults = { scenario: 'plane', panel: 'compact' };
/** Attribute names are lower case; some settings are not. @type {Record<string, string>} */
const upperCase = { t: 'T', w0: 'W0', k0: 'K0', q0: 'Q0' };

/** Browsers take the oldest graphics context of a page away when it asks for a seventeenth. */
const MOST_LIVE = 12;
/** Elements with a graphics context, oldest first. @type {Set<AttentionSvmElement>} */ const live = new Set();
/** Near the viewport, without one. @type {Set<AttentionSvmElement>} */ const waiting = new Set();

// `all: initial` stops what would be inherited from the page; important rules in here win over the page's.
const rules = `
:host { display: block !important; position: relative !important; box-sizing: content-box !important; padding: 0 !important;
  overflow: hidden !important; contain: content !important; height: 420px; min-height: 160px;
  border: 1px solid #c9ced8; border-radius: 10px; background: #f4f5f7; }
:host([hidden]) { display: none !important; }
* { all: initial; visibility: inherit; box-sizing: border-box; font: 15px/1.4 system-ui, sans-serif; color: #1b1f27; }
:host([theme="dark"]) { background: #101318; border-color: #3a424f; }
:host([theme="dark"]) img { filter: invert(0.93) hue-rotate(180deg); }
@media (prefers-color-scheme: dark) {
  :host(:not([theme="light"])) { background: #101318; border-color: #3a424f; }
  :host(:not([theme="light"])) img { filter: invert(0.93) hue-rotate(180deg); }
}
div, img, canvas { display: block; position: absolute; inset: 0; width: 100%; height: 100%; }
img { object-fit: contain; }
slot, .late { display: none; }
canvas { touch-action: pan-y pinch-zoom; }
canvas:focus-visible { outline: 2px solid #1f5fbf; outline-offset: -2px; }
button { display: block; position: absolute; left: 50%; top: 50%; transform: translate(-50%, -50%); font-weight: 600;
  padding: 10px 22px; border-radius: 999px; background: #1f5fbf; color: #fff; cursor: pointer; }
button:focus-visible { outline: 3px solid #ffd166; outline-offset: 2px; }
p { display: block; position: absolute; inset: auto 0 0; padding: 8px 12px; background: #fff3d6; color: #4a3300; }
.live { width: 1px; height: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); }
@media print {
  :host(:not(:empty)) { height: auto; border: none; }
  :host(:not(:empty)) slot { display: block; position: static; }
  :host(:not(:empty)) img, div, button, p { display: none; }
  .late { display: block; }
}
`;
/** @type {CSSStyleSheet | undefined} */ let sheet;
/** Why the lab cannot be here; empty when it can. */
function lacks() {
  if (sheet !== undefined) return '';
  const reason = lacking();
  if (reason !== '') return reason;
  try {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    return '';
  } catch {
    return 'This figure needs constructable style sheets, which this browser does not know. Try a current Firefox, Chrome, Edge or Safari.';
  }
}

/** @type {Promise<[typeof import('./lab.js'), WebAssembly.Module]> | undefined} */
let shared;
/** Compiles while downloading, where the host names the file's type rightly. */
async function compiledLab() {
  const response = await fetch(new URL('lab.wasm', base).href);
  if (!response.ok) throw new Error(`The lab could not be loaded (${response.status}). Load the page again.`);
  const streaming = response.headers.get('content-type') === 'application/wasm';
  return streaming ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** What a failed download is about: browsers only say "Failed to fetch". @param {unknown} error @param {URL} url @param {string} what */
async function explained(error, url, what) {
  if (error instanceof WebAssembly.CompileError) return new Error('The lab arrived incomplete. Load the page again.');
  if (!(error instanceof TypeError)) return error;
  const there = url.origin !== location.origin && await fetch(url, { mode: 'no-cors' }).then(() => true, () => false);
  return new Error(there
    ? `${url.host} keeps ${what} from this page: it must send the header Access-Control-Allow-Origin (CORS).`
    : `${what[0].toUpperCase() + what.slice(1)} could not be loaded. Check the network and try again.`);
}

/** The lab's script and its compiled module, once for the page; after a failure the next element tries again. */
function sharedLab() {
  shared ??= Promise.all([import(/* @vite-ignore */ /* webpackIgnore: true */ new URL('lab.js', base).href), compiledLab()]).catch(async (error) => {
    shared = undefined;
    // Perhaps this script is an old one from the browser's cache, and names files that are gone: refresh it.
    if (script !== null) fetch(script.src, { cache: 'reload' }).catch(() => {});
    throw await explained(error, new URL('lab.wasm', base), 'the lab');
  });
  return shared;
}

/** @param {(element: AttentionSvmElement, isIntersecting: boolean) => void} report @param {string} [rootMargin] */
const observer = (report, rootMargin) => /** @type {IntersectionObserver} */ (hasPage ? new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) report(/** @type {AttentionSvmElement} */ (target), isIntersecting);
}, { rootMargin }) : undefined);

class AttentionSvmElement extends (hasPage ? HTMLElement : /** @type {typeof HTMLElement} */ (/** @type {unknown} */ (Object))) {
  // One observer for all elements reports them in their order on the page.
  static #near = observer((element, isNear) => isNear ? element.#wake(false) : element.#rest(), '400px');
  static #view = observer((element, isInView) => {
    element.#inView = isInView;
    element.#settle();
  });

  /** @type {import('./lab.js').LabHandle | undefined} */ #lab;
  /** Of the time between insertion and removal; what belongs to an earlier one ends. @type {object | undefined} */ #life;
  /** @type {Promise<void> | undefined} */ #creating;
  /** @type {CSSStyleSheet | undefined} */ #size;
  #root = this.attachShadow({ mode: 'open' });
  #inView = false;
  #failed = false;
  #isReady = false;
  #playWhenShown = false;
  /** @type {MutationObserver | undefined} */ #attributes;
  /** @type {(element: AttentionSvmElement) => void} */ #resolveReady = () => {};
  /** @type {(error: unknown) => void} */ #rejectReady = () => {};
  /** @type {Promise<AttentionSvmElement>} */ #ready = this.#newReady();

  constructor() {
    super();
    if (lacks() !== '') return;
    this.#size = new CSSStyleSheet();
    this.#root.adoptedStyleSheets = [/** @type {CSSStyleSheet} */ (sheet), this.#size];
  }

  #newReady() {
    /** @type {Promise<AttentionSvmElement>} */ const ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    ready.catch(() => {});
    return ready;
  }

  /** Fulfilled when the lab is there, rejected when it could not be loaded. */
  get ready() { return this.#ready; }

  connectedCallback() {
    if (this.#life !== undefined) return;  // it was only moved
    this.#life = {};
    for (const name of reflected) this.#upgrade(name);
    // What the author wrote into the element is for print, and for browsers that cannot do this.
    this.#root.append(document.createElement('slot'));
    const reason = lacks();
    if (reason !== '') {
      this.#complain(reason);
      this.#rejectReady(new Error(reason));
      return;
    }
    this.#applyHeight();
    this.#showPoster();
    this.#attributes = new MutationObserver((records) => this.#follow(records));
    this.#attributes.observe(this, { attributes: true, attributeOldValue: true });
    AttentionSvmElement.#view.observe(this);
    AttentionSvmElement.#near.observe(this);
    if (this.autoplay && !matchMedia('(prefers-reduced-motion: reduce)').matches) this.#playWhenShown = true;
  }

  disconnectedCallback() {
    queueMicrotask(() => {
      if (this.isConnected || this.#life === undefined) return;  // it was only moved
      AttentionSvmElement.#view.unobserve(this);
      AttentionSvmElement.#near.unobserve(this);
      this.#attributes?.disconnect();
      this.#lab?.destroy();
      this.#life = this.#lab = this.#creating = this.#attributes = undefined;
      // Who waits goes on waiting; but a promise once kept does not speak for the next lab.
      if (this.#isReady || this.#failed) this.#ready = this.#newReady();
      this.#playWhenShown = this.#inView = this.#isReady = this.#failed = false;
      this.#root.replaceChildren();
      this.#rest();
    });
  }

  /** A property set before this script ran hides the accessor of the same name. @param {string} name */
  #upgrade(name) {
    if (!Object.hasOwn(this, name)) return;
    const own = /** @type {any} */ (this);
    const value = own[name];
    delete own[name];
    own[name] = value;
  }

  get autoplay() { return this.hasAttribute('autoplay'); }
  set autoplay(on) { this.toggleAttribute('autoplay', on); }

  /** @param {MutationRecord[]} records */
  #follow(records) {
    const changed = records.filter((r) => r.oldValue !== this.getAttribute(r.attributeName ?? '')).map((r) => r.attributeName ?? '');
    if (changed.includes('height')) this.#applyHeight();
    const settings = changed.filter((name) => isSetting(name) || name === 'dataset');
    if (settings.length === 0) return;
    if (this.#lab === undefined) {
      if (!live.has(this)) this.#showPoster();
      return;
    }
    if (settings.every((name) => looks.has(name))) {
      const state = this.#lab.state();
      for (const name of settings) {
        delete state[name];
        const value = this.getAttribute(name) ?? defaults[name];
        if (value !== undefined) state[name] = value;
      }
      this.#lab.load(state);
      this.#warn();
      return;
    }
    const playing = this.#lab.playing();
    this.#lab.loadAddress(this.#address());
    this.#warn();
    this.#openDataset().then(() => this.#failed && this.#isThere(), (error) => this.#complain(error));
    if (playing) this.#lab.play();
  }

  /** What the author wrote and the lab cannot use is nothing for the reader. */
  #warn() {
    for (const notice of this.#lab?.takeNotices() ?? []) console.warn(`<attention-svm> ${notice}`, this);
  }

  #applyHeight() {
    const height = Number.parseFloat(this.getAttribute('height') ?? '');
    this.#size?.replaceSync(height > 0 ? `:host { height: ${height}px }` : '');
  }

  /** The attributes as settings in the syntax of the address. */
  #address() {
    const settings = { ...defaults };
    for (const { name, value } of this.attributes) if (isSetting(name)) settings[name] = value;
    return Object.entries(settings)
      .map(([key, value]) => `${upperCase[key] ?? key}=${encodeURIComponent(value)}`).join('&');
  }

  #showPoster() {
    this.#hidePoster();
    this.#root.querySelector('img')?.remove();
    const scenario = this.getAttribute('scenario') ?? defaults.scenario;
    const picture = document.createElement('img');
    picture.alt = '';
    showPosterOf(picture, scenario, this.clientWidth, base);
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = '▶ Play';
    button.setAttribute('aria-label', `▶ Play: attention in training, ${scenario}`);
    button.addEventListener('click', () => this.play());
    this.#root.append(picture, button);
  }

  #hidePoster() {
    const focused = this.#root.activeElement?.localName === 'button';
    for (const old of this.#root.querySelectorAll('button, p:not(.live)')) old.remove();
    // A canvas does not print: the picture does.
    for (const picture of this.#root.querySelectorAll('img')) picture.className = 'late';
    if (focused) this.#lab?.canvas.focus({ preventScroll: true });
  }

  /** Takes a graphics context, and the lab when it is not there yet. @param {boolean} pressed */
  #wake(pressed) {
    if (this.#life === undefined || live.has(this)) return;
    const all = [...live];
    if (all.length >= MOST_LIVE && !pressed) {
      waiting.add(this);
      return;
    }
    live.add(this);
    waiting.delete(this);
    if (all.length >= MOST_LIVE) {
      const one = all.find((other) => !other.#inView) ?? all.find((other) => !other.#lab?.playing()) ?? all[0];
      one.#rest();
      waiting.add(one);
    }
    if (this.#lab === undefined) {
      if (this.#failed) this.#ready = this.#newReady();
      this.#failed = false;
      this.#creating ??= this.#create(this.#life);
    } else {
      this.#lab.setGraphics(true);
      this.#hidePoster();
      this.#settle();
    }
  }

  /** Far out of view, or others need it more: gives the graphics context back and shows the picture again. */
  #rest() {
    waiting.delete(this);
    if (!live.delete(this)) return;
    if (this.#lab !== undefined) {
      this.#settle();
      this.#lab.setGraphics(false);
      this.#showPoster();
    }
    const [next] = waiting;
    if (next !== undefined) next.#wake(false);
  }

  /** Trains and draws only in view. */
  #settle() {
    const lab = this.#lab;
    if (lab === undefined) return;
    const shown = this.#inView && live.has(this);
    lab.setVisible(shown);
    if (shown && this.#playWhenShown) {
      this.#playWhenShown = false;
      lab.play();
    } else if (!shown && lab.playing()) {
      this.#playWhenShown = true;
      lab.pause();
    }
  }

  /** @param {object} life */
  async #create(life) {
    try {
      const [{ createLab }, wasmModule] = await sharedLab();
      if (this.#life !== life) return;
      const container = document.createElement('div');
      this.#root.prepend(container);
      const announced = document.createElement('p');
      announced.className = 'live';
      announced.setAttribute('aria-live', 'polite');
      const heard = (/** @type {string} */ event) => {
        if (event === 'verdict') announced.textContent = this.#lab?.description() ?? '';
        this.#tell(event);
      };
      /** @type {string[]} Some verdicts stand before the first step; they are told after `ready`. */ const early = [];
      const lab = await createLab({
        container, wasmModule, address: this.#address(),
        onEvent: (event) => this.#lab === undefined ? early.push(event) : heard(event),
      });
      if (this.#life !== life) {
        lab.destroy();
        return;
      }
      this.#lab = lab;
      this.#warn();
      this.#root.append(announced);
      if (live.has(this)) this.#hidePoster();
      else lab.setGraphics(false);  // it has left meanwhile
      this.#settle();
      await this.#openDataset();
      if (this.#life !== life) return;
      this.#isThere();
      for (const event of early) heard(event);
    } catch (error) {
      if (this.#life !== life) return;
      this.#complain(error);
      this.#rejectReady(error);
      this.#failed = true;
      if (this.#lab !== undefined) return;
      live.delete(this);  // the button, still there, tries again
      this.#creating = undefined;
      this.#root.querySelector('div')?.remove();
    }
  }

  #isThere() {
    if (this.#failed) this.#ready = this.#newReady();
    this.#failed = false;
    this.#isReady = true;
    this.#root.querySelector('[role=alert]')?.remove();
    this.#resolveReady(this);
    this.#tell('ready');
  }

  /** @param {unknown} error */
  #complain(error) {
    this.#root.querySelector('[role=alert]')?.remove();
    const message = document.createElement('p');
    message.setAttribute('role', 'alert');
    message.textContent = error instanceof Error ? error.message : String(error);
    this.#root.append(message);
  }

  async #openDataset() {
    const url = this.getAttribute('dataset');
    if (url === null || this.#lab === undefined) return;
    const address = new URL(url, document.baseURI);
    const response = await fetch(address).catch(async (error) => { throw await explained(error, address, `the dataset ${url}`); });
    if (!response.ok) throw new Error(`The dataset ${url} could not be loaded (${response.status}). Check its address.`);
    const file = new File([await response.blob()], url.split('/').pop() ?? url);
    if (url !== this.getAttribute('dataset')) return;  // another one has been asked for meanwhile
    const problem = await this.#lab?.openFile(file) ?? '';
    if (problem !== '') throw new Error(`The dataset ${url} does not fit: ${problem}`);
  }

  /** @param {string} event */
  #tell(event) {
    const detail = event === 'ready' ? undefined : this.#lab?.metrics();
    this.dispatchEvent(new CustomEvent(`attention-svm:${event}`, { detail, bubbles: true, composed: true }));
  }

  get #loaded() {
    if (this.#lab === undefined) throw new Error('the lab is still loading: wait for the element\'s ready');
    const late = this.#attributes?.takeRecords() ?? [];
    if (late.length > 0) this.#follow(late);
    return this.#lab;
  }
  state() { return this.#loaded.state(); }
  /** @param {object} state */
  load(state) { return this.#loaded.load(state); }
  metrics() { return this.#loaded.metrics(); }
  /** Loads the lab when it is not there yet; trains as soon as the element is in view. */
  play() {
    this.#playWhenShown = true;
    this.#wake(true);
    this.#settle();
  }
  pause() {
    this.#playWhenShown = false;
    this.#lab?.pause();
  }
  /** Never longer than a part of a frame at a time. @param {number} [n] @returns {Promise<void>} kept when all steps are done */
  step(n) { return this.#loaded.stepInSlices(n); }
  reset() { this.#loaded.reset(); }
}

const reflected = ['scenario', 'seed', 'panel', 'plots', 'theme', 'height'];
for (const name of reflected)
  Object.defineProperty(AttentionSvmElement.prototype, name, {
    get() { return this.getAttribute(name) ?? defaults[name] ?? ''; },
    set(value) { this.setAttribute(name, String(value)); },
    enumerable: true, configurable: true,
  });
// Two scripts on one page, perhaps from two hosts: the first one serves all elements.
if (hasPage && customElements.get('attention-svm') === undefined) customElements.define('attention-svm', AttentionSvmElement);
