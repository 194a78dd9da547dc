import { describe, expect, it } from 'vitest';
import { duration, line, span, time } from './format';
import { delay, LONGEST, SPREAD } from '../socket/backoff';
import { mails } from './mails';

describe('duration', () => {
  it.each([
    [-1, '0 s'],
    [999, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [3_600_000, '1 h 00 min'],
    [90_000_000, '1 d 1 h'],
  ])('%i ms is %s', (milliseconds, words) => expect(duration(milliseconds)).toBe(words));
});

describe('line', () => {
  it.each([
    ['>', 50, 60, 'rings when more than 50 in 60 s'],
    ['<=', 1, 300, 'rings when at most 1 in 5 min'],
    ['>=', 2, 90, 'rings when at least 2 in 90 s'],
  ] as const)('%s %i', (comparison, threshold, seconds, words) =>
    expect(line(comparison, threshold, seconds)).toBe(words),
  );
  it('keeps a minute in seconds', () =>
    expect([span(60), span(120), span(61)]).toEqual(['60 s', '2 min', '61 s']));
});

describe('time', () => {
  it('names the day when it is not today', () => {
    const at = new Date(2026, 10, 24, 8, 0, 0);
    const [today, tomorrow] = [time(at.toISOString(), at), time(at.toISOString(), new Date(2026, 10, 25))];
    expect(tomorrow).toContain(today);
    expect(tomorrow).toContain('2026');
    expect(today).not.toContain('2026');
  });
});

describe('delay', () => {
  it('spreads the first try over five seconds', () => {
    expect([delay(1, 0), delay(1, 0.5), delay(1, 1)]).toEqual([0, SPREAD / 2, SPREAD]);
  });
  it('grows, never past the longest, and never to nothing', () => {
    for (let failures = 2; failures < 40; failures += 1) {
      expect(delay(failures, 1)).toBeGreaterThanOrEqual(delay(failures - 1, 1));
      expect(delay(failures, 1)).toBeLessThanOrEqual(LONGEST);
      expect(delay(failures, 0)).toBeGreaterThanOrEqual(SPREAD / 2);
    }
    expect(delay(40, 1)).toBe(LONGEST);
  });
});

describe('mails', () => {
  it.each([
    [['sent'], '1 sent', 0, 0],
    [['sent', 'pending', 'sent', 'dead'], '2 sent, 1 waiting, 1 failed', 1, 1],
    [['pending'], '1 waiting', 1, 0],
  ])('%j', (states, text, waiting, dead) =>
    expect(mails(states.map((state) => ({ state })))).toEqual({ text, waiting, dead }),
  );
});
