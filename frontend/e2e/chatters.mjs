// Clients of every kind, each handled alike: events are waited for, requests have replies.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { Socket } from './example.mjs';
import { PASSWORD } from './support.mjs';

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

export async function account(server, name) {
  const response = await fetch(`${server.url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${name}@example.org`, password: PASSWORD, name }),
  });
  assert.equal(response.status, 201);
  const { user, access_token } = await response.json();
  return { id: user.id, name, token: access_token };
}

/** How somebody may come, by the name that they get. */
export const ways = {
  polling: (server, who) => bySocketIo(server, who, ['polling']),
  websocket: (server, who) => bySocketIo(server, who, ['websocket']),
  upgrading: (server, who) => bySocketIo(server, who, ['polling', 'websocket']),
  plain: (server, who) => byWebsocket(server, who),
  python: (server, who) => byPython(server, who, 'websocket'),
  pythonpolling: (server, who) => byPython(server, who, 'polling'),
};
