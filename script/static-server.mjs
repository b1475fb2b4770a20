// SPDX-License-Identifier: MIT
// A plain static file server for dist/, as any host would serve it, with the strict content security policy
// that the site must work under. Used by script/server and by the browser tests.
import { createReadStream, existsSync, realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css',
  '.wasm': 'application/wasm', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.webp': 'image/webp', '.ts': 'text/plain', '.md': 'text/markdown', '.jpg': 'image/jpeg', '.webmanifest': 'application/manifest+json',
};
export const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/**
 * @param {string} folder
 * @param {number} port 0: any free one
 * @param {{policy?: string | null, cors?: boolean, onRequest?: (path: string) => void}} [options]
 *   policy null: a host without one; cors: whether pages of other hosts may load the files (yes)
 * @returns {Promise<{url: string, close: () => void}>}
 */
export function serve(folder, port, options = {}) {
  const server = createServer((request, response) => {
    let path;
    try {
      path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
    } catch {  // an address such as /%
      response.writeHead(400).end('not an address');
      return;
    }
    options.onRequest?.(path);
    let file = join(folder, path);
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html');
    if (path.includes('..') || !existsSync(file)) {
      response.writeHead(404).end('not found');
      return;
    }
    response.writeHead(200, {
      'Content-Type': /** @type {Record<string, string>} */ (types)[extname(file)] ?? 'application/octet-stream',
      ...(options.policy === null ? {} : { 'Content-Security-Policy': options.policy ?? policy }),
      ...(options.cors === false ? {} : { 'Access-Control-Allow-Origin': '*' }),
      'Cache-Control': 'no-cache',
    });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = /** @type {import('node:net').AddressInfo} */ (server.address());
      resolve({ url: `http://127.0.0.1:${address.port}`, close: () => { server.close(); server.closeAllConnections?.(); } });
    });
  });
}

// The real path, because import.meta.url is one: a checkout may lie behind a symlink, or have a space in its name.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [folder, port] = process.argv.slice(2);
  try {
    const { url } = await serve(folder, Number(port));
    console.log(`Attention SVM Lab: ${url}`);
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    console.error(code === 'EADDRINUSE' ? `Port ${port} is taken: choose another, as in script/server --port ${Number(port) + 1}`
      : `Port ${port} cannot be used (${message}): choose one from 1024 to 65535, as in script/server --port 8081`);
    process.exitCode = 1;
  }
}
