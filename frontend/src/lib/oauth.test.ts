import { expect, test } from 'vitest';
import { oauthError } from './oauth';

test('a code has a sentence, an unknown one has one too, and no code has none', () => {
  expect(oauthError('')).toBeUndefined();
  expect(oauthError('?x=1')).toBeUndefined();
  expect(oauthError('?oauth_error=access_denied')).toMatch(/cancelled/);
  for (const code of ['', 'nonsense', 'toString', '<b>']) {
    expect(oauthError(`?oauth_error=${encodeURIComponent(code)}`)).toMatch(/did not work/);
  }
});
