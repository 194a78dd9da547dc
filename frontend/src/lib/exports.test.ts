import { describe, expect, it } from 'vitest';
import type { Export, NewExport } from './api/exports';
import {
  askedFor,
  blank,
  column,
  fieldOf,
  firstColumns,
  isUnfolded,
  located,
  moved,
  toBody,
  toDraft,
  toLocalExact,
  type Draft,
} from './exports';
import { row } from './rules';
import { toUtc } from './silences';

const draft = (more: Partial<Draft> = {}): Draft => ({ ...blank(), type: 'order', ...more });
const errorsOf = (more: Partial<Draft>): [string, string][] =>
  toBody(draft(more)).errors.map(({ path, message }) => [path, message]);

describe('what is sent', () => {
  it('is little where little is chosen', () => {
    expect(toBody(draft())).toEqual({
      body: {
        type: 'order',
        size: 'all',
        format: 'csv',
        order: 'desc',
        csv: { delimiter: ',', bom: false },
      },
      errors: [],
    });
  });

  it('has no CSV in other formats, and no compression of a workbook', () => {
    const { body } = toBody(draft({ format: 'xlsx', gzip: true }));
    expect([body.csv, body.compression]).toEqual([undefined, undefined]);
    expect(toBody(draft({ format: 'ndjson', gzip: true })).body.compression).toBe('gzip');
  });

  it.each([
    ['1', 1],
    [' 1000 ', 1000],
    ['10,000', 10_000],
    ['1.000.000', 1_000_000],
    ["10'000", 10_000],
    ['10 000', 10_000],
  ])('takes %j for a size', (size, value) =>
    expect(toBody(draft({ amount: 'some', size })).body.size).toBe(value),
  );

  it.each(['', '0', '-1', '1.5', '10,00', '1e3', 'many', '1'.repeat(16)])('refuses the size %j', (size) => {
    expect(errorsOf({ amount: 'some', size })).toEqual([['/size', 'must be a whole number from 1 on']]);
    expect(errorsOf({ amount: 'all', size })).toEqual([]);
  });

  it('names columns where they have names of their own', () => {
    const fields = [column(' id '), column('customer.city', ' City '), column('a', 'a')];
    const { body } = toBody(draft({ columns: 'chosen', fields }));
    expect(body.fields).toEqual(['id', { field: 'customer.city', name: 'City' }, 'a']);
  });

  it('says what is missing where it is', () => {
    const wrong = { columns: 'chosen', fields: [column('id'), column()], where: [row()] } as const;
    expect(errorsOf({ ...wrong, fields: [...wrong.fields], where: [...wrong.where] })).toEqual([
      ['/fields/1/field', 'must be filled in'],
      ['/where/0/field', 'must be filled in'],
      ['/where/0/value', 'must not be empty; "" is the empty text'],
    ]);
    expect(errorsOf({ columns: 'chosen' })).toEqual([['/fields', 'must be one column at least']]);
    expect(errorsOf({ columns: 'all', fields: [column()] })).toEqual([]);
    expect(errorsOf({ from: 'soon' })).toEqual([['/from', 'must be a date and a time']]);
  });
});

describe('what was asked for', () => {
  const made: NewExport[] = [
    {
      type: 'any',
      size: 'all',
      format: 'ndjson',
      order: 'desc',
      compression: 'gzip',
    },
    {
      type: 'order',
      size: 1000,
      format: 'csv',
      order: 'asc',
      from: '2026-11-24T08:00:05.250Z',
      to: '2026-11-24T09:00:00.000Z',
      where: [
        { field: 'amount', op: '>', value: 10 },
        { field: 'status', op: 'in', value: ['paid', '18', 18] },
        { field: 'coupon', op: 'exists', value: false },
      ],
      fields: ['id', { field: 'customer.city', name: 'City' }],
      csv: { delimiter: '\t', bom: true },
    },
  ];

  it('comes back from the form as it was', () => {
    for (const one of made) expect(toBody(toDraft(one))).toEqual({ body: one, errors: [] });
  });

  it('is asked for again without what became of it', () => {
    const over = { ...made[1]!, id: 'a', status: 'failed', error: 'no space', warnings: [], rows: null };
    expect(askedFor(over as unknown as Export)).toEqual(made[1]);
    expect(Object.keys(askedFor({ ...made[0]!, id: 'a' } as unknown as Export))).not.toContain('from');
  });

  it('unfolds what it has chosen', () =>
    expect([isUnfolded(blank()), ...made.map((one) => isUnfolded(toDraft(one)))]).toEqual([
      false,
      true,
      true,
    ]));
});

describe('an instant in the form', () => {
  it.each([
    '2026-11-24T08:00:00.000Z',
    '2026-11-24T08:00:05.000Z',
    '2026-11-24T08:00:05.250Z',
    '2026-11-24T08:00:59.999Z',
    '1969-12-31T23:59:30.001Z',
  ])('is %s again', (iso) => expect(toUtc(toLocalExact(iso))).toBe(iso));
});

describe('columns', () => {
  it('begin with those there are, where they are few', () => {
    const names = (known: string[]): string[] => firstColumns(known).map(({ field }) => field);
    expect(names(['id', 'amount'])).toEqual(['id', 'amount']);
    expect(names([])).toEqual(['id', 'type', 'at']);
    expect(names(Array.from({ length: 41 }, (_, n) => `f${n}`))).toEqual(['id', 'type', 'at']);
  });

  it('are moved', () => {
    const list = ['a', 'b', 'c'];
    expect(moved(list, 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(list, 2, 1)).toEqual(['a', 'c', 'b']);
    expect([moved(list, 0, -1), moved(list, 2, 3)]).toEqual([list, list]);
  });
});

describe('an error', () => {
  it.each([
    ['/type', 'type'],
    ['/fields/3', 'fields/3/field'],
    ['/fields/3/name', 'fields/3/name'],
    ['/where/0/value/2', 'where/0/value'],
    ['/csv/delimiter', 'csv/delimiter'],
    ['/elsewhere', undefined],
    ['', undefined],
  ])('at %j belongs to %j', (pointer, field) => expect(fieldOf(pointer)).toBe(field));

  it('stands at its field, or under the form', () => {
    const problem = { status: 422, code: 'invalid_input', title: '', detail: 'A field is not acceptable.' };
    const at = (...paths: string[]): ReturnType<typeof located> =>
      located({ ...problem, errors: paths.map((path) => ({ path, message: `${path} is wrong` })) });
    expect(at('/size').fields.get('size')).toBe('/size is wrong');
    expect(at('/size').rest).toBeUndefined();
    expect(at('/size', '/else').rest?.detail).toBe('/else /else is wrong');
    expect(at('/fields/0', '/fields/0/field').fields.get('fields/0/field')).toBe(
      '/fields/0 is wrong; /fields/0/field is wrong',
    );
    const busy = { status: 409, code: 'too_many_exports', title: '', detail: 'Too many.' };
    expect(located(busy)).toEqual({ fields: new Map(), rest: busy });
    expect(located(undefined).rest).toBeUndefined();
  });
});
