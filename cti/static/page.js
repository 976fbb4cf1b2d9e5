// What all pages share: words, requests, times and the switches. Every text from outside
// becomes a text node; nothing here makes markup of a string.

export const lang = document.documentElement.lang;

let words = {};
export const ready = fetch('/words/' + lang).then(r => r.json()).then(w => { words = w; });

// t is a text of the catalogue; each %s is replaced by the next argument.
export function t(key, ...args) {
  const text = words[key] ?? key;
  return text.replace(/%s/g, () => String(args.shift()));
}

// tOr is t for names that a site may have made up: those are shown as they are.
export const tOr = (key, name) => words[key] ?? name;

export const $ = id => document.getElementById(id);

// make returns an element with a text and classes.
export function make(tag, text, ...classes) {
  const e = document.createElement(tag);
  if (text !== undefined && text !== null) e.textContent = text;
  e.classList.add(...classes);
  return e;
}

// put sets a text only if it is another: a screen reader would say it again.
export function put(e, text) {
  if (e.textContent !== String(text)) e.textContent = text;
}

export const show = (e, on) => { e.hidden = !on; };

// ask makes a request and returns its JSON. A refusal throws an Error whose message is
// for people; one who is nobody any more goes to the login.
export async function ask(method, path, body) {
  let r;
  try {
    r = await fetch(path, {
      method, cache: 'no-store',
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error(t('line.lost'));
  }
  const answer = await r.json().catch(() => ({}));
  if (r.ok) return answer;
  if (answer.error?.word === 'stranger') location.assign('/login');
  const e = new Error(answer.error?.message ?? r.statusText);
  e.word = answer.error?.word;
  throw e;
}

// The server's clock, since a wallboard's own may be wrong by minutes.
let ahead = 0;
export function clockIs(now) { ahead = now - Date.now(); }
export const now = () => Date.now() + ahead;

// span is how long something lasts: 0:07, 12:30, 1:02:03.
export function span(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = n => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

export const lost = on => show($('lost'), on);

// every calls f now and then again each second while the page is seen.
export function every(f) {
  f();
  setInterval(() => { if (!document.hidden) f(); }, 1000);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) f(); });
}

// stream reads the wallboard as it changes. What it returns says whether something has
// come of late.
export function stream(f) {
  let last = Date.now();
  const open = () => {
    const source = new EventSource('/api/board/stream');
    source.onmessage = e => {
      last = Date.now();
      const board = JSON.parse(e.data);
      clockIs(board.now);
      f(board);
    };
    source.onerror = () => { // while it can, the browser tries again by itself
      if (source.readyState === EventSource.CLOSED) setTimeout(() => ask('GET', '/api/me').then(open, open), 3000);
    };
  };
  open();
  return () => Date.now() - last < 6000;
}

const theme = $('theme');
if (theme) {
  theme.addEventListener('click', () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    try { localStorage.setItem('callwright-theme', root.dataset.theme); } catch { /* for this page alone, then */ }
  });
}

const leave = $('leave');
if (leave) {
  leave.addEventListener('click', () => ask('POST', '/api/logout', {}).finally(() => location.assign('/login')));
}
