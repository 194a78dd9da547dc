// What a rule would have done: what the picture of it shows. Pure.
import type { NewRule, Preview } from './api/types';
import { duration, number } from './format';
import { exact, measured } from './rule-words';

/** Lengths of time to try a rule on, in milliseconds. */
export const SPANS = [
  [3_600_000, 'last hour'],
  [86_400_000, 'last 24 hours'],
  [7 * 86_400_000, 'last 7 days'],
  [31 * 86_400_000, 'last 31 days'],
] as const;

/** A stretch of time, in milliseconds since the epoch. */
export interface Band {
  from: number;
  to: number;
}

type Incidents = Preview['incidents'];

/** When it would have rung: stretches that touch are one. What did not end goes on to the end of the picture. */
export function bands(incidents: Incidents, end: number): Band[] {
  const merged: Band[] = [];
  for (const { started_at, resolved_at } of incidents) {
    const band = { from: Date.parse(started_at), to: resolved_at ? Date.parse(resolved_at) : end };
    const last = merged.at(-1);
    if (last && band.from <= last.to) last.to = Math.max(last.to, band.to);
    else merged.push(band);
  }
  return merged;
}

/** The lowest and highest value of the picture: all values, the line and nothing, with some air. */
export function reach(values: (number | null | undefined)[], threshold: number): [number, number] {
  const known = values.filter((value): value is number => value !== null && value !== undefined);
  const low = Math.min(0, ...known.map((value) => value * 1.1), threshold * 1.25);
  const high = Math.max(0, ...known.map((value) => value * 1.1), threshold * 1.25);
  return low === high ? [0, 1] : [low, high];
}

/** The value that came nearest to ringing, or went furthest beyond the line. */
export function furthest(preview: Pick<Preview, 'series'>, comparison: string): number | undefined {
  const values = preview.series.flatMap(({ value }) =>
    value === null || value === undefined ? [] : [value],
  );
  if (values.length === 0) return undefined;
  return values.reduce((a, b) => (comparison.startsWith('<') ? Math.min(a, b) : Math.max(a, b)));
}

const counted = (n: number, one: string, many: string): string => `${number(n)} ${n === 1 ? one : many}`;

/** What came of it, in a sentence or two. */
export function judged(
  preview: Preview,
  rule: Pick<NewRule, 'comparison' | 'threshold' | 'type'>,
  words: string,
): string {
  const documents = counted(preview.counted, 'document fits', 'documents fit');
  if (preview.total > 0)
    return `It would have rung ${preview.total === 1 ? 'once' : counted(preview.total, 'time', 'times')} in the ${words}. ${documents}.`;
  const never = `It would not have rung in the ${words}.`;
  if (preview.counted === 0) return `${never} No document fits what is watched.`;
  const value = furthest(preview, rule.comparison);
  const near =
    value === undefined
      ? ''
      : ` The value nearest to the line at ${exact(rule.threshold)} is ${measured(value)}.`;
  return `${never} ${documents}.${near}`;
}

/** How far apart the values of the picture are. */
export const measuredEvery = (step: number): string => `The curve has a value every ${duration(step)}.`;

/** What of a rule decides what it would have done. */
export const likeness = (rule: NewRule): string => {
  const { name: _, notify: __, repeat_seconds: ___, enabled: ____, ...rest } = rule;
  return JSON.stringify(rest);
};
