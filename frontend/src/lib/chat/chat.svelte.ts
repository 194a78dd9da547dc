// The chat of this tab: its connection, the rooms one is in, and who is there.
import { ChatClient, type State } from '../../socket/client';
import type { Entry, JoinReply, Passing, RoomEntry, User } from '../../socket/protocol';
import { router } from '../router.svelte';
import { ask, signIn } from '../session.svelte';
import { notify } from './notify.svelte';
import { RoomView } from './room.svelte';
import * as rosters from './roster';
import { inWords } from './words';

/** Between two messages that say how far one has read, in milliseconds. */
const READ_EVERY = 1_000;

export const pathOf = (room: string): string => `/chat/${room}`;

/** The room of a path, `undefined` on that of the list. */
export const roomOf = (path: string): string | undefined => /^\/chat\/([\w-]+)$/.exec(path)?.[1];

export const isChat = (path: string): boolean => path === '/chat' || roomOf(path) !== undefined;

class Chat {
  connection = $state.raw<State>({ state: 'idle' });
  offline = $state(false);
  rooms = $state.raw<rosters.Roster>(new Map());
  /** The rooms are known. */
  ready = $state(false);
  problem = $state('');
  online = $state.raw<ReadonlySet<string>>(new Set());
  /** The room on the screen. */
  view = $state.raw<RoomView>();
  /** Counts rooms that were made by anybody. */
  created = $state(0);
  readonly unread = $derived(rosters.unread(this.rooms));
  readonly #views = new Map<string, RoomView>();
  readonly #replies = new Map<string, JoinReply>();
  readonly #client = new ChatClient({
    url: `${location.origin.replace(/^http/, 'ws')}/ws/chat`,
    credential: async (refused) => {
      if (!signIn.user || (refused && !(await signIn.refresh()))) return undefined;
      return ask<{ ticket: string }>('POST', '/api/v1/auth/ws-ticket');
    },
    on: {
      state: (state) => {
        this.connection = state;
        if (state.state === 'open') void this.#load();
        else this.online = new Set();
      },
      entry: (entry) => this.#entry(entry),
      passing: (event) => this.#passing(event),
      rejoined: (reply) => this.#described(reply),
      reset: (room) => {
        this.#views.get(room)?.reset();
        // What is unread is the server's to say now; after a new connection it is asked anyway.
        if (this.connection.state === 'open') this.#list().catch(() => undefined);
      },
      gone: (room) => this.#forget(room),
    },
  });
  #running = false;
  #reading: ReturnType<typeof setTimeout> | undefined;

  get me(): User {
    return { id: signIn.user?.id ?? '', name: signIn.user?.name ?? '' };
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    window.addEventListener('online', this.#back);
    window.addEventListener('offline', this.#away);
    window.addEventListener('beforeunload', this.#leaving);
    document.addEventListener('visibilitychange', this.attend);
    this.#client.connect();
  }

  stop(): void {
    if (!this.#running) return;
    this.#running = false;
    window.removeEventListener('online', this.#back);
    window.removeEventListener('offline', this.#away);
    window.removeEventListener('beforeunload', this.#leaving);
    document.removeEventListener('visibilitychange', this.attend);
    clearTimeout(this.#reading);
    this.#client.close();
    this.#views.clear();
    this.#replies.clear();
    this.rooms = new Map();
    this.online = new Set();
    this.view = undefined;
    this.ready = false;
  }

  /** Tries to connect without waiting any longer. */
  readonly connect = (): void => this.#client.connect();

  readonly #back = (): void => {
    this.offline = false;
    this.#client.connect();
  };

  readonly #away = (): void => {
    this.offline = true;
    this.#client.pause();
  };

  readonly #leaving = (event: BeforeUnloadEvent): void => {
    if ([...this.#views.values()].some(({ unsent }) => unsent)) event.preventDefault();
  };

  /** Which rooms there are; joins those that are new to this tab. */
  async #load(): Promise<void> {
    const client = this.#client;
    try {
      const rooms = await this.#list();
      this.#show(this.view?.name);
      let behind = false;
      for (const { room, seq } of rooms) {
        if (client.seen(room)) continue;
        const reply = await client.join(room).catch(() => undefined);
        if (reply) this.#described(reply);
        behind ||= reply !== undefined && reply.seq !== seq;
      }
      // What was said between the list and a join is in neither.
      if (behind) await this.#list();
      this.ready = true;
      this.problem = '';
      if (this.view) void this.#fill(this.view);
    } catch (error) {
      this.problem = inWords(error);
    }
  }

  async #list(): Promise<RoomEntry[]> {
    const { rooms } = await this.#client.request<{ rooms: RoomEntry[] }>('rooms');
    this.rooms = rosters.roster(rooms, this.rooms);
    return rooms;
  }

  #described(reply: JoinReply): void {
    this.#replies.set(reply.room, reply);
    const other = this.rooms.get(reply.room)?.with;
    if (other) this.#seen(other, reply.online_count > 1);
    const view = this.#views.get(reply.room);
    view?.describe(reply);
    if (view && !view.ready) void this.#fill(view);
  }

  /** Puts a room on the screen, or none. */
  enter(name: string | undefined): void {
    if (this.view?.name === name) return;
    if (this.view) this.view.newAfter = undefined;
    this.#show(name);
  }

  #show(name: string | undefined): void {
    const room = name === undefined ? undefined : this.rooms.get(name);
    if (!room) {
      this.view = undefined;
      return;
    }
    if (this.view?.name === name) return;
    let view = this.#views.get(room.room);
    if (!view) {
      view = new RoomView(room.room, this.#client, this.me);
      this.#views.set(room.room, view);
      const reply = this.#replies.get(room.room);
      if (reply) view.describe(reply);
    }
    view.newAfter = room.unread > 0 ? room.read_seq : undefined;
    view.following = true;
    this.view = view;
    if (this.#client.seen(view.name)) void this.#fill(view);
  }

  async #fill(view: RoomView): Promise<void> {
    await (view.ready ? undefined : view.load());
    try {
      const { online } = await this.#client.request<{ online: User[] }>('presence', { room: view.name });
      this.online = new Set([...this.online, ...online.map(({ id }) => id)]);
    } catch {
      // Who is there comes by itself as they come and go.
    }
    this.attend();
  }

  async join(name: string, other?: User): Promise<void> {
    const reply = await this.#client.join(name);
    const { room, kind, topic, seq, epoch, read_seq } = reply;
    const entry = { room, kind, topic, seq, epoch, read_seq, unread: 0, last_at: new Date().toISOString() };
    this.rooms = rosters.added(this.rooms, { ...entry, ...(other && { with: other }) });
    this.#described(reply);
  }

  /** The path of the new room. */
  async create(room: string, topic: string, history: 'durable' | 'none'): Promise<string> {
    await this.#client.request('create_room', { room, history, ...(topic && { topic }) });
    await this.join(room);
    return pathOf(room);
  }

  /** The path of the conversation with somebody. */
  async direct(user: User): Promise<string> {
    const { room } = await this.#client.request<{ room: string }>('direct', { user: user.id });
    await this.join(room, user);
    return pathOf(room);
  }

  async leave(room: string): Promise<void> {
    await this.#client.leave(room, { everywhere: true });
    this.#forget(room);
    router.go('/chat');
  }

  async retitle(room: string, topic: string): Promise<void> {
    await this.#client.request('set_topic', { room, topic });
    this.rooms = rosters.retitled(this.rooms, room, topic);
  }

  #forget(room: string): void {
    this.rooms = rosters.removed(this.rooms, room);
    this.#views.delete(room);
    this.#replies.delete(room);
    if (this.view?.name === room) this.view = undefined;
  }

  #attentive(room: string): boolean {
    const { view } = this;
    return view?.name === room && view.following && document.visibilityState === 'visible';
  }

  #entry(entry: Entry): void {
    const view = this.#views.get(entry.room);
    const read = this.#attentive(entry.room);
    if (entry.type === 'message') {
      const { seq, message } = entry;
      const before = this.rooms.get(entry.room);
      const others = message.author.id !== this.me.id;
      if (others && !read && view && before?.unread === 0) view.newAfter = before.read_seq;
      this.rooms = rosters.heard(this.rooms, entry.room, { seq, message, me: this.me.id, read });
      const wanted = before?.kind === 'direct' || message.mentions?.includes(this.me.id);
      if (before && others && !read && wanted && seq > before.read_seq)
        notify.show(rosters.title(before), message, entry.room, () => router.go(pathOf(entry.room)));
    }
    view?.take(entry);
    if (read) this.attend();
  }

  #passing(event: Passing): void {
    if (event.type === 'presence') this.#seen(event.user, event.online);
    else if (event.type === 'room_created') this.#appeared(event);
    else {
      if (event.type === 'joined') this.#seen(event.user, true);
      if (event.type === 'room_changed') this.rooms = rosters.retitled(this.rooms, event.room, event.topic);
      if (event.type === 'read' && event.user.id === this.me.id)
        this.rooms = rosters.read(this.rooms, event.room, event.seq);
      this.#views.get(event.room)?.pass(event);
    }
  }

  #appeared({ room, kind, by, with: other }: Extract<Passing, { type: 'room_created' }>): void {
    this.created += 1;
    // The two of a direct room are told both; each wants to see the other one.
    const partner = [other, by].find((user) => user && user.id !== this.me.id);
    if (kind === 'direct')
      this.join(room, partner).catch((error: unknown) => (this.problem = inWords(error)));
  }

  #seen(user: User, online: boolean): void {
    if (this.online.has(user.id) === online) return;
    const after = new Set(this.online);
    if (online) after.add(user.id);
    else after.delete(user.id);
    this.online = after;
  }

  /** What is on the screen is read, and the server is told before long. */
  readonly attend = (): void => {
    const { view } = this;
    if (!view || !this.#attentive(view.name) || !view.timeline.atEnd) return;
    const seq = view.timeline.messages.at(-1)?.seq ?? 0;
    if (seq <= (this.rooms.get(view.name)?.read_seq ?? 0)) return;
    this.rooms = rosters.read(this.rooms, view.name, seq);
    this.#reading ??= setTimeout(() => {
      this.#reading = undefined;
      const latest = this.rooms.get(view.name)?.read_seq ?? seq;
      this.#client.request('read', { room: view.name, seq: latest }).catch(() => undefined);
    }, READ_EVERY);
  };
}

export const chat = new Chat();
