// A room, line by line, as it is shown. Pure.
import type { Message, User } from '../../socket/protocol';
import { inWords, names, type Notice } from './notices';
import type { Draft, Timeline } from './timeline';

export type Line =
  | { kind: 'day'; key: string; text: string }
  /** What follows is new. */
  | { kind: 'divider'; key: string }
  | { kind: 'notice'; key: string; text: string }
  /** `head`: it says whose it is; the following ones of the same person do not. */
  | { kind: 'message'; key: string; seq: number; message: Message; head: boolean }
  | { kind: 'draft'; key: string; draft: Draft; head: boolean };

/** Messages of one person within this time stand together, in milliseconds. */
const TOGETHER = 5 * 60_000;

/** `newAfter`: messages of others with a higher number are new. */
export function lines(
  { messages, drafts, atEnd }: Timeline,
  notices: readonly Notice[],
  { me, newAfter, now }: { me: User; newAfter: number | undefined; now: Date },
): Line[] {
  const all: Line[] = [];
  const first = messages[0]?.seq ?? 0;
  const waiting = notices.filter(({ after }) => after >= first);
  let day = '';
  let divided = newAfter === undefined;
  const noticesUpTo = (seq: number): void => {
    while (waiting[0] && waiting[0].after < seq) {
      const notice = waiting.shift();
      if (notice) all.push({ kind: 'notice', key: `n${notice.key}`, text: inWords(notice) });
    }
  };
  const dayOf = (at: string): void => {
    const text = dayName(new Date(at), now);
    if (text !== day) all.push({ kind: 'day', key: `d${at}`, text });
    day = text;
  };

  for (const { seq, message } of messages) {
    noticesUpTo(seq);
    dayOf(message.at);
    if (!divided && seq > (newAfter ?? 0) && message.author.id !== me.id) {
      divided = true;
      all.push({ kind: 'divider', key: 'new' });
    }
    all.push({
      kind: 'message',
      key: keyOf(message, me),
      seq,
      message,
      head: isHead(all.at(-1), message.author.id, message.at),
    });
  }
  if (atEnd) noticesUpTo(Infinity);
  for (const draft of drafts) {
    dayOf(draft.at);
    all.push({
      kind: 'draft',
      key: `c${draft.client_id}`,
      draft,
      head: isHead(all.at(-1), me.id, draft.at),
    });
  }
  return all;
}

/** A draft and the message that it becomes are one line. */
const keyOf = (message: Message, me: User): string =>
  message.client_id && message.author.id === me.id ? `c${message.client_id}` : message.id;

function isHead(before: Line | undefined, author: string, at: string): boolean {
  if (before?.kind === 'message')
    return (
      before.message.author.id !== author ||
      before.message.kind !== undefined ||
      Date.parse(at) - Date.parse(before.message.at) > TOGETHER
    );
  return before?.kind !== 'draft';
}

function dayName(at: Date, now: Date): string {
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (at.toDateString() === now.toDateString()) return 'Today';
  if (at.toDateString() === yesterday.toDateString()) return 'Yesterday';
  return at.toLocaleDateString(undefined, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
}

/** How far somebody else has read. */
export interface Mark {
  user: User;
  seq: number;
}

/** Who has seen one's last message; empty when it is nobody, or somebody answered since. */
export function seenBy(
  { messages, drafts }: Timeline,
  marks: Iterable<Mark>,
  me: string,
): { id: string; text: string } {
  const last = messages.at(-1);
  if (!last || last.message.author.id !== me || drafts.length > 0) return { id: '', text: '' };
  const users = [...marks]
    .filter(({ seq, user }) => seq >= last.seq && user.id !== me)
    .map(({ user }) => user);
  return { id: last.message.id, text: users.length > 0 ? `Seen by ${names(users)}` : '' };
}
