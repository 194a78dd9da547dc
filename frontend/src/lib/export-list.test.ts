import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Export } from './api/exports';
import { Previewing, question } from './export-preview.svelte';
import { exportList, isOver, withExport, withFirst } from './exports.svelte';
import { ask, Refused } from './session.svelte';

vi.mock('./session.svelte', async () => {
  class Refused extends Error {
    constructor(readonly problem: { status: number }) {
      super();
    }
  }
  return { ask: vi.fn(), Refused };
});
const asking = vi.mocked(ask);

const one = (id: string, status: Export['status'] = 'running', rows = 0): Export =>
  ({ id, status, progress: { rows, total: 10 } }) as Export;
const all = (...list: Export[]): Map<string, Export> => new Map(list.map((item) => [item.id, item]));
const refused = (status: number): Refused => new Refused({ status, code: '', title: '', detail: '' });

beforeEach(() => {
  asking.mockReset();
  exportList.clear();
});

describe('what is heard of exports', () => {
  it('follows them', () => {
    const after = withExport(all(one('a'), one('b')), one('a', 'running', 5));
    expect([after.get('a')?.progress.rows, after.size]).toEqual([5, 2]);
    expect(withExport(all(), one('c')).has('c')).toBe(true);
  });

  it('leaves over what is over, whatever comes late', () => {
    const after = withExport(all(one('a', 'done', 10)), one('a', 'running', 3));
    expect(after.get('a')?.status).toBe('done');
    expect(
      ['queued', 'running', 'done', 'failed', 'cancelled'].map((status) => isOver({ status } as Export)),
    ).toEqual([false, false, true, true, true]);
  });

  it('forgets what the first page does not have any more', () => {
    const known = all(one('5'), one('4'), one('3'), one('1'));
    const asked = new Set(['4', '3', '1']);
    const page = { items: [one('4', 'done'), one('2')], next_cursor: 'more' };
    // 5 came meanwhile, 3 is gone, 1 belongs to a later page.
    expect([...withFirst(known, asked, page).keys()].sort()).toEqual(['1', '2', '4', '5']);
    expect([...withFirst(known, asked, { ...page, next_cursor: null }).keys()].sort()).toEqual([
      '2',
      '4',
      '5',
    ]);
  });
});

describe('the list', () => {
  it('is a page, then the next; what is removed does not come back', async () => {
    asking.mockResolvedValueOnce({ items: [one('4', 'done'), one('3', 'done')], next_cursor: 'c' });
    await exportList.load();
    asking.mockResolvedValueOnce({ items: [one('2', 'done')], next_cursor: null });
    await exportList.next();
    expect(exportList.items.map(({ id }) => id)).toEqual(['4', '3', '2']);
    expect(exportList.more).toBe(false);
    asking.mockResolvedValueOnce(undefined);
    await exportList.remove(one('3', 'done'));
    exportList.take(one('3', 'done'));
    asking.mockResolvedValueOnce({ items: [one('4', 'done'), one('3', 'done')], next_cursor: 'c' });
    await exportList.load();
    expect(exportList.items.map(({ id }) => id)).toEqual(['4', '2']);
    expect(exportList.more).toBe(false);
  });

  it('takes one that is gone already for removed', async () => {
    exportList.take(one('a', 'done'));
    asking.mockRejectedValueOnce(refused(404));
    await exportList.remove(one('a', 'done'));
    expect(exportList.items).toEqual([]);
    exportList.take(one('b', 'done'));
    asking.mockRejectedValueOnce(refused(503));
    await expect(exportList.remove(one('b', 'done'))).rejects.toThrow();
    expect(exportList.items).toHaveLength(1);
  });
});

describe('asking for a file', () => {
  const csv = { type: 'a', size: 'all', format: 'csv' } as const;
  const key = (call: number): unknown => asking.mock.calls[call]?.[3]?.['Idempotency-Key'];

  it('has a key of its own each time', async () => {
    asking.mockResolvedValue(one('a', 'queued'));
    await exportList.start(csv);
    await exportList.start(csv);
    expect(key(0)).toMatch(/^[0-9a-f]{32}$/);
    expect(key(1)).not.toBe(key(0));
  });

  it.each([
    [0, true],
    [503, true],
    [422, false],
    [409, false],
  ])('after %d has the same key again: %s', async (status, same) => {
    asking.mockRejectedValueOnce(refused(status));
    await expect(exportList.start(csv)).rejects.toThrow();
    asking.mockResolvedValue(one('a', 'queued'));
    await exportList.start(csv);
    expect(key(1) === key(0)).toBe(same);
    await exportList.start(csv);
    expect(key(2)).not.toBe(key(0));
  });

  it('has another key for something else', async () => {
    asking.mockRejectedValueOnce(refused(0));
    await expect(exportList.start(csv)).rejects.toThrow();
    asking.mockResolvedValue(one('a', 'queued'));
    await exportList.start({ ...csv, type: 'b' });
    expect(key(1)).not.toBe(key(0));
  });
});

describe('a preview', () => {
  const rows = (name: string): object => ({ columns: [name], rows: [], total: 0 });

  it('asks the same, however many and however written', () => {
    const base = { type: 'a', order: 'asc' } as const;
    expect(question({ ...base, size: 5, format: 'xlsx' })).toBe(
      question({ ...base, size: 'all', format: 'csv', csv: { delimiter: ';', bom: true } }),
    );
  });

  it('shows the answer to the last question alone', async () => {
    const answers: ((value: unknown) => void)[] = [];
    asking.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
    const previewing = new Previewing();
    const first = previewing.load('{}');
    const second = previewing.load('{}');
    answers[1]?.(rows('second'));
    await second;
    answers[0]?.(rows('first'));
    await first;
    expect(previewing.rows?.columns).toEqual(['second']);
    expect(previewing.busy).toBe(false);
  });

  it('is left out where the server has none', async () => {
    asking.mockRejectedValueOnce(refused(405));
    const previewing = new Previewing();
    await previewing.load('{}');
    expect(previewing.missing).toBe(true);
    await previewing.load('{}');
    expect(asking).toHaveBeenCalledTimes(1);
  });
});
