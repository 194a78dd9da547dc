import { describe, expect, it } from 'vitest';
import { apply, empty, firing, history, KEEP, steps, withHistory, type Board } from './alerts';
import type { Incident, RuleStatus } from './api/types';

const now = Date.parse('2026-11-24T08:00:00Z');
const iso = (offset: number): string => new Date(now + offset).toISOString();

const rule: RuleStatus = {
  rule_id: 'r',
  name: 'errors',
  value: 0,
  group: null,
  threshold: 50,
  comparison: '>',
  window_seconds: 60,
  state: 'ok',
  since: iso(0),
};

function incident(id: string, seq: number, more: Partial<Incident> = {}): Incident {
  const base = {
    id,
    seq,
    rule_id: 'r',
    rule_name: 'errors',
    state: 'firing',
    value: 51,
    peak: 51,
    threshold: 50,
    silenced: false,
  };
  return { ...base, started_at: iso(1_000), notifications: [], ...more };
}

const begun: Board = apply(empty, { type: 'snapshot', seq: 3, rules: [rule], incidents: [] }, now);

describe('a dashboard', () => {
  it('begins with a snapshot', () => {
    expect(begun.seq).toBe(3);
    expect(begun.points.get('r')).toEqual([{ at: now, value: 0 }]);
  });

  it('follows the value', () => {
    const board = apply(
      begun,
      { type: 'metric', rule_id: 'r', value: 12, group: null, threshold: 50, at: iso(500) },
      now,
    );
    expect(board.rules[0]?.value).toBe(12);
    expect(board.points.get('r')?.at(-1)).toEqual({ at: now + 500, value: 12 });
  });

  it('follows the value and the peak of an incident that goes on', () => {
    const metric = { type: 'metric', rule_id: 'r', group: null, threshold: 50, at: iso(500) } as const;
    const after = (peak: number, value: number): [number, number] | undefined => {
      const fires = apply(begun, { type: 'alert', seq: 4, incident: incident('a', 4, { peak }) }, now);
      const one = apply(fires, { ...metric, value }, now).incidents.get('a');
      return one && [one.value, one.peak];
    };
    expect([after(60, 70), after(60, 55), after(40, 30), after(40, 45)]).toEqual([
      [70, 70],
      [55, 60],
      [30, 30],
      [45, 40],
    ]);
  });

  it('turns to firing and back', () => {
    const fires = apply(begun, { type: 'alert', seq: 4, incident: incident('a', 4) }, now);
    expect([fires.seq, fires.rules[0]?.state, fires.rules[0]?.since]).toEqual([4, 'firing', iso(1_000)]);
    expect(firing(fires)).toHaveLength(1);
    const ended = incident('a', 5, { state: 'resolved', resolved_at: iso(61_000) });
    const quiet = apply(fires, { type: 'alert', seq: 5, incident: ended }, now);
    expect([quiet.rules[0]?.state, quiet.rules[0]?.since]).toEqual(['ok', iso(61_000)]);
    expect(firing(quiet)).toHaveLength(0);
  });

  it('goes on while another group does', () => {
    const one = apply(begun, { type: 'alert', seq: 4, incident: incident('a', 4, { group: 'Lyon' }) }, now);
    const two = apply(one, { type: 'alert', seq: 5, incident: incident('b', 5, { group: 'Nice' }) }, now);
    const ended = incident('b', 6, { group: 'Nice', state: 'resolved', resolved_at: iso(61_000) });
    const board = apply(two, { type: 'alert', seq: 6, incident: ended }, now);
    expect(board.rules[0]?.state).toBe('firing');
    const moved = apply(
      board,
      { type: 'metric', rule_id: 'r', value: 70, group: 'Nice', threshold: 50, at: iso(500) },
      now,
    );
    expect(moved.incidents.get('a')?.value).toBe(51);
  });

  it('shows rules as they are made, changed and removed', () => {
    const made = apply(begun, { type: 'rule', rule: { ...rule, rule_id: 'a', name: 'alone' } }, now);
    expect(made.rules.map(({ name }) => name)).toEqual(['alone', 'errors']);
    const renamed = apply(made, { type: 'rule', rule: { ...rule, rule_id: 'a', name: 'zebra' } }, now);
    expect(renamed.rules.map(({ name }) => name)).toEqual(['errors', 'zebra']);
    const gone = apply(renamed, { type: 'rule_removed', rule_id: 'r' }, now);
    expect([gone.rules.length, gone.points.has('r')]).toEqual([1, false]);
  });

  it('does not call a rule quiet when the mail of an old incident arrives late', () => {
    const fires = apply(
      begun,
      { type: 'alert', seq: 4, incident: incident('b', 4, { started_at: iso(90_000) }) },
      now,
    );
    const late = incident('a', 5, { state: 'resolved', resolved_at: iso(61_000) });
    expect(apply(fires, { type: 'alert', seq: 5, incident: late }, now).rules[0]?.state).toBe('firing');
  });

  it('keeps its place when a snapshot or an alert comes out of order', () => {
    const late = apply(begun, { type: 'alert', seq: 2, incident: incident('a', 2) }, now);
    expect(late.seq).toBe(3);
    expect(apply(begun, { type: 'snapshot', seq: 1, rules: [], incidents: [] }, now).seq).toBe(3);
  });

  it('lists the latest incident first', () => {
    const two = [incident('a', 1), incident('b', 2)];
    const board = apply(begun, { type: 'snapshot', seq: 3, rules: [rule], incidents: two }, now);
    expect(history(board).map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('ignores frames it does not know', () => {
    expect(apply(begun, { type: 'pong' }, now)).toBe(begun);
  });

  it('forgets what is older than a quarter of an hour', () => {
    const at = iso(KEEP + 1);
    const board = apply(
      begun,
      { type: 'metric', rule_id: 'r', value: 1, group: null, threshold: 50, at },
      now,
    );
    expect(board.points.get('r')).toHaveLength(1);
  });

  it('puts history before what came live', () => {
    const old = [
      { at: now - 10, value: 7 },
      { at: now + 10, value: 8 },
    ];
    expect(withHistory(begun, 'r', old).points.get('r')).toEqual([old[0], { at: now, value: 0 }]);
  });
});

describe('steps', () => {
  const points = [
    { at: 10, value: 1 },
    { at: 20, value: 2 },
    { at: 30, value: 3 },
  ];
  it('has a point at both ends', () => {
    expect(steps(points, 15, 25)).toEqual([
      { at: 15, value: 1 },
      { at: 20, value: 2 },
      { at: 25, value: 2 },
    ]);
  });
  it('begins where it is known', () => expect(steps(points, 0, 10)[0]).toEqual({ at: 10, value: 1 }));
  it('is empty without points', () => expect(steps([], 0, 10)).toEqual([]));
  it('goes on with the last value', () => {
    expect(steps(points, 40, 50)).toEqual([
      { at: 40, value: 3 },
      { at: 50, value: 3 },
    ]);
  });
});
