// SPDX-License-Identifier: MIT
// The package in other people's builds, without any configuration: Vite (built and served), webpack, esbuild, and
// an import on a server as Next makes it.
import assert from 'node:assert/strict';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test as nodeTest } from 'node:test';
import * as esbuild from 'esbuild';
import * as vite from 'vite';
import webpack from 'webpack';
import { serve } from '../../script/static-server.mjs';
import { packedProject, root, solve } from './packed.mjs';
import { openSite, ready } from './support.mjs';

/** @param {string} name @param {() => void | Promise<void>} run */
const test = (name, run) => nodeTest(name, { timeout: 180_000 }, run);
/** @type {ReturnType<typeof packedProject>} */ let project;
/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;

before(async () => {
  project = packedProject();
  site = await openSite();
  project.write('main.js', `import createAttentionSvm from 'attention-svm';
    async function main() {
      ${solve}
      if (typeof document === 'undefined') console.log(answer);
      else document.body.textContent = answer;
    }
    main().catch((error) => { document.body.textContent = String(error); });`);
});
after(async () => {
  await site?.close();
});

const html = (/** @type {string} */ script, head = '') =>
  `<!doctype html><title>bundled</title><link rel="icon" href="data:,">${head}<body><script ${script}></script></body>`;

/** What the page at `url` says after a while, and what it asked for. @param {string} url */
async function said(url, text = 'solved') {
  const { page, problems, context } = await site.newPage();
  /** @type {string[]} */ const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  await page.waitForFunction((expected) => document.body.textContent === expected, text, { timeout: 20_000 })
    .catch(async () => assert.fail(`${await page.textContent('body')} ${problems.join()}`));
  await context.close();
  return requests.map((request) => request.split('/').pop() ?? '');
}

/** Of a folder of the project, under the strict policy. @param {string} folder */
async function saidIn(folder, text = 'solved') {
  const server = await serve(join(project.folder, folder), 0);
  try {
    return await said(`${server.url}/index.html`, text);
  } finally {
    server.close();
  }
}

/** @param {import('webpack').Configuration} configuration @returns {Promise<import('webpack').StatsCompilation>} */
const packed = (configuration) => new Promise((resolve, reject) => {
  webpack({ context: project.folder, mode: 'production', performance: { hints: false }, ...configuration }, (error, stats) =>
    error !== null || stats === undefined ? reject(error) : resolve(stats.toJson({ all: false, errors: true, warnings: true, assets: true })));
});

test('built by Vite, on the page and in a module worker', async () => {
  project.write('index.html', html('type="module" src="./vite.js"'));
  project.write('vite.js', `import createAttentionSvm from 'attention-svm';
    ${solve}
    const worker = new Worker(new URL('./in-worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => { document.body.textContent = [answer, data].join(' '); };`);
  project.write('in-worker.js', `import createAttentionSvm from 'attention-svm';\n${solve}\npostMessage(answer);`);
  project.write('vite.config.js', 'export default { worker: { format: "es" } };');
  const log = project.run(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--base', './', '--outDir', 'vite-built',
    '--target', 'es2022', '--config', 'vite.config.js']);
  assert.doesNotMatch(log, /warn|externalized|doesn't exist/i);
  const assets = readdirSync(join(project.folder, 'vite-built', 'assets'));
  assert.equal(assets.filter((name) => name.endsWith('.wasm')).length, 1, assets.join());
  const requests = await saidIn('vite-built', 'solved solved');
  assert.ok(!requests.some((name) => name.includes('inline')), 'the copy in base64 is loaded only where the file is not found');
});

test('served by Vite for development', async () => {
  project.write('dev/index.html', html('type="module" src="../main.js"'));
  const server = await vite.createServer({ root: project.folder, configFile: false, logLevel: 'error', server: { port: 0, host: '127.0.0.1', hmr: false, watch: null } });
  await server.listen();
  try {
    await said(`${server.resolvedUrls?.local[0]}dev/index.html`);
  } finally {
    await server.close();
  }
});

test('bundled by webpack, for the page and for Node', async () => {
  const { errors, warnings, assets } = await packed({ entry: './main.js', output: { path: join(project.folder, 'packed') } });
  assert.deepEqual([errors, warnings], [[], []]);
  assert.equal(assets?.filter((asset) => asset.name.endsWith('.wasm')).length, 1);
  project.write('packed/index.html', html('src="main.js" defer'));
  await saidIn('packed');
  const forNode = await packed({ entry: { main: './main.js' }, target: 'node', output: { path: join(project.folder, 'node') } });
  assert.deepEqual([forNode.errors, forNode.warnings], [[], []]);
  project.write('node/package.json', '{"type":"commonjs"}');
  assert.equal(project.run('node', ['node/main.js']).trim(), 'solved');
});

for (const format of /** @type {const} */ (['esm', 'iife']))
  test(`bundled by esbuild, ${format}`, async () => {
    const { warnings } = await esbuild.build({ absWorkingDir: project.folder, entryPoints: ['main.js'], bundle: true, minify: true, format,
      outfile: `esbuild-${format}/main.js`, logLevel: 'silent' });
    assert.deepEqual(warnings, []);
    project.write(`esbuild-${format}/index.html`, html(format === 'esm' ? 'type="module" src="main.js"' : 'src="main.js" defer'));
    await saidIn(`esbuild-${format}`);
  });

test('bundled by esbuild for Node', async () => {
  const { warnings } = await esbuild.build({ absWorkingDir: project.folder, entryPoints: ['main.js'], bundle: true, platform: 'node',
    outfile: 'esbuild-node/main.cjs', logLevel: 'silent' });
  assert.deepEqual(warnings, []);
  assert.equal(project.run('node', ['esbuild-node/main.cjs']).trim(), 'solved');
});

test('imported on a server, both entries do no harm, and the core computes', async () => {
  project.write('server.js', `import 'attention-svm/embed.js';
    import 'attention-svm/react';
    import createAttentionSvm from 'attention-svm';
    ${solve}
    console.log(answer, typeof document);`);
  assert.equal(project.run('node', ['server.js']).trim(), 'solved undefined');
  const { errors, warnings } = await packed({ entry: { server: './server.js' }, target: 'node', output: { path: join(project.folder, 'next') },
    experiments: { topLevelAwait: true } });
  assert.deepEqual([errors, warnings], [[], []]);
  project.write('next/package.json', '{"type":"commonjs"}');
  assert.equal(project.run('node', ['next/server.js']).trim(), 'solved undefined');
});

test('the element in a bundle is told where the lab lies', async () => {
  project.write('element.js', `import 'attention-svm/embed.js';`);
  await esbuild.build({ absWorkingDir: project.folder, entryPoints: ['element.js'], bundle: true, outfile: 'element/app/element.js', logLevel: 'silent' });
  cpSync(join(root, 'dist'), join(project.folder, 'element/lab'), { recursive: true });
  project.write('element/app/index.html', '<!doctype html><title>bundled</title><link rel="icon" href="data:,">' +
    '<meta name="attention-svm" content="../lab"><attention-svm></attention-svm><script src="element.js" defer></script>');
  const server = await serve(join(project.folder, 'element'), 0);
  const { page, context } = await site.newPage();
  await page.goto(`${server.url}/app/index.html`);
  assert.equal(await ready(page), true);
  await context.close();
  server.close();
});
