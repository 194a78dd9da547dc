import { expect, test } from 'vitest';
import { returnTo, tokenOf } from './links';

test('a token is read from the fragment, and nothing else is', () => {
  expect(tokenOf('#token=tcl_aB3-_x')).toBe('tcl_aB3-_x');
  for (const hash of ['', '#', '#token=', '#token', '?token=x', '#other=x', '#token=a b', '#token=x&y=z'])
    expect(tokenOf(hash)).toBe('');
});

test('the way back is a path of ours', () => {
  for (const path of ['/', '/keys', '/dev/mails'])
    expect(returnTo(`?otp=required&return_to=${path}`)).toBe(path);
  const foreign = [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    '/sign-in',
  ];
  for (const path of ['', ...foreign]) expect(returnTo(`?return_to=${encodeURIComponent(path)}`)).toBe('/');
  expect(returnTo('')).toBe('/');
});
