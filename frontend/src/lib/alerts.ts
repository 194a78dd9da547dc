// What a dashboard knows, and how each frame changes it. Pure.
import type { Incident, RuleStatus, ServerFrame } from './api/types';

export interface Point {
  /** Milliseconds since the epoch. */
  at: number;
  /** Nothing, where there was nothing to measure. */
  value: number | null;
}

export interface Board {
  /** The last change that was seen; what `resume` asks from. */
  seq: number;
  rules: RuleStatus[];
  /** By id. */
  incidents: Map<string, Incident>;
  /** The values of each rule, oldest first, of the last quarter of an hour. */
  points: Map<string, Point[]>;
}

/** How far back points are kept, in milliseconds. */
export const KEEP = 15 * 60_000;

export const empty: Board = { seq: 0, rules: [], incidents: new Map(), points: new Map() };

/** The board after a frame. Frames that change nothing return the same board. */
export function apply(board: Board, frame: ServerFrame, now: number): Board {
  switch (frame.type) {
    case 'snapshot': {
      const incidents = new Map(board.incidents);
      for (const incident of frame.incidents) incidents.set(incident.id, incident);
      const points = new Map(board.points);
      for (const rule of frame.rules)
        points.set(rule.rule_id, withPoint(points.get(rule.rule_id), now, rule.value));
      return { seq: Math.max(board.seq, frame.seq), rules: frame.rules, incidents, points };
    }
    case 'metric': {
      const at = Date.parse(frame.at);
      const rules = board.rules.map((rule) =>
        rule.rule_id === frame.rule_id
          ? { ...rule, value: frame.value, group: frame.group, threshold: frame.threshold }
          : rule,
      );
      const points = new Map(board.points);
      points.set(frame.rule_id, withPoint(points.get(frame.rule_id), at, frame.value));
      const incidents = new Map(board.incidents);
      for (const incident of incidents.values()) {
        const same = incident.rule_id === frame.rule_id && (incident.group ?? null) === frame.group;
        if (same && incident.state === 'firing' && frame.value !== null)
          incidents.set(incident.id, withValue(incident, frame.value));
      }
      return { ...board, rules, points, incidents };
    }
    case 'rule': {
      const others = board.rules.filter((rule) => rule.rule_id !== frame.rule.rule_id);
      return { ...board, rules: [...others, frame.rule].sort(byName) };
    }
    case 'rule_removed': {
      const points = new Map(board.points);
      points.delete(frame.rule_id);
      return { ...board, rules: board.rules.filter((rule) => rule.rule_id !== frame.rule_id), points };
    }
    case 'alert': {
      const { incident } = frame;
      const incidents = new Map(board.incidents).set(incident.id, incident);
      const rules = board.rules.map((rule) =>
        rule.rule_id === incident.rule_id ? turned(rule, incident, incidents) : rule,
      );
      return { ...board, seq: Math.max(board.seq, frame.seq), rules, incidents };
    }
    default:
      return board;
  }
}

/** As the server sorts them. */
const byName = (a: RuleStatus, b: RuleStatus): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** An incident that goes on, at a new value; the peak is the furthest value beyond the line. */
function withValue(incident: Incident, value: number): Incident {
  const above = incident.peak >= incident.threshold;
  return {
    ...incident,
    value,
    peak: above ? Math.max(incident.peak, value) : Math.min(incident.peak, value),
  };
}

function turned(rule: RuleStatus, incident: Incident, all: Map<string, Incident>): RuleStatus {
  if (incident.state === 'firing') return { ...rule, state: 'firing', since: incident.started_at };
  // Another group may go on.
  if ([...all.values()].some((other) => other.rule_id === rule.rule_id && other.state === 'firing'))
    return rule;
  // An old incident may change too, when its mail arrives late; it says nothing of the rule's state now.
  const ended = incident.resolved_at ?? rule.since;
  return Date.parse(ended) >= Date.parse(rule.since) ? { ...rule, state: 'ok', since: ended } : rule;
}

function withPoint(points: Point[] | undefined, at: number, value: number | null): Point[] {
  const kept = (points ?? []).filter((point) => point.at > at - KEEP);
  kept.push({ at, value });
  return kept;
}

/** Earlier values of a rule, put before those that are known. */
export function withHistory(board: Board, ruleId: string, history: Point[]): Board {
  const known = board.points.get(ruleId) ?? [];
  const first = known[0]?.at ?? Infinity;
  const points = new Map(board.points).set(ruleId, [
    ...history.filter((point) => point.at < first),
    ...known,
  ]);
  return { ...board, points };
}

/** The states of a rule, each with its sign and its words. */
export const STATES = {
  ok: ['✓', 'Quiet'],
  pending: ['…', 'Over the line'],
  firing: ['▲', 'Firing'],
} as const;

/** What an incident is called: its rule, and its group where there are groups. */
export const called = ({ rule_name, group }: Pick<Incident, 'rule_name' | 'group'>): string =>
  group === undefined || group === null ? rule_name : `${rule_name}: ${group || 'no group'}`;

/** Incidents that fire, the longest firing first. */
export function firing(board: Board): Incident[] {
  return [...board.incidents.values()]
    .filter((incident) => incident.state === 'firing')
    .sort((a, b) => a.started_at.localeCompare(b.started_at));
}

/** All incidents that are known, the latest first. */
export function history(board: Board): Incident[] {
  return [...board.incidents.values()].sort((a, b) => b.id.localeCompare(a.id));
}

/** The steps of a value over a span of time, with a point at both ends, so that a quiet minute is a line too. */
export function steps(points: Point[], from: number, to: number): Point[] {
  const before = points.findLast((point) => point.at <= from);
  const inside = points.filter((point) => point.at > from && point.at <= to);
  const start = before ? [{ at: from, value: before.value }] : [];
  const last = inside.at(-1) ?? before;
  const end = last ? [{ at: to, value: last.value }] : [];
  return [...start, ...inside, ...end];
}
