// The rooms one is in: what each is called, what is unread, in which order they stand. Pure.
import type { Message, RoomEntry, User } from '../../socket/protocol';

export interface Room extends RoomEntry {
  /** Somebody named this person in what is unread. */
  mentioned?: boolean;
}

export type Roster = ReadonlyMap<string, Room>;

/** As the server lists them; `before` knows who was named. */
export const roster = (rooms: readonly RoomEntry[], before?: Roster): Roster =>
  new Map(
    rooms.map((room) => {
      const mentioned = room.unread > 0 && (before?.get(room.room)?.mentioned ?? false);
      return [room.room, { ...room, mentioned }];
    }),
  );

const changed = (rooms: Roster, name: string, change: (room: Room) => Room): Roster => {
  const room = rooms.get(name);
  return room ? new Map(rooms).set(name, change(room)) : rooms;
};

/** A message came; `read`: it is being looked at. */
export function heard(
  rooms: Roster,
  name: string,
  { seq, message, me, read }: { seq: number; message: Message; me: string; read: boolean },
): Roster {
  return changed(rooms, name, (room) => {
    const after = { ...room, seq: Math.max(seq, room.seq), last_at: message.at };
    if (read || message.author.id === me || seq <= room.read_seq) return after;
    const mentioned = room.mentioned || (message.mentions ?? []).includes(me);
    return { ...after, unread: room.unread + 1, mentioned };
  });
}

/** This person has read up to a message, here or in another tab. */
export const read = (rooms: Roster, name: string, seq: number): Roster =>
  changed(rooms, name, (room) => {
    if (seq < room.read_seq) return room;
    const all = seq >= room.seq;
    return { ...room, read_seq: seq, ...(all && { unread: 0, mentioned: false }) };
  });

export const added = (rooms: Roster, room: Room): Roster =>
  rooms.has(room.room) ? rooms : new Map(rooms).set(room.room, room);

export const removed = (rooms: Roster, name: string): Roster => {
  const after = new Map(rooms);
  after.delete(name);
  return after;
};

export const retitled = (rooms: Roster, name: string, topic: string): Roster =>
  changed(rooms, name, (room) => ({ ...room, topic }));

/** What it is called on the page. */
export const title = (room: { room: string; kind: string; with?: User | undefined }): string =>
  room.kind === 'direct' ? (room.with?.name ?? 'Direct conversation') : `#${room.room}`;

/** Groups and direct conversations, those with news first, then the latest. */
export function inOrder(rooms: Roster): { groups: Room[]; direct: Room[] } {
  const all = [...rooms.values()].sort(
    (a, b) =>
      Number(b.unread > 0) - Number(a.unread > 0) ||
      (b.last_at ?? '').localeCompare(a.last_at ?? '') ||
      title(a).localeCompare(title(b)),
  );
  return {
    groups: all.filter(({ kind }) => kind === 'group'),
    direct: all.filter(({ kind }) => kind === 'direct'),
  };
}

export const unread = (rooms: Roster): number =>
  [...rooms.values()].reduce((sum, room) => sum + room.unread, 0);

/** What somebody types, as the name of a room: `Über uns!` is `uber-uns`. */
export const roomName = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_\s-]/g, '')
    .trim()
    .replace(/\s+/g, '-')
    .replace(/^[_-]+/, '')
    .slice(0, 64);
