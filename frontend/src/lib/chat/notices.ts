// Who came and who went, in few lines: what happens between two messages is one line. Pure.
import type { User } from '../../socket/protocol';

interface Passage {
  user: User;
  /** What was seen first, and last. */
  first: 'joined' | 'left';
  last: 'joined' | 'left';
}

export interface Notice {
  key: number;
  /** It stands behind the message with this number. */
  after: number;
  passages: readonly Passage[];
  /** People of a large room, of whom only the number is told. */
  joined: number;
  left: number;
  /** Something else, in words. */
  text?: string;
}

const KEPT = 50;

/** The notices after somebody came or went. */
export function passed(
  notices: readonly Notice[],
  after: number,
  user: User,
  what: 'joined' | 'left',
): Notice[] {
  return merged(notices, after, (notice) => {
    const before = notice.passages.find((passage) => passage.user.id === user.id);
    const passage = { user, first: before?.first ?? what, last: what };
    const others = notice.passages.filter((one) => one !== before);
    return { ...notice, passages: [...others, passage] };
  });
}

/** The notices after many came and went. A count that was put right is none. */
export const counted = (notices: readonly Notice[], after: number, joined: number, left: number): Notice[] =>
  joined + left === 0
    ? [...notices]
    : merged(notices, after, (notice) => ({
        ...notice,
        joined: notice.joined + joined,
        left: notice.left + left,
      }));

export const said = (notices: readonly Notice[], after: number, text: string): Notice[] =>
  [...notices, { ...empty(notices, after), text }].slice(-KEPT);

function merged(notices: readonly Notice[], after: number, merge: (notice: Notice) => Notice): Notice[] {
  const last = notices.at(-1);
  if (last && last.after === after && !last.text) return [...notices.slice(0, -1), merge(last)];
  return [...notices, merge(empty(notices, after))].slice(-KEPT);
}

const empty = (notices: readonly Notice[], after: number): Notice => ({
  key: (notices.at(-1)?.key ?? 0) + 1,
  after,
  passages: [],
  joined: 0,
  left: 0,
});

/** `Ada, Grace and 3 others`. */
export function names(users: readonly { name: string }[]): string {
  const all = users.map(({ name }) => name);
  if (all.length <= 3)
    return all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : (all[0] ?? '');
  return `${all.slice(0, 2).join(', ')} and ${all.length - 2} others`;
}

const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);

/** The line; empty when in the end nothing changed. */
export function inWords({ passages, joined, left, text }: Notice): string {
  if (text) return text;
  const of = (first: string, last: string) =>
    passages.filter((one) => one.first === first && one.last === last).map(({ user }) => user);
  return [
    [of('joined', 'joined'), 'joined'] as const,
    [of('left', 'left'), 'left'] as const,
    [of('joined', 'left'), 'joined and left'] as const,
    [of('left', 'joined'), 'left and came back'] as const,
  ]
    .filter(([users]) => users.length > 0)
    .map(([users, what]) => `${names(users)} ${what}`)
    .concat(joined > 0 ? `${people(joined)} joined` : [], left > 0 ? `${people(left)} left` : [])
    .join(' · ');
}
