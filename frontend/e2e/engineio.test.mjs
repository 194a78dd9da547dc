// What the Engine.IO protocol (version 4) says, asked of the example server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Example, Socket } from './example.mjs';

const SETTINGS = ['--ping-interval-ms', '300', '--ping-timeout-ms', '200', '--max-payload', '1000000'];
let example;
let url;
let wsUrl;

before(async () => {
  example = await Example.start('socketio_server', ...SETTINGS);
  url = `${example.url}/engine.io/`;
  wsUrl = url.replace('http', 'ws');
});
after(() => example.stop());

const polling = (sid) => `${url}?EIO=4&transport=polling${sid ? `&sid=${sid}` : ''}`;
const websocket = (sid) => `${wsUrl}?EIO=4&transport=websocket${sid ? `&sid=${sid}` : ''}`;
const poll = async (sid) => {
  const response = await fetch(polling(sid));
  return { status: response.status, body: await response.text() };
};
const post = async (sid, body) => {
  const response = await fetch(polling(sid), { method: 'POST', body });
  return { status: response.status, body: await response.text() };
};
const open = async () => JSON.parse((await poll()).body.slice(1)).sid;

test('a handshake by polling says all that the client needs', async () => {
  const response = await fetch(polling());
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /^text\/plain; charset=utf-8$/i);
  const body = await response.text();
  assert.equal(body[0], '0');
  const { sid, ...rest } = JSON.parse(body.slice(1));
  assert.ok(sid.length >= 16);
  assert.deepEqual(rest, {
    upgrades: ['websocket'],
    pingInterval: 300,
    pingTimeout: 200,
    maxPayload: 1000000,
  });
});

test('a handshake by websocket offers no upgrade', async () => {
  const socket = await Socket.open(websocket());
  const { sid, ...rest } = JSON.parse((await socket.next()).slice(1));
  assert.ok(sid);
  assert.deepEqual(rest, { upgrades: [], pingInterval: 300, pingTimeout: 200, maxPayload: 1000000 });
  socket.socket.close();
});

test('what the protocol does not know is refused with its number', async () => {
  for (const [query, method, code] of [
    ['?EIO=4', 'GET', 0],
    ['?EIO=4&transport=abc', 'GET', 0],
    ['?EIO=4&transport=polling&sid=0123456789abcdef', 'GET', 1],
    ['?EIO=4&transport=polling&sid=x', 'GET', 1],
    ['?EIO=4&transport=polling', 'POST', 2],
    ['?EIO=4&transport=polling', 'PUT', 2],
    ['?EIO=4&transport=websocket', 'GET', 3],
    ['?transport=polling', 'GET', 5],
    ['?EIO=abc&transport=polling', 'GET', 5],
  ]) {
    const response = await fetch(url + query, { method });
    assert.equal(response.status, 400, query);
    const problem = await response.json();
    assert.equal(problem.code, code, query);
    assert.ok(problem.message);
  }
  for (const bad of [
    `${wsUrl}?EIO=abc&transport=websocket`,
    `${wsUrl}?transport=websocket`,
    websocket('x'.repeat(16)),
  ])
    assert.equal(await new Socket(bad).closed, 400, bad);
});

test('polling carries texts and bytes, one and many', async () => {
  const sid = await open();
  assert.deepEqual(await post(sid, '4hello'), { status: 200, body: 'ok' });
  assert.equal((await poll(sid)).body, '4hello');
  const many = '4one\x1e4two\u20ac\x1ebAQIDBA==\x1e4';
  await post(sid, many);
  assert.equal((await poll(sid)).body, many);
  assert.equal((await post(sid, '1')).status, 200);
  assert.equal((await poll(sid)).status, 400);
});

test('a websocket carries texts and bytes', async () => {
  const socket = await Socket.open(websocket());
  await socket.next();
  socket.send('4hello', Buffer.from([1, 2, 3, 4]), '4');
  assert.equal(await socket.next(), '4hello');
  assert.deepEqual(await socket.next(), Buffer.from([1, 2, 3, 4]));
  assert.equal(await socket.next(), '4');
  socket.send('1');
  assert.equal(await socket.closed, 1000);
});

test('pings are sent, and who answers them stays', async () => {
  const [sid, socket] = [await open(), await Socket.open(websocket())];
  await socket.next();
  for (let round = 0; round < 3; round += 1) {
    const [polled, sent] = await Promise.all([poll(sid), socket.next()]);
    assert.deepEqual([polled.body, sent], ['2', '2']);
    assert.equal((await post(sid, '3')).status, 200);
    socket.send('3');
  }
  socket.socket.close();
});

test('who does not answer a ping is closed', async () => {
  const [sid, socket] = [await open(), await Socket.open(websocket())];
  assert.ok(await socket.closed);
  // Both were opened at the same time, so this one is over too, or is just now.
  const last = await poll(sid);
  assert.ok(last.status === 400 || ['1', '2'].includes(last.body), JSON.stringify(last));
  if (last.status === 200) while ((await poll(sid)).status !== 400);
});

test('two polls at once end the session', async () => {
  const sid = await open();
  const both = await Promise.all([poll(sid), poll(sid)]);
  both.sort((one, other) => one.status - other.status);
  assert.deepEqual([both[0], both[1].status], [{ status: 200, body: '1' }, 400]);
  assert.equal((await poll(sid)).status, 400);
});

test('a close releases the poll that waits', async () => {
  const sid = await open();
  const [polled] = await Promise.all([poll(sid), post(sid, '1')]);
  assert.ok(polled.body === '6' || polled.status === 400, JSON.stringify(polled));
  assert.equal((await poll(sid)).status, 400);
});

test('what is no packet ends the session', async () => {
  const sid = await open();
  assert.equal((await post(sid, 'abc')).status, 400);
  assert.equal((await poll(sid)).status, 400);
  const large = await open();
  assert.equal((await post(large, `4${'x'.repeat(1000000)}`)).status, 413);
  assert.equal((await poll(large)).status, 400);
  for (const bad of ['abc', '', 'bAQ==x', '5', '2']) {
    const socket = await Socket.open(websocket());
    await socket.next();
    socket.send(bad);
    assert.ok(await socket.closed, bad);
  }
});

test('an upgrade moves the session, and nothing is lost on the way', async () => {
  const sid = await open();
  const waiting = poll(sid);
  const socket = await Socket.open(websocket(sid));
  socket.send('2probe');
  assert.equal(await socket.next(), '3probe');
  assert.equal((await waiting).body, '6');
  await post(sid, '4before');
  socket.send('5', '4after');
  assert.deepEqual([await socket.next(), await socket.next()], ['4before', '4after']);
  assert.equal((await poll(sid)).status, 400);
  assert.equal(await new Socket(websocket(sid)).closed, 400);
  socket.send('4still');
  assert.equal(await socket.next(), '4still');
  socket.socket.close();
});

test('an upgrade that is given up leaves polling as it was', async () => {
  const sid = await open();
  const stranger = await Socket.open(websocket(sid));
  stranger.send('4hello');
  assert.ok(await stranger.closed);
  const socket = await Socket.open(websocket(sid));
  socket.send('2probe');
  assert.equal(await socket.next(), '3probe');
  socket.socket.close();
  await socket.closed;
  await post(sid, '4on');
  let body;
  do body = (await poll(sid)).body;
  while (body === '6' || body === '2');
  assert.equal(body, '4on');
});
