// SPDX-License-Identifier: MIT
// @ts-check
// What the lab asks of the browser: downloads, the clipboard, a file from the reader.

/** Starts a download of the bytes. @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

/** Asks for a dataset file. @returns {Promise<File | undefined>} */
export function chooseFile() {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.json,.csv,.tsv,.npy,.npz';
    input.addEventListener('change', () => resolve(input.files?.[0]));
    input.click();
  });
}
