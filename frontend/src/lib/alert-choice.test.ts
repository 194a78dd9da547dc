import { expect, it } from 'vitest';
import { apart, chosenOf, OF_ONE, wish } from './alert-choice';

const choice = { rules: { a: true, b: false } };

it('tells what is chosen of one rule, and sends it back', () => {
  expect(['a', 'b', 'c'].map((rule) => chosenOf(choice, rule))).toEqual(['yes', 'no', '']);
  expect(OF_ONE.map(([key]) => wish(key))).toEqual([null, true, false]);
});

it('counts the rules that are chosen apart, of those there are', () =>
  expect(apart(choice, [{ id: 'a' }, { id: 'c' }])).toBe(1));
