import { expect, test } from 'vitest';
import type { Message } from '../../socket/protocol';
import { lines, seenBy, type Line } from './lines';
import { passed } from './notices';
import { blank, drafted, latest } from './timeline';

const ada = { id: 'a', name: 'Ada' };
const bob = { id: 'b', name: 'Bob' };
const cy = { id: 'c', name: 'Cy' };
const now = new Date(2026, 4, 10, 12);
const message = (seq: number, author: typeof ada, minutes: number, fields: Partial<Message> = {}) => ({
  seq,
  message: {
    id: `m${seq}`,
    author,
    text: `${seq}`,
    at: new Date(now.getTime() + minutes * 60_000).toISOString(),
    ...fields,
  },
});
const draft = (client_id: string, text: string) => ({
  client_id,
  text,
  mentions: [],
  at: now.toISOString(),
  state: 'sending' as const,
});

const show = (line: Line) => {
  switch (line.kind) {
    case 'day':
      return `-- ${line.text}`;
    case 'divider':
      return '-- new';
    case 'notice':
      return `(${line.text})`;
    case 'message':
      return `${line.head ? `${line.message.author.name}: ` : ''}${line.message.text}`;
    case 'draft':
      return `${line.head ? 'draft: ' : ''}${line.draft.text}…`;
  }
};

test('days, heads, what is new, who came, and what is on its way', () => {
  const messages = [
    message(1, ada, -24 * 60),
    message(2, ada, -20),
    message(3, ada, -19),
    message(4, ada, -5),
    message(6, ada, -4),
    message(7, bob, -3),
    message(8, bob, -3, { kind: 'system' }),
    message(9, bob, -3),
    message(10, ada, -1),
  ];
  const timeline = drafted(drafted(latest(blank, messages, 50), draft('x', 'one')), draft('y', 'two'));
  const notices = passed(passed([], 5, bob, 'joined'), 10, cy, 'left');
  const all = lines(timeline, notices, { me: ada, newAfter: 6, now });
  expect(all.map(show)).toEqual([
    '-- Yesterday',
    'Ada: 1',
    '-- Today',
    'Ada: 2',
    '3',
    'Ada: 4',
    '(Bob joined)',
    'Ada: 6',
    '-- new',
    'Bob: 7',
    '8',
    'Bob: 9',
    'Ada: 10',
    '(Cy left)',
    'draft: one…',
    'two…',
  ]);
  expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
});

test('a draft keeps its line when it becomes a message', () => {
  const key = lines(drafted(blank, draft('x', 'one')), [], { me: ada, newAfter: undefined, now }).at(-1)?.key;
  const timeline = latest(blank, [message(1, ada, 0, { client_id: 'x' })], 50);
  expect(lines(timeline, [], { me: ada, newAfter: undefined, now }).at(-1)?.key).toBe(key);
});

test('notices of what is not in the window are not shown', () => {
  const timeline = { ...latest(blank, [message(5, bob, 0)], 1), atEnd: false };
  const notices = passed(passed([], 3, cy, 'joined'), 9, cy, 'left');
  expect(lines(timeline, notices, { me: ada, newAfter: undefined, now }).map(show)).toEqual([
    '-- Today',
    'Bob: 5',
  ]);
});

test('who has seen the last message', () => {
  const marks = [
    { user: bob, seq: 2 },
    { user: cy, seq: 1 },
    { user: ada, seq: 2 },
  ];
  const own = latest(blank, [message(1, bob, 0), message(2, ada, 0)], 9);
  expect(seenBy(own, marks, 'a')).toEqual({ id: 'm2', text: 'Seen by Bob' });
  expect(seenBy(own, [], 'a')).toEqual({ id: 'm2', text: '' });
  expect(seenBy(drafted(own, draft('x', 'one')), marks, 'a')).toEqual({ id: '', text: '' });
  expect(seenBy(own, marks, 'b')).toEqual({ id: '', text: '' });
});
