import { expect, test } from 'vitest';
import { counted, inWords, names, passed, said, type Notice } from './notices';

const user = (name: string) => ({ id: name.toLowerCase(), name });

/** `+Ada` joined, `-Ada` left, a number is a message in between. */
function lines(...happened: (string | number)[]): string[] {
  let notices: Notice[] = [];
  let after = 0;
  for (const one of happened) {
    if (typeof one === 'number') after = one;
    else notices = passed(notices, after, user(one.slice(1)), one.startsWith('+') ? 'joined' : 'left');
  }
  return notices.map(inWords);
}

test.each<[happened: (string | number)[], lines: string[]]>([
  [['+Ada'], ['Ada joined']],
  [['+Ada', '+Bob'], ['Ada and Bob joined']],
  [['+Ada', '+Bob', '-Cy'], ['Ada and Bob joined · Cy left']],
  [['+Ada', '-Ada'], ['Ada joined and left']],
  [['+Ada', '-Ada', '+Ada'], ['Ada joined']],
  [['-Ada', '+Ada'], ['Ada left and came back']],
  [
    ['+Ada', 7, '-Ada'],
    ['Ada joined', 'Ada left'],
  ],
])('%j', (happened, expected) => expect(lines(...happened)).toEqual(expected));

test('many are counted', () => {
  const notices = counted(counted([], 3, 12, 0), 3, 3, 1);
  expect(notices.map(inWords)).toEqual(['15 people joined · 1 person left']);
});

test('a count that is put right is no line', () => {
  expect(counted([], 3, 0, 0)).toEqual([]);
  expect(counted(counted([], 3, 2, 0), 3, 0, 0).map(inWords)).toEqual(['2 people joined']);
});

test('something else has a line of its own', () => {
  const notices = passed(
    said(passed([], 1, user('Ada'), 'joined'), 1, 'New topic'),
    1,
    user('Bob'),
    'joined',
  );
  expect(notices.map(inWords)).toEqual(['Ada joined', 'New topic', 'Bob joined']);
  expect(new Set(notices.map(({ key }) => key)).size).toBe(3);
});

test('names', () => {
  expect([0, 1, 2, 3, 4].map((n) => names(['A', 'B', 'C', 'D'].slice(0, n).map(user)))).toEqual([
    '',
    'A',
    'A and B',
    'A, B and C',
    'A, B and 2 others',
  ]);
});
