// SPDX-License-Identifier: MIT
// The essentials in WebKit (Debian's WebKitGTK), driven over WebDriver: plain requests, no library.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test as nodeTest } from 'node:test';
import { temporaryFolder } from '../support/temporary-folder.mjs';
import { serve } from '../../script/static-server.mjs';
import { openScreen } from './screen.mjs';

/** @param {string} name @param {() => void | Promise<void>} run */
const test = (name, run) => nodeTest(name, { timeout: 120_000 }, run);
/** @type {Awaited<ReturnType<typeof openScreen>>} */ let screen;
/** @type {import('node:child_process').ChildProcess} */ let driver;
/** @type {Awaited<ReturnType<typeof serve>>} */ let server;
let session = '';
const home = temporaryFolder('webkit');

/** The browser that comes with the driver, wherever this machine's architecture has it. */
function miniBrowser() {
  const lib = '/usr/lib';
  for (const folder of readdirSync(lib).filter((name) => name.includes('linux')))
    for (const version of ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0']) {
      const program = join(lib, folder, version, 'MiniBrowser');
      if (existsSync(program)) return program;
    }
  throw new Error('there is no MiniBrowser of WebKitGTK: script/bootstrap installs webkit2gtk-driver');
}

/** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
async function ask(method, path, body) {
  const response = await fetch(session + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${path}: ${value.message}`);
  return value;
}

/** Runs a function on the page and waits for what it returns. @template {any[]} A @param {(...args: A) => any} f @param {A} args */
async function run(f, ...args) {
  const script = `const done = arguments[arguments.length - 1];
    Promise.resolve((${f})(...${JSON.stringify(args)})).then((value) => done([value ?? null]), (error) => done(String(error)));`;
  const answer = await ask('POST', '/execute/async', { script, args: [] });
  if (typeof answer === 'string') throw new Error(answer);
  return answer[0];
}

/** @param {string} path */
const open = (path) => ask('POST', '/url', { url: server.url + path });

before(async () => {
  server = await serve(new URL('../../dist', import.meta.url).pathname, 0);
  screen = await openScreen();
  const port = 20_000 + process.pid % 20_000;
  driver = spawn('WebKitWebDriver', [`--port=${port}`], { stdio: 'ignore',
    env: { ...process.env, DISPLAY: screen.display, HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home, LIBGL_ALWAYS_SOFTWARE: '1',
      GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' } });
  const root = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100 && !await fetch(`${root}/status`).then(() => true, () => false); ++tries)
    await new Promise((done) => setTimeout(done, 100));
  session = root;
  const { sessionId } = await ask('POST', '/session', { capabilities: { alwaysMatch: {
    'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] }, timeouts: { script: 60_000, pageLoad: 60_000 } } } });
  session = `${root}/session/${sessionId}`;
});
after(async () => {
  if (session.includes('/session/')) await ask('DELETE', '').catch(() => {});
  driver?.kill();
  screen?.close();
  server?.close();
});

test('the page trains and says its verdict, and the canvas is drawn', async () => {
  await open('/#scenario=plane&speed=20');
  const metrics = await run(async () => {
    // WebKit's driver says that a page is loaded before its scripts have run.
    while (!('attentionSvmLab' in window)) await new Promise((done) => setTimeout(done, 50));
    const lab = /** @type {any} */ (window).attentionSvmLab;
    await lab.ready;
    document.getElementById('play')?.click();
    while (lab.metrics().iteration < 600) await new Promise((done) => setTimeout(done, 50));
    document.getElementById('play')?.click();
    return lab.metrics();
  });
  assert.ok(metrics.correlation.frobenius > 0.999, JSON.stringify(metrics));
  assert.match(metrics.verdict, /locally optimal direction; angle to its SVM/);
  const picture = Buffer.from(await ask('GET', '/screenshot'), 'base64');
  assert.ok(new Set(picture.subarray(100).toString('latin1').match(/.{4}/gs)).size > 500, 'the page is blank');
});

test('the same figures to the last digit as in Node', async () => {
  await open('/examples/core-module.html');
  const program = async (/** @type {string} */ module) => {
    const { default: create } = await import(module);
    const attention = await create();
    const data = attention.randomDataset({ n: 4, T: 6, d: 5, seed: 7 });
    const trainer = data.trainer({ parameterization: 'KQ', optimizer: 'normalized-gd', stepSize: 0.1, loss: 'logistic', seed: 3 });
    trainer.step(500);
    return [...trainer.W, data.solveSvm({ norm: 'nuclear' }).norm];
  };
  assert.deepEqual(await run(program, `${server.url}/attention-svm.mjs`),
    await program(new URL('../../dist/attention-svm.mjs', import.meta.url).href));
});

test('an embedded element loads, steps, keeps to its events, and is freed', async () => {
  await open('/examples/minimal.html');
  const result = await run(async () => {
    const element = /** @type {any} */ (document.querySelector('attention-svm'));
    await customElements.whenDefined('attention-svm');
    element.scrollIntoView();
    await element.ready;
    await element.step(40);
    const { iteration } = element.metrics();
    const gl = element.shadowRoot.querySelector('canvas').getContext('webgl2');
    element.remove();
    await new Promise((done) => setTimeout(done, 200));
    return [iteration, gl.isContextLost(), element.shadowRoot.childElementCount];
  });
  assert.deepEqual(result, [40, true, 0]);
});

test('the frame answers the page that said hello', async () => {
  await open('/examples/core-module.html');
  assert.equal(await run(() => new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.src = '../index.html?embed#scenario=plane';
    document.body.prepend(frame);
    const say = (/** @type {object} */ message) => frame.contentWindow?.postMessage(message, location.origin);
    addEventListener('message', ({ data }) => {
      if (data.type === 'attention-svm:ready') {
        say({ type: 'attention-svm:call', id: 1, method: 'step', args: [12] });
        say({ type: 'attention-svm:call', id: 2, method: 'metrics' });
      }
      if (data.id === 2) resolve(data.result.iteration);
    });
    frame.addEventListener('load', () => say({ type: 'attention-svm:hello' }));
  })), 12);
});
