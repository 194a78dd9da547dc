// A client of the plain websocket protocol of Tocsin's chat. README.md beside it says how to use it.
import { afterClose } from './closing';
import { arrived, joined, type Place, type Step } from './order';
import type { Entry, Epoch, JoinReply, Passing, ServerFrame, User } from './protocol';
import { RequestError } from './protocol';
import { Requests, type Fields, type Inner, type Options } from './requests';

/** So long without a word from the server, and it is asked; in milliseconds. */
export const PING_AFTER = 20_000;
/** So long without an answer to that, and the socket is dead, whatever the browser says. */
export const PONG_WITHIN = 10_000;
export const WELCOME_WITHIN = 10_000;
/** A connection that lived so long was a good one: the next failure is the first. */
const GOOD_AFTER = 10_000;
/** Between tries to join again, when the server was busy or could not close a gap. */
const REJOIN_AFTER = 1_000;

export type Credential = { ticket: string } | { token: string };

export type State =
  | { state: 'idle' }
  | { state: 'connecting' }
  | { state: 'open'; user: User }
  /** Tries again at `until`, in milliseconds since the epoch. */
  | { state: 'waiting'; until: number }
  /** There is no credential. `connect()` tries again. */
  | { state: 'signed_out' };

export interface Handlers {
  /** An entry of a joined room: each once, in order. */
  entry?: (entry: Entry) => void;
  passing?: (event: Passing) => void;
  state?: (state: State) => void;
  /** A room was joined again, with this answer; its entries came before. */
  rejoined?: (reply: JoinReply) => void;
  /** What happened in a room could not be replayed: read its history afresh. Entries from `seq` + 1 follow. */
  reset?: (room: string, place: { epoch: Epoch; seq: number }) => void;
  /** A room is left: it could not be joined again, or this person has left it everywhere, from another connection. */
  gone?: (room: string, error: RequestError) => void;
}

export interface Setup {
  /** `wss://host/ws/chat`. */
  url: string;
  /**
   * Asked before each connection. `refused`: the last one was, so a fresh one is needed. `undefined`: nobody is signed
   * in. When it rejects, the server could not be asked, and it is asked again later.
   */
  credential: (refused: boolean) => Promise<Credential | undefined>;
  on: Handlers;
  /** For tests. */
  random?: () => number;
}

/** Answers to a join that may be another one soon. */
const FOR_NOW = new Set(['busy', 'too_many', 'internal', 'timeout', 'disconnected']);
/** Answers to a leave that say there is nothing to leave. */
const GONE = new Set(['not_joined', 'unknown_room']);

interface Room {
  place: Place | undefined;
  joining: Promise<JoinReply> | undefined;
  /** What came before the first answer. */
  early: Entry[];
  /** Joining it again did not work yet. */
  behind?: boolean;
}

export class ChatClient {
  readonly #setup: Setup;
  readonly #requests = new Requests();
  readonly #rooms = new Map<string, Room>();
  #state: State = { state: 'idle' };
  #socket: WebSocket | undefined;
  /** Counts connections: what belongs to an earlier one does nothing. */
  #turn = 0;
  #failures = 0;
  #refused = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setTimeout> | undefined;
  #openedAt = 0;
  #user: User | undefined;
  /** Rooms are joined again, so requests may be made. */
  #ready = false;

  constructor(setup: Setup) {
    this.#setup = setup;
  }

  get state(): State {
    return this.#state;
  }

  /** Connects now, whatever it is waiting for. */
  connect(): void {
    if (this.#state.state === 'open' || this.#state.state === 'connecting') return;
    void this.#connect();
  }

  /** Ends the connection without giving anything up: `connect()` resumes. For a machine that lost its network. */
  pause(): void {
    this.#drop(false);
    this.#tell({ state: 'idle' });
  }

  /** Ends it for good: what waits for a reply fails with `closed`. */
  close(): void {
    this.#drop(false);
    this.#rooms.clear();
    this.#requests.end(new RequestError({ code: 'closed', detail: 'The client was closed.' }));
    this.#tell({ state: 'idle' });
  }

  /** A promise of the reply to a request such as `history`; see `Options`, and `repeatable` for lost connections. */
  request<T = Fields>(type: string, fields: Fields = {}, options: Options = {}): Promise<T> {
    const write = this.#ready ? (frame: string) => this.#write(frame) : undefined;
    return this.#requests.add(type, fields, options, write) as Promise<T>;
  }

  /** Sends without a reply, or not at all when there is no connection: for `typing`. */
  tell(type: string, fields: Fields): void {
    if (this.#ready) this.#write(JSON.stringify({ ...fields, type }));
  }

  /** Joins a room and stays in it: over lost connections, until `leave`. */
  async join(name: string, options: Options = {}): Promise<JoinReply> {
    const known = this.#rooms.get(name);
    if (known?.place) return this.#join(name, known, options);
    const room: Room = known ?? { place: undefined, joining: undefined, early: [] };
    this.#rooms.set(name, room);
    try {
      return await (room.joining ??= this.#join(name, room, options));
    } catch (error) {
      if (!room.place && this.#rooms.get(name) === room) this.#rooms.delete(name);
      throw error;
    } finally {
      room.joining = undefined;
      if (room.place?.held.size) void this.#rejoin(name);
    }
  }

  async leave(room: string, fields: { everywhere?: boolean } = {}): Promise<void> {
    try {
      await this.request('leave', { ...fields, room });
    } catch (error) {
      if (!(error instanceof RequestError) || !GONE.has(error.code)) throw error;
    }
    this.#rooms.delete(room);
  }

  /** How far a room has been seen. */
  seen(room: string): { epoch: Epoch; seq: number } | undefined {
    const place = this.#rooms.get(room)?.place;
    return place && { epoch: place.epoch, seq: place.seq };
  }

  async #connect(): Promise<void> {
    this.#drop(false);
    const turn = this.#turn;
    this.#tell({ state: 'connecting' });
    let credential: Credential | undefined;
    try {
      credential = await this.#setup.credential(this.#refused);
    } catch {
      if (turn === this.#turn) this.#lost(1006);
      return;
    }
    if (turn !== this.#turn) return;
    if (!credential) {
      this.#drop(false);
      this.#requests.lost(true);
      this.#tell({ state: 'signed_out' });
      return;
    }
    const query = 'ticket' in credential ? `?ticket=${encodeURIComponent(credential.ticket)}` : '';
    const socket = new WebSocket(this.#setup.url + query);
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#lost(1006), WELCOME_WITHIN);
    socket.onopen = () => {
      if (credential && 'token' in credential)
        socket.send(JSON.stringify({ type: 'auth', token: credential.token }));
    };
    socket.onmessage = ({ data }) => {
      if (turn === this.#turn) this.#take(JSON.parse(data as string) as ServerFrame);
    };
    socket.onclose = ({ code }) => {
      if (turn === this.#turn) this.#lost(code);
    };
  }

  #take(frame: ServerFrame): void {
    this.#heard();
    switch (frame.type) {
      case 'reply':
        return this.#requests.answer(frame);
      case 'welcome':
        return void this.#welcomed(frame.user);
      case 'resync':
        return void this.#rejoin(frame.room);
      case 'message':
      case 'message_edited':
      case 'message_deleted':
      case 'reaction':
        return this.#entry(frame);
      case 'left':
        if (frame.user.id === this.#user?.id) return this.#leftElsewhere(frame.room);
        return this.#setup.on.passing?.(frame);
      default:
        this.#setup.on.passing?.(frame);
    }
  }

  /** Joins the rooms again, one after the other, and only then makes the requests that waited. */
  async #welcomed(user: User): Promise<void> {
    const turn = this.#turn;
    clearTimeout(this.#timer);
    this.#refused = false;
    this.#openedAt = Date.now();
    this.#user = user;
    const rooms = [...this.#rooms].filter(([, { place }]) => place).map(([room]) => room);
    for (const room of rooms) {
      await this.#rejoin(room);
      if (turn !== this.#turn) return;
    }
    this.#ready = true;
    this.#requests.again((frame) => this.#write(frame));
    this.#tell({ state: 'open', user });
  }

  #leftElsewhere(room: string): void {
    if (!this.#rooms.delete(room)) return;
    this.#setup.on.gone?.(room, new RequestError({ code: 'not_joined', detail: 'You have left this room.' }));
  }

  #entry(entry: Entry): void {
    const room = this.#rooms.get(entry.room);
    if (!room) return;
    if (room.place) this.#step(entry.room, room, arrived(room.place, entry));
    else if (room.joining) room.early.push(entry);
  }

  #step(name: string, room: Room, step: Step): void {
    room.place = step.place;
    for (const entry of step.show) this.#setup.on.entry?.(entry);
    if (step.gap) void this.#rejoin(name);
  }

  /** Closes the gap between what was seen and what is; what fails for now is tried again. */
  async #rejoin(name: string): Promise<void> {
    const room = this.#rooms.get(name);
    if (!room?.place || room.joining) return;
    const turn = this.#turn;
    let reply: JoinReply | undefined;
    try {
      room.joining = this.#join(name, room, { once: true });
      reply = await room.joining;
    } catch (error) {
      if (turn === this.#turn && error instanceof RequestError && !FOR_NOW.has(error.code)) {
        this.#rooms.delete(name);
        this.#setup.on.gone?.(name, error);
        return;
      }
      room.behind = true;
    } finally {
      room.joining = undefined;
    }
    if (reply) this.#setup.on.rejoined?.(reply);
    if (turn !== this.#turn || (!room.behind && room.place.held.size === 0)) return;
    setTimeout(() => {
      if (turn === this.#turn) void this.#rejoin(name);
    }, REJOIN_AFTER);
  }

  async #join(name: string, room: Room, options: Inner): Promise<JoinReply> {
    const since = this.seen(name);
    const write = this.#ready || options.once ? (frame: string) => this.#write(frame) : undefined;
    const fields = { room: name, ...(since && { since }) };
    const reply = (await this.#requests.add('join', fields, options, write)) as unknown as JoinReply;
    const step = joined(room.place, reply);
    room.behind = false;
    if (step.reset) this.#setup.on.reset?.(name, { epoch: reply.epoch, seq: reply.seq });
    this.#step(name, room, step);
    for (const entry of room.early.splice(0)) this.#entry(entry);
    return reply;
  }

  #lost(code: number): void {
    const lived = this.#openedAt > 0 && Date.now() - this.#openedAt >= GOOD_AFTER;
    this.#failures = lived ? 1 : this.#failures + 1;
    const next = afterClose(code, this.#failures, (this.#setup.random ?? Math.random)());
    this.#drop(next.poisoned);
    this.#refused = next.refused;
    this.#tell({ state: 'waiting', until: Date.now() + next.wait });
    this.#timer = setTimeout(() => void this.#connect(), next.wait);
  }

  #drop(poisoned: boolean): void {
    this.#turn += 1;
    this.#ready = false;
    this.#openedAt = 0;
    clearTimeout(this.#timer);
    clearTimeout(this.#pulse);
    this.#requests.lost(poisoned);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  /** A socket may be dead without saying so: silence is asked about, and does not last. */
  #heard(): void {
    clearTimeout(this.#pulse);
    this.#pulse = setTimeout(() => {
      this.#write(JSON.stringify({ type: 'ping' }));
      this.#pulse = setTimeout(() => this.#lost(1006), PONG_WITHIN);
    }, PING_AFTER);
  }

  #write(frame: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  #tell(state: State): void {
    this.#state = state;
    this.#setup.on.state?.(state);
  }
}
