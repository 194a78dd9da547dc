import { describe, expect, it } from 'vitest';
import type { Problem, Rule } from './api/types';
import { bands, furthest, judged, likeness, reach } from './rule-preview';
import { again, describe as words, measured, sentence, told } from './rule-words';
import { begin, blank, changes, fieldOf, isAdvanced, located, placeOf, row, toBody, toDraft } from './rules';

const rule: Rule = {
  id: '01a21563-50b2-708a-802b-b2d02075dc5a',
  name: 'big orders',
  type: 'order',
  where: [
    { field: 'status', op: '=', value: 'paid' },
    { field: 'city', op: 'in', value: ['Lyon', 18, 'a, b'] },
    { field: 'note', op: 'contains', value: '18' },
    { field: 'coupon', op: 'exists', value: false },
  ],
  measure: { kind: 'sum', field: 'amount', approximate: false },
  window_seconds: 60,
  comparison: '>',
  threshold: 10_000,
  recover_at: 8000,
  for_seconds: 30,
  keep_firing_seconds: 10,
  group_by: 'customer.city',
  notify: {
    emails: ['@admins', 'ops@example.org'],
    room: 'incidents',
    webhook: 'https://hooks.example.org/s3cret',
  },
  repeat_seconds: 90,
  enabled: false,
};

describe('a rule in the form', () => {
  it('comes back as it went', () => {
    const { id: _, ...rest } = rule;
    expect(toBody(toDraft(rule))).toEqual({
      body: { ...rest, measure: { kind: 'sum', field: 'amount' } },
      errors: [],
    });
  });

  it('has sensible values before anything is typed', () => {
    const { body, errors } = toBody({ ...blank(), name: ' a ', type: 'error', threshold: '50' });
    expect(errors).toEqual([]);
    expect(body).toEqual({
      name: 'a',
      type: 'error',
      where: [],
      measure: { kind: 'count', field: null },
      window_seconds: 60,
      comparison: '>',
      threshold: 50,
      recover_at: null,
      for_seconds: 0,
      keep_firing_seconds: 0,
      group_by: null,
      notify: { emails: ['@admins'], room: null, webhook: null },
      repeat_seconds: null,
      enabled: true,
    });
  });

  it('names what it cannot make sense of, at its place', () => {
    const where = [
      { ...row(), field: 'a', value: '1' },
      { ...row(), field: 'b' },
    ];
    const measure = { kind: 'sum', field: ' ' };
    const seconds = { window_seconds: '1 min', for_seconds: '-1' };
    const draft = { ...blank(), ...seconds, where: [...where, row()], measure, recover_at: 'x', repeat: '0' };
    expect(toBody(draft).errors.map(({ path }) => path)).toEqual([
      '/name',
      '/type',
      '/where/1/value',
      '/where/2/field',
      '/where/2/value',
      '/measure/field',
      '/window_seconds',
      '/threshold',
      '/recover_at',
      '/for_seconds',
      '/repeat_seconds',
    ]);
  });

  it('takes addresses however they are separated', () => {
    const notify = {
      admins: false,
      emails: ' a@example.org, b@example.org;c@example.org\nd@example.org ',
      room: ' ',
      webhook: ' ',
    };
    expect(toBody({ ...blank(), notify }).body.notify).toEqual({
      emails: ['a', 'b', 'c', 'd'].map((name) => `${name}@example.org`),
      room: null,
      webhook: null,
    });
  });

  it('counts minutes where people do, and comes back to the second', () => {
    expect(toBody({ ...toDraft(rule), repeat: ' 5 ' }).body.repeat_seconds).toBe(300);
    for (const repeat_seconds of [60, 100, 3601, 86_400])
      expect(toBody(toDraft({ ...rule, repeat_seconds })).body.repeat_seconds).toBe(repeat_seconds);
  });

  it('leaves a field out of sight alone when documents are counted', () =>
    expect(
      toBody({ ...blank(), measure: { kind: 'count', field: 'amount' } }).body.measure?.field,
    ).toBeNull());

  it('has a place for each address, and none for others', () => {
    expect(placeOf('/rules')).toEqual({ page: 'list' });
    expect(placeOf('/rules/new')).toEqual({ page: 'new', start: '' });
    expect(placeOf('/rules/new/orders')).toEqual({ page: 'new', start: 'orders' });
    expect(placeOf('/rules/01a2')).toEqual({ page: 'one', id: '01a2' });
    for (const path of [
      '/',
      '/rule',
      '/rules/',
      '/rules/new/',
      '/rules/new/toString',
      '/rules/a/b',
      '/rules/new/orders/x',
    ])
      expect(placeOf(path), path).toBeUndefined();
  });

  it('begins with what was chosen, each time afresh', () => {
    begin('amount').measure.field = 'other';
    expect(begin('amount')).toMatchObject({ type: 'order', measure: { kind: 'sum', field: 'amount' } });
    expect(begin('no such')).toEqual(blank());
    expect(begin('toString')).toEqual(blank());
  });

  it('opens the advanced part when that says something', () => {
    expect(isAdvanced(blank())).toBe(false);
    expect(isAdvanced({ ...blank(), group_by: 'city' })).toBe(true);
    expect(isAdvanced({ ...blank(), recover_at: '5' })).toBe(true);
  });
});

describe('a patch', () => {
  const { body } = toBody(toDraft(rule));
  it('holds nothing when nothing was changed', () =>
    expect(changes(body, structuredClone(body))).toEqual({}));
  it('holds what was changed, and takes away what was emptied', () =>
    expect(changes(body, { ...body, threshold: 5, group_by: null })).toEqual({
      threshold: 5,
      group_by: null,
    }));
  it('holds of who is told what was changed', () => {
    const notify = { ...body.notify, webhook: null };
    expect(changes(body, { ...body, notify, repeat_seconds: null })).toEqual({
      notify: { webhook: null },
      repeat_seconds: null,
    });
  });
});

describe('an error', () => {
  const problem = (errors: Problem['errors'], code = 'invalid_input'): Problem => ({
    status: 422,
    code,
    title: 'Invalid input',
    detail: 'A field is not acceptable.',
    ...(errors ? { errors } : {}),
  });

  it.each([
    ['/name', 'name'],
    ['/rule/threshold', 'threshold'],
    ['/where', 'where'],
    ['/where/0/value', 'where/0/value'],
    ['/rule/where/12/value/3', 'where/12/value'],
    ['/measure/field', 'measure/field'],
    ['/notify/emails/1', 'notify/emails'],
    ['/notify/room', 'notify/room'],
    ['/notify/webhook', 'notify/webhook'],
    ['/repeat_seconds', 'repeat_seconds'],
    ['/from', undefined],
    ['', undefined],
  ])('at %s belongs to %s', (pointer, field) => expect(fieldOf(pointer)).toBe(field));

  it('says which address it means', () => {
    const wrong = problem([
      { path: '/notify/emails/1', message: 'must be an address' },
      { path: '/notify/emails/2', message: 'must be an address' },
    ]);
    const { fields, rest } = located(wrong, ['@admins', 'nobody', 'none']);
    expect(fields.get('notify/emails')).toBe('“nobody” must be an address; “none” must be an address');
    expect(rest).toBeUndefined();
  });

  it('of a taken name belongs to the name', () => {
    const { fields, rest } = located(problem(undefined, 'rule_name_taken'));
    expect([...fields]).toEqual([['name', 'is taken by another rule']]);
    expect(rest).toBeUndefined();
  });

  it('that belongs to no field is said all the same', () => {
    const both = problem([
      { path: '/name', message: 'is bad' },
      { path: '/id', message: 'must be left out' },
    ]);
    expect(located(both).rest?.detail).toBe('/id must be left out');
    expect(located(both).fields.get('name')).toBe('is bad');
    expect(located(problem(undefined, 'busy')).rest?.detail).toBe('A field is not acceptable.');
    expect(located(undefined).rest).toBeUndefined();
  });
});

describe('a rule in words', () => {
  const plain = { ...rule, where: [], for_seconds: 0, group_by: null };
  const count = { ...plain, measure: { kind: 'count' }, threshold: 50, type: 'error' };
  it.each([
    [
      { ...plain, group_by: 'customer.city' },
      'rings when the sum of amount of order documents is more than 10,000 within 60 s, for each customer.city',
    ],
    [count, 'rings when more than 50 error documents come within 60 s'],
    [
      { ...count, comparison: '<', threshold: 1, window_seconds: 300, type: 'any' },
      'rings when fewer than 1 documents of any type come within 5 min',
    ],
    [
      { ...plain, measure: { kind: 'p95', field: 'ms' }, threshold: 0.0625, for_seconds: 30 },
      'rings when the 95th percentile of ms of order documents is more than 0.0625 within 60 s, for 30 s without a break',
    ],
    [
      { ...count, where: rule.where },
      'rings when more than 50 error documents where status is paid and city is one of Lyon, 18, "a, b" and ' +
        'note contains 18 and coupon is not there come within 60 s',
    ],
  ])('%#', (described, expected) => expect(words(described)).toBe(expected));
  it('begins a paragraph', () => expect(sentence('rings')).toBe('Rings.'));
  it('says who is told', () => {
    expect(told(rule.notify)).toBe(
      'owners and admins, ops@example.org, #incidents in the chat, hooks.example.org by webhook',
    );
    expect(told({ emails: [], webhook: 'http://127.0.0.1:8001/…' })).toBe('127.0.0.1:8001 by webhook');
    expect(told({ emails: [] })).toBe('nobody; the dashboards show it');
  });
  it('says how often they are told again', () => {
    expect(again(300)).toBe(', again every 5 min until somebody is on it');
    expect(again(null)).toBe('');
  });
  it('has as many digits as one reads', () =>
    expect([null, 0, 33.333_333, 0.001_234_5, -4200].map((value) => measured(value))).toEqual([
      '–',
      '0',
      '33.33',
      '0.00123',
      '-4,200',
    ]));
});

describe('what a rule would have done', () => {
  const at = (minute: number): string => new Date(minute * 60_000).toISOString();
  const incident = (from: number, to: number | null) => ({
    started_at: at(from),
    resolved_at: to === null ? null : at(to),
    peak: 1,
  });
  it('bands that touch are one, and the last goes on', () =>
    expect(bands([incident(0, 5), incident(2, 3), incident(5, 6), incident(8, null)], 600_000)).toEqual([
      { from: 0, to: 360_000 },
      { from: 480_000, to: 600_000 },
    ]));
  it('the picture holds the values, the line and nothing', () => {
    expect(reach([null, 10, 20], 8)).toEqual([0, 22]);
    expect(reach([-10], 4)).toEqual([-11, 5]);
    expect(reach([], -8)).toEqual([-10, 0]);
    expect(reach([], 0)).toEqual([0, 1]);
  });
  it('the furthest value is on the side of the line', () => {
    const series = [3, null, 9].map((value) => ({ at: at(0), value }));
    expect(furthest({ series }, '>')).toBe(9);
    expect(furthest({ series }, '<=')).toBe(3);
    expect(furthest({ series: [] }, '>')).toBeUndefined();
  });
  it('is said in a sentence or two', () => {
    const nothing = { incidents: [], total: 0, series: [], step_ms: 1, counted: 0, refused: 0 };
    const say = (preview: object): string => judged({ ...nothing, ...preview }, rule, 'last hour');
    expect(say({})).toBe('It would not have rung in the last hour. No document fits what is watched.');
    expect(say({ counted: 1 })).toBe('It would not have rung in the last hour. 1 document fits.');
    expect(say({ counted: 2, series: [{ at: at(0), value: 7 }] })).toBe(
      'It would not have rung in the last hour. 2 documents fit. The value nearest to the line at 10,000 is 7.',
    );
    expect(say({ counted: 2000, total: 1 })).toBe(
      'It would have rung once in the last hour. 2,000 documents fit.',
    );
    expect(say({ counted: 2, total: 3 })).toBe(
      'It would have rung 3 times in the last hour. 2 documents fit.',
    );
  });
  it('depends on what is watched, and not on who is told', () => {
    const { body } = toBody(toDraft(rule));
    expect(likeness({ ...body, name: 'b', notify: {}, repeat_seconds: 60, enabled: true })).toBe(
      likeness(body),
    );
    expect(likeness({ ...body, threshold: 1 })).not.toBe(likeness(body));
  });
});
