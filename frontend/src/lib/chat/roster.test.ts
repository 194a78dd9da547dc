import { expect, test } from 'vitest';
import type { RoomEntry } from '../../socket/protocol';
import * as rooms from './roster';

const entry = (room: string, fields: Partial<RoomEntry> = {}): RoomEntry => ({
  room,
  kind: 'group',
  topic: '',
  seq: 5,
  epoch: 'e',
  read_seq: 5,
  unread: 0,
  ...fields,
});
const message = (author: string, mentions: string[] = []) => ({
  id: 'm',
  author: { id: author, name: author },
  text: '',
  at: '2026-01-01T00:00:00.000Z',
  mentions,
});
const me = 'me';

test('what others write is unread until it is read; what one writes oneself is not', () => {
  let all = rooms.roster([entry('r'), entry('s')]);
  all = rooms.heard(all, 'r', { seq: 6, message: message('b'), me, read: false });
  all = rooms.heard(all, 'r', { seq: 7, message: message('b', [me]), me, read: false });
  all = rooms.heard(all, 'r', { seq: 8, message: message(me), me, read: false });
  all = rooms.heard(all, 's', { seq: 6, message: message('b'), me, read: true });
  all = rooms.heard(all, 'unknown', { seq: 6, message: message('b'), me, read: false });
  expect(all.get('r')).toMatchObject({ unread: 2, mentioned: true, seq: 8 });
  expect(rooms.unread(all)).toBe(2);
  expect(rooms.read(all, 'r', 7).get('r')).toMatchObject({ unread: 2, read_seq: 7 });
  expect(rooms.read(all, 'r', 8).get('r')).toMatchObject({ unread: 0, mentioned: false });
  expect(rooms.read(all, 'r', 3)).toEqual(all);
});

test('the server knows what is unread; who was named is remembered', () => {
  const before = rooms.heard(rooms.roster([entry('r'), entry('s')]), 'r', {
    seq: 6,
    message: message('b', [me]),
    me,
    read: false,
  });
  expect(rooms.roster([entry('r', { unread: 3 })], before).get('r')).toMatchObject({
    unread: 3,
    mentioned: true,
  });
  expect(rooms.roster([entry('r')], before).get('r')).toMatchObject({ unread: 0, mentioned: false });
});

test('what is replayed and was read already stays read', () => {
  const all = rooms.heard(rooms.roster([entry('r')]), 'r', {
    seq: 4,
    message: message('b'),
    me,
    read: false,
  });
  expect(rooms.unread(all)).toBe(0);
});

test('rooms with news stand first, then the latest; people apart', () => {
  const all = rooms.roster([
    entry('old', { last_at: '2026-01-01' }),
    entry('new', { last_at: '2026-02-01' }),
    entry('news', { last_at: '2025-01-01', unread: 1 }),
    entry('dm-1', { kind: 'direct', with: { id: 'b', name: 'Bob' } }),
  ]);
  const { groups, direct } = rooms.inOrder(all);
  expect(groups.map(rooms.title)).toEqual(['#news', '#new', '#old']);
  expect(direct.map(rooms.title)).toEqual(['Bob']);
});

test('rooms come, change and go', () => {
  let all = rooms.added(rooms.roster([]), entry('r'));
  all = rooms.retitled(rooms.added(all, entry('r', { unread: 9 })), 'r', 'Tea');
  expect(all.get('r')).toMatchObject({ topic: 'Tea', unread: 0 });
  expect(rooms.removed(all, 'r').size).toBe(0);
});

test.each([
  ['Über uns!', 'uber-uns'],
  ['  on_call 24-7 ', 'on_call-24-7'],
  ['#kitchen', 'kitchen'],
  ['--x', 'x'],
  ['…', ''],
  ['a'.repeat(99), 'a'.repeat(64)],
])('the room %j is called %j', (text, name) => expect(rooms.roomName(text)).toBe(name));
