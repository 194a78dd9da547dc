import { describe, expect, it } from 'vitest';
import { collect, fileName, ndjson, pathOf, summary, type Page } from './evidence';

const stretch = { type: 'order', from: '2026-11-24T08:00:00.000Z', to: '2026-11-24T09:00:00.000Z' };

/** A server with so many documents. */
function server(count: number): { asked: URLSearchParams[]; fetchPage: (path: string) => Promise<Page> } {
  const asked: URLSearchParams[] = [];
  const fetchPage = (path: string): Promise<Page> => {
    const query = new URL(path, 'http://x').searchParams;
    asked.push(query);
    const start = Number(query.get('cursor') ?? 0);
    const end = Math.min(count, start + Number(query.get('limit')));
    const items = Array.from({ length: end - start }, (_, n) => ({ type: 'order', n: start + n }));
    return Promise.resolve({ items, next_cursor: end < count ? String(end) : null });
  };
  return { asked, fetchPage };
}

describe('the documents of an incident', () => {
  it('are asked for by type and time, oldest first', () => {
    expect(pathOf(stretch, 20)).toBe(
      '/api/v1/documents?from=2026-11-24T08%3A00%3A00.000Z&to=2026-11-24T09%3A00%3A00.000Z&order=asc&limit=20&type=order',
    );
    expect(pathOf({ ...stretch, type: 'any' }, 20)).not.toContain('type=');
  });

  it.each([
    [0, 1, false],
    [1, 1, false],
    [1000, 1, false],
    [2500, 3, false],
    [10_000, 10, false],
    [10_001, 10, true],
  ])('%i of them are %i pages', async (count, pages, more) => {
    const { asked, fetchPage } = server(count);
    const all = await collect(stretch, fetchPage);
    expect(asked).toHaveLength(pages);
    expect(all.items.map((one) => one['n'])).toEqual(
      Array.from({ length: Math.min(count, 10_000) }, (_, n) => n),
    );
    expect(all.more).toBe(more);
  });

  it('never are more than asked for', async () => {
    const { asked, fetchPage } = server(5000);
    const all = await collect(stretch, fetchPage, 1500);
    expect(all).toMatchObject({ more: true, items: { length: 1500 } });
    expect(asked.map((query) => query.get('limit'))).toEqual(['1000', '500']);
  });

  it('stand in the file one a line', () => {
    const text = ndjson([{ type: 'a', message: 'two\nlines' }, { type: 'b' }]);
    expect(text.split('\n')).toHaveLength(3);
    expect(JSON.parse(text.split('\n')[0]!)).toEqual({ type: 'a', message: 'two\nlines' });
    expect(ndjson([])).toBe('');
  });

  it.each([
    ['errors-last-minute', 'errors-last-minute-20261124T080001Z.ndjson'],
    ['../Zahlung: größer/als 5', 'Zahlung-größer-als-5-20261124T080001Z.ndjson'],
    ['???', 'incident-20261124T080001Z.ndjson'],
  ])('%s names a file', (rule, name) => expect(fileName(rule, '2026-11-24T08:00:01.250Z')).toBe(name));

  it('are shortened in the table', () => {
    expect(summary({ type: 'a', id: '1', at: 'x', amount: 2 })).toBe('{"amount":2}');
    expect(summary({ type: 'a', text: 'x'.repeat(1000) })).toMatch(/^.{240}…$/);
  });
});
