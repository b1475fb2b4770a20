// SPDX-License-Identifier: MIT
// @ts-check
// One lab on one canvas: loads the module, sizes the canvas, runs frames only while something moves.
import createLabModule from './lab.mjs';
import { chooseFile, copyText, download } from './browser.js';
import { keepDataset, findDataset } from './datasets.js';
import { compileWasm, harmless, instantiate } from './instance.js';
import { endIdleWorkers, startJob } from './jobs.js';
import { lacking, needs } from './needs.js';
import { wholeNumber } from './numbers.js';

/**
 * @typedef {object} LabOptions
 * @property {HTMLElement} container    the canvas fills it and follows its size
 * @property {string} [address]         settings in the syntax of the page's address
 * @property {WebAssembly.Module} [wasmModule]  compiled once, shared by many labs
 * @property {boolean} [pageHasControls]  the page around it has scenarios, play, step and reset
 * @property {boolean} [dark]           colours while the theme is "auto"; default: what the system prefers
 * @property {(fragment: string, push: boolean) => void} [onAddress]
 * @property {(event: 'ready' | 'progress' | 'verdict') => void} [onEvent]
 */

/** The folder of the lab, with the slash at its end. */
const site = new URL('.', import.meta.url).href;

/** Its message is for the reader. */
export class LabError extends Error {
  name = 'LabError';
}

let labs = 0;  // on this page
const SLICE = 8;  // milliseconds of a frame that steps may take

/** Compiled once, for all labs of the page and for those that are rebuilt. @type {Promise<WebAssembly.Module> | undefined} */
let compiled;
function compiledLab() {
  compiled ??= compileWasm(new URL('lab.wasm', import.meta.url)).catch((error) => {
    compiled = undefined;
    throw error;
  });
  return compiled;
}

function newCanvas() {
  const canvas = document.createElement('canvas');
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', 'Attention SVM Lab: plots and controls. Space plays, right arrow steps, r resets.');
  return canvas;
}

/** For methods that are called while there is no lab. */
const nobody = new Proxy({}, { get: () => () => { throw new LabError('the lab is being rebuilt: try again in a moment'); } });
const PATIENCE = 5000;  // milliseconds for a graphics context to come back
const APART = 20000;    // milliseconds between two ends that have nothing to do with each other

/** @param {LabOptions} options */
export async function createLab(options) {
  const { container } = options;
  const lacks = lacking();
  if (lacks !== '') throw new LabError(lacks);
  const probe = document.createElement('canvas').getContext('webgl2');
  if (probe === null) throw new LabError(needs.webgl);
  probe.getExtension('WEBGL_lose_context')?.loseContext();

  let canvas = newCanvas();
  /** @type {any} */ let lab = nobody;
  let destroyed = false;
  let visible = true;
  let lost = false;  // the graphics context
  /** @type {number} */ let requested = 0;
  /** @type {{name: string, x: number, y: number, width: number, height: number}[]} */
  const pictures = [];
  /** What ends each job that runs in the background. @type {Map<number, () => void>} */
  const jobs = new Map();
  /** Files that the lab has opened, for when it is rebuilt where there is no storage. @type {Map<string, Uint8Array>} */
  const files = new Map();
  /** @type {((problem: string) => void)[]} */ let opening = [];

  const host = harmless({
    // Only the page knows where it is: links begin with #, and code to embed names the site SITE.
    copyText: (/** @type {string} */ text) =>
      copyText(text.startsWith('#') ? `${location.href.split('#')[0]}${text}` : text.replaceAll('{SITE}', site)),
    saveFile: (/** @type {string} */ name, /** @type {string} */ mime, /** @type {string} */ bytes) =>
      download(new Blob([bytes], { type: mime }), name),
    savePicture: (/** @type {string} */ name, /** @type {number} */ x, /** @type {number} */ y,
      /** @type {number} */ width, /** @type {number} */ height) => {
      pictures.push({ name, x, y, width, height });
      wake();
    },
    askForFile: async () => {
      const file = await chooseFile();
      if (file !== undefined) await openFile(file);
    },
    addressChanged: (/** @type {string} */ fragment, /** @type {boolean} */ push) => options.onAddress?.(fragment, push),
    notify: (/** @type {'progress' | 'verdict'} */ event) => options.onEvent?.(event),
    keepDataset: async (/** @type {string} */ hash, /** @type {Uint8Array} */ view) => {
      const bytes = view.slice();
      files.set(hash, bytes);
      if (files.size > 4) files.delete(/** @type {string} */ (files.keys().next().value));
      if (await keepDataset(hash, bytes)) return;
      lab.tell('This browser\'s storage is full: the data lives as long as this page. Save a session to keep it.');
      wakeInput();
    },
    fileOpened: (/** @type {string} */ problem) => {
      for (const resolve of opening.splice(0)) resolve(problem);
    },
    startJob: (/** @type {number} */ id, /** @type {Uint8Array} */ request) => {
      jobs.set(id, startJob(request.slice(), ({ progress, finished, answer, error }) => {
        if (finished) jobs.delete(id);
        lab.jobAnswered(id, progress, finished, answer, error);
        wakeInput();
      }));
    },
    stopJob: (/** @type {number} */ id) => {
      jobs.get(id)?.();
      jobs.delete(id);
    },
    // Private windows and sandboxed frames have no storage: then nothing is remembered.
    remember: (/** @type {string} */ key, /** @type {string} */ value) => {
      try {
        localStorage.setItem(`attention-svm:${key}`, value);
      } catch { /* see above */ }
    },
    remembered: (/** @type {string} */ key) => {
      try {
        return localStorage.getItem(`attention-svm:${key}`) ?? '';
      } catch {
        return '';
      }
    },
  });

  const ratio = () => window.devicePixelRatio || 1;
  const size = () => /** @type {const} */ ([Math.max(container.clientWidth, 50), Math.max(container.clientHeight, 50)]);
  /** @type {WEBGL_lose_context | null | undefined} Kept: a lost context hands out no extensions, and this one restores it. */
  let graphics;
  let wantsGraphics = true;
  let released = false;  // the context was lost because we gave it back
  /** Losing and restoring take a while: called again when either is done. */
  function followGraphics() {
    if (destroyed || wantsGraphics !== lost) return;
    if (!wantsGraphics) graphics?.loseContext();
    else if (released) graphics?.restoreContext();
    released = !wantsGraphics;
  }

  /** A new instance on the canvas. @param {string} address */
  async function make(address) {
    const wasm = options.wasmModule ?? await compiledLab();
    const module = await new Promise((resolve, reject) => createLabModule({
      canvas, instantiateWasm: instantiate(wasm, reject, ended),
    }).then(resolve, reject));
    if (destroyed) return;
    container.append(canvas);
    lab = new module.Lab(host, address, ...size(), ratio());
    if (!lab.ready()) throw new LabError('The lab could not start WebGL 2. Close other pages that draw in 3D and load this one again.');
    lab.setPageHasControls(options.pageHasControls ?? false);
    graphics = canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context');
    lost = released = false;
  }

  // Whatever ends the instance, another one takes its place: at the same address, with the same undo, trained to
  // the same iteration, which gives the same bits.
  let keepsake = '';
  let kept = 0;  // when
  function keep() {
    if (lab === nobody || performance.now() - kept < 500) return;
    kept = performance.now();
    keepsake = lab.keepsake();
  }
  /** @param {string} text */
  async function restore(text) {
    for (const [, hash] of text.matchAll(/file(?::|%3a)([0-9a-f]{16})/gi)) {
      const bytes = files.get(hash) ?? await findDataset(hash);
      if (destroyed) return;
      if (bytes !== undefined) lab.datasetFound(hash, bytes);
    }
    const problem = lab.restore(text);
    if (problem !== '') lab.tell(problem);
  }
  /** @type {number[]} */ let ends = [];
  let starting = true;
  /** The instance has come to an end. @param {unknown} error */
  function ended(error) {
    if (destroyed) return;
    const why = /memory|alloc|OOM/i.test(String(error)) ? 'it needed more memory than the browser gives' : 'of an error in it';
    ends = [...ends.filter((at) => performance.now() - at < APART), performance.now()];
    let text = keepsake;
    if (ends.length > 1 && text !== '') text = JSON.stringify({ ...JSON.parse(text), iteration: 0, playing: false });
    if (starting || ends.length > 4) return;
    if (ends.length > 2) text = '';
    rebuild(text, `The lab has stopped because ${why}. ${['It was rebuilt, and goes on where it was.',
      'It was rebuilt without what it had trained: press play when the settings are right.'][ends.length - 1] ??
      'It stopped again and again with these settings: here is the start page.'}`).catch(giveUp);
  }
  /** @param {unknown} error */
  const giveUp = (error) => ask(`${error instanceof Error ? error.message : error}`, 'Try again', () => rebuild(keepsake, ''));

  /** @type {HTMLElement | undefined} */ let asking;
  /** A sentence and a way out over the canvas. @param {string} text @param {string} label @param {() => Promise<void>} way */
  function ask(text, label, way) {
    asking?.remove();
    if (destroyed) return;
    asking = document.createElement('p');
    asking.setAttribute('role', 'alert');
    asking.className = 'notice';
    Object.assign(asking.style, { position: 'absolute', inset: '0 0 auto', zIndex: '1' });  // over the canvas
    asking.append(text, ' ');
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    Object.assign(button.style, { position: 'static', transform: 'none' });  // in the element buttons lie elsewhere
    button.addEventListener('click', () => way().catch(giveUp));
    asking.append(button);
    container.prepend(asking);
  }

  /** @param {string} text a keepsake @param {string} sentence about it; may be empty */
  async function rebuild(text, sentence) {
    lab = nobody;
    for (const stop of jobs.values()) stop();
    jobs.clear();
    host.fileOpened('the lab was rebuilt meanwhile: open the file again');
    canvas.remove();
    canvas = newCanvas();
    wireCanvas();
    await make('');
    if (destroyed) return;
    if (text !== '') await restore(text);
    asking?.remove();
    if (sentence !== '') lab.tell(sentence);
    options.onAddress?.(lab.address(), false);
    followSystem();
    setTimeout(followGraphics);
    wakeInput();
  }

  const darkQuery = matchMedia('(prefers-color-scheme: dark)');
  const motionQuery = matchMedia('(prefers-reduced-motion: reduce)');
  const followSystem = () => {
    if (lab === nobody) return;
    lab.setDarkSystem(options.dark ?? darkQuery.matches);
    lab.setReducedMotion(motionQuery.matches);
    wake();
  };

  function tick() {
    requested = 0;
    if (destroyed || lost || lab === nobody) return;
    const more = lab.frame();
    for (const picture of pictures.splice(0)) takePicture(picture);
    keep();
    if (more && visible && !document.hidden) wake();
  }
  function wake() {
    if (destroyed || requested !== 0 || document.hidden) return;
    requested = requestAnimationFrame(tick);
  }
  const wakeInput = () => {
    if (destroyed || lab === nobody) return;
    lab.wake();
    wake();
  };

  /** The plot's part of the canvas, read in the frame that drew it. @param {typeof pictures[0]} p */
  function takePicture(p) {
    const scale = canvas.width / canvas.clientWidth;
    const copy = document.createElement('canvas');
    copy.width = Math.round(p.width * scale);
    copy.height = Math.round(p.height * scale);
    copy.getContext('2d')?.drawImage(canvas, p.x * scale, p.y * scale, copy.width, copy.height, 0, 0, copy.width, copy.height);
    copy.toBlob(async (blob) => {
      if (blob === null) return;
      try {
        await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
      } catch {
        download(blob, p.name);
      }
    });
  }

  /** @param {File} file @returns {Promise<string>} empty, or why it was refused */
  async function openFile(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return await openBytes(file.name, bytes);
  }
  /** @param {string} name @param {Uint8Array} bytes @returns {Promise<string>} */
  function openBytes(name, bytes) {
    const problem = lab.openFile(name, bytes);
    wakeInput();
    return lab.opening() ? new Promise((resolve) => opening.push(resolve)) : Promise.resolve(problem);
  }

  const inputs = ['mousemove', 'mousedown', 'mouseup', 'mouseleave', 'wheel', 'keydown', 'keyup', 'touchstart', 'touchmove', 'touchend', 'focus', 'blur'];
  const onPaste = (/** @type {ClipboardEvent} */ event) => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text === '' || event.composedPath()[0] !== canvas && document.activeElement !== canvas) return;
    if (lab.wantsText()) lab.typeText(text);
    else openBytes(text.trimStart().startsWith('{') ? 'pasted.json' : 'pasted.csv', new TextEncoder().encode(text));
    wakeInput();
  };
  window.addEventListener('paste', onPaste);
  window.addEventListener('mouseup', wakeInput);
  function wireCanvas() {
    const mine = canvas;
    for (const type of inputs) mine.addEventListener(type, wakeInput, { passive: true });
    mine.addEventListener('contextmenu', (event) => event.preventDefault());
    mine.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      if (destroyed || mine !== canvas || lab === nobody) return;
      lost = true;
      lab.contextLost();
      setTimeout(followGraphics);  // the browser allows to restore only after this event
      setTimeout(() => {
        if (lost && wantsGraphics && mine === canvas)
          ask('The browser took the graphics away and has not given them back.', 'Draw again', () => rebuild(lab.keepsake(), ''));
      }, PATIENCE);
    });
    mine.addEventListener('webglcontextrestored', () => {
      if (destroyed || mine !== canvas || lab === nobody) return;
      lost = false;
      asking?.remove();
      lab.contextRestored();
      wake();
      setTimeout(followGraphics);
    });
  }
  const resize = () => {
    if (destroyed || lab === nobody) return;
    lab.resize(...size(), ratio());
    wakeInput();
  };
  const observer = new ResizeObserver(resize);
  observer.observe(container);
  let ratioQuery = matchMedia(`(resolution: ${ratio()}dppx)`);
  const onRatio = () => {
    resize();
    ratioQuery.removeEventListener('change', onRatio);
    ratioQuery = matchMedia(`(resolution: ${ratio()}dppx)`);
    ratioQuery.addEventListener('change', onRatio);
  };
  ratioQuery.addEventListener('change', onRatio);
  darkQuery.addEventListener('change', followSystem);
  motionQuery.addEventListener('change', followSystem);
  const onVisibility = () => wakeInput();
  document.addEventListener('visibilitychange', onVisibility);

  /** Datasets that an address names are looked for in the browser's storage. @param {string} address */
  async function fetchNamedDataset(address) {
    const hash = /(?:^|&)data=file(?::|%3a)([0-9a-f]+)/i.exec(address)?.[1];
    if (hash === undefined) return;
    const bytes = files.get(hash) ?? await findDataset(hash);
    if (bytes === undefined || destroyed) return;
    lab.datasetFound(hash, bytes);
    lab.loadAddress(address);
    wakeInput();
  }
  wireCanvas();
  try {
    await make(options.address ?? '');
  } catch (error) {
    if (ends.length === 0) throw error;  // it could not be made at all
    await rebuild('', 'These settings need more than the browser gives: here is the start page.');
  }
  starting = false;
  followSystem();
  await fetchNamedDataset(options.address ?? '');
  tick();

  /** @param {() => void} change */
  const andWake = (change) => {
    steppings += 1;  // who says what happens now ends steps that are still to come
    change();
    wakeInput();
  };
  let steppings = 0;
  let atOnce = 1;  // steps that take about a millisecond

  /** As many steps as fit into a part of a frame. @param {number} count @returns {number} how many are left */
  function stepFor(count) {
    for (const end = performance.now() + SLICE; count > 0 && performance.now() < end;) {
      const some = Math.min(atOnce, count), before = performance.now();
      lab.step(some);
      count -= some;
      const took = performance.now() - before;
      if (took < 1) atOnce *= 2;
      else if (took > 3) atOnce = Math.max(1, Math.floor(atOnce / 2));
    }
    wakeInput();
    return count;
  }
  labs += 1;
  return {
    get canvas() { return canvas; },
    /** What this lab has come to, for another one. @returns {string} */
    keepsake: () => lab === nobody ? keepsake : lab.keepsake(),
    /** @param {string} text */
    async restore(text) {
      await restore(text);
      wakeInput();
    },
    /** @returns {Record<string, string>} */
    state: () => JSON.parse(lab.state()),
    /** @param {object} state @returns {string[]} what could not be used */
    load(state) {
      steppings += 1;
      const notices = lab.load(JSON.stringify(state));
      wakeInput();
      return notices === '' ? [] : notices.split('\n');
    },
    /** @param {string} fragment */
    async loadAddress(fragment) {
      steppings += 1;
      lab.loadAddress(fragment);
      wakeInput();
      await fetchNamedDataset(fragment);
    },
    address: () => /** @type {string} */ (lab.address()),
    /** @returns {[string, string][]} id and title */
    scenarios: () => JSON.parse(lab.scenarios()),
    metrics: () => JSON.parse(lab.metrics()),
    description: () => /** @type {string} */ (lab.description()),
    play: () => andWake(() => lab.play()),
    pause: () => andWake(() => lab.pause()),
    playing: () => /** @type {boolean} */ (lab.playing()),
    /** @param {number} [count] */
    step: (count = 1) => andWake(() => lab.step(wholeNumber('count', count))),
    /**
     * The same, but never longer than a part of a frame at a time.
     * @param {number} [count] @returns {Promise<void>} kept when all are done, or something else is to happen
     */
    stepInSlices(count = 1) {
      let left = wholeNumber('count', count);
      const mine = steppings += 1;
      return new Promise((resolve) => {
        const more = () => {
          if (!destroyed && steppings === mine) left = stepFor(left);
          else left = 0;
          if (left > 0) setTimeout(more, SLICE);
          else resolve();
        };
        more();
      });
    },
    /** What could not be used of an address, a sentence each; then it is no longer on screen. @returns {string[]} */
    takeNotices() {
      const notices = /** @type {string} */ (lab.takeNotices());
      return notices === '' ? [] : notices.split('\n');
    },
    /** The run as it was, or will be, at that iteration. @param {number} iteration */
    seek: (iteration) => andWake(() => lab.seek(wholeNumber('iteration', iteration))),
    reset: () => andWake(() => lab.reset()),
    openFile,
    /** Gives the graphics context back, or takes one again: browsers allow about 16 a page. @param {boolean} on */
    setGraphics(on) {
      wantsGraphics = on;
      followGraphics();
    },
    /** Out of view nothing is drawn. @param {boolean} shown */
    setVisible(shown) {
      visible = shown;
      if (shown) wakeInput();
    },
    destroy() {
      destroyed = true;
      for (const stop of jobs.values()) stop();
      labs -= 1;
      if (labs === 0) endIdleWorkers();
      cancelAnimationFrame(requested);
      observer.disconnect();
      ratioQuery.removeEventListener('change', onRatio);
      darkQuery.removeEventListener('change', followSystem);
      motionQuery.removeEventListener('change', followSystem);
      document.removeEventListener('visibilitychange', onVisibility);
      window.removeEventListener('paste', onPaste);
      window.removeEventListener('mouseup', wakeInput);
      asking?.remove();
      if (lab !== nobody) lab.delete();
      // A page may hold about 16 contexts: give this one back now, not when garbage is collected.
      if (!lost) graphics?.loseContext();
      canvas.remove();
    },
  };
}

/** @typedef {Awaited<ReturnType<typeof createLab>>} LabHandle */
