// A silence as the form holds it, as the API takes it, and in words. Pure.
import type { NewSilence, Problem, Silence, Weekly } from './api/types';
import { minute } from './format';

/** The days of the week as the API calls them, each as people write it. */
export const DAYS = [
  ['mon', 'Mon'],
  ['tue', 'Tue'],
  ['wed', 'Wed'],
  ['thu', 'Thu'],
  ['fri', 'Fri'],
  ['sat', 'Sat'],
  ['sun', 'Sun'],
] as const;

/** What stands in the form: text, until it is sent. */
export interface Draft {
  /** The id of a rule; empty for all of them. */
  rule: string;
  /** Of one group alone, or of `all`: a group may have an empty name. */
  groups: 'all' | 'one';
  group: string;
  kind: 'once' | 'weekly';
  /** In the reader's zone, as an input of a date and a time has it; empty for now. */
  from: string;
  until: string;
  days: string[];
  start: string;
  end: string;
  time_zone: string;
  comment: string;
}

/** The address of the form of a new silence, of a rule and a group. */
export function formOf(rule: string, group?: string | null): string {
  const query = new URLSearchParams({ rule });
  if (group !== undefined && group !== null) query.set('group', group);
  return `/silences/new?${query}`;
}

/** A silence that is not filled in yet, but for what an address says. */
export function begin(query: string, zone: string): Draft {
  const asked = new URLSearchParams(query);
  const group = asked.get('group');
  return {
    rule: asked.get('rule') ?? '',
    groups: group === null ? 'all' : 'one',
    group: group ?? '',
    kind: 'once',
    from: '',
    until: '',
    days: DAYS.map(([day]) => day),
    start: '22:00',
    end: '06:00',
    time_zone: zone,
    comment: '',
  };
}

const two = (n: number): string => String(n).padStart(2, '0');

/** An instant as an input of a date and a time has it, in the reader's zone; what is left of a minute counts as one. */
export function toLocal(at: number): string {
  const date = new Date(Math.ceil(at / 60_000) * 60_000);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The instant that was typed in the reader's zone, in UTC; nothing, where it is none. */
export function toUtc(local: string): string | undefined {
  const date = new Date(local);
  return local.includes('T') && !Number.isNaN(date.getTime()) ? date.toISOString() : undefined;
}

/** Ends that are a click away, each with its words. */
export const ENDS: readonly (readonly [string, (now: number) => number])[] = [
  ['1 hour', (now) => now + 3_600_000],
  ['4 hours', (now) => now + 4 * 3_600_000],
  [
    'Until tomorrow 08:00',
    (now) => {
      const date = new Date(now);
      return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1, 8).getTime();
    },
  ],
];

type Wrong = NonNullable<Problem['errors']>[number];

/** What the API takes, and what cannot be made sense of here; all else the server judges. */
export function toBody(draft: Draft): { body: NewSilence; errors: Wrong[] } {
  const errors: Wrong[] = [];
  const body: NewSilence = {
    rule_id: draft.rule || null,
    group: draft.rule && draft.groups === 'one' ? draft.group : null,
    comment: draft.comment.trim() || null,
  };
  const needed = (path: string, value: string, message = 'must be filled in'): string => {
    if (!value.trim()) errors.push({ path, message });
    return value.trim();
  };
  if (draft.kind === 'weekly') {
    if (draft.days.length === 0) errors.push({ path: '/weekly/days', message: 'must be one day at least' });
    body.weekly = {
      // In the order of the week, in whichever they were chosen.
      days: DAYS.map(([day]) => day).filter((day) => draft.days.includes(day)),
      start: needed('/weekly/start', draft.start),
      end: needed('/weekly/end', draft.end),
      time_zone: needed('/weekly/time_zone', draft.time_zone),
    };
    return { body, errors };
  }
  const instant = (path: string, local: string): string | null => {
    const utc = toUtc(local);
    if (!utc) errors.push({ path, message: 'must be a date and a time' });
    return utc ?? null;
  };
  body.from = draft.from ? instant('/from', draft.from) : null;
  body.until = instant('/until', draft.until);
  return { body, errors };
}

const FIELDS = /^(?:rule_id|group|from|until|comment|weekly\/(?:days|start|end|time_zone))$/;

/** Each field with what is wrong with it, and what belongs to no field. */
export function located(problem: Problem | undefined): {
  fields: Map<string, string>;
  rest: Problem | undefined;
} {
  const fields = new Map<string, string>();
  if (!problem) return { fields, rest: undefined };
  const strange: string[] = [];
  for (const { path, message } of problem.errors ?? []) {
    const field = path.slice(1).replace(/^(weekly\/days)\/\d+$/, '$1');
    if (FIELDS.test(field)) fields.set(field, message);
    else strange.push(`${path} ${message}`.trim());
  }
  if (fields.size > 0 && strange.length === 0) return { fields, rest: undefined };
  return { fields, rest: { ...problem, detail: strange.join('; ') || problem.detail } };
}

/** `Mon–Fri`, `Sat and Sun`, `Mon–Wed and Fri`, `day`: as what comes after "every". */
export function daysInWords(days: readonly string[]): string {
  const on = DAYS.map(([day]) => days.includes(day));
  if (on.every((one) => one === on[0])) return 'day';
  const parts: string[] = [];
  for (let first = 0; first < DAYS.length; first += 1) {
    if (!on[first]) continue;
    let last = first;
    while (on[last + 1]) last += 1;
    // Two days are no stretch.
    if (last - first >= 2) {
      parts.push(`${DAYS[first]![1]}–${DAYS[last]![1]}`);
      first = last;
    } else parts.push(DAYS[first]![1]);
  }
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : (parts[0] ?? '');
}

/** A day and a time in the reader's zone; the year where it is another. */
export function moment(iso: string, now: Date = new Date()): string {
  const at = new Date(iso);
  return at.toLocaleString(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(at.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
  });
}

function weeklyInWords({ days, start, end, time_zone }: Weekly): string {
  const hours = start === end ? `for 24 hours from ${start}` : `from ${start} to ${end}`;
  return `Every ${daysInWords(days ?? [])} ${hours}, ${time_zone}`;
}

type Said = Pick<NewSilence, 'rule_id' | 'group' | 'from' | 'until' | 'weekly' | 'comment'>;

/**
 * When, of what and why: `Every Mon–Fri from 22:00 to 06:00, Europe/Paris, all rules: nights`. The names are those of
 * rules by their ids, where they are known.
 */
export function sentence(silence: Said, names: ReadonlyMap<string, string> | undefined): string {
  const { rule_id, group, from, until, weekly, comment } = silence;
  let when = weekly ? weeklyInWords(weekly) : `Until ${until ? moment(until) : '…'}`;
  if (!weekly && from && until) {
    const day = (iso: string): string => new Date(iso).toDateString();
    when = `From ${moment(from)} to ${day(from) === day(until) ? minute(until) : moment(until)}`;
  }
  let of = 'all rules';
  if (rule_id) of = names ? (names.get(rule_id) ?? 'a rule that is gone') : 'one rule';
  if (group !== undefined && group !== null) of += group ? `, only ${group}` : ', only what has no group';
  return `${when}, ${of}${comment ? `: ${comment}` : ''}`;
}

const rank = ({ active_until, over }: Silence): number => (over ? 2 : active_until ? 0 : 1);

/** Those that are silent now first, the next to end before others; then what comes; then what is over. */
export function sorted(silences: readonly Silence[]): Silence[] {
  const at = (iso: string | null | undefined, otherwise: number): number =>
    iso ? Date.parse(iso) : otherwise;
  const by = (one: Silence): number => {
    if (one.over) return -at(one.until, 0);
    // What comes every week stands behind what comes once.
    return one.active_until ? at(one.active_until, 0) : at(one.from, Infinity);
  };
  return [...silences].sort(
    (a, b) => rank(a) - rank(b) || compare(by(a), by(b)) || a.created_at.localeCompare(b.created_at),
  );
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Where a silence stands, as a sign and words. */
export function standing({ active_until, over, weekly, from }: Silence): { state: string; words: string } {
  if (over) return { state: 'over', words: 'Over' };
  if (active_until) return { state: 'active', words: `Silent now, until ${moment(active_until)}` };
  return { state: 'coming', words: weekly || !from ? 'Not now' : `Begins ${moment(from)}` };
}

/** What a page of silences shows. */
export function placeOf(path: string): 'list' | 'new' | undefined {
  if (path === '/silences') return 'list';
  return path === '/silences/new' ? 'new' : undefined;
}
