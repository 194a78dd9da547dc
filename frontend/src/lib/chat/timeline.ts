// What is shown of a room: a window of its messages, and what is on its way. Pure.
import type { Change, Entry, Message, Numbered, SendReply } from '../../socket/protocol';

/** So many messages are kept at most; the others are read again when somebody scrolls to them. */
export const WINDOW = 300;
/** Entries that are remembered, for pages of history that were read before they happened. */
const RECENT = 200;

/** A message of one's own that is not confirmed. */
export interface Draft {
  client_id: string;
  text: string;
  mentions: string[];
  at: string;
  state: 'sending' | 'sent' | 'failed';
  /** Why it failed, in words. */
  problem?: string;
}

export interface Timeline {
  /** Ascending by seq, without a gap among the messages of the room. */
  messages: readonly Numbered[];
  drafts: readonly Draft[];
  /** The latest entries, as they came. */
  recent: readonly Entry[];
  /** Nothing was written before the first of them. */
  atStart: boolean;
  /** Nothing was written after the last of them. */
  atEnd: boolean;
}

export const blank: Timeline = { messages: [], drafts: [], recent: [], atStart: false, atEnd: true };

/** After an entry arrived. `following`: the end is in sight, so the window moves along. */
export function taken(before: Timeline, entry: Entry, following: boolean): Timeline {
  const timeline = { ...before, recent: [...before.recent, entry].slice(-RECENT) };
  if (entry.type !== 'message')
    return { ...timeline, messages: timeline.messages.map((one) => changed(one, entry)) };
  const { seq, message } = entry;
  const drafts = timeline.drafts.filter(({ client_id }) => client_id !== message.client_id);
  const confirmed = { ...timeline, drafts };
  if (!timeline.atEnd || has(timeline, entry)) return confirmed;
  if (!following && timeline.messages.length >= WINDOW) return { ...confirmed, atEnd: false };
  return cutStart({ ...confirmed, messages: [...timeline.messages, { seq, message }] });
}

const has = ({ messages }: Timeline, { seq }: { seq: number }): boolean =>
  messages.some((one) => one.seq === seq);

/** The latest page, in place of whatever there was. */
export function latest(timeline: Timeline, page: Numbered[], asked: number): Timeline {
  return settled({ ...timeline, messages: page, atStart: page.length < asked, atEnd: true });
}

/** The page before the first message. */
export function withOlder(timeline: Timeline, page: Numbered[], asked: number): Timeline {
  const first = timeline.messages[0]?.seq ?? Infinity;
  const messages = [...page.filter(({ seq }) => seq < first), ...timeline.messages];
  const kept = messages.slice(0, WINDOW);
  return settled({
    ...timeline,
    messages: kept,
    atStart: page.length < asked,
    atEnd: timeline.atEnd && kept.length === messages.length,
  });
}

/** The page after the last message. */
export function withNewer(timeline: Timeline, page: Numbered[], asked: number): Timeline {
  const last = timeline.messages.at(-1)?.seq ?? 0;
  const messages = [...timeline.messages, ...page.filter(({ seq }) => seq > last)];
  return cutStart(settled({ ...timeline, messages, atEnd: page.length < asked }));
}

function cutStart(timeline: Timeline): Timeline {
  const messages = timeline.messages.slice(-WINDOW);
  return { ...timeline, messages, atStart: timeline.atStart && messages.length === timeline.messages.length };
}

/** A page may have been read before what was seen already, and may hold what is still a draft here. */
function settled(timeline: Timeline): Timeline {
  const last = timeline.messages.at(-1)?.seq ?? 0;
  const since = timeline.recent.flatMap((one) => (one.type === 'message' && one.seq > last ? [one] : []));
  const changes = timeline.recent.filter((one) => one.type !== 'message');
  const messages = [...timeline.messages, ...(timeline.atEnd ? since : [])].map((one) =>
    changes.reduce(changed, { seq: one.seq, message: one.message }),
  );
  const stored = new Set(messages.map(({ message }) => message.client_id));
  const drafts = timeline.drafts.filter(({ client_id }) => !stored.has(client_id));
  return { ...timeline, messages, drafts };
}

/** A message after a change; doing it twice is doing it once. */
export function changed(one: Numbered, change: Change): Numbered {
  const { message } = one;
  if (message.id !== change.message_id) return one;
  switch (change.type) {
    case 'message_edited':
      return message.deleted
        ? one
        : { ...one, message: { ...message, text: change.text, edited_at: change.at } };
    case 'message_deleted':
      return { ...one, message: { ...message, text: '', deleted: true, reactions: [], mentions: [] } };
    case 'reaction':
      return { ...one, message: reacted(message, change) };
  }
}

function reacted(message: Message, { user, emoji, on }: Extract<Change, { type: 'reaction' }>): Message {
  const before = message.reactions ?? [];
  const users = before.find((one) => one.emoji === emoji)?.users ?? [];
  const others = users.filter(({ id }) => id !== user.id);
  const after = on ? [...others, user] : others;
  const known = before.some((one) => one.emoji === emoji);
  const reactions = known
    ? before.map((one) => (one.emoji === emoji ? { emoji, users: after } : one))
    : [...before, { emoji, users: after }];
  return { ...message, reactions: reactions.filter(({ users }) => users.length > 0) };
}

export const drafted = (timeline: Timeline, draft: Draft): Timeline => ({
  ...timeline,
  drafts: [...timeline.drafts, draft],
});

/** A draft in a new state; one that arrived meanwhile stays gone. */
export const redrafted = (
  timeline: Timeline,
  client_id: string,
  state: Draft['state'],
  problem?: string,
): Timeline => ({
  ...timeline,
  drafts: timeline.drafts.map((draft) => {
    if (draft.client_id !== client_id) return draft;
    const { problem: _, ...rest } = draft;
    return { ...rest, state, ...(problem && { problem }) };
  }),
});

/** The server has stored a draft; where its message does not come by itself, it is put in its place. */
export function stored(timeline: Timeline, client_id: string, reply: SendReply): Timeline {
  return timeline.messages.some(({ message }) => message.id === reply.message_id)
    ? undrafted(timeline, client_id)
    : redrafted(timeline, client_id, 'sent');
}

export const undrafted = (timeline: Timeline, client_id: string): Timeline => ({
  ...timeline,
  drafts: timeline.drafts.filter((draft) => draft.client_id !== client_id),
});

/** One's last message that can be edited. */
export const lastOwn = ({ messages }: Timeline, me: string): Message | undefined =>
  messages.findLast(({ message }) => message.author.id === me && !message.deleted && !message.kind)?.message;
