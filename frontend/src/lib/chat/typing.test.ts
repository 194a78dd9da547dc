import { expect, test } from 'vitest';
import { SAY_EVERY, still, toSay, typed, TYPING, typingLine, type Typist } from './typing';

const user = (name: string) => ({ id: name, name });
const all = (...names: string[]): Typist[] =>
  names.reduce<Typist[]>((typists, name) => typed(typists, user(name), true, 0), []);

test('typing ends when it is said, and by itself', () => {
  expect(typed(all('Ada', 'Bob'), user('Ada'), false, 1).map(({ user }) => user.name)).toEqual(['Bob']);
  const again = typed(all('Ada', 'Bob'), user('Ada'), true, 4_000);
  expect(still(again, TYPING).map(({ user }) => user.name)).toEqual(['Ada']);
  expect(still(again, 4_000 + TYPING)).toEqual([]);
});

test('the line', () => {
  expect(typingLine([])).toBe('');
  expect(typingLine(all('Ada'))).toBe('Ada is typing…');
  expect(typingLine(all('Ada', 'Bob'))).toBe('Ada and Bob are typing…');
  expect(typingLine(all('A', 'B', 'C', 'D'))).toBe('Several people are typing…');
});

test('it is said at most every three seconds, and taken back when there is nothing left', () => {
  const now = 100_000;
  expect(toSay('', 0, now)).toEqual({ tell: undefined, said: 0 });
  expect(toSay('h', 0, now)).toEqual({ tell: true, said: now });
  expect(toSay('he', now, now + SAY_EVERY - 1)).toEqual({ tell: undefined, said: now });
  expect(toSay('hel', now, now + SAY_EVERY)).toEqual({ tell: true, said: now + SAY_EVERY });
  expect(toSay(' ', now, now + 1)).toEqual({ tell: false, said: 0 });
});
