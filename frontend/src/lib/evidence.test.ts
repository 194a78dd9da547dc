import { describe, expect, it } from 'vitest';
import { exportOf, pathOf, summary } from './evidence';

const stretch = { type: 'order', from: '2026-11-24T08:00:00.000Z', to: '2026-11-24T09:00:00.000Z' };
const rule = { type: 'order', where: [], group_by: null };
const paid = { field: 'status', op: '=', value: 'paid' };

describe('the documents of an incident', () => {
  it('are asked for by type and time, oldest first', () => {
    expect(pathOf(stretch, 20)).toBe(
      '/api/v1/documents?from=2026-11-24T08%3A00%3A00.000Z&to=2026-11-24T09%3A00%3A00.000Z&order=asc&limit=20&type=order',
    );
    expect(pathOf({ ...stretch, type: 'any' }, 20)).not.toContain('type=');
  });

  it('are a file of the type, the time and the conditions', () => {
    expect(exportOf(rule, null, stretch)).toEqual({
      type: 'order',
      size: 'all',
      format: 'csv',
      from: stretch.from,
      to: stretch.to,
      order: 'asc',
    });
    expect(exportOf({ ...rule, where: [paid] }, undefined, stretch).where).toEqual([paid]);
  });

  it.each([
    ['Lyon', { op: '=', value: 'Lyon' }],
    ['18', { op: 'in', value: ['18', 18] }],
    ['true', { op: 'in', value: ['true', true] }],
    ['null', { op: '=', value: 'null' }],
    ['"quoted"', { op: '=', value: '"quoted"' }],
    ['', { op: 'in', value: [null, ''] }],
    ['é'.repeat(200), { op: 'contains', value: 'é'.repeat(200) }],
  ])('are those of the group %j', (group, condition) => {
    const grouped = { ...rule, where: [paid], group_by: 'customer.city' };
    expect(exportOf(grouped, group, stretch).where).toEqual([paid, { field: 'customer.city', ...condition }]);
  });

  it('are rather too many than too few', () => {
    const grouped = { ...rule, group_by: 'n' };
    expect(exportOf(grouped, '12345678901234567890.5', stretch).where).toBeUndefined();
    const full = { ...grouped, where: Array.from({ length: 16 }, () => paid) };
    expect(exportOf(full, 'a', stretch).where).toHaveLength(16);
    expect(exportOf(grouped, null, stretch).where).toBeUndefined();
  });

  it('are shortened in the table', () => {
    expect(summary({ type: 'a', id: '1', at: 'x', amount: 2 })).toBe('{"amount":2}');
    expect(summary({ type: 'a', text: 'x'.repeat(1000) })).toMatch(/^.{240}…$/);
  });
});
