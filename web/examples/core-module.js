// SPDX-License-Identifier: MIT
// @ts-check
// Drives the core module alone: data, two trainings, two support vector machines, one chart.
import createAttentionSvm, { correlation } from '../attention-svm.mjs';

const SVG = 'http://www.w3.org/2000/svg';
const chart = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.querySelector('#chart')));
const result = /** @type {HTMLElement} */ (document.querySelector('#result'));
const form = /** @type {HTMLFormElement} */ (document.querySelector('form'));

/** @param {string} id */
const numberIn = (id) =>
  Number(/** @type {HTMLInputElement} */ (document.querySelector(`#${id}`)).value);

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
function draw(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  chart.append(element);
}

const left = 60, right = 620, top = 20, bottom = 320;
const smallest = 1e-5, steps = 4000;
/** @param {number} iteration */
const toX = (iteration) => left + ((right - left) * Math.log10(iteration)) / Math.log10(steps);
/** @param {number} off */
const toY = (off) =>
  top + ((bottom - top) * Math.log10(Math.max(off, smallest))) / Math.log10(smallest);

function drawAxes() {
  chart.replaceChildren();
  for (let exponent = 0; exponent >= Math.log10(smallest); --exponent) {
    const y = toY(10 ** exponent);
    draw('line', { x1: left, x2: right, y1: y, y2: y, stroke: 'currentColor', opacity: 0.2 });
    draw('text', { x: left - 8, y: y + 5, 'text-anchor': 'end', fill: 'currentColor', 'font-size': 14 },
      `1e${exponent}`);
  }
  for (const iteration of [1, 10, 100, 1000])
    draw('text', { x: toX(iteration), y: bottom + 22, 'text-anchor': 'middle', fill: 'currentColor',
      'font-size': 14 }, String(iteration));
}

/**
 * @param {{iteration: number, off: number}[]} points
 * @param {string} colour
 * @param {string} dash
 * @param {string} label
 * @param {number} labelY
 */
function drawCurve(points, colour, dash, label, labelY) {
  draw('polyline', {
    points: points.map((p) => `${toX(p.iteration)},${toY(p.off)}`).join(' '),
    fill: 'none', stroke: colour, 'stroke-width': 2.5, 'stroke-dasharray': dash,
  });
  draw('text', { x: left + 12, y: labelY, fill: colour, 'font-size': 15 }, label);
}

/**
 * Trains and compares with the SVM of the tokens that training selected.
 * @param {import('../attention-svm.d.ts').Dataset} dataset
 * @param {'W' | 'KQ'} parameterization
 * @param {'frobenius' | 'nuclear'} norm
 */
function train(dataset, parameterization, norm) {
  const trainer = dataset.trainer({
    parameterization, optimizer: 'normalized-gd', stepSize: 0.1, loss: 'logistic', seed: 1,
  });
  const path = [];
  for (let iteration = 1; iteration <= steps; iteration = Math.ceil(iteration * 1.1)) {
    trainer.step(iteration - trainer.iteration);
    path.push({ iteration, W: trainer.W });
  }
  const tokens = trainer.selected();
  const svm = dataset.solveSvm({ norm, tokens });
  const points = svm.feasible
    ? path.map(({ iteration, W }) => ({ iteration, off: 1 - correlation(W, svm.W) })) : [];
  trainer.delete();
  return { tokens, svm, points };
}

const attention = await createAttentionSvm();

function run() {
  drawAxes();
  try {
    const dataset = attention.randomDataset(
      { n: numberIn('n'), T: numberIn('T'), d: numberIn('d'), seed: numberIn('seed') });
    const W = train(dataset, 'W', 'frobenius');
    const KQ = train(dataset, 'KQ', 'nuclear');
    drawCurve(W.points, '#0072b2', '', 'W, Frobenius norm', bottom - 30);
    drawCurve(KQ.points, '#d55e00', '7 5', '(K, Q), nuclear norm', bottom - 8);
    const describe = (/** @type {typeof W} */ r) => r.svm.feasible
      ? `tokens ${r.tokens.map((t) => t + 1).join(' ')}, rank ${r.svm.rank}, gap ${r.svm.gap.toExponential(1)}`
      : `tokens ${r.tokens.map((t) => t + 1).join(' ')}: no matrix separates them`;
    result.textContent = `W selects ${describe(W)}. (K, Q) selects ${describe(KQ)}.`;
    dataset.delete();
  } catch (error) {
    result.textContent = error instanceof Error ? error.message : String(error);
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  run();
});
run();
