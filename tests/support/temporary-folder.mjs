// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is removed when the process ends, however its tests end. @param {string} name */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `attention-svm-${name}-`));
  // A browser that has just been closed may still write for a moment.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 25, retryDelay: 100 }));
  return folder;
}
