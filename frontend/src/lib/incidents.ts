// What the page of an incident shows, and which stretch of time it is about. Pure.
import type { Incident, Notification, Preview } from './api/types';

/** The incident that an address leads to. */
export const incidentOf = (path: string): string | undefined => /^\/incidents\/([\w-]+)$/.exec(path)?.[1];

/** The one that is newer: what was fetched, or what came live. */
export const newer = (fetched: Incident | undefined, live: Incident | undefined): Incident | undefined =>
  fetched && (!live || live.seq < fetched.seq) ? fetched : live;

/** How long the server counts back for one series, in milliseconds. */
const LONGEST = 24 * 3_600_000;
/** Points of the picture: one for each pixel or two. */
const POINTS = 600;

export interface Stretch {
  /** Milliseconds since the epoch. */
  from: number;
  to: number;
  step_seconds: number;
  /** The incident goes on beyond the end. */
  cut: boolean;
}

type Times = Pick<Incident, 'started_at' | 'resolved_at'>;

/** The time around an incident: a window before it, so that one sees it come, and one after it. */
export function around({ started_at, resolved_at }: Times, windowSeconds: number, now: number): Stretch {
  const start = Date.parse(started_at);
  const end = resolved_at ? Date.parse(resolved_at) : Math.max(now, start);
  // Of a long window not all, or one would not see the incident beside it.
  const lead = Math.min(Math.max(windowSeconds * 1000, 60_000), Math.max(5 * 60_000, 2 * (end - start)));
  const margin = Math.max(lead, Math.min((end - start) / 8, 2 * 3_600_000));
  const from = start - margin;
  const to = Math.min(Math.max(now, end), end + margin, from + LONGEST);
  const step_seconds = Math.max(1, Math.ceil((to - from) / 1000 / POINTS));
  return { from, to, step_seconds, cut: to < end };
}

/** When the documents of an incident came: those of the window in which it began, up to its end. */
export function documentsOf(
  { started_at, resolved_at }: Times,
  windowSeconds: number,
  now: number,
): { from: string; to: string } {
  const from = Date.parse(started_at) - windowSeconds * 1000;
  // `to` itself is left out, and what ended it is part of it.
  const to = resolved_at ? Date.parse(resolved_at) + 1 : now;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** The band of the picture. */
export const bandOf = ({ started_at, resolved_at, peak }: Incident): Preview['incidents'] => [
  { started_at, resolved_at: resolved_at ?? null, peak },
];

/** Something that happened, and who was told of it. */
export interface Step {
  key: 'began' | 'silenced' | 'reminder' | 'acknowledged' | 'resolved';
  title: string;
  at?: string;
  text?: string;
  messages: Notification[];
}

/** What happened, in the order in which it did. */
export function story(incident: Incident): Step[] {
  const { state, silenced, acknowledged_by, started_at, resolved_at, notifications } = incident;
  const of = (transition: string): Notification[] =>
    notifications.filter((one) => one.transition === transition);
  const over = state === 'resolved';
  const steps: Step[] = [{ key: 'began', title: 'Began', at: started_at, messages: of('firing') }];
  if (silenced)
    steps.push({
      key: 'silenced',
      title: 'Silenced',
      text: over
        ? 'It ended in a silence: nobody was told.'
        : 'People are told at the end of the silence if it still fires.',
      messages: [],
    });
  else if (of('firing').length === 0) steps[0]!.text = 'There was nobody to tell; the dashboards show it.';
  const reminders = of('reminder');
  if (reminders.length > 0) steps.push({ key: 'reminder', title: 'Told again', messages: reminders });
  if (acknowledged_by)
    steps.push({ key: 'acknowledged', title: `${acknowledged_by} said “I am on it”`, messages: [] });
  if (over)
    steps.push({
      key: 'resolved',
      title: 'Resolved',
      ...(resolved_at ? { at: resolved_at } : {}),
      messages: of('resolved'),
    });
  return steps;
}

/** To whom a message goes, and by what means. */
export function recipient({ channel, to }: Pick<Notification, 'channel' | 'to'>): string {
  if (channel === 'room') return `#${to} in the chat`;
  return channel === 'webhook' ? `Webhook ${to}` : `Mail to ${to}`;
}

const tries = (count: number): string => (count === 1 ? '1 try' : `${count} tries`);

/** How a message went. */
export function fate({ state, attempts }: Pick<Notification, 'state' | 'attempts'>): string {
  if (state === 'sent') return attempts > 1 ? `sent at the ${ordinal(attempts)} try` : 'sent';
  if (state === 'dead') return `given up after ${tries(attempts)}`;
  return attempts > 0 ? `waiting for its next try, after ${tries(attempts)}` : 'on its way';
}

const ENDINGS: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };

function ordinal(count: number): string {
  return `${count}${ENDINGS[new Intl.PluralRules('en', { type: 'ordinal' }).select(count)] ?? 'th'}`;
}
