// SPDX-License-Identifier: MIT
// @ts-check
// Datasets opened from files, kept in the browser under the hash by which an address names them.

const STORE = 'datasets';

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('attention-svm-lab', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {string} hash @param {string} json */
export async function keepDataset(hash, json) {
  try {
    const database = await open();
    database.transaction(STORE, 'readwrite').objectStore(STORE).put(json, hash);
  } catch {
    // Private windows may have no storage: the dataset then lives as long as the page.
  }
}

/** @param {string} hash @returns {Promise<string | undefined>} */
export async function findDataset(hash) {
  try {
    const database = await open();
    return await new Promise((resolve) => {
      const request = database.transaction(STORE).objectStore(STORE).get(hash);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(undefined);
    });
  } catch {
    return undefined;
  }
}
