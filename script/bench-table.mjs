// SPDX-License-Identifier: MIT
// bench-table.mjs NATIVE.jsonl WASM.jsonl: prints both runs of tests/bench as one table.
import { readFileSync } from 'node:fs';

/** @typedef {{name: string, microseconds?: number, nativeLimit?: number, wasmLimit?: number, error?: string}} Line */

/** @param {string} file @returns {Line[]} */
const lines = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));

/** @param {number} microseconds */
function duration(microseconds) {
  const [value, unit] = microseconds < 1000 ? [microseconds, 'µs'] : [microseconds / 1000, 'ms'];
  return `${Number(value.toPrecision(3))} ${unit}`;
}

/** @param {Line | undefined} line @param {number | undefined} limit */
function columns(line, limit) {
  if (line?.microseconds === undefined) return [line?.error ?? 'not run', ''];
  if (!limit) return [duration(line.microseconds), ''];
  return [duration(line.microseconds), `${line.microseconds <= limit ? '≤' : 'OVER'} ${duration(limit)}`];
}

const native = lines(process.argv[2]);
const wasm = lines(process.argv[3]);
const rows = [['', 'native', 'limit', 'WASM', 'limit', 'WASM/native']];
for (const line of native) {
  const other = wasm.find(({ name }) => name === line.name);
  const ratio = line.microseconds && other?.microseconds ? (other.microseconds / line.microseconds).toFixed(1) : '';
  rows.push([line.name, ...columns(line, line.nativeLimit), ...columns(other, other?.wasmLimit), ratio]);
}
const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of rows)
  console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ').trimEnd());
