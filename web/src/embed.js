// @ts-check
// embed.js: <attention-svm scenario="plane" height="420"></attention-svm> in anybody's page. A picture and a
// play button at once; the lab itself, one download and one compiled module for all elements of a page, only
// when the element comes near the viewport or is pressed. Documented in docs/embedding.md.

const base = new URL('.', /** @type {HTMLScriptElement} */ (document.currentScript).src);

/** Attributes with a meaning of their own; any other is a setting of the address. */
const special = new Set(['id', 'class', 'style', 'slot', 'hidden', 'title', 'lang', 'dir', 'tabindex', 'role', 'height',
  'dataset', 'part']);
const defaults = { scenario: 'plane', panel: 'compact' };

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host { display: block; position: relative; height: 420px; min-height: 160px; contain: content; border: 1px solid #c9ced8;
  border-radius: 10px; overflow: hidden; background: #f4f5f7; color: #1b1f27; font: 15px/1.4 system-ui, sans-serif; }
:host([hidden]) { display: none; }
:host([theme="dark"]) { background: #101318; color: #e8eaee; border-color: #3a424f; }
@media (prefers-color-scheme: dark) {
  :host(:not([theme="light"])) { background: #101318; color: #e8eaee; border-color: #3a424f; }
}
div, img { position: absolute; inset: 0; width: 100%; height: 100%; }
img { object-fit: cover; object-position: top; }
button { position: absolute; left: 50%; top: 50%; transform: translate(-50%, -50%); font: inherit; font-weight: 600;
  padding: 10px 22px; border: 0; border-radius: 999px; background: #1f5fbf; color: #fff; cursor: pointer; }
button:focus-visible { outline: 3px solid #ffd166; outline-offset: 2px; }
p { position: absolute; inset: auto 0 0; margin: 0; padding: 8px 12px; background: #fff3d6; color: #4a3300; }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; touch-action: pan-y pinch-zoom; outline-offset: -2px; }
[hidden] { display: none; }
.live { width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`);

/** @type {Promise<[typeof import('./lab.js'), WebAssembly.Module]> | undefined} */
let shared;
/** Compiles while downloading, where the host names the file's type rightly. */
async function compiledLab() {
  const response = await fetch(new URL('lab.wasm', base).href);
  if (!response.ok) throw new Error(`The lab could not be loaded (${response.status}). Load the page again.`);
  const streaming = response.headers.get('content-type') === 'application/wasm';
  return streaming ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** The lab's script and its compiled module, once for the page; after a failure the next element tries again. */
function sharedLab() {
  shared ??= Promise.all([import(new URL('lab.js', base).href), compiledLab()]).catch((error) => {
    shared = undefined;
    throw error;
  });
  return shared;
}

class AttentionSvmElement extends HTMLElement {
  static observedAttributes = ['scenario', 'seed', 'theme', 'plots', 'panel', 'height'];

  /** @type {import('./lab.js').LabHandle | undefined} */ #lab;
  /** @type {Promise<void> | undefined} */ #loading;
  #size = new CSSStyleSheet();
  #root = this.attachShadow({ mode: 'open' });
  #wasPlaying = false;
  /** @type {IntersectionObserver | undefined} */ #near;
  /** @type {IntersectionObserver | undefined} */ #view;
  /** @type {(element: AttentionSvmElement) => void} */ #resolveReady = () => {};
  /** @type {(error: unknown) => void} */ #rejectReady = () => {};
  /** Fulfilled when the lab is there, rejected when it could not be loaded. @type {Promise<AttentionSvmElement>} */
  ready = new Promise((resolve, reject) => {
    this.#resolveReady = resolve;
    this.#rejectReady = reject;
  });

  constructor() {
    super();
    this.ready.catch(() => {});
    this.#root.adoptedStyleSheets = [sheet, this.#size];
  }

  connectedCallback() {
    this.#applyHeight();
    if (this.#lab !== undefined || this.#loading !== undefined) return;
    this.#showPoster();
    this.#near = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.#load(this.hasAttribute('autoplay'));
    }, { rootMargin: '300px' });
    this.#near.observe(this);
  }

  disconnectedCallback() {
    queueMicrotask(() => {
      if (this.isConnected) return;  // it was only moved
      this.#near?.disconnect();
      this.#view?.disconnect();
      this.#lab?.destroy();
      this.#lab = undefined;
      this.#loading = undefined;
      this.#root.replaceChildren();
    });
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (name === 'height') this.#applyHeight();
    else if (before !== now && this.#lab !== undefined) this.#lab.loadAddress(this.#address());
  }

  #applyHeight() {
    const height = Number.parseFloat(this.getAttribute('height') ?? '');
    this.#size.replaceSync(height > 0 ? `:host { height: ${height}px }` : '');
  }

  /** The attributes as settings in the syntax of the address. */
  #address() {
    /** @type {Record<string, string>} */ const settings = { ...defaults };
    for (const { name, value } of this.attributes)
      if (!special.has(name) && !/^(on|aria-|data-)/.test(name)) settings[name] = value;
    // Attribute names are lower case; some settings are not.
    const names = /** @type {Record<string, string>} */ ({ t: 'T', w0: 'W0', k0: 'K0', q0: 'Q0' });
    return Object.entries(settings)
      .map(([key, value]) => `${names[key] ?? key}=${encodeURIComponent(value === '' ? '1' : value)}`).join('&');
  }

  #showPoster() {
    const picture = document.createElement('img');
    picture.alt = '';
    picture.src = new URL(`posters/${this.getAttribute('scenario') ?? defaults.scenario}.webp`, base).href;
    picture.addEventListener('error', () => picture.remove());
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = '▶ Play';
    button.setAttribute('aria-label', `▶ Play: attention in training, ${this.getAttribute('scenario') ?? defaults.scenario}`);
    button.addEventListener('click', () => this.#load(true));
    this.#root.replaceChildren(picture, button);
  }

  /** @param {boolean} play */
  async #load(play) {
    this.#near?.disconnect();
    this.#loading ??= this.#create();
    await this.#loading;
    if (play) this.#lab?.play();
  }

  async #create() {
    try {
      const [{ createLab }, wasmModule] = await sharedLab();
      const container = document.createElement('div');
      const live = document.createElement('p');
      live.className = 'live';
      live.setAttribute('aria-live', 'polite');
      this.#root.prepend(container);
      const lab = await createLab({
        container, wasmModule, address: this.#address(),
        onEvent: (event) => {
          if (event === 'verdict') live.textContent = this.#lab?.description() ?? '';
          this.#tell(event);
        },
      });
      if (!this.isConnected) {
        lab.destroy();
        return;
      }
      this.#lab = lab;
      for (const old of this.#root.querySelectorAll('img, button')) old.remove();
      this.#root.append(live);
      await this.#openDataset();
      this.#watchView();
      this.#resolveReady(this);
      this.#tell('ready');
    } catch (error) {
      const message = document.createElement('p');
      message.textContent = error instanceof Error ? error.message : String(error);
      this.#root.append(message);
      this.#rejectReady(error);
    }
  }

  async #openDataset() {
    const url = this.getAttribute('dataset');
    if (url === null || this.#lab === undefined) return;
    const response = await fetch(new URL(url, document.baseURI));
    if (!response.ok) throw new Error(`The dataset ${url} could not be loaded (${response.status}). Check its address.`);
    const problem = await this.#lab.openFile(new File([await response.blob()], url.split('/').pop() ?? url));
    if (problem !== '') throw new Error(`The dataset ${url} does not fit: ${problem}`);
  }

  /** Out of view nothing trains and nothing is drawn. */
  #watchView() {
    this.#view = new IntersectionObserver((entries) => {
      const entry = entries[entries.length - 1];
      const lab = this.#lab;
      if (lab === undefined) return;
      lab.setVisible(entry.isIntersecting);
      if (entry.isIntersecting) {
        if (this.#wasPlaying) lab.play();
        this.#wasPlaying = false;
      } else if (lab.playing()) {
        this.#wasPlaying = true;
        lab.pause();
      }
    });
    this.#view.observe(this);
  }

  /** @param {string} event */
  #tell(event) {
    const detail = event === 'ready' ? undefined : this.#lab?.metrics();
    this.dispatchEvent(new CustomEvent(`attention-svm:${event}`, { detail, bubbles: true, composed: true }));
  }

  get #loaded() {
    if (this.#lab === undefined) throw new Error('the lab is still loading: wait for the element\'s ready');
    return this.#lab;
  }
  state() { return this.#loaded.state(); }
  /** @param {object} state */
  load(state) { return this.#loaded.load(state); }
  metrics() { return this.#loaded.metrics(); }
  play() { this.#load(true); }
  pause() { this.#loaded.pause(); }
  /** @param {number} [n] */
  step(n) { this.#loaded.step(n); }
  reset() { this.#loaded.reset(); }
}

customElements.define('attention-svm', AttentionSvmElement);
