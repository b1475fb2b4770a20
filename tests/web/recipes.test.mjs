// SPDX-License-Identifier: MIT
// The recipes of docs/embedding.md, copied from there as they stand and run with what they are for: Eleventy, MDX and
// React from npm, Hugo and Jekyll where they are installed (else their templates are filled in by their rules).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test as nodeTest } from 'node:test';
import { pathToFileURL } from 'node:url';
import { compile } from '@mdx-js/mdx';
import * as esbuild from 'esbuild';
import { Liquid } from 'liquidjs';
import { temporaryFolder } from '../support/temporary-folder.mjs';
import { root } from './packed.mjs';
import { openSite, ready } from './support.mjs';

/** @param {string} name @param {() => void | Promise<void>} run */
const test = (name, run) => nodeTest(name, { timeout: 120_000 }, run);
const docs = readFileSync(join(root, 'docs/embedding.md'), 'utf8');
const folder = temporaryFolder('recipes');
/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;

before(async () => {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'site'));
  symlinkSync(join(root, 'dist'), join(folder, 'site/attention-svm'));
  site = await openSite(join(folder, 'site'));
});
after(async () => {
  await site?.close();
});

/** The text under a heading of the docs, with the lab where the test serves it. @param {string} heading */
function recipe(heading) {
  const text = docs.split(`\n### ${heading}\n`)[1]?.split(/\n##+ /)[0];
  assert.ok(text, `docs/embedding.md has no recipe for ${heading}`);
  const here = text.replaceAll('https://your.host', site.url);
  return {
    blocks: [...here.matchAll(/```\w+\n([^]*?)```/g)].map((match) => match[1]),
    /** The line for a post. */ post: /In a post: `(.*)`/.exec(here)?.[1] ?? '',
  };
}

/** @param {string} name @param {string} text */
function write(name, text) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

const installed = (/** @type {string} */ program) => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
};
const wrapped = (/** @type {string} */ body) => `<!doctype html><title>a post</title><link rel="icon" href="data:,">${body}`;

/** The page is there, its figure live and as asked for, and carries a linked picture. @param {string} path @param {string} [seed] */
async function works(path, seed = '3') {
  const { page, problems, context } = await site.newPage();
  await page.goto(`${site.url}/${path}`);
  await page.waitForSelector('attention-svm', { state: 'attached' });
  await page.waitForFunction(() => customElements.get('attention-svm') !== undefined);
  await ready(page);
  const { state, content } = await page.evaluate(() => {
    const element = /** @type {any} */ (document.querySelector('attention-svm'));
    return { state: element.state(), content: element.innerHTML };
  });
  assert.deepEqual([state.scenario, state.seed], ['local-optima', seed]);
  await context.close();
  assert.deepEqual(problems.filter((problem) => !/data:,|favicon/.test(problem)), []);
  return content;
}
const carriesPicture = (/** @type {string} */ content) =>
  assert.match(content, /<a href="[^"]*index\.html#scenario=local-optima[^>]*>\s*<img[^>]*posters\/local-optima\.webp"[^>]*alt="[^"]+"/);

test('Hugo', async () => {
  const { blocks: [template], post } = recipe('Hugo');
  if (installed('hugo')) {
    write('hugo/layouts/shortcodes/attention-svm.html', template);
    write('hugo/layouts/_default/single.html', wrapped('{{ .Content }}'));
    write('hugo/content/post.md', `---\ntitle: a post\n---\n\n${post}\n`);
    write('hugo/config.toml', 'baseURL = "/"\ndisableKinds = ["home", "taxonomy", "term", "RSS", "sitemap"]\n');
    execFileSync('hugo', ['--quiet', '--source', join(folder, 'hugo'), '--destination', join(folder, 'site/hugo'),
      '--cacheDir', join(folder, 'hugo-cache')], { stdio: 'pipe' });
    return carriesPicture(await works('hugo/post/'));
  }
  const given = Object.fromEntries([...post.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  write('site/hugo.html', wrapped(template.replace(/\{\{ \.Get "(\w+)" \}\}/g, (_, name) => given[name])));
  carriesPicture(await works('hugo.html'));
});

test('Jekyll', async () => {
  const { blocks: [template], post } = recipe('Jekyll');
  write('jekyll/_includes/attention-svm.html', template);
  if (installed('jekyll')) {
    write('jekyll/post.html', `---\n---\n${wrapped(post)}`);
    execFileSync('jekyll', ['build', '--quiet', '--source', join(folder, 'jekyll'), '--destination', join(folder, 'site/jekyll')],
      { stdio: 'pipe', cwd: folder });
    return carriesPicture(await works('jekyll/post.html'));
  }
  const liquid = new Liquid({ root: join(folder, 'jekyll/_includes'), jekyllInclude: true, dynamicPartials: false });
  write('site/jekyll.html', wrapped(await liquid.parseAndRender(post)));
  carriesPicture(await works('jekyll.html'));
});

test('Eleventy', async () => {
  const { blocks: [config], post } = recipe('Eleventy');
  write('eleventy/package.json', '{"type":"module"}');
  write('eleventy/eleventy.config.js', config);
  write('eleventy/post.liquid', wrapped(post));
  mkdirSync(join(folder, 'eleventy/node_modules'));
  symlinkSync(join(root, 'dist'), join(folder, 'eleventy/node_modules/attention-svm'));
  execFileSync(process.execPath, [join(root, 'node_modules/@11ty/eleventy/cmd.cjs'), '--quiet', '--output', '_site'],
    { cwd: join(folder, 'eleventy'), stdio: 'pipe' });
  const outer = site;
  site = await openSite(join(folder, 'eleventy/_site'), outer.browser);
  try {
    carriesPicture(await works('post/'));
  } finally {
    await site.close();
    site = outer;
  }
});

test('MDX and React', async () => {
  const { blocks: [component, post] } = recipe('MDX and React');
  write('mdx/attention-svm.jsx', component);
  write('mdx/post.js', String(await compile(post)));
  write('mdx/page.js', `import { renderToString } from 'react-dom/server';
    import { createElement } from 'react';
    import Post from './post.js';
    export default renderToString(createElement('html', null, createElement('head', null, createElement('title', null, 'a post')),
      createElement('body', null, createElement(Post))));`);
  await esbuild.build({ absWorkingDir: join(folder, 'mdx'), entryPoints: ['page.js'], bundle: true, platform: 'node', outfile: 'page.cjs', jsx: 'automatic',
    logLevel: 'error', define: { 'process.env.NODE_ENV': '"production"' } });
  const { default: made } = await import(pathToFileURL(join(folder, 'mdx/page.cjs')).href);
  write('site/mdx.html', `<!doctype html>${made.default}`);
  carriesPicture(await works('mdx.html'));
});

test('module pages, as in Observable', async () => {
  const { blocks: [cell] } = recipe('Module pages, as in Observable');
  write('site/cell.js', cell);
  write('site/module.html', wrapped('<body><script type="module" src="cell.js"></script></body>'));
  await works('module.html');
  const { page } = await site.newPage();
  await page.goto(`${site.url}/module.html`);
  await page.waitForFunction(() => /The norm of the solution is \d+\.\d{3}\./.test(document.body.textContent ?? ''));
});

test('WordPress', async () => {
  const { blocks: [block] } = recipe('WordPress');
  write('site/wordpress.html', wrapped(`<body><div class="entry-content">\n<!-- wp:html -->\n${block}<!-- /wp:html -->\n</div></body>`));
  carriesPicture(await works('wordpress.html'));
});
