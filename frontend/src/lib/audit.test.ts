import { expect, test } from 'vitest';
import type { AuditEntry } from './api/accounts';
import { eventWords, isWorrying, unnamed } from './audit';

test('events have words, and unknown ones stand as they are', () => {
  expect(eventWords('signed_in')).toBe('Signed in');
  for (const slug of ['moon_landed', 'toString', '']) expect(eventWords(slug)).toBe(slug);
});

test('what looks like an attack is marked', () => {
  expect(isWorrying('refresh_token_reused')).toBe(true);
  expect(isWorrying('signed_in')).toBe(false);
});

test('accounts are asked for once, and known ones not at all', () => {
  const entry = (user_id: string | null, by?: string | null): AuditEntry => ({
    id: 'e',
    at: '2026-11-24T08:00:00.000Z',
    event: 'signed_in',
    user_id,
    session_id: null,
    ip: '192.0.2.1',
    user_agent: '',
    request_id: '',
    ...(by === undefined ? {} : { by }),
  });
  const entries = [entry('a'), entry('a', 'b'), entry(null, null), entry('c', 'a')];
  expect(unnamed(entries, new Map([['c', 'Charles']]))).toEqual(['a', 'b']);
});
