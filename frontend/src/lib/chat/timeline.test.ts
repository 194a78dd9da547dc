import { expect, test } from 'vitest';
import type { Change, Entry, Message, Numbered } from '../../socket/protocol';
import * as timeline from './timeline';
import { blank, taken, WINDOW, type Draft, type Timeline } from './timeline';

const ada = { id: 'a', name: 'Ada' };
const bob = { id: 'b', name: 'Bob' };
const message = (seq: number, fields: Partial<Message> = {}): Numbered => ({
  seq,
  message: { id: `m${seq}`, author: ada, text: `${seq}`, at: '', ...fields },
});
const entry = (seq: number, fields: Partial<Message> = {}): Entry => ({
  type: 'message',
  room: 'r',
  ...message(seq, fields),
});
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => message(from + n));
const seqs = ({ messages }: Timeline) => messages.map(({ seq }) => seq);
const ends = (one: Timeline) => [seqs(one)[0], seqs(one).at(-1), one.atStart, one.atEnd];
const draft = (client_id: string): Draft => ({
  client_id,
  text: 'x',
  mentions: [],
  at: '',
  state: 'sending',
});
const edit = (seq: number, text: string): Change => ({
  type: 'message_edited',
  room: 'r',
  seq,
  message_id: 'm1',
  text,
  at: 'later',
  user: ada,
});
const react = (user: typeof ada, emoji: string, on: boolean): Change => ({
  type: 'reaction',
  room: 'r',
  seq: 9,
  message_id: 'm1',
  user,
  emoji,
  on,
});

test('messages follow one another, each once', () => {
  let one = timeline.latest(blank, range(1, 3), 50);
  for (const seq of [4, 4, 5]) one = taken(one, entry(seq), true);
  expect([seqs(one), one.atStart, one.atEnd]).toEqual([[1, 2, 3, 4, 5], true, true]);
});

test('the window moves along with whoever follows, and stays for whoever reads', () => {
  const full = timeline.latest(blank, range(1, WINDOW), WINDOW + 1);
  expect(ends(taken(full, entry(WINDOW + 1), true))).toEqual([2, WINDOW + 1, false, true]);
  const reading = taken(full, entry(WINDOW + 1), false);
  expect(ends(reading)).toEqual([1, WINDOW, true, false]);
  expect(ends(taken(reading, entry(WINDOW + 2), true))).toEqual([1, WINDOW, true, false]);
});

test('pages in both directions', () => {
  let one = timeline.latest(blank, range(201, 450), 250);
  expect(ends(one)).toEqual([201, 450, false, true]);
  one = timeline.withOlder(one, range(151, 200), 50);
  expect(ends(one)).toEqual([151, 450, false, true]);
  one = timeline.withOlder(one, range(101, 150), 50);
  expect(ends(one)).toEqual([101, 400, false, false]);
  one = timeline.withNewer(one, range(401, 440), 40);
  expect(ends(one)).toEqual([141, 440, false, false]);
  one = timeline.withNewer(one, range(441, 450), 40);
  expect(ends(one)).toEqual([151, 450, false, true]);
  one = timeline.withOlder(one, range(1, 3), 50);
  expect(ends(one)).toEqual([1, 447, true, false]);
});

test('an edit, a deletion, and what comes after that', () => {
  let one = timeline.latest(blank, [message(1)], 50);
  one = taken(one, edit(2, 'new'), true);
  expect(one.messages[0]?.message).toMatchObject({ text: 'new', edited_at: 'later' });
  one = taken(one, { type: 'message_deleted', room: 'r', seq: 3, message_id: 'm1', at: '', user: ada }, true);
  one = taken(one, edit(4, 'too late'), true);
  expect(one.messages[0]?.message).toMatchObject({ text: '', deleted: true });
});

test('reactions are counted by person, however often they are said', () => {
  const changes = [
    react(ada, '👍', true),
    react(ada, '👍', true),
    react(bob, '👍', true),
    react(bob, '🎉', true),
  ];
  let one = changes.reduce(
    (all, change) => taken(all, change, true),
    timeline.latest(blank, [message(1)], 9),
  );
  expect(one.messages[0]?.message.reactions).toEqual([
    { emoji: '👍', users: [ada, bob] },
    { emoji: '🎉', users: [bob] },
  ]);
  one = taken(taken(one, react(ada, '👍', false), true), react(bob, '🎉', false), true);
  expect(one.messages[0]?.message.reactions).toEqual([{ emoji: '👍', users: [bob] }]);
});

test('a page that was read before a change shows the change', () => {
  const one = taken(blank, edit(9, 'new'), true);
  expect(timeline.latest(one, [message(1)], 50).messages[0]?.message.text).toBe('new');
  const other = timeline.withOlder(
    taken(timeline.latest(blank, [message(5)], 1), edit(9, 'new'), true),
    [message(1)],
    9,
  );
  expect(other.messages.map(({ message }) => message.text)).toEqual(['new', '5']);
});

test('the latest page may be older than what came meanwhile', () => {
  const reading = { ...timeline.latest(blank, range(1, 3), 9), atEnd: false };
  const one = taken(taken(reading, entry(8), true), entry(9), true);
  expect(seqs(one)).toEqual([1, 2, 3]);
  expect(seqs(timeline.latest(one, range(6, 8), 3))).toEqual([6, 7, 8, 9]);
  expect(seqs(timeline.withNewer(one, range(4, 7), 50))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(seqs(timeline.withNewer(one, range(4, 5), 2))).toEqual([1, 2, 3, 4, 5]);
});

test('a draft goes when its message comes, by event, by page or by both', () => {
  const one = timeline.drafted(timeline.drafted(blank, draft('c1')), draft('c2'));
  const left = (timeline: Timeline) => timeline.drafts.map(({ client_id, state }) => `${client_id} ${state}`);
  expect(left(taken(one, entry(1, { client_id: 'c1' }), true))).toEqual(['c2 sending']);
  expect(left(timeline.latest(one, [message(1, { client_id: 'c2' })], 9))).toEqual(['c1 sending']);
  const reply = { message_id: 'm1', seq: 1, at: '' };
  const sent = timeline.stored(one, 'c1', reply);
  expect(left(sent)).toEqual(['c1 sent', 'c2 sending']);
  expect(left(taken(sent, entry(1, { client_id: 'c1' }), true))).toEqual(['c2 sending']);
  const came = taken(one, entry(1, { client_id: 'c1' }), true);
  expect(left(timeline.stored(came, 'c1', reply))).toEqual(['c2 sending']);
});

test('a draft fails and is tried again', () => {
  const failed = timeline.redrafted(timeline.drafted(blank, draft('c')), 'c', 'failed', 'No answer.');
  expect(failed.drafts[0]).toMatchObject({ state: 'failed', problem: 'No answer.' });
  expect(timeline.redrafted(failed, 'c', 'sending').drafts[0]).toEqual(draft('c'));
  expect(timeline.undrafted(failed, 'c').drafts).toEqual([]);
});

test('the last message that can be edited is an own one that is there', () => {
  const all = [
    message(1),
    message(2, { author: bob }),
    message(3, { deleted: true }),
    message(4, { kind: 'system' }),
  ];
  const one = timeline.latest(blank, all, 9);
  expect(timeline.lastOwn(one, 'a')?.id).toBe('m1');
  expect(timeline.lastOwn(one, 'c')).toBeUndefined();
});
