// Every kind of client in one group and in direct rooms: all see the same messages in the same order, and each other.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { io } from 'socket.io-client';
import { Socket } from './example.mjs';
import { PASSWORD, Server } from './support.mjs';

const PYTHON = process.env.TOCSIN_TEST_PYTHON ?? 'python3';
const CHATTER = fileURLToPath(new URL('../../tests/python/chatter.py', import.meta.url));

/** Somebody signed in, whatever carries them: events are waited for, requests have replies. */
class Chatter {
  constructor(account) {
    Object.assign(this, account);
    this.events = [];
    this.waiting = [];
  }

  heard(event, data) {
    this.events.push({ event, data });
    for (const look of [...this.waiting]) look();
  }

  /** The first event that fits and was not taken yet. */
  event(name, fits = () => true) {
    return new Promise((resolve) => {
      const look = () => {
        const at = this.events.findIndex((one) => one.event === name && fits(one.data));
        if (at < 0) return;
        this.waiting = this.waiting.filter((other) => other !== look);
        resolve(this.events.splice(at, 1)[0].data);
      };
      this.waiting.push(look);
      look();
    });
  }

  async done(type, fields) {
    const { ok, error, ...reply } = await this.ask(type, fields);
    assert.ok(ok, `${this.name}: ${type}: ${JSON.stringify(error)}`);
    return reply;
  }
}

function bySocketIo(server, account, transports) {
  const chatter = new Chatter(account);
  const client = io(server.url, { auth: { token: account.token }, transports, forceNew: true });
  client.onAny((event, data) => chatter.heard(event, data));
  chatter.ask = (type, fields) => client.timeout(20_000).emitWithAck(type, fields);
  chatter.stop = () => client.disconnect();
  return chatter;
}

function byWebsocket(server, account) {
  const chatter = new Chatter(account);
  const headers = { authorization: `Bearer ${account.token}` };
  const socket = new Socket(`${server.url.replace('http', 'ws')}/ws/chat`, { headers });
  const replies = new Map();
  socket.socket.on('message', (text) => {
    const { type, id, ...fields } = JSON.parse(text);
    if (type === 'reply') replies.get(id)(fields);
    else chatter.heard(type, fields);
  });
  chatter.ask = (type, fields) =>
    new Promise((resolve) => {
      replies.set(replies.size, resolve);
      socket.send(JSON.stringify({ type, id: replies.size - 1, ...fields }));
    });
  chatter.stop = () => socket.socket.close();
  return chatter;
}

function byPython(server, account, transport) {
  const chatter = new Chatter(account);
  const process = spawn(PYTHON, [CHATTER, server.url, account.token, transport], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...globalThis.process.env, no_proxy: '*' },
  });
  const replies = [];
  createInterface({ input: process.stdout }).on('line', (line) => {
    const { reply, event, data } = JSON.parse(line);
    if (event) chatter.heard(event, data);
    else replies.shift()(reply);
  });
  chatter.ask = (type, fields) =>
    new Promise((resolve) => {
      replies.push(resolve);
      process.stdin.write(`${JSON.stringify([type, fields])}\n`);
    });
  chatter.stop = () => process.kill();
  return chatter;
}

async function account(server, name) {
  const response = await fetch(`${server.url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${name}@example.org`, password: PASSWORD, name }),
  });
  assert.equal(response.status, 201);
  const { user, access_token } = await response.json();
  return { id: user.id, name, token: access_token };
}

test('all kinds of clients share a group and talk in pairs', async () => {
  const server = await Server.start([
    'limits.messages_per_second=1000',
    'limits.messages_per_second_of_user=1000',
  ]);
  const all = [];
  try {
    const ways = {
      polling: (who) => bySocketIo(server, who, ['polling']),
      websocket: (who) => bySocketIo(server, who, ['websocket']),
      upgrading: (who) => bySocketIo(server, who, ['polling', 'websocket']),
      plain: (who) => byWebsocket(server, who),
      python: (who) => byPython(server, who, 'websocket'),
      pythonpolling: (who) => byPython(server, who, 'polling'),
    };
    for (const [name, open] of Object.entries(ways)) {
      const chatter = open(await account(server, name));
      all.push(chatter);
      const { user } = await chatter.event('welcome');
      assert.deepEqual(user, { id: chatter.id, name });
    }
    const [first, ...others] = all;
    await first.done('create_room', { room: 'all' });
    await first.done('join', { room: 'all' });
    for (const chatter of others) {
      await chatter.event('room_created', ({ room }) => room === 'all');
      await chatter.done('join', { room: 'all' });
      const { user } = await first.event('joined');
      assert.deepEqual(user, { id: chatter.id, name: chatter.name });
    }
    for (const chatter of all) {
      chatter.ask('typing', { room: 'all', typing: true });
      const others = all.filter((other) => other !== chatter);
      await Promise.all(
        others.map((other) => other.event('typing', (one) => one.typing && one.user.id === chatter.id)),
      );
    }
    // All at once: whoever is first, everybody sees the same.
    const EACH = 5;
    await Promise.all(
      all.map(async (chatter) => {
        for (let n = 0; n < EACH; n += 1)
          await chatter.done('send', { room: 'all', text: `${chatter.name} ${n}`, client_id: `${n}` });
      }),
    );
    const orders = [];
    for (const chatter of all) {
      const order = [];
      for (let seq = 1; seq <= all.length * EACH; seq += 1) {
        const event = await chatter.event('message', ({ room }) => room === 'all');
        assert.equal(event.seq, seq, chatter.name);
        order.push(event.message.text);
      }
      orders.push(order.join('\n'));
    }
    assert.equal(new Set(orders).size, 1);
    for (const [at, chatter] of all.entries()) {
      const peer = all[(at + 1) % all.length];
      const { room } = await chatter.done('direct', { user: peer.id });
      assert.equal((await peer.done('direct', { user: chatter.id })).room, room);
      await chatter.done('send', { room, text: 'psst' });
      const heard = await peer.event('message', (event) => event.room === room);
      assert.equal(heard.message.author.name, chatter.name);
      const third = all[(at + 2) % all.length];
      const refused = await third.ask('join', { room });
      assert.equal(refused.error.code, 'unknown_room');
    }
    const last = all.at(-1);
    await last.done('leave', { room: 'all' });
    for (const chatter of all.slice(0, -1)) {
      const { user } = await chatter.event('left', ({ room }) => room === 'all');
      assert.equal(user.id, last.id);
    }
  } finally {
    for (const chatter of all) chatter.stop();
    await server.stop();
  }
});
