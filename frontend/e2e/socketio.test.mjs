// What the Socket.IO protocol (version 5) says, asked of the example server, by hand and by its own client.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { io } from 'socket.io-client';
import { Example, Socket } from './example.mjs';

let example;
let wsUrl;

before(async () => {
  const settings = ['--ping-interval-ms', '300', '--ping-timeout-ms', '200', '--connect-timeout-ms', '1000'];
  example = await Example.start('socketio_server', ...settings);
  wsUrl = `${example.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
});
after(() => example.stop());

/** The next message that is no ping; pings are answered. */
async function next(socket) {
  for (;;) {
    const message = await socket.next();
    if (message !== '2') return message;
    socket.send('3');
  }
}

async function connect(packet = '40') {
  const socket = await Socket.open(wsUrl);
  assert.equal((await next(socket))[0], '0');
  socket.send(packet);
  return socket;
}

/** In a namespace, greeted. */
async function connected(namespace = '') {
  const socket = await connect(`40${namespace}`);
  await next(socket);
  await next(socket);
  return socket;
}

test('a client is let into the namespaces there are, with what it sent', async () => {
  for (const [packet, place, auth] of [
    ['40', '', {}],
    ['40{"token":"123"}', '', { token: '123' }],
    ['40/custom,', '/custom,', {}],
    ['40/custom,{"token":"abc"}', '/custom,', { token: 'abc' }],
  ]) {
    const socket = await connect(packet);
    const answer = await next(socket);
    assert.ok(answer.startsWith(`40${place}{"sid":"`), answer);
    assert.deepEqual(Object.keys(JSON.parse(answer.slice(2 + place.length))), ['sid']);
    assert.equal(await next(socket), `42${place}["auth",${JSON.stringify(auth)}]`);
    socket.socket.close();
  }
});

test('an unknown namespace is refused, and the connection stays', async () => {
  const socket = await connect('40/random');
  assert.equal(await next(socket), '44/random,{"message":"Invalid namespace"}');
  socket.send('40');
  assert.match(await next(socket), /^40\{"sid"/);
  socket.socket.close();
});

test('what the protocol does not allow closes the connection', async () => {
  for (const bad of ['4abc', '40[1]', '42["too early"]', '44{"message":"x"}']) {
    const socket = await connect(bad);
    assert.ok(await socket.closed, bad);
  }
  const placeholders = Array.from({ length: 11 }, (_, num) => ({ _placeholder: true, num }));
  for (const bad of [
    '40',
    '4abc',
    '42{}',
    '42abc["message-with-ack",1]',
    '42["connect"]',
    '42/custom,["not there"]',
    `4511-["message",${placeholders.map((one) => JSON.stringify(one)).join(',')}]`,
    Buffer.from([1]),
  ]) {
    const socket = await connected();
    socket.send(bad);
    let closed = false;
    socket.closed.then(() => (closed = true));
    // Anything but pings would be an answer.
    while (!closed) {
      const message = await Promise.race([socket.next(), socket.closed]);
      if (typeof message === 'number') break;
      assert.equal(message, '2', String(bad));
    }
  }
});

test('who is in no namespace in time is closed', async () => {
  const socket = await Socket.open(wsUrl);
  for (;;) {
    const message = await Promise.race([socket.next(), socket.closed]);
    if (typeof message === 'number') break;
    if (message === '2') socket.send('3');
  }
});

test('events come back and are acknowledged with the same arguments, bytes too', async () => {
  for (const place of ['', '/custom,']) {
    const socket = await connected(place);
    socket.send(`42${place}["message",1,"2",{"3":[true]}]`);
    assert.equal(await next(socket), `42${place}["message-back",1,"2",{"3":[true]}]`);
    socket.send(`42${place}456["message-with-ack",1,"2",{"3":[false]}]`);
    assert.equal(await next(socket), `43${place}456[1,"2",{"3":[false]}]`);
    const placeholders = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}';
    const bytes = [Buffer.from([1, 2, 3]), Buffer.from([4, 5, 6])];
    socket.send(`452-${place}["message",${placeholders}]`, ...bytes);
    assert.equal(await next(socket), `452-${place}["message-back",${placeholders}]`);
    assert.deepEqual([await next(socket), await next(socket)], bytes);
    socket.send(`452-${place}789["message-with-ack",${placeholders}]`, ...bytes);
    assert.equal(await next(socket), `462-${place}789[${placeholders}]`);
    assert.deepEqual([await next(socket), await next(socket)], bytes);
    socket.socket.close();
  }
});

test('a client leaves one namespace and stays in the other', async () => {
  const socket = await connected();
  socket.send('40/custom,');
  await next(socket);
  await next(socket);
  socket.send('41', '42/custom,["message","still here"]');
  assert.equal(await next(socket), '42/custom,["message-back","still here"]');
  socket.send('42["message","gone"]');
  assert.ok(await socket.closed);
});

for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
  test(`socket.io-client by ${transports.join(', then ')}`, async () => {
    const client = io(`${example.url}/custom`, { transports, auth: { token: 't' }, forceNew: true });
    try {
      const upgraded = transports.length > 1 && once(client.io.engine, 'upgrade');
      const [auth] = await once(client, 'auth');
      assert.deepEqual(auth, { token: 't' });
      await upgraded;
      const large = Buffer.alloc(100_000, 7);
      client.emit('message', 'grüße', { deep: [1, null, large] });
      const [text, { deep }] = await once(client, 'message-back');
      assert.deepEqual([text, deep[1], Buffer.from(deep[2])], ['grüße', null, large]);
      assert.deepEqual(await client.emitWithAck('message-with-ack', 1, 'two'), 1);
      const back = [];
      const all = new Promise((resolve) => {
        client.on('message-back', (n) => back.push(n) === 200 && resolve());
      });
      for (let n = 0; n < 200; n += 1) client.emit('message', n);
      await all;
      assert.deepEqual(back, [...Array(200).keys()]);
    } finally {
      client.disconnect();
    }
  });
}

test('socket.io-client hears why it may not come in', async () => {
  const client = io(`${example.url}/nowhere`, { forceNew: true });
  const [error] = await once(client, 'connect_error');
  assert.equal(error.message, 'Invalid namespace');
  client.disconnect();
});
