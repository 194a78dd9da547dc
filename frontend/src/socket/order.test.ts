import { expect, test } from 'vitest';
import { arrived, at, HELD, joined, type Place, type Step } from './order';
import type { Entry, JoinReply } from './protocol';

const message = (seq: number): Entry => ({
  type: 'message',
  room: 'r',
  seq,
  message: { id: `m${seq}`, author: { id: 'a', name: 'Ada' }, text: `${seq}`, at: '' },
});
const edit = (seq: number): Entry => ({
  type: 'message_edited',
  room: 'r',
  seq,
  message_id: 'm1',
  text: 'new',
  at: '',
  user: { id: 'a', name: 'Ada' },
});
const reply = (fields: Partial<JoinReply>): JoinReply => ({
  room: 'r',
  epoch: 'e',
  seq: 0,
  members: [],
  member_count: 0,
  online_count: 0,
  topic: '',
  history: 'durable',
  kind: 'group',
  read_seq: 0,
  ...fields,
});
const numbered = (...seqs: number[]) =>
  seqs.map((seq) => ({ seq, message: (message(seq) as Extract<Entry, { type: 'message' }>).message }));
const seqs = ({ show }: Step) => show.map((entry) => entry.seq);

test.each<[name: string, arriving: number[], shown: number[], seq: number, gap: boolean]>([
  ['in order', [6, 7], [6, 7], 7, false],
  ['twice', [6, 6, 5, 7, 6], [6, 7], 7, false],
  ['in the wrong order', [7, 8, 6], [6, 7, 8], 8, false],
  ['with a gap', [6, 8, 9], [6], 6, true],
  ['with a gap that closes in part', [7, 9, 6], [6, 7], 7, true],
])('what arrives %s', (_, arriving, shown, seq, gap) => {
  let place = at('e', 5);
  const all: number[] = [];
  let step: Step | undefined;
  for (const one of arriving) {
    step = arrived(place, message(one));
    place = step.place;
    all.push(...seqs(step));
  }
  expect([all, place.seq, step?.gap]).toEqual([shown, seq, gap]);
});

test('no more waits behind a gap than there is room for', () => {
  let place = at('e', 0);
  for (let seq = 2; seq < HELD + 100; seq += 1) place = arrived(place, message(seq)).place;
  expect(place.held.size).toBe(HELD);
});

test('the first join begins where the room is', () => {
  const step = joined(undefined, reply({ seq: 41 }));
  expect([step.place.seq, seqs(step), step.reset]).toEqual([41, [], false]);
});

test('a join after a gap shows what was missed, messages and changes in one order, then what waited', () => {
  const held: Place = arrived(at('e', 5), message(10)).place;
  const step = joined(
    held,
    reply({ seq: 9, recovered: true, messages: numbered(4, 6, 8), changes: [edit(9), edit(7)] as never }),
  );
  expect([seqs(step), step.place.seq, step.place.held.size, step.gap, step.reset]).toEqual([
    [6, 7, 8, 9, 10],
    10,
    0,
    false,
    false,
  ]);
});

test.each<[name: string, fields: Partial<JoinReply>, reset: boolean, seq: number]>([
  ['nothing happened', { seq: 5, recovered: true }, false, 5],
  ['nothing happened, and nothing is kept', { seq: 5, recovered: false }, false, 5],
  ['too much happened', { seq: 9000, recovered: false }, true, 9000],
  ['the room was built anew', { epoch: 'f', seq: 2, recovered: true }, true, 2],
  ['the reply was overtaken', { seq: 4, recovered: true }, false, 5],
])('a join after a gap, when %s', (_, fields, reset, seq) => {
  const step = joined(at('e', 5), reply(fields));
  expect([step.reset, step.place.seq, step.place.epoch]).toEqual([reset, seq, fields.epoch ?? 'e']);
});

test('what waited for a number of the old epoch is not shown in the new', () => {
  const held = arrived(at('e', 5), message(7)).place;
  const step = joined(held, reply({ epoch: 'f', seq: 6 }));
  expect([seqs(step), step.place.held.size, step.place.seq]).toEqual([[], 0, 6]);
});
