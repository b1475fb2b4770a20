// SPDX-License-Identifier: MIT
// @ts-check
// The buttons below the figures: each sets attributes of its figure, as any page may, and plays it.
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('button[data-figure]')))
  button.addEventListener('click', () => {
    const figure = /** @type {import('../embed.d.ts').AttentionSvmElement} */ (document.getElementById(button.dataset.figure ?? ''));
    for (const [name, value] of new URLSearchParams(button.dataset.settings)) figure.setAttribute(name, value);
    figure.play();
  });
