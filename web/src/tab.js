// SPDX-License-Identifier: MIT
// @ts-check
// A reload or a crash of the tab loses nothing: what the lab has come to is kept for the tab, and offered again.
import { findTab, forgetTabs, keepTab } from './datasets.js';

/** The browser keeps this name with the tab, also when it restores one. @returns {string} empty without a storage */
function nameOfTab() {
  const key = 'attention-svm:tab';
  try {
    const name = sessionStorage.getItem(key) ?? crypto.randomUUID();
    sessionStorage.setItem(key, name);
    return name;
  } catch {
    return '';
  }
}

/** @param {string} keepsake */
function worthKeeping(keepsake) {
  const { iteration, undo } = JSON.parse(keepsake);
  return iteration > 0 || undo.length > 0;
}

/** @param {string} keepsake @param {() => void} goOn */
function offer(keepsake, goOn) {
  const { iteration, undo } = JSON.parse(keepsake);
  const line = document.createElement('p');
  line.className = 'notice';
  line.id = 'before';
  line.setAttribute('role', 'status');
  const had = [iteration > 0 ? `${iteration.toLocaleString('en')} steps of training` : '', undo.length > 0 ? `${undo.length} changes to undo` : ''];
  line.append(`Before it was loaded again this page had ${had.filter(Boolean).join(' and ')}. `);
  for (const [label, way] of /** @type {[string, () => void][]} */ ([['Go on there', goOn], ['Close', () => {}]])) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.addEventListener('click', () => {
      line.remove();
      way();
    });
    line.append(button, ' ');
  }
  document.querySelector('main')?.before(line);
}

/** @param {import('./lab.js').LabHandle} lab @param {() => void} restored @param {() => boolean} wanted  not in the story */
export async function keepForTab(lab, restored, wanted) {
  const tab = nameOfTab();
  if (tab === '') return;
  const before = await findTab(tab);
  let kept = lab.keepsake();
  if (wanted() && before !== undefined && worthKeeping(before)) offer(before, () => lab.restore(before).then(restored));
  const keep = () => {
    if (!wanted()) return;
    const now = lab.keepsake();
    if (now === kept || !worthKeeping(now)) return;
    kept = now;
    keepTab(tab, now);
  };
  setInterval(keep, 2000);
  addEventListener('pagehide', keep);
  document.addEventListener('visibilitychange', keep);
  forgetTabs();
}
