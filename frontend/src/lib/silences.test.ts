import { describe, expect, it } from 'vitest';
import type { Problem, Silence } from './api/types';
import { minute } from './format';
import {
  begin,
  daysInWords,
  ENDS,
  formOf,
  located,
  moment,
  placeOf,
  sentence,
  sorted,
  standing,
  toBody,
  toLocal,
  toUtc,
  type Draft,
} from './silences';

const names = new Map([['r', 'big orders']]);
const nights = { start: '22:00', end: '06:00', time_zone: 'Europe/Paris' };
const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

describe('the form', () => {
  const draft = (more: Partial<Draft> = {}): Draft => ({ ...begin('', 'Europe/Paris'), ...more });

  it('begins with the rule and the group of its address', () => {
    const query = (rule: string, group?: string | null): string =>
      new URL(formOf(rule, group), 'http://x').search;
    expect(begin(query('r', 'Lyon & Co'), 'UTC')).toMatchObject({
      rule: 'r',
      groups: 'one',
      group: 'Lyon & Co',
    });
    expect(begin(query('r', ''), 'UTC')).toMatchObject({ groups: 'one', group: '' });
    expect(begin(query('r', null), 'UTC')).toMatchObject({ rule: 'r', groups: 'all' });
    expect(begin('', 'Asia/Tokyo')).toMatchObject({ rule: '', kind: 'once', time_zone: 'Asia/Tokyo' });
  });

  it('sends the times of the reader in UTC', () => {
    const { body, errors } = toBody(
      draft({ from: '2026-11-24T09:00', until: '2026-11-24T10:30', comment: ' x ' }),
    );
    expect(errors).toEqual([]);
    expect(body).toEqual({
      rule_id: null,
      group: null,
      comment: 'x',
      from: new Date(2026, 10, 24, 9).toISOString(),
      until: new Date(2026, 10, 24, 10, 30).toISOString(),
    });
    expect(toBody(draft({ until: '2026-11-24T10:30' })).body.from).toBeNull();
  });

  it('sends a time of the week, its days in order', () => {
    const { body, errors } = toBody(
      draft({ kind: 'weekly', rule: 'r', days: ['fri', 'mon'], until: 'nonsense' }),
    );
    expect(errors).toEqual([]);
    expect(body).toEqual({
      rule_id: 'r',
      group: null,
      comment: null,
      weekly: { ...nights, days: ['mon', 'fri'] },
    });
  });

  it('tells no group from every group', () => {
    expect(toBody(draft({ rule: 'r', groups: 'one' })).body.group).toBe('');
    expect(toBody(draft({ rule: 'r', group: 'Lyon' })).body.group).toBeNull();
    expect(toBody(draft({ groups: 'one', group: 'Lyon' })).body.group).toBeNull();
  });

  it('names what it cannot make sense of', () => {
    const paths = (one: Draft): string[] => toBody(one).errors.map(({ path }) => path);
    expect(paths(draft({ from: 'x' }))).toEqual(['/from', '/until']);
    expect(paths(draft({ kind: 'weekly', days: [], start: '', end: '', time_zone: ' ' }))).toEqual([
      '/weekly/days',
      '/weekly/start',
      '/weekly/end',
      '/weekly/time_zone',
    ]);
  });

  it('has a place', () => {
    expect(placeOf('/silences')).toBe('list');
    expect(placeOf('/silences/new')).toBe('new');
    expect(placeOf('/silences/x')).toBeUndefined();
  });
});

describe('times in the zone of the reader', () => {
  const at = new Date(2026, 2, 4, 5, 6).getTime();
  it('come back', () => {
    expect(toLocal(at)).toBe('2026-03-04T05:06');
    expect(toUtc(toLocal(at))).toBe(new Date(at).toISOString());
  });
  it('are never earlier than asked for', () => expect(toLocal(at + 1)).toBe('2026-03-04T05:07'));
  it.each(['', 'x', '2026-03-04', '2026-13-01T00:00'])('%j is none', (text) =>
    expect(toUtc(text)).toBeUndefined(),
  );
  it('are a click away', () => {
    expect(ENDS.map(([words, end]) => [words, toLocal(end(at))])).toEqual([
      ['1 hour', '2026-03-04T06:06'],
      ['4 hours', '2026-03-04T09:06'],
      ['Until tomorrow 08:00', '2026-03-05T08:00'],
    ]);
  });
  it('have a year where it is another', () => {
    expect(moment(new Date(at).toISOString(), new Date(2026, 0))).not.toContain('2026');
    expect(moment(new Date(at).toISOString(), new Date(2027, 0))).toContain('2026');
  });
});

describe('days', () => {
  it.each([
    [week, 'day'],
    [[], 'day'],
    [week.slice(0, 5), 'Mon–Fri'],
    [['sat', 'sun'], 'Sat and Sun'],
    [['fri'], 'Fri'],
    [['mon', 'tue', 'wed', 'fri'], 'Mon–Wed and Fri'],
    [['mon', 'wed', 'fri', 'sat', 'sun'], 'Mon, Wed and Fri–Sun'],
  ])('%j', (days, words) => expect(daysInWords(days)).toBe(words));
});

describe('a silence in a sentence', () => {
  const from = '2026-11-24T09:00:00Z';
  const until = '2026-11-24T09:01:00Z';
  const later = '2026-11-26T10:00:00Z';
  it.each([
    [
      { weekly: { ...nights, days: week.slice(0, 5) }, comment: 'nights' },
      'Every Mon–Fri from 22:00 to 06:00, Europe/Paris, all rules: nights',
    ],
    [
      { weekly: { ...nights, start: '00:00', end: '00:00', days: ['sun'] }, rule_id: 'r' },
      'Every Sun for 24 hours from 00:00, Europe/Paris, big orders',
    ],
    [
      { from, until, rule_id: 'r', group: 'Lyon', comment: 'move' },
      `From ${moment(from)} to ${minute(until)}, big orders, only Lyon: move`,
    ],
    [{ from, until: later }, `From ${moment(from)} to ${moment(later)}, all rules`],
    [{ until, rule_id: 'r', group: '' }, `Until ${moment(until)}, big orders, only what has no group`],
    [{ until, rule_id: 'x' }, `Until ${moment(until)}, a rule that is gone`],
    [{}, 'Until …, all rules'],
  ])('%#', (silence, words) => expect(sentence(silence, names)).toBe(words));
  it('says no rule is gone before it knows', () =>
    expect(sentence({ until, rule_id: 'r' }, undefined)).toBe(`Until ${moment(until)}, one rule`));
});

describe('the list', () => {
  const silence = (id: string, more: Partial<Silence>): Silence => ({
    id,
    comment: '',
    created_by: 'Ada',
    created_at: '2026-11-01T00:00:00Z',
    over: false,
    ...more,
  });
  const hour = (n: number): string => `2026-11-24T${String(n).padStart(2, '0')}:00:00Z`;
  const all = [
    silence('over earlier', { over: true, until: hour(1) }),
    silence('every week', { weekly: nights }),
    silence('later', { from: hour(15), until: hour(16) }),
    silence('now, long', { from: hour(9), until: hour(20), active_until: hour(20) }),
    silence('over', { over: true, until: hour(2) }),
    silence('soon', { from: hour(13), until: hour(16) }),
    silence('now', { weekly: nights, active_until: hour(13) }),
    silence('every week, newer', { weekly: nights, created_at: '2026-11-02T00:00:00Z' }),
  ];
  it('has what is silent now first, and what is over last', () =>
    expect(sorted(all).map(({ id }) => id)).toEqual([
      'now',
      'now, long',
      'soon',
      'later',
      'every week',
      'every week, newer',
      'over',
      'over earlier',
    ]));
  it('says where each stands', () => {
    expect(all.map((one) => standing(one).state)).toEqual([
      'over',
      'coming',
      'coming',
      'active',
      'over',
      'coming',
      'active',
      'coming',
    ]);
    expect(standing(all[1]!).words).toBe('Not now');
    expect(standing(all[2]!).words).toBe(`Begins ${moment(hour(15))}`);
    expect(standing(all[3]!).words).toBe(`Silent now, until ${moment(hour(20))}`);
  });
});

describe('an error', () => {
  const problem = (errors?: Problem['errors']): Problem => ({
    status: 422,
    code: 'invalid_input',
    title: 'Invalid input',
    detail: 'A field is not acceptable.',
    ...(errors ? { errors } : {}),
  });
  it('belongs to its field', () => {
    const { fields, rest } = located(
      problem([
        { path: '/until', message: 'must lie in the future' },
        { path: '/weekly/time_zone', message: 'must be a time zone' },
        { path: '/weekly/days/1', message: 'must be of mon' },
      ]),
    );
    expect([...fields.keys()]).toEqual(['until', 'weekly/time_zone', 'weekly/days']);
    expect(rest).toBeUndefined();
  });
  it('that belongs to none is said all the same', () => {
    const both = located(
      problem([
        { path: '/weekly', message: 'must be left out' },
        { path: '/from', message: 'no' },
      ]),
    );
    expect(both.rest?.detail).toBe('/weekly must be left out');
    expect(both.fields.get('from')).toBe('no');
    expect(located(problem()).rest?.detail).toBe('A field is not acceptable.');
    expect(located(undefined).rest).toBeUndefined();
  });
});
