import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { request, type Emitter } from './acknowledge';
import { RequestError } from './protocol';

/** A Socket.IO socket of which the test says when it calls back. */
class Fake implements Emitter {
  connected = true;
  readonly emitted: { event: string; argument: unknown; acknowledge: (reply: unknown) => void }[] = [];
  readonly listeners = new Set<readonly [string, () => void]>();

  emit(event: string, argument: unknown, acknowledge: (reply: unknown) => void): void {
    this.emitted.push({ event, argument, acknowledge });
  }

  on(event: string, listener: () => void): void {
    this.listeners.add([event, listener]);
  }

  off(event: string, listener: () => void): void {
    for (const one of this.listeners) if (one[0] === event && one[1] === listener) this.listeners.delete(one);
  }

  turns(connected: boolean): void {
    this.connected = connected;
    for (const [event, listener] of [...this.listeners])
      if (event === (connected ? 'connect' : 'disconnect')) listener();
  }

  acknowledges(reply: unknown): void {
    this.emitted.at(-1)?.acknowledge(reply);
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const SENT = { ok: true, seq: 7 };
const outcome = (promise: Promise<unknown>) =>
  promise.catch((error: unknown) => (error instanceof RequestError ? error.code : error));
/** Nothing is left behind: no listener, no timer. */
const clean = (socket: Fake) => expect([socket.listeners.size, vi.getTimerCount()]).toEqual([0, 0]);

test('the acknowledgement is what the promise resolves to', async () => {
  const socket = new Fake();
  const promise = request(socket, 'send', { room: 'r', text: 'hello' });
  expect(socket.emitted).toMatchObject([{ event: 'send', argument: { room: 'r', text: 'hello' } }]);
  socket.acknowledges(SENT);
  expect(await promise).toEqual(SENT);
  clean(socket);
});

test('a refusal rejects, with its code and field', async () => {
  const socket = new Fake();
  const promise = request(socket, 'send', { room: 'r', text: '' });
  socket.acknowledges({ ok: false, error: { code: 'bad_request', detail: 'Too short.', path: '/text' } });
  await expect(promise).rejects.toMatchObject({ code: 'bad_request', detail: 'Too short.', path: '/text' });
  clean(socket);
});

test('a callback that is called twice, or called late, changes nothing', async () => {
  const socket = new Fake();
  const twice = request(socket, 'send', {});
  socket.acknowledges(SENT);
  socket.acknowledges({ ok: false, error: { code: 'internal', detail: '' } });
  expect(await twice).toEqual(SENT);

  const late = outcome(request(socket, 'send', {}, { timeout: 500 }));
  await vi.advanceTimersByTimeAsync(500);
  socket.acknowledges(SENT);
  expect(await late).toBe('timeout');
  clean(socket);
});

test('a callback that is never called ends by time, or by the signal', async () => {
  const socket = new Fake();
  const slow = outcome(request(socket, 'send', {}));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await slow).toBe('timeout');

  const abort = new AbortController();
  const aborted = outcome(request(socket, 'send', {}, { signal: abort.signal }));
  abort.abort('enough');
  expect(await aborted).toBe('enough');
  expect(await outcome(request(socket, 'send', {}, { signal: abort.signal }))).toBe('enough');
  expect(socket.emitted.length).toBe(2);
  clean(socket);
});

test('a lost connection rejects what may not be made twice', async () => {
  const socket = new Fake();
  const promise = outcome(request(socket, 'edit', {}));
  socket.turns(false);
  expect(await promise).toBe('disconnected');
  expect(await outcome(request(socket, 'edit', {}))).toBe('disconnected');
  expect(socket.emitted.length).toBe(1);
  clean(socket);
});

test('what may be made twice is made again; time counts from the new connection', async () => {
  const socket = new Fake();
  const promise = outcome(request(socket, 'send', { client_id: 'c' }, { repeat: true, timeout: 1_000 }));
  await vi.advanceTimersByTimeAsync(900);
  socket.turns(false);
  await vi.advanceTimersByTimeAsync(60_000);
  socket.turns(true);
  await vi.advanceTimersByTimeAsync(900);
  expect(socket.emitted.map(({ argument }) => argument)).toEqual([{ client_id: 'c' }, { client_id: 'c' }]);
  socket.acknowledges(SENT);
  expect(await promise).toEqual(SENT);
  socket.turns(true);
  expect(socket.emitted.length).toBe(2);
  clean(socket);
});

test('a request that is made while there is no connection waits for it, if it may be repeated', async () => {
  const socket = new Fake();
  socket.connected = false;
  const promise = request(socket, 'history', {}, { repeat: true });
  expect(socket.emitted.length).toBe(0);
  socket.turns(true);
  socket.acknowledges(SENT);
  expect(await promise).toEqual(SENT);
  clean(socket);
});
