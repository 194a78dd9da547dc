// What goes over /ws/chat, as types. docs/chat.md says what each of them means.

export interface User {
  id: string;
  name: string;
}

export interface Reaction {
  emoji: string;
  users: User[];
}

export interface Message {
  id: string;
  author: User;
  text: string;
  at: string;
  /** As the author's client sent it; the same one again is the same message. */
  client_id?: string;
  /** Ids of users. */
  mentions?: string[];
  edited_at?: string;
  deleted?: boolean;
  reactions?: Reaction[];
  kind?: 'system' | 'service';
}

export type Epoch = string | number;

/** How far a client has seen a room: `seq` counts within an epoch. */
export interface Since {
  epoch: Epoch;
  seq: number;
}

export interface Numbered {
  seq: number;
  message: Message;
}

/** A change of a message; it takes its turn among the messages. */
export type Change =
  | {
      type: 'message_edited';
      room: string;
      seq: number;
      message_id: string;
      text: string;
      at: string;
      user: User;
    }
  | { type: 'message_deleted'; room: string; seq: number; message_id: string; at: string; user: User }
  | {
      type: 'reaction';
      room: string;
      seq: number;
      message_id: string;
      user: User;
      emoji: string;
      on: boolean;
    };

/** What has a place in the order of a room. */
export type Entry = { type: 'message'; room: string; seq: number; message: Message } | Change;

/** What is news for a moment and has no place in the order. */
export type Passing =
  | { type: 'joined'; room: string; user: User }
  | { type: 'left'; room: string; user: User }
  | { type: 'members_changed'; room: string; members: number; online: number; joined: number; left: number }
  | { type: 'typing'; room: string; user: User; typing: boolean }
  | { type: 'presence'; user: User; online: boolean }
  | { type: 'read'; room: string; user: User; seq: number }
  | { type: 'room_created'; room: string; kind: RoomKind; topic?: string; by?: User; with?: User }
  | { type: 'room_changed'; room: string; topic: string; by?: User };

export type RoomKind = 'group' | 'direct';

export interface JoinReply {
  room: string;
  epoch: Epoch;
  seq: number;
  members: User[];
  member_count: number;
  online_count: number;
  topic: string;
  history: 'durable' | 'none';
  kind: RoomKind;
  read_seq: number;
  /** With `since`: whether `messages` and `changes` are all that happened meanwhile. */
  recovered?: boolean;
  messages?: Numbered[];
  changes?: Change[];
}

export interface SendReply {
  message_id: string;
  seq: number;
  at: string;
}

/** A room one is a member of. */
export interface RoomEntry {
  room: string;
  kind: RoomKind;
  topic: string;
  seq: number;
  epoch: Epoch;
  read_seq: number;
  unread: number;
  last_at?: string | null;
  /** In a direct room: the other one. */
  with?: User;
}

export interface ErrorBody {
  code: string;
  detail: string;
  /** Which field was at fault, as `/text`. */
  path?: string;
}

export type Reply = { type: 'reply'; id: unknown } & (
  ({ ok: true } & Record<string, unknown>) | { ok: false; error: ErrorBody }
);

export type ServerFrame =
  | Reply
  | Entry
  | Passing
  | { type: 'welcome'; user: User; session: string }
  | { type: 'resync'; room: string };

/** A request that was refused, or that nothing came of: `timeout`, `disconnected`, `too_large`, `closed`. */
export class RequestError extends Error {
  readonly code: string;
  readonly path: string | undefined;

  constructor({ code, detail, path }: ErrorBody) {
    super(detail);
    this.name = 'RequestError';
    this.code = code;
    this.path = path;
  }

  get detail(): string {
    return this.message;
  }
}
