import { expect, test } from 'vitest';
import { parts } from './text';

const ada = { id: 'a', name: 'Ada' };
const adaByron = { id: 'b', name: 'Ada Byron' };
/** Links in <>, mentions in [], of oneself in [[]]. */
const marked = (text: string, mentioned = [ada, adaByron], me = 'b') =>
  parts(text, mentioned, me)
    .map((part) => {
      if (part.kind === 'link') return `<${part.text}>`;
      if (part.kind === 'mention') return part.me ? `[[${part.text}]]` : `[${part.text}]`;
      return part.text;
    })
    .join('');

test.each([
  ['', ''],
  ['no link, no @name', 'no link, no @name'],
  ['see https://a.example/x?y=1#z.', 'see <https://a.example/x?y=1#z>.'],
  ['(http://a.example), and HTTP://b.example!', '(<http://a.example>), and <HTTP://b.example>!'],
  ['https://a.example/wiki/Bell_(tool)', '<https://a.example/wiki/Bell_(tool)>'],
  [
    'javascript:alert(1) data:text/html,x ftp://a.example',
    'javascript:alert(1) data:text/html,x ftp://a.example',
  ],
  ['https:// and http://', 'https:// and http://'],
  ['<a href="https://a.example/">x</a>', '<a href="<https://a.example/>">x</a>'],
  ['@Ada, @Ada Byron: hello', '[@Ada], [[@Ada Byron]]: hello'],
  ['@@Ada @Grace mail@Ada', '@[@Ada] @Grace mail[@Ada]'],
  ['@Ada https://a.example/@Ada @Ada', '[@Ada] <https://a.example/@Ada> [@Ada]'],
])('%s', (text, expected) => {
  expect(marked(text)).toBe(expected);
  expect(
    parts(text, [ada, adaByron])
      .map((part) => part.text)
      .join(''),
  ).toBe(text);
});

test('what is not said to be mentioned is not marked', () => expect(marked('@Ada', [])).toBe('@Ada'));

test('an address is what the browser makes of it', () => {
  expect(parts('https://a.example/ä')).toEqual([
    { kind: 'link', text: 'https://a.example/ä', href: 'https://a.example/%C3%A4' },
  ]);
});
