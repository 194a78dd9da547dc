import { describe, expect, it } from 'vitest';
import type { Export, NewExport } from './api/exports';
import { content, details, isOpen, matching, progress, size, spoken, title, until } from './export-words';

const asked = (more: Partial<NewExport> = {}): NewExport => ({
  type: 'order',
  size: 'all',
  format: 'csv',
  order: 'desc',
  ...more,
});
const now = Date.parse('2026-11-24T08:00:00Z');
const made = (more: Partial<Export> = {}): Export => ({
  ...asked(),
  id: 'a',
  status: 'done',
  progress: { rows: 2, total: 2 },
  rows: 2,
  bytes: 730,
  sha256: 'f',
  file_name: 'a.csv',
  url: 'http://x/d/a',
  expires_at: '2026-12-01T08:00:00Z',
  error: null,
  warnings: [],
  created_at: '2026-11-24T08:00:00Z',
  started_at: null,
  ended_at: null,
  ...more,
});

describe('an export in words', () => {
  it.each([
    [{}, 'All documents of type order, CSV'],
    [{ type: 'any', format: 'ndjson', compression: 'gzip' }, 'All documents, NDJSON, gzip'],
    [{ size: 1000, format: 'xlsx' }, 'The newest 1,000 documents of type order, Excel'],
    [{ size: 1, order: 'asc' }, 'The oldest document of type order, CSV'],
    [{ size: 5, type: 'any' }, 'The newest 5 documents, CSV'],
    [{ from: '2026-11-24T08:00:00Z' }, 'Documents of type order, CSV'],
    [{ type: 'any', where: [{ field: 'a', op: '=', value: 1 }] }, 'Documents of any type, CSV'],
  ] as [Partial<NewExport>, string][])('%j is %s', (more, words) => expect(title(asked(more))).toBe(words));

  it('says what narrows it', () => {
    expect(details(asked())).toBe('');
    const where = [
      { field: 'amount', op: '>', value: 10 },
      { field: 'coupon', op: 'exists', value: false },
    ];
    expect(details(asked({ where, fields: ['id'] }))).toBe(
      'Where amount is more than 10 and coupon is not there, 1 column',
    );
    const [from, to] = ['2025-11-24T08:00:00Z', '2025-11-25T08:00:00Z'];
    expect(details(asked({ from }))).toMatch(/^From .*2025.* on$/);
    expect(details(asked({ to }))).toMatch(/^Before .*2025/);
    expect(details(asked({ from, to, fields: ['a', 'b'] }))).toMatch(/^From .* to .*, 2 columns$/);
  });

  it('says how far it is, and what came of it', () => {
    expect(progress({ progress: { rows: 12_000, total: 20_000 } })).toBe('12,000 of 20,000 rows');
    expect(progress({ progress: { rows: 1, total: null } })).toBe('1 row');
    expect(content({ rows: 20_000, bytes: 2_536_201 })).toBe('20,000 rows, 2.54 MB');
    expect(content({ rows: null, bytes: null })).toBe('');
  });

  it('says that it is over to whoever waits', () => {
    expect(spoken(made())).toBe('Export done: All documents of type order, CSV. 2 rows.');
    expect(spoken(made({ status: 'failed', error: 'The storage does not answer.' }))).toBe(
      'Export failed: All documents of type order, CSV. The storage does not answer.',
    );
    expect([spoken(made({ status: 'cancelled' })), spoken(made({ status: 'running' }))]).toEqual(['', '']);
  });

  it('is open until it expires or is removed', () => {
    expect(isOpen(made(), now)).toBe(true);
    expect(isOpen(made({ expires_at: '2026-11-24T08:00:00Z' }), now)).toBe(false);
    expect(isOpen(made({ url: null }), now)).toBe(false);
    expect(isOpen(made({ status: 'running' }), now)).toBe(false);
  });
});

describe('a size', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [999_900, '1 MB'],
    [2_536_201, '2.54 MB'],
    [7.5e9, '7.5 GB'],
    [4e16, '40,000 TB'],
  ])('%d is %s', (bytes, words) => expect(size(bytes)).toBe(words));
});

describe('how long a file is there', () => {
  it.each([
    [7 * 86_400_000, 'in 7 days'],
    [6.6 * 86_400_000, 'in 7 days'],
    [35 * 3_600_000, 'in 35 hours'],
    [89 * 60_000, 'in 89 minutes'],
    [1000, 'in 1 minute'],
    [-1000, 'in 1 minute'],
  ])('%d ms is %s', (more, words) => expect(until(new Date(now + more).toISOString(), now)).toBe(words));
});

describe('what matches', () => {
  it.each([
    [null, {}, ''],
    [0, {}, 'No document matches.'],
    [1, {}, '1 document matches.'],
    [4000, {}, '4,000 documents match.'],
    [4000, { size: 4000 }, '4,000 documents match.'],
    [4000, { size: 1000 }, '4,000 documents match; the file has the newest 1,000.'],
    [4000, { size: 10, order: 'asc' }, '4,000 documents match; the file has the oldest 10.'],
  ] as [number | null, Partial<NewExport>, string][])('%j of %j', (total, more, words) =>
    expect(matching(total, asked(more))).toBe(words),
  );
});
