// Rules in plain words. Pure.
import type { NewRule, Rule } from './api/types';
import { COMPARISONS, span } from './format';
import { fromValue } from './rule-values';
import { ADMINS } from './rules';

/** What is measured, as a choice: each kind with its words. */
export const MEASURES = [
  ['count', 'how many documents come'],
  ['sum', 'the sum of a field'],
  ['avg', 'the average of a field'],
  ['min', 'the smallest value of a field'],
  ['max', 'the largest value of a field'],
  ['p95', 'the 95th percentile of a field'],
] as const;

/** What a condition asks, as a choice. */
export const OPERATORS = [
  ['=', 'is'],
  ['!=', 'is not'],
  ['>', 'is more than'],
  ['>=', 'is at least'],
  ['<', 'is less than'],
  ['<=', 'is at most'],
  ['in', 'is one of'],
  ['contains', 'contains'],
  ['exists', 'is there'],
] as const;

/** On which side of the line it rings, as a choice. */
export const SIDES = Object.entries(COMPARISONS);

const NAMES: Record<string, string> = {
  sum: 'the sum',
  avg: 'the average',
  min: 'the smallest',
  max: 'the largest',
  p95: 'the 95th percentile',
};

/** A number as exact as it is stored. */
export const exact = (value: number): string =>
  new Intl.NumberFormat(undefined, { maximumSignificantDigits: 15 }).format(value);

/** A number that was measured, as exact as anybody reads it. */
export function measured(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  const digits = Math.abs(value) < 1 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 2 };
  return new Intl.NumberFormat(undefined, digits).format(value);
}

type Described = Pick<
  NewRule,
  'type' | 'where' | 'measure' | 'window_seconds' | 'comparison' | 'threshold' | 'for_seconds' | 'group_by'
>;

/** A condition in words: `amount is more than 10`. */
export function condition({ field, op, value }: Rule['where'][number]): string {
  if (op === 'exists') return `${field} is ${value === false ? 'not ' : ''}there`;
  const words = OPERATORS.find(([sign]) => sign === op)?.[1] ?? op;
  return `${field} ${words} ${fromValue(op, value)}`;
}

/** A rule in one sentence: `rings when the sum of amount of order documents is more than 10,000 within 60 s`. */
export function describe(rule: Described): string {
  const { kind, field } = rule.measure ?? { kind: 'count' };
  const where = (rule.where ?? []).map(condition).join(' and ');
  const documents =
    (rule.type === 'any' ? 'documents of any type' : `${rule.type} documents`) + (where && ` where ${where}`);
  const side = COMPARISONS[rule.comparison] ?? rule.comparison;
  const line = exact(rule.threshold);
  const within = `within ${span(rule.window_seconds)}`;
  const measure =
    kind === 'count'
      ? `${side === 'less than' ? 'fewer than' : side} ${line} ${documents} come ${within}`
      : `${NAMES[kind] ?? kind} of ${field} of ${documents} is ${side} ${line} ${within}`;
  const hold = rule.for_seconds > 0 ? `, for ${span(rule.for_seconds)} without a break` : '';
  return `rings when ${measure}${hold}${rule.group_by ? `, for each ${rule.group_by}` : ''}`;
}

/** As the beginning of a paragraph. */
export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Who is told, in words. */
export function told({ emails, room, webhook }: Rule['notify']): string {
  const people = emails.map((email) => (email === ADMINS ? 'owners and admins' : email));
  const all = [
    ...people,
    ...(room ? [`#${room} in the chat`] : []),
    ...(webhook ? [`${hostOf(webhook)} by webhook`] : []),
  ];
  return all.length > 0 ? all.join(', ') : 'nobody; the dashboards show it';
}

/** The server of an address; what follows it may be a secret. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}

/** How often they are told again, as the end of that sentence; nothing, where they are not. */
export const again = (seconds: number | null | undefined): string =>
  seconds ? `, again every ${span(seconds)} until somebody is on it` : '';
