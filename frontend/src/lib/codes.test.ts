import { expect, test } from 'vitest';
import { asImage, groups, recoveryFile, tidied } from './codes';

test('a secret is shown in groups of four', () => {
  expect(groups('JBSWY3DPEHPK3PXP')).toBe('JBSW Y3DP EHPK 3PXP');
  expect(groups('ABCDE')).toBe('ABCD E');
  expect(groups('AB CD')).toBe('ABCD');
  expect(groups('')).toBe('');
});

test('a code is sent without what people put into it', () => {
  expect(tidied(' 123 456 ')).toBe('123456');
  expect(tidied('ABCDE-fghij\n')).toBe('ABCDE-fghij');
});

test('an SVG cannot break out of the address of an image', () => {
  const address = asImage('<svg xmlns="http://www.w3.org/2000/svg"><path fill="#000"/></svg>');
  expect(address).toMatch(/^data:image\/svg\+xml;charset=utf-8,[\w%.!~*'()-]+$/);
  expect(decodeURIComponent(address.split(',')[1] ?? '')).toContain('fill="#000"');
});

test('the file of recovery codes says whose they are', () => {
  const at = new Date('2026-11-24T08:00:00Z');
  expect(recoveryFile(['aaaaa-bbbbb', 'ccccc-ddddd'], 'ada@example.org', 'bell.example.org', at)).toBe(
    'Recovery codes for ada@example.org at bell.example.org, 2026-11-24\n' +
      'Each signs in once, in place of the code from the authenticator app.\n\naaaaa-bbbbb\nccccc-ddddd\n',
  );
});
