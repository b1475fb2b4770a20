// SPDX-License-Identifier: MIT
// @ts-check
// What the browser keeps: datasets opened from files, under the hash by which an address names them, and what each
// tab has come to. Private windows and sandboxed frames keep nothing, and a storage that does not answer within two
// seconds counts as none.

/** @typedef {'datasets' | 'tabs'} Store */
/** @type {Record<Store, string>} A database each: one that another tab holds open cannot get a store more. */
const databases = { datasets: 'attention-svm-lab', tabs: 'attention-svm-lab-tabs' };

/** @template T @param {Promise<T>} promise @returns {Promise<T>} */
const soon = (promise) => Promise.race([promise,
  new Promise((_, reject) => setTimeout(() => reject(new Error('the storage does not answer')), 2000))]);

/** @param {Store} store @returns {Promise<IDBDatabase>} */
const open = (store) => new Promise((resolve, reject) => {
  const request = indexedDB.open(databases[store], 1);
  request.onupgradeneeded = () => request.result.createObjectStore(store);
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** @param {Store} store @param {IDBTransactionMode} mode @param {(s: IDBObjectStore) => IDBRequest} ask */
const within = (store, mode, ask) => soon((async () => {
  const database = await open(store);
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const request = ask(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
})());

/** @param {string} hash @param {Uint8Array} bytes @returns {Promise<boolean>} false when there is a storage, but it is full */
export const keepDataset = (hash, bytes) => within('datasets', 'readwrite', (s) => s.put(bytes, hash))
  .then(() => true, (error) => error?.name !== 'QuotaExceededError');

/** Older releases kept text. @param {string} hash @returns {Promise<Uint8Array | undefined>} */
export const findDataset = (hash) => within('datasets', 'readonly', (s) => s.get(hash)).then(
  (found) => typeof found === 'string' ? new TextEncoder().encode(found) : found, () => undefined);

/** @param {string} tab @param {string} keepsake */
export const keepTab = (tab, keepsake) =>
  within('tabs', 'readwrite', (s) => s.put({ keepsake, at: Date.now() }, tab)).catch(() => {});

/** @param {string} tab @returns {Promise<string | undefined>} */
export const findTab = (tab) => within('tabs', 'readonly', (s) => s.get(tab)).then((found) => found?.keepsake, () => undefined);

/** Tabs that nobody has come back to for a month. */
export const forgetTabs = () => within('tabs', 'readwrite', (s) => {
  const cursor = s.openCursor();
  cursor.onsuccess = () => {
    if (cursor.result === null) return;
    if (Date.now() - cursor.result.value.at > 30 * 864e5) cursor.result.delete();
    cursor.result.continue();
  };
  return cursor;
}).catch(() => {});
