// SPDX-License-Identifier: MIT
// In the page that script/dev serves: loads it again when there is a new build. Its address keeps the place.
let mark = '';
setInterval(async () => {
  const now = await fetch('built.txt', { cache: 'no-store' }).then((answer) => answer.text()).catch(() => mark);
  if (mark !== '' && now !== mark) location.reload();
  mark = now;
}, 500);
