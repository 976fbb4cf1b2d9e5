// The wallboard: what the server sends each second, with waits that go on in between. With
// more queues than can be read from five metres, pages take turns.

import { $, every, lang, lost, make, now, put, ready, show, span, stream, t } from './page.js';

const perPage = 5;
const turnEvery = 10; // seconds

let board = null;
let alive = () => true;
let tick = 0;

const percent = x => x === null ? '–' : (Math.floor(x * 1000 + 1e-9) / 10).toFixed(x === 1 ? 0 : 1) + '%'; // 79.96 % has not met 80 %
const number = n => n.toLocaleString(lang);

// wait is how long somebody has waited, and how that stands against T.
function wait(e, since, T) {
  const ms = since ? (now() - since) * board.speed : 0;
  const text = since ? span(ms) : '–';
  put(e, text);
  e.classList.toggle('long', text.length > 5); // an hour and more
  e.dataset.is = !since || ms <= T * 1000 ? 'good' : ms <= 3 * T * 1000 ? 'late' : 'bad';
}

function level(e, x, target) {
  put(e, percent(x));
  e.dataset.is = x === null || !target || x >= target ? 'good' : x >= target - 0.1 ? 'late' : 'bad';
}

function row(q) {
  const tr = make('tr');
  const name = make('th', null, 'word');
  name.append(make('span', q.name));
  const waiting = make('td', number(q.waiting), 'big');
  if (q.callbacks) waiting.append(make('small', t('board.callbacks', number(q.callbacks))));
  const longest = make('td', '', 'big');
  wait(longest, q.oldest, q.T);
  waiting.dataset.is = longest.dataset.is;
  const sl = make('td', '', 'big');
  level(sl, q.serviceLevel, q.target);
  if (q.target) sl.append(make('small', t('board.target', percent(q.target).replace('.0', ''))));
  tr.append(name, waiting, longest, make('td', number(q.ready)), make('td', number(q.offered)), make('td', number(q.answered)), make('td', number(q.abandoned)), sl);
  return tr;
}

function showTop(total) {
  const tile = id => $(id).querySelector('b');
  put(tile('tile-waiting'), number(total.waiting));
  wait(tile('tile-longest'), total.oldest, total.T);
  put(tile('tile-rate'), percent(total.answerRate));
  level(tile('tile-level'), total.serviceLevel, total.target);
  show($('tile-level'), total.oneRule); // with different promises there is no one number
}

const states = ['ready', 'reserved', 'handling', 'wrap-up', 'not-ready'];

function showAgents(agents) {
  $('agents').replaceChildren(...states.map(s => {
    const li = make('li', null, s);
    li.append(make('span', t('state.' + s)), make('b', number(agents[s] ?? 0)));
    return li;
  }));
}

function showRule(queues) {
  const rules = new Map();
  for (const q of queues) rules.set(q.rule + q.T, q);
  put($('rule'), [...rules.values()].slice(0, 2).map(q => t('board.rule', q.ruleName[lang], q.formula[lang], q.T)).join(' '));
}

function showAll() {
  lost(!alive());
  const at = new Date(board ? board.clock + (now() - board.now) * board.speed : now());
  put($('clock'), at.toLocaleTimeString(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }));
  if (!board) return;
  const pages = Math.max(1, Math.ceil(board.queues.length / perPage));
  const page = Math.floor(tick / turnEvery) % pages;
  const shown = board.queues.slice(page * perPage, (page + 1) * perPage);
  $('queues').querySelector('tbody').replaceChildren(...shown.map(row));
  document.body.dataset.rows = String(Math.max(1, shown.length));
  put($('sheet'), pages > 1 ? t('board.pages', page + 1, pages) : '');
  showTop(board.total);
  showAgents(board.agents);
  showRule(shown);
  const notice = !board.taking ? t('board.closed') : board.unrecorded ? t('board.unrecorded') : board.speed > 1 ? t('board.speed', board.speed) : board.queues.length === 0 ? t('board.empty') : '';
  put($('notice'), notice);
  show($('notice'), notice !== '');
}

await ready;
alive = stream(b => { board = b; showAll(); });
every(() => { tick++; showAll(); });
