import { $, ask, ready, show } from './page.js';

$('login').addEventListener('submit', async e => {
  e.preventDefault();
  await ready;
  show($('wrong'), false);
  try {
    const { go } = await ask('POST', '/api/login', { user: $('user').value, password: $('password').value });
    location.assign(go === '/agent' ? '/agent' : '/wallboard');
  } catch (err) {
    $('wrong').textContent = err.message;
    show($('wrong'), true);
    $('password').select();
  }
});
