import { expect, test } from 'vitest';
import { tokenOf } from './links';

test('a token is read from the fragment, and nothing else is', () => {
  expect(tokenOf('#token=tcl_aB3-_x')).toBe('tcl_aB3-_x');
  for (const hash of ['', '#', '#token=', '#token', '?token=x', '#other=x', '#token=a b', '#token=x&y=z'])
    expect(tokenOf(hash)).toBe('');
});
