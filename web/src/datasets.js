// SPDX-License-Identifier: MIT
// @ts-check
// Datasets opened from files, kept in the browser under the hash by which an address names them. Private windows and
// sandboxed frames keep nothing, and a storage that does not answer within two seconds counts as none.

const STORE = 'datasets';

/** @template T @param {Promise<T>} promise @returns {Promise<T>} */
const soon = (promise) => Promise.race([promise,
  new Promise((_, reject) => setTimeout(() => reject(new Error('the storage does not answer')), 2000))]);

/** @returns {Promise<IDBDatabase>} */
const open = () => new Promise((resolve, reject) => {
  const request = indexedDB.open('attention-svm-lab', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** @param {IDBTransactionMode} mode @param {(s: IDBObjectStore) => IDBRequest} ask */
const within = (mode, ask) => soon((async () => {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
})());

/** @param {string} hash @param {string} json @returns {Promise<boolean>} false when there is a storage, but it is full */
export const keepDataset = (hash, json) => within('readwrite', (s) => s.put(json, hash))
  .then(() => true, (error) => error?.name !== 'QuotaExceededError');

/** @param {string} hash @returns {Promise<string | undefined>} */
export const findDataset = (hash) => within('readonly', (s) => s.get(hash)).catch(() => undefined);
