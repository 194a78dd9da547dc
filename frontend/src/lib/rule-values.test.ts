import { describe, expect, it } from 'vitest';
import {
  fromList,
  fromScalar,
  fromText,
  toList,
  toMinutes,
  toNumber,
  toScalar,
  toSeconds,
  toText,
} from './rule-values';

describe('a value that was typed', () => {
  it.each([
    ['paid', 'paid'],
    [' two words ', 'two words'],
    ['18', 18],
    ['-0.5', -0.5],
    ['.5', 0.5],
    ['1e3', 1000],
    ['"18"', '18'],
    ['true', true],
    ['"true"', 'true'],
    ['false', false],
    ['null', null],
    ['""', ''],
    ['" a"', ' a'],
    ['"say ""', '"say ""'],
    ['"half', '"half'],
    ['1-2', '1-2'],
    ['0x10', '0x10'],
    ['Infinity', 'Infinity'],
    ['9007199254740991', 9007199254740991],
  ])('%s', (text, value) => expect(toScalar(text)).toEqual({ value }));

  it.each(['', '   '])('nothing (%j) is no value', (text) => expect(toScalar(text)).toHaveProperty('error'));
  it.each(['9007199254740993', '0.1234567890123456', '1e999'])('%s would change on its way', (text) =>
    expect(toScalar(text)).toEqual({ error: expect.stringContaining('in "quotes" it is a text') as string }),
  );
  it.each([
    '',
    'paid',
    '18',
    'true',
    'null',
    '"',
    '"x"',
    ' a ',
    'a, b',
    'é\n',
    18,
    -2.5,
    1e21,
    true,
    false,
    null,
  ])('%j is shown as a text that means it', (value) =>
    expect(toScalar(fromScalar(value))).toEqual({ value }),
  );
  it('has no quotes that need not be', () => expect(fromScalar('Lyon, Paris')).toBe('Lyon, Paris'));
});

describe('a list', () => {
  it.each([
    ['a, 18 ,"18",true,null', ['a', 18, '18', true, null]],
    ['"a, b", c', ['a, b', 'c']],
    ['a,,b,', ['a', 'b']],
    ['"a \\" b", c', ['a " b', 'c']],
  ])('%s', (text, value) => expect(toList(text)).toEqual({ value }));
  it.each(['', ' , '])('%j is no list', (text) => expect(toList(text)).toHaveProperty('error'));
  it('says which value is wrong', () => expect(toList('1, 9007199254740993')).toHaveProperty('error'));
  it.each([[['a', 18, '18', null]], [['a, b', '"c', 'd"', ' ']], [['']]])('%j comes back', (list) =>
    expect(toList(fromList(list))).toEqual({ value: list }),
  );
});

describe('what a text contains', () => {
  it.each([
    ['18', '18'],
    ['true', 'true'],
    ['" "', ' '],
  ])('%s is a text', (text, value) => expect(toText(text)).toEqual({ value }));
  it.each(['18', ' x', '"y"', 'null'])('%j comes back', (value) => {
    expect(toText(fromText(value))).toEqual({ value });
  });
  it('is never nothing', () => expect(toText(' ')).toHaveProperty('error'));
});

describe('numbers', () => {
  it.each([
    ['10000', 10_000],
    [' +5 ', 5],
    ['5.', 5],
    ['-1e-3', -0.001],
    ['100000000000000000000', 1e20],
  ])('%s', (text, value) => expect(toNumber(text)).toEqual({ value }));
  it.each(['', '10,000', 'ten', '1.2.3', '--1', 'NaN'])('%j is none', (text) =>
    expect(toNumber(text)).toEqual({ error: 'must be a number, such as 10000 or 2.5' }),
  );
  it('seconds are whole', () => {
    expect(toSeconds(' 60 ')).toEqual({ value: 60 });
    for (const text of ['', '-1', '1.5', '1e3', '9'.repeat(20)])
      expect(toSeconds(text)).toHaveProperty('error');
  });
  it('minutes are seconds on the wire', () => {
    expect(toMinutes(' 5 ')).toEqual({ value: 300 });
    expect(toMinutes('1.5')).toEqual({ value: 90 });
    expect(toMinutes('1440')).toEqual({ value: 86_400 });
    for (const text of ['', '0', '-5', '1441', 'five']) expect(toMinutes(text)).toHaveProperty('error');
  });
});
