// What a dashboard knows, and how each frame changes it. Pure.
import type { Incident, RuleStatus, ServerFrame } from './api/types';

export interface Point {
  /** Milliseconds since the epoch. */
  at: number;
  value: number;
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
        rule.rule_id === frame.rule_id ? { ...rule, value: frame.value, threshold: frame.threshold } : rule,
      );
      const points = new Map(board.points);
      points.set(frame.rule_id, withPoint(points.get(frame.rule_id), at, frame.value));
      const incidents = new Map(board.incidents);
      for (const incident of incidents.values()) {
        if (incident.rule_id === frame.rule_id && incident.state === 'firing')
          incidents.set(incident.id, withValue(incident, frame.value));
      }
      return { ...board, rules, points, incidents };
    }
    case 'alert': {
      const { incident } = frame;
      const incidents = new Map(board.incidents).set(incident.id, incident);
      const rules = board.rules.map((rule) =>
        rule.rule_id === incident.rule_id ? turned(rule, incident) : rule,
      );
      return { ...board, seq: Math.max(board.seq, frame.seq), rules, incidents };
    }
    default:
      return board;
  }
}

/** An incident that goes on, at a new value; the peak is the furthest value beyond the line. */
function withValue(incident: Incident, value: number): Incident {
  const above = incident.peak >= incident.threshold;
  return {
    ...incident,
    value,
    peak: above ? Math.max(incident.peak, value) : Math.min(incident.peak, value),
  };
}

function turned(rule: RuleStatus, incident: Incident): RuleStatus {
  if (incident.state === 'firing') return { ...rule, state: 'firing', since: incident.started_at };
  // An old incident may change too, when its mail arrives late; it says nothing of the rule's state now.
  const ended = incident.resolved_at ?? rule.since;
  return Date.parse(ended) >= Date.parse(rule.since) ? { ...rule, state: 'ok', since: ended } : rule;
}

function withPoint(points: Point[] | undefined, at: number, value: number): Point[] {
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
