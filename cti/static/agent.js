// The agent's page. The server sends the desk's whole state whenever it changes; what is
// shown is a function of the last one. Wishes go by POST.

import { $, ask, clockIs, every, lang, lost, make, now, put, ready, show, span, stream, t, tOr } from './page.js';

let desk = null;   // as last told
let me = null;
let draft = '';    // the contact that the form is about

const tell = text => {
  put($('told'), text);
  show($('told'), true);
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => show($('told'), false), 6000);
};

// want does something and tells a refusal. The button is off meanwhile.
async function want(button, f) {
  button.disabled = true;
  try { await f(); } catch (e) { tell(e.message); } finally { button.disabled = false; }
}

const own = path => '/api/agents/me/' + path;
const contact = (act, body = {}) => ask('POST', own(`contacts/${desk.call.contact}/${act}`), body);
const reasonName = r => tOr('reason.' + r, r);
const stateName = (state, reason) => t('state.' + state) + (reason ? ` (${reasonName(reason)})` : '');

function showDesk() {
  const { state, reason, call, wants } = desk;
  document.body.dataset.state = state;
  put($('state-name'), stateName(state, reason));
  put($('wants'), wants ? t('desk.after', stateName(wants.state, wants.reason)) : '');
  show($('wants'), wants !== null);
  const will = wants ? wants.state : ['reserved', 'handling', 'wrap-up'].includes(state) ? 'ready' : state;
  for (const s of ['ready', 'not-ready', 'logged-out']) $(s).setAttribute('aria-pressed', String(will === s));
  const why = state === 'ready' ? 'desk.idle.ready' : ['device', 'rona'].includes(reason) ? 'desk.idle.' + reason : 'desk.idle.not-ready';
  put($('idle-why'), t(why));
  const open = call && call.stage !== 'ended';
  document.body.dataset.stage = open ? call.stage : 'none';
  show($('idle'), !open);
  show($('card'), Boolean(open));
  if (open) showCall(call);
  showForm(call);
  showPast(call);
  showTimes();
}

function showCall(call) {
  const s = call.stage;
  put($('stage-name'), t('stage.' + s));
  put($('number'), call.number || t('desk.withheld'));
  put($('about'), t(call.direction === 'out' ? 'desk.callback-for' : 'desk.for', call.queue));
  show($('hint'), s === 'ringing');
  show($('paused'), call.paused && s !== 'wrap-up');
  const talks = s === 'talking' || s === 'held';
  show($('hold'), s === 'talking');
  show($('retrieve'), s === 'held');
  show($('pause'), talks && !call.paused);
  show($('resume'), talks && call.paused);
  show($('release'), talks || s === 'dialling' || s === 'consulting');
  show($('reject'), s === 'ringing');
  show($('wrap-up-done'), s === 'wrap-up');
  show($('transfer'), talks && me.may.includes('call'));
}

// showForm lets the form be about the contact that was spoken with last. What is written
// and not saved when the next one comes is saved first: it belongs to the former.
function showForm(call) {
  const about = call && call.stage !== 'ringing' ? call.contact : '';
  if (about && about !== draft) {
    if (draft) save(draft).catch(e => tell(e.message));
    draft = about;
    $('note').reset();
    put($('saved'), '');
  }
  show($('notes'), draft !== '' && Boolean(call) && call.contact === draft);
  const list = call ? call.notes : [];
  $('noted').replaceChildren(...list.map(n => {
    const li = make('li');
    li.append(make('small', clock(n.at) + ' ' + n.by));
    if (n.disposition) li.append(make('b', tOr('disposition.' + n.disposition, n.disposition)));
    if (n.text) li.append(make('p', n.text));
    return li;
  }));
}

function showPast(call) {
  show($('past'), Boolean(call));
  const list = call ? call.history : [];
  show($('no-past'), list.length === 0);
  $('history').replaceChildren(...list.map(p => {
    const li = make('li');
    const head = make('p', null, 'row');
    head.append(make('time', day(p.at)), make('span', p.queue), make('span', p.agent, 'soft'), make('span', p.out ? t('desk.history.out') : t('outcome.' + p.outcome), 'soft'));
    if (p.disposition) head.append(make('b', tOr('disposition.' + p.disposition, p.disposition)));
    li.append(head);
    if (p.note) li.append(make('p', p.note, 'note'));
    return li;
  }));
}

const clock = ms => new Date(ms).toLocaleTimeString(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = ms => new Date(ms).toLocaleString(lang, { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

function showTimes() {
  if (!desk) return;
  const since = at => span((now() - at) * desk.speed); // scenario time, as in the records
  put($('state-time'), desk.since && desk.state !== 'logged-out' ? since(desk.since) : '');
  if (desk.call) put($('stage-time'), since(desk.call.since));
  for (const e of document.querySelectorAll('#board [data-since]')) put(e, Number(e.dataset.since) ? since(e.dataset.since) : '–');
}

async function save(key) {
  const note = { text: $('text').value.trim(), disposition: $('disposition').value };
  if (note.text === '' && note.disposition === '') return;
  await ask('POST', `/api/contacts/${key}/notes`, note);
}

// connect opens the socket, and again when it has gone: soon at first, then more slowly,
// not all pages at once.
let tries = 0;
function connect() {
  const socket = new WebSocket(location.origin.replace(/^http/, 'ws') + '/api/agents/me/socket');
  socket.onmessage = e => {
    tries = 0;
    lost(false);
    desk = JSON.parse(e.data);
    clockIs(desk.now);
    showDesk();
  };
  socket.onclose = () => {
    lost(true);
    document.body.dataset.state = 'lost';
    setTimeout(() => ask('GET', '/api/me').then(connect, connect), Math.min(15000, 500 * 2 ** tries++) * (0.5 + Math.random()));
  };
}

function showQueues(board) {
  $('board').replaceChildren(...board.queues.map(q => {
    const tr = make('tr');
    const oldest = make('td', '');
    oldest.dataset.since = q.oldest;
    tr.append(make('th', q.name), make('td', q.waiting), oldest, make('td', q.ready));
    tr.classList.toggle('waits', q.waiting > 0);
    return tr;
  }));
  showTimes();
}

async function loadPlaces() {
  const { queues, agents } = await ask('GET', '/api/places');
  const group = (label, kind, list) => {
    const g = document.createElement('optgroup');
    g.label = label;
    for (const p of list) {
      const o = make('option', p.state ? `${p.name} – ${t('state.' + p.state)}` : p.name);
      o.value = JSON.stringify({ [kind]: p.name });
      g.append(o);
    }
    return g;
  };
  const chosen = $('to').value;
  const none = make('option', t('desk.choose'));
  none.value = '';
  $('to').replaceChildren(none, group(t('desk.queues'), 'queue', queues), group(t('desk.agents'), 'agent', agents));
  if (chosen) $('to').value = chosen;
}

function wire() {
  for (const s of ['ready', 'logged-out']) $(s).addEventListener('click', e => want(e.currentTarget, () => ask('POST', own('state'), { state: s })));
  $('not-ready').addEventListener('click', e => want(e.currentTarget, () => ask('POST', own('state'), { state: 'not-ready', reason: $('reason').value })));
  for (const a of ['hold', 'retrieve', 'release', 'reject']) $(a).addEventListener('click', e => want(e.currentTarget, () => contact(a)));
  $('pause').addEventListener('click', e => want(e.currentTarget, () => contact('recording', { paused: true })));
  $('resume').addEventListener('click', e => want(e.currentTarget, () => contact('recording', { paused: false })));
  $('wrap-up-done').addEventListener('click', e => want(e.currentTarget, async () => {
    await save(draft);
    $('note').reset();
    await ask('POST', own('wrap-up-done'), {});
  }));
  $('transfer').addEventListener('submit', e => {
    e.preventDefault();
    if ($('to').value === '') $('to').focus();
    else want(e.submitter, async () => { await contact('transfer', JSON.parse($('to').value)); $('to').value = ''; });
  });
  $('to').addEventListener('focus', () => loadPlaces().catch(() => {}));
  $('note').addEventListener('submit', e => {
    e.preventDefault();
    want(e.submitter, async () => {
      await save(draft);
      $('note').reset();
      put($('saved'), t('desk.saved'));
    });
  });
  $('note').addEventListener('input', () => put($('saved'), ''));
  $('dial').addEventListener('submit', e => {
    e.preventDefault();
    want(e.submitter, async () => {
      await ask('POST', own('dial'), { number: $('dial-number').value });
      $('dial-number').value = '';
      tell(t('desk.dial.asked'));
    });
  });
}

await ready;
me = await ask('GET', '/api/me');
for (const r of me.reasons) {
  const o = make('option', reasonName(r));
  o.value = r;
  $('reason').append(o);
}
for (const d of me.dispositions) {
  const o = make('option', tOr('disposition.' + d, d));
  o.value = d;
  $('disposition').append(o);
}
const calls = me.may.includes('call');
for (const id of ['acts', 'note', 'out']) show($(id), calls);
if (calls) await loadPlaces();
show($('queues'), me.may.includes('wallboard'));
if (me.may.includes('wallboard')) stream(showQueues);
wire();
connect();
every(showTimes);
