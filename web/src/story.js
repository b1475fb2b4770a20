// SPDX-License-Identifier: MIT
// @ts-check
// The story: steps as data, their text in index.html, their figures drawn by the lab through its public methods.

/**
 * @typedef {any} Metrics  what the lab's metrics() returns
 * @typedef {object} Step
 * @property {string} id           `#story=id`; the text is the section story-id
 * @property {string} at           settings of the figure, in the syntax of the page's address
 * @property {string} [lab]        where "open this in the lab" goes, where that is not the same data
 * @property {number} [steps]      made before the reader sees it
 * @property {number} [until]      Play goes on to this step of training
 * @property {boolean} [guessed]  the reader's rays of the step before stand beside the answer
 * @property {boolean} [playsOnEdit]  what the reader moves is played at once
 * @property {{label: string, low: number, high: number, by: number, value: number, move: (lab: Lab, value: number) => void}} [slider]
 * @property {{label: string, value: string, move: (lab: Lab, text: string) => string}} [typed]  says what is wrong with it
 * @property {[string, (lab: Lab) => void][]} [buttons]
 * @property {boolean} [choice]    of the buttons one is pressed, the first one at the start
 * @property {(m: Metrics, lab: Lab) => string} [says]
 */
/** @typedef {import('./lab.js').LabHandle} Lab */

const two = 'data=inline:-0.7,-0.85;-0.35,0.4;0.1,0.55;0.3,0.3;0.4,-0.75|-0.1,1;-0.35,-1;-0.1,-0.45;0.55,-0.2;0.8,0.5~0.58,0.82;-0.51,0.86~pp~-0.98,0.18';
const one = 'data=inline:-0.7,-0.85;-0.35,0.4;0.1,0.55;0.3,0.3;0.4,-0.75~0.58,0.82~p~-0.98,0.18';
/** Data with three choices at which training ends, each from a good part of all starts. */
const three = 'data=inline:-0.7,0.6;-0.45,0.2;0.4,-0.6;-0.65,0;-0.7,-0.25;-0.25,-0.55|-0.35,-0.25;-1,0.05;0.4,0.3;-0.2,0.35;-0.15,0.9;0.8,0.15~-0.65,0.8;-1,-0.2~pp~0.6,0.8';
const start = 'W0=-0.098,0.435,-0.867,-0.021';
const ends = 'W0=-0.62,-3.75,-4.57,0.5';
const tokens = 'layers=arrows,numbers';

/** Data for another guess: two sequences in the plane that settle soon. */
const others = [301, 470, 605, 30];
let other = 0;

/** @param {number[]} errors */
function guessText(errors) {
  const [a, b] = errors.map((error) => Math.round(error));
  const worse = Math.max(a, b);
  const praise = worse <= 5 ? 'Within five degrees: you see it!' : worse <= 15 ? 'Close.' : 'Most people are further off than they think.';
  return `Off by ${a}° for circles and ${b}° for squares. ${praise}`;
}

/** @param {Lab} lab @param {string} fields @param {number} [steps] made at once */
function change(lab, fields, steps = 0) {
  lab.load({ ...lab.state(), ...Object.fromEntries(new URLSearchParams(fields)) });
  lab.step(steps);
}

/** One word alone is read letter by letter. @param {Lab} lab @param {string} text */
function typedText(lab, text) {
  const unit = /\s/.test(text.trim()) ? 'word' : 'character';
  return lab.load({ ...lab.state(), data: 'text', text: text.trim(), unit }).join(' ');
}

/** @type {Step[]} */
export const steps = [
  { id: 'attention', at: `${one}&W0=0.9,0.3,0.2,-0.7&plots=geometry,shares&${tokens}` },
  { id: 'training', at: `${two}&${start}&plots=geometry,loss,angles&${tokens}&speed=0.75`, until: 500 },
  { id: 'guess', at: `${two}&${start}&plots=geometry&${tokens},best&guess=-90;60&speed=0.75`, until: 600,
    buttons: [['Other data', (lab) => {
      const seed = others[other++ % others.length];
      change(lab, `data=random&n=2&T=4&d=2&seed=${seed}&W0=&trainseed=2&guess=90;-90`);
    }]],
    says: (m) => m.iteration < 600 ? '' : guessText(m.guessError) },
  { id: 'band', at: `${two}&${ends}&plots=geometry&layers=rays,bands,numbers`, guessed: true,
    says: (m) => m.svmNorm === null ? 'No weights put both winners in front now. Drag a token back.'
      : `The smallest weights that keep every loser one unit behind have size ${m.svmNorm.toFixed(2)}. Weights of size one keep them ${(1 / m.svmNorm).toFixed(2)} behind, which is 1 ÷ ${m.svmNorm.toFixed(2)}: smallest weights and widest band are one answer.` },
  { id: 'why', at: `${two}&${start}&plots=losing-tokens,geometry&layers=arrows,bands,numbers`, steps: 300,
    slider: { label: 'Time', low: 0, high: 300, by: 1, value: 300, move: (lab, value) => lab.seek(value) },
    says: (m) => `Step ${m.iteration} of training` },
  { id: 'start', at: `${three}&W0=-1.83,-0.24,-0.22,-2.34&plots=basin-map,geometry&layers=arrows,best,numbers&speed=1`, until: 400, playsOnEdit: true },
  { id: 'words', at: 'scenario=words&plots=words&begin=&speed=1', until: 400,
    typed: { label: 'Text', value: 'rose is a rose is a rose is a rose', move: typedText },
    says: (m) => m.iteration < 400 ? '' : m.verdict.replace(/ Angle to [^.]*(\.\d+)?°\.$/, '') },
  { id: 'factors', at: 'scenario=low-rank&param=W&opt=normalized-gd&plots=singular-values', steps: 1500, choice: true,
    buttons: [['One table', (lab) => change(lab, 'param=W&opt=normalized-gd', 1500)],
      ['Keys and queries', (lab) => change(lab, 'param=KQ&opt=normalized-gd-growing', 1500)]] },
  { id: 'mixture', at: 'scenario=quadratic-head&lambda=0&plots=attention', steps: 1500,
    slider: { label: 'Bend', low: 0, high: 4, by: 0.1, value: 0, move: (lab, value) => change(lab, `lambda=${value}`, 1500) } },
  { id: 'yours', at: 'data=random&n=2&T=5&d=2&seed=148&W0=&plots=geometry&layers=arrows,rays,numbers&speed=1', until: 400, playsOnEdit: true,
    buttons: [['Random tokens', (lab) => change(lab, `seed=${Math.floor(Math.random() * 1e6)}`)],
      ['Open a file', () => document.getElementById('file')?.click()]] },
];

/**
 * Which step a fragment of the address asks for: `story=guess`, `story=3` or `story`, each also with `&view=lecture`.
 * @param {string} fragment
 */
export function stepOf(fragment) {
  const value = new URLSearchParams(fragment).get('story');
  if (value === null) return undefined;
  const found = steps.findIndex((step) => step.id === value);
  return found >= 0 ? found : Math.min(Math.max(Math.round(Number(value)) || 1, 1), steps.length) - 1;
}

/** @template {HTMLElement} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

/** @param {string} tag @param {object} properties @returns {any} */
const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

/**
 * Wires the story to the page. It shows a step as soon as it is told to; the figure follows when the lab is there.
 * @param {(id: string) => void} onStep  the reader went to a step
 */
export function tellStory(onStep) {
  const handle = byId('handle');
  const output = make('output', {});
  handle.addEventListener('submit', (event) => event.preventDefault());  // Enter in a field means that field
  /** @type {Lab | undefined} */ let lab;
  let at = -1;
  let said = '';
  let guess = '';
  let problem = '';  // with what the reader typed
  /** @type {HTMLButtonElement | undefined} */ let play;

  const list = byId('steps').querySelector('ol');
  steps.forEach(({ id }, k) => {
    const link = make('a', { href: `#story=${id}`, textContent: String(k + 1), title: document.querySelector(`#story-${id} h2`)?.textContent ?? id });
    link.dataset.of = ` of ${steps.length}`;
    link.addEventListener('click', (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      onStep(id);
    });
    const item = make('li', {});
    item.append(link);
    list?.append(item);
  });
  byId('steps').hidden = false;

  const step = () => steps[at];
  /** The figure as the step begins with it. */
  function drawFigure() {
    if (lab === undefined || at < 0) return;
    const { at: fields, steps: before, guessed } = step();
    lab.reset();
    lab.loadAddress(`${fields}&panel=figure&theme=${lab.state().theme}${guessed ? `&guess=${guess}` : ''}`);
    if (before) lab.step(before);
    refresh();
  }
  function startPlaying() {
    const { until } = step();
    if (until !== undefined && (lab?.metrics().iteration ?? 0) >= until) lab?.reset();
    lab?.play();
    refresh();
  }

  /** The handle of the step, in the order in which it is used. */
  function makeHandle() {
    const { until, slider: range, typed, buttons = [], choice, says } = step();
    handle.replaceChildren();
    play = undefined;
    if (until !== undefined) {
      play = /** @type {HTMLButtonElement} */ (make('button', { type: 'button', className: 'main', textContent: 'Play' }));
      play.addEventListener('click', () => {
        if (lab?.playing()) lab.pause();
        else startPlaying();
        refresh();
      });
      handle.append(play);
    }
    if (range !== undefined) {
      const input = make('input', { type: 'range', min: String(range.low), max: String(range.high), step: String(range.by), value: String(range.value) });
      input.addEventListener('input', () => {
        if (lab !== undefined) range.move(lab, Number(input.value));
        refresh();
      });
      const label = make('label', { textContent: range.label });
      label.append(input);
      handle.append(label);
    }
    if (typed !== undefined) {
      const input = make('input', { type: 'text', value: typed.value, maxLength: 300, spellcheck: false });
      input.addEventListener('change', () => {
        if (lab === undefined) return;
        problem = typed.move(lab, input.value);
        if (problem === '') startPlaying();
        refresh();
      });
      const label = make('label', { className: 'typed', textContent: typed.label });
      label.append(input);
      handle.append(label);
    }
    buttons.forEach(([text, act], k) => {
      const button = make('button', { type: 'button', textContent: text });
      if (choice) button.ariaPressed = String(k === 0);
      button.addEventListener('click', () => {
        if (lab === undefined) return;
        act(lab);
        if (choice) for (const one of handle.querySelectorAll('[aria-pressed]')) one.ariaPressed = String(one === button);
        if (step().playsOnEdit) startPlaying();
        refresh();
      });
      handle.append(button);
    });
    if (says !== undefined) handle.append(output);
    said = output.textContent = problem = '';
    handle.hidden = handle.childElementCount === 0;
  }

  /** What the handle shows of the figure. */
  function refresh() {
    if (lab === undefined || at < 0) return;
    const { until, says } = step();
    const metrics = lab.metrics();
    if (until !== undefined && metrics.playing && metrics.iteration >= until) lab.pause();
    if (play !== undefined) play.textContent = lab.playing() ? 'Pause' : metrics.iteration === 0 ? 'Play' : metrics.iteration >= (until ?? 0) ? 'Play again' : 'Play on';
    const text = problem || (says?.(metrics, lab) ?? '');
    if (text !== said) said = output.textContent = text;
  }

  /** @param {number} k */
  function show(k) {
    at = k;
    document.documentElement.classList.add('told');
    document.querySelectorAll('#story section').forEach((section) => section.classList.toggle('current', section.id === `story-${step().id}`));
    list?.querySelectorAll('a').forEach((link, n) => n === k ? link.setAttribute('aria-current', 'step') : link.removeAttribute('aria-current'));
    /** @type {HTMLButtonElement} */ (byId('back')).disabled = k === 0;
    byId('next').textContent = k === steps.length - 1 ? 'To the lab' : 'Next';
    /** @type {HTMLAnchorElement} */ (byId('in-lab')).href = `#${step().lab ?? labAddress(step().at)}`;
    byId('story').scrollTop = 0;
    makeHandle();
    drawFigure();
  }

  /** @param {number} by */
  function go(by) {
    const next = at + by;
    if (next < 0) return;
    if (next >= steps.length) {
      byId('in-lab').click();
      return;
    }
    onStep(steps[next].id);
    const heading = /** @type {HTMLElement | null} */ (document.querySelector(`#story-${steps[next].id} h2`));
    if (heading !== null) heading.tabIndex = -1;
    heading?.focus({ preventScroll: true });
  }
  byId('back').addEventListener('click', () => go(-1));
  byId('next').addEventListener('click', () => go(1));
  addEventListener('keydown', (event) => {
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey || event.target instanceof HTMLInputElement) return;
    // A lecturer's remote control sends the keys of pages.
    const by = event.key === 'ArrowRight' || event.key === 'PageDown' ? 1 : event.key === 'ArrowLeft' || event.key === 'PageUp' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    go(by);
  });
  let from = { x: 0, y: 0 };
  byId('story').addEventListener('touchstart', ({ touches: [{ clientX: x, clientY: y }] }) => { from = { x, y }; }, { passive: true });
  byId('story').addEventListener('touchend', ({ changedTouches: [{ clientX, clientY }] }) => {
    const x = clientX - from.x, y = clientY - from.y;
    if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y)) go(x < 0 ? 1 : -1);
  }, { passive: true });
  setInterval(() => { if (at >= 0 && !document.hidden) refresh(); }, 150);

  return {
    show,
    refresh,
    /** The lab is there. @param {Lab} there */
    begin(there) {
      lab = there;
      drawFigure();
    },
    /** The reader moved something in the figure. */
    edited: () => setTimeout(() => {  // not within the frame that draws it
      if (step()?.id === 'guess' && other === 0) guess = lab?.state().guess ?? '';
      if (step()?.playsOnEdit) startPlaying();
      refresh();
    }),
    leave() { at = -1; },
    telling: () => at >= 0,
  };
}

/** The same data in the lab: without what makes a figure of it. @param {string} fields */
function labAddress(fields) {
  const kept = fields.split('&').filter((field) => !/^(plots|layers|guess|speed)=/.test(field));
  return `v=1&${kept.join('&')}`;
}
