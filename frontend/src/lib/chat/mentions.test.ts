import { expect, test } from 'vitest';
import { inserted, mentionsOf, offered, queryAt } from './mentions';

const user = (id: string, name: string) => ({ id, name });
const people = [user('a', 'Ada'), user('b', 'Ada Byron'), user('g', 'Grace Hopper'), user('h', 'Hedy')];

test.each<[text: string, query: string | undefined]>([
  ['', undefined],
  ['@', ''],
  ['hello @gr', 'gr'],
  ['(@gr', 'gr'],
  ['@grace ho', 'grace ho'],
  ['@ gr', undefined],
  ['mail@gr', undefined],
  ['@gr\n', undefined],
])('%j asks for %j', (text, query) => expect(queryAt(text, text.length)?.text).toBe(query));

test('the query ends at the caret', () => expect(queryAt('@grace', 3)).toEqual({ at: 0, text: 'gr' }));

test.each<[query: string, names: string[]]>([
  ['', ['Ada Byron', 'Grace Hopper', 'Hedy']],
  ['ADA', ['Ada Byron']],
  ['h', ['Hedy', 'Grace Hopper']],
  ['x', []],
])('%j offers %j', (query, names) =>
  expect(offered(people, query, 'a').map(({ name }) => name)).toEqual(names),
);

test('a chosen name takes the place of what was typed', () => {
  expect(inserted('hi @gr', { at: 3, text: 'gr' }, 'Grace')).toEqual({ text: 'hi @Grace ', caret: 10 });
  expect(inserted('@gr there', { at: 0, text: 'gr' }, 'Grace')).toEqual({ text: '@Grace there', caret: 7 });
});

test.each<[text: string, ids: string[]]>([
  ['@Ada and @Hedy', ['a', 'h']],
  ['@Ada Byron!', ['b']],
  ['@Adam, mail@Ada', []],
  ['@Ada @Ada', ['a']],
])('%j names %j', (text, ids) => expect(mentionsOf(text, people, [])).toEqual(ids));

test('of two people with one name, the chosen one', () => {
  expect(mentionsOf('@Ada', people, [user('z', 'Ada')])).toEqual(['z']);
});
