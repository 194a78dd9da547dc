import { describe, expect, it } from 'vitest';
import type { Incident } from './api/types';
import { calls, words } from './calling';

const firing: Incident = {
  id: 'i',
  rule_id: 'r',
  rule_name: 'errors',
  state: 'firing',
  value: 51.5,
  peak: 60,
  threshold: 50,
  started_at: '2026-11-24T08:00:00Z',
  silenced: false,
  group: 'Lyon',
  seq: 3,
  notifications: [],
};
const silent: Incident = { ...firing, silenced: true };
const resolved: Incident = { ...firing, state: 'resolved' };

describe('people are called', () => {
  it.each([
    ['something begins to fire', undefined, firing, true],
    ['a message of it was sent', firing, firing, false],
    ['it begins in a silence', undefined, silent, false],
    ['its silence ends, and it fires', silent, firing, true],
    ['it ends', firing, resolved, false],
    ['it ends in a silence', silent, { ...resolved, silenced: true }, false],
    ['a message of an old one arrives late', undefined, resolved, false],
    ['somebody is on it already', undefined, { ...firing, acknowledged_by: 'Ada' }, false],
    ['somebody says so', firing, { ...firing, acknowledged_by: 'Ada' }, false],
  ])('%s', (_, known, incident, expected) => expect(calls(known, incident)).toBe(expected));

  it('with what rings', () =>
    expect(words(firing)).toEqual({ title: '▲ errors: Lyon is firing', body: '51.5, the line is 50.' }));
});
