import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ChatClient } from '../../socket/client';
import { FakeSocket } from '../../socket/fake';
import type { Entry } from '../../socket/protocol';
import { RoomView } from './room.svelte';

const ada = { id: 'ada', name: 'Ada' };
const bob = { id: 'bob', name: 'Bob' };

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
const entry = (seq: number, text: string, client_id?: string): Entry => ({
  type: 'message',
  room: 'r',
  seq,
  message: {
    id: `m${seq}`,
    author: ada,
    text,
    at: '2026-01-01T00:00:00.000Z',
    ...(client_id && { client_id }),
  },
});

async function room() {
  const client = new ChatClient({
    url: 'ws://host/ws/chat',
    credential: () => Promise.resolve({ token: 't' }),
    on: { entry: (one) => view.take(one) },
    random: () => 0.5,
  });
  const view = new RoomView('r', client, ada);
  client.connect();
  await settle();
  FakeSocket.last.welcome();
  await settle();
  const join = client.join('r');
  FakeSocket.last.answers('join', { room: 'r', epoch: 'e', seq: 0 });
  await join;
  return view;
}

const sends = () => FakeSocket.last.asked('send').map(({ text }) => text);
const states = (view: RoomView) => view.timeline.drafts.map(({ text, state }) => `${text} ${state}`);

test('messages go one after the other, and are lines at once', async () => {
  const view = await room();
  for (const text of ['one', 'two']) view.send(text, []);
  expect(states(view)).toEqual(['one sending', 'two sending']);
  expect(sends()).toEqual(['one']);
  const client_id = FakeSocket.last.asked('send')[0]?.['client_id'];
  FakeSocket.last.answers('send', { message_id: 'm1', seq: 1, at: '' });
  await settle();
  expect([sends(), states(view)]).toEqual([
    ['one', 'two'],
    ['one sent', 'two sending'],
  ]);
  FakeSocket.last.says(entry(1, 'one', client_id as string) as never);
  expect(states(view)).toEqual(['two sending']);
  expect(view.timeline.messages.map(({ message }) => message.text)).toEqual(['one']);
});

test('what was refused is tried again as the same message; what follows is not held up', async () => {
  const view = await room();
  view.send('one', ['bob']);
  view.send('two', []);
  const first = FakeSocket.last.asked('send')[0];
  FakeSocket.last.refuses('send', 'internal');
  await settle();
  FakeSocket.last.answers('send', { message_id: 'm1', seq: 1, at: '' });
  await settle();
  expect(states(view)).toEqual(['one failed', 'two sent']);
  expect(view.timeline.drafts[0]?.problem).toContain('went wrong');
  view.retry(view.timeline.drafts[0]?.client_id ?? '');
  expect(FakeSocket.last.asked('send').at(-1)).toMatchObject({
    text: 'one',
    client_id: first?.['client_id'],
    mentions: ['bob'],
  });
});

test('what came too fast goes again by itself, in its turn', async () => {
  const view = await room();
  view.send('one', []);
  view.send('two', []);
  FakeSocket.last.refuses('send', 'too_many');
  await vi.advanceTimersByTimeAsync(999);
  expect(sends()).toEqual(['one']);
  await vi.advanceTimersByTimeAsync(1);
  expect(sends()).toEqual(['one', 'one']);
});

test('typing is told while one types, and taken back when the message goes', async () => {
  const view = await room();
  for (const text of ['h', 'he', 'hel']) view.typing(text);
  view.send('hello', []);
  expect(FakeSocket.last.asked('typing').map(({ typing }) => typing)).toEqual([true, false]);
});

test('who types is shown until it ends, by itself too', async () => {
  const view = await room();
  view.pass({ type: 'typing', room: 'r', user: bob, typing: true });
  expect(view.typists.length).toBe(1);
  await vi.advanceTimersByTimeAsync(7_000);
  expect(view.typists.length).toBe(0);
});

test('a room that was away too long is read afresh, and keeps what is on its way', async () => {
  const view = await room();
  view.take(entry(1, 'old'));
  view.send('mine', []);
  view.reset();
  FakeSocket.last.answers('history', {
    messages: [{ seq: 9, message: { ...entryMessage(9), text: 'new' } }],
  });
  await settle();
  expect(view.timeline.messages.map(({ message }) => message.text)).toEqual(['new']);
  expect(states(view)).toEqual(['mine sending']);
});

const entryMessage = (seq: number) => (entry(seq, '') as Extract<Entry, { type: 'message' }>).message;
