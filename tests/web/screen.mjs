// SPDX-License-Identifier: MIT
// A virtual screen for browsers that draw with WebGL only on one, where Mesa renders in software.
import { spawn } from 'node:child_process';

/** On the first free number. @returns {Promise<{display: string, close: () => void}>} */
export function openScreen() {
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  return new Promise((resolve, reject) => {
    screen.on('error', reject);
    screen.on('exit', () => reject(new Error('Xvfb did not start')));
    /** @type {import('node:stream').Readable} */ (screen.stdio[3]).once('data', (number) =>
      resolve({ display: `:${String(number).trim()}`, close: () => screen.kill() }));
  });
}
