// Light or dark, before anything is painted: as chosen here once, or as the system has it.
'use strict';
(() => {
  let kept = null;
  try { kept = localStorage.getItem('callwright-theme'); } catch { /* storage is off: the system's choice */ }
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept;
})();
