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

test('linking has words of its own where those of signing in would be wrong', () => {
  expect(oauthError('?oauth_error=access_denied', true)).toMatch(/^Linking was cancelled/);
  expect(oauthError('?oauth_error=nonsense', true)).toMatch(/^Linking did not work/);
  expect(oauthError('?oauth_error=provider_unreachable', true)).toMatch(/does not answer/);
  expect(oauthError('', true)).toBeUndefined();
});
