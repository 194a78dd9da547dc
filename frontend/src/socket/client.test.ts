import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  ChatClient,
  PING_AFTER,
  PONG_WITHIN,
  WELCOME_WITHIN,
  type Credential,
  type Handlers,
} from './client';
import { FakeSocket } from './fake';
import { RequestError, type Message } from './protocol';

const message = (seq: number, text = `${seq}`) => ({
  type: 'message' as const,
  room: 'r',
  seq,
  message: { id: `m${seq}`, author: { id: 'b', name: 'Bob' }, text, at: '' } satisfies Message,
});

beforeEach(() => {
  FakeSocket.all = [];
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = () => vi.advanceTimersByTimeAsync(0);
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof RequestError ? error.code : String(error)),
  );

/** A client, connected, with what it was told. */
async function connected(on: Handlers = {}) {
  const shown: string[] = [];
  const credential = vi.fn<(refused: boolean) => Promise<Credential | undefined>>(() =>
    Promise.resolve({ ticket: 't&1' }),
  );
  const handlers: Handlers = {
    entry: (entry) => shown.push(entry.type === 'message' ? entry.message.text : entry.type),
    reset: (room, { seq }) => shown.push(`reset ${room} ${seq}`),
    gone: (room, { code }) => shown.push(`gone ${room} ${code}`),
    ...on,
  };
  const client = new ChatClient({ url: 'ws://host/ws/chat', credential, on: handlers, random: () => 0.5 });
  client.connect();
  await settle();
  FakeSocket.last.welcome();
  await settle();
  return { client, shown, credential };
}

async function joined(seq = 5, on: Handlers = {}) {
  const all = await connected(on);
  const promise = all.client.join('r');
  FakeSocket.last.answers('join', { room: 'r', epoch: 'e', seq });
  await promise;
  return all;
}

/** The connection ends, and the next one is welcomed. */
async function again(code = 1006) {
  FakeSocket.last.ends(code);
  await reconnected();
}

async function reconnected() {
  const before = FakeSocket.all.length;
  while (FakeSocket.all.length === before) await vi.advanceTimersToNextTimerAsync();
  FakeSocket.last.welcome();
  await settle();
}

test('a ticket goes into the address, a token into the first frame', async () => {
  const { client, credential } = await connected();
  expect(FakeSocket.last.url).toBe('ws://host/ws/chat?ticket=t%261');
  expect(client.state).toEqual({ state: 'open', user: { id: 'ada', name: 'Ada' } });
  credential.mockResolvedValue({ token: 'jwt' });
  await again();
  expect(FakeSocket.last.url).toBe('ws://host/ws/chat');
  expect(FakeSocket.last.sent[0]).toEqual({ type: 'auth', token: 'jwt' });
});

test('replies find their requests by id, in whatever order', async () => {
  const { client } = await connected();
  const both = [client.request('rooms'), client.request('presence', { room: 'r' })];
  FakeSocket.last.answers('presence', { online: [] });
  FakeSocket.last.answers('rooms', { rooms: [] });
  FakeSocket.last.says({ type: 'reply', id: 999, ok: true });
  expect(await Promise.all(both)).toMatchObject([{ rooms: [] }, { online: [] }]);
});

test('a refusal says its code, its words and the field', async () => {
  const { client } = await connected();
  const promise = client.request('edit', { room: 'r', message_id: 'm', text: '' });
  const { id } = FakeSocket.last.sent.at(-1) ?? {};
  const error = { code: 'bad_request', detail: 'Too short.', path: '/text' };
  FakeSocket.last.says({ type: 'reply', id, ok: false, error });
  await expect(promise).rejects.toMatchObject(error);
});

test('a request ends by time, by its signal, by its size, and with the client', async () => {
  const { client } = await connected();
  const slow = failure(client.request('edit', {}, { timeout: 500 }));
  await vi.advanceTimersByTimeAsync(500);
  expect(await slow).toBe('timeout');

  const abort = new AbortController();
  const aborted = failure(client.request('edit', {}, { signal: abort.signal }));
  abort.abort(new Error('enough'));
  expect(await aborted).toBe('Error: enough');
  expect(await failure(client.request('edit', {}, { signal: abort.signal }))).toBe('Error: enough');

  expect(await failure(client.request('send', { text: 'ä'.repeat(33_000) }))).toBe('too_large');
  expect(FakeSocket.last.asked('send')).toEqual([]);

  const open = failure(client.request('rooms', {}, { timeout: Infinity }));
  client.close();
  expect(await open).toBe('closed');
  expect(vi.getTimerCount()).toBe(0);
});

test('a lost connection: what may be repeated is, once and in order; the rest fails', async () => {
  const { client } = await connected();
  const edit = failure(client.request('edit', { room: 'r' }));
  const bare = failure(client.request('send', { room: 'r', text: 'no client_id' }));
  const first = client.request('send', { room: 'r', text: 'one', client_id: 'c1' });
  const answered = client.request('rooms');
  FakeSocket.last.answers('rooms');
  await answered;
  FakeSocket.last.ends(1006);
  const second = client.request('send', { room: 'r', text: 'two', client_id: 'c2' });
  expect([await edit, await bare]).toEqual(['disconnected', 'disconnected']);
  expect(await failure(client.request('delete', {}))).toBe('disconnected');

  await reconnected();
  expect(FakeSocket.last.sent.map(({ text }) => text)).toEqual(['one', 'two']);
  for (const [n, promise] of [first, second].entries()) {
    FakeSocket.last.says({ type: 'reply', id: FakeSocket.last.sent[n]?.id, ok: true, seq: n });
    expect(await promise).toMatchObject({ seq: n });
  }
});

test('the time that a connection is away does not count', async () => {
  const { client } = await connected();
  const send = failure(client.request('send', { client_id: 'c' }, { timeout: 1_000 }));
  FakeSocket.last.ends(1006);
  await vi.advanceTimersByTimeAsync(9_000);
  FakeSocket.last.welcome();
  await vi.advanceTimersByTimeAsync(999);
  FakeSocket.last.answers('send');
  expect(await send).toBe('done');
});

test('a frame that may have ended the connection is not sent again', async () => {
  const { client } = await connected();
  const send = failure(client.request('send', { client_id: 'c' }));
  await again(1009);
  expect(await send).toBe('disconnected');
  expect(FakeSocket.last.sent).toEqual([]);
});

test('typing is told when there is somebody to tell it', async () => {
  const { client } = await connected();
  client.tell('typing', { room: 'r', typing: true });
  expect(FakeSocket.last.sent).toEqual([{ type: 'typing', room: 'r', typing: true }]);
  await again();
  FakeSocket.last.ends(1006);
  client.tell('typing', { room: 'r', typing: true });
  await again();
  expect(FakeSocket.last.sent).toEqual([]);
});

test('a refused sign-in is tried at once with a fresh credential; without one it ends', async () => {
  const { client, credential } = await connected();
  FakeSocket.last.ends(4401);
  await settle();
  expect(credential.mock.calls).toEqual([[false], [true]]);
  credential.mockResolvedValue(undefined);
  FakeSocket.last.ends(4401);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(client.state.state).toBe('signed_out');
  expect(FakeSocket.all.length).toBe(2);
});

test('a server that cannot be asked for a ticket is asked again', async () => {
  const { client, credential } = await connected();
  credential.mockRejectedValueOnce(new Error('unreachable'));
  FakeSocket.last.ends(1001);
  await vi.advanceTimersByTimeAsync(2_500);
  expect(client.state.state).toBe('waiting');
  await vi.advanceTimersByTimeAsync(7_500);
  FakeSocket.last.welcome();
  await settle();
  expect(client.state.state).toBe('open');
});

test('a socket that is silent is asked, and then given up; one that never says welcome too', async () => {
  const { client } = await connected();
  await vi.advanceTimersByTimeAsync(PING_AFTER);
  expect(FakeSocket.last.asked('ping').length).toBe(1);
  FakeSocket.last.answers('ping');
  await vi.advanceTimersByTimeAsync(PING_AFTER + PONG_WITHIN - 1);
  expect(client.state.state).toBe('open');
  await vi.advanceTimersByTimeAsync(1);
  expect(client.state.state).toBe('waiting');
  expect(FakeSocket.last.readyState).toBe(3);
  client.connect();
  await vi.advanceTimersByTimeAsync(WELCOME_WITHIN);
  expect(client.state.state).toBe('waiting');
});

test('pausing keeps what waits, and connecting resumes', async () => {
  const { client, shown } = await joined();
  client.pause();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(FakeSocket.all.length).toBe(1);
  const send = client.request('send', { room: 'r', client_id: 'c' });
  client.connect();
  await settle();
  FakeSocket.last.welcome();
  expect(FakeSocket.last.sent).toMatchObject([{ type: 'join', since: { epoch: 'e', seq: 5 } }]);
  const messages = [{ seq: 6, message: message(6).message }];
  FakeSocket.last.answers('join', { room: 'r', epoch: 'e', seq: 6, recovered: true, messages });
  await settle();
  FakeSocket.last.answers('send');
  await send;
  expect(shown).toEqual(['6']);
});

test('a first join waits for the connection, and shows what came before its answer once', async () => {
  const { client, shown } = await connected();
  FakeSocket.last.ends(1006);
  const join = client.join('r');
  await reconnected();
  for (const seq of [5, 6, 7]) FakeSocket.last.says(message(seq));
  FakeSocket.last.answers('join', { room: 'r', epoch: 'e', seq: 5 });
  await join;
  expect(shown).toEqual(['6', '7']);
  expect(client.seen('r')).toEqual({ epoch: 'e', seq: 7 });
});

test('a room that refuses is not joined again', async () => {
  const { client } = await connected();
  const join = failure(client.join('r'));
  FakeSocket.last.refuses('join', 'unknown_room');
  expect(await join).toBe('unknown_room');
  await again();
  expect(FakeSocket.last.sent).toEqual([]);
});

test('each message once and in order, over doubles, a gap and a resync', async () => {
  const { shown } = await joined(5);
  for (const seq of [6, 6, 5, 8, 9]) FakeSocket.last.says(message(seq));
  expect(shown).toEqual(['6']);
  expect(FakeSocket.last.asked('join').at(-1)).toMatchObject({ since: { epoch: 'e', seq: 6 } });
  const messages = [7, 8].map((seq) => ({ seq, message: message(seq).message }));
  FakeSocket.last.answers('join', { room: 'r', epoch: 'e', seq: 8, recovered: true, messages, changes: [] });
  await settle();
  expect(shown).toEqual(['6', '7', '8', '9']);
  FakeSocket.last.says({ type: 'resync', room: 'r' });
  FakeSocket.last.answers('join', { room: 'r', epoch: 'e', seq: 9, recovered: true });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(FakeSocket.last.asked('join').length).toBe(3);
  expect(shown.length).toBe(4);
});

test('a gap that stays is asked about once a second, not in a storm', async () => {
  await joined(5);
  FakeSocket.last.says(message(9));
  const nothing = { room: 'r', epoch: 'e', seq: 5, recovered: true };
  FakeSocket.last.answers('join', nothing);
  await settle();
  expect(FakeSocket.last.asked('join').length).toBe(2);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(FakeSocket.last.asked('join').length).toBe(3);
});

test('what cannot be replayed is said', async () => {
  const { shown } = await joined(5);
  await again();
  FakeSocket.last.answers('join', { room: 'r', epoch: 'f', seq: 2, recovered: false });
  await settle();
  FakeSocket.last.says(message(3));
  expect(shown).toEqual(['reset r 2', '3']);
});

test('a busy room is tried again, and holds nothing up; a closed one is gone', async () => {
  const { client, shown } = await joined(5);
  await again();
  FakeSocket.last.refuses('join', 'busy');
  await settle();
  expect(client.state.state).toBe('open');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(FakeSocket.last.asked('join').length).toBe(2);
  FakeSocket.last.refuses('join', 'unknown_room');
  await settle();
  expect(shown).toEqual(['gone r unknown_room']);
  await again();
  expect(FakeSocket.last.sent).toEqual([]);
});

test('a connection that goes while rooms are joined again starts over', async () => {
  const { client, shown } = await joined(5);
  await again();
  await again(4408);
  expect(FakeSocket.last.asked('join').length).toBe(1);
  FakeSocket.last.answers('join', { room: 'r', epoch: 'e', seq: 5, recovered: true });
  await settle();
  expect([client.state.state, shown]).toEqual(['open', []]);
});

test('leaving ends it, also when the server knows already', async () => {
  const { client } = await joined();
  const left = client.leave('r');
  FakeSocket.last.refuses('leave', 'not_joined');
  await left;
  expect(client.seen('r')).toBeUndefined();
});

test('a room that was left from another tab is gone here too, and others who leave are told', async () => {
  const passing = vi.fn();
  const { client, shown } = await joined(5, { passing });
  FakeSocket.last.says({ type: 'left', room: 'r', user: { id: 'bob', name: 'Bob' } });
  expect([passing.mock.calls.length, shown]).toEqual([1, []]);
  FakeSocket.last.says({ type: 'left', room: 'r', user: { id: 'ada', name: 'Ada' } });
  expect([passing.mock.calls.length, shown]).toEqual([1, ['gone r not_joined']]);
  expect(client.seen('r')).toBeUndefined();
});

test('each failure in a row waits longer; a good connection begins anew', async () => {
  const { client } = await connected();
  const waits: number[] = [];
  const wait = () => (client.state.state === 'waiting' ? client.state.until - Date.now() : -1);
  for (const code of [1006, 1006, 1006, 4429]) {
    FakeSocket.last.ends(code);
    waits.push(wait());
    await vi.advanceTimersByTimeAsync(wait());
  }
  FakeSocket.last.welcome();
  await vi.advanceTimersByTimeAsync(10_000);
  FakeSocket.last.ends(1001);
  waits.push(wait());
  expect(waits).toEqual([2_500, 7_500, 15_000, 22_500, 2_500]);
});
