// A room that was opened: its timeline, who is there, and what is on its way to it.
import type { ChatClient } from '../../socket/client';
import {
  RequestError,
  type Entry,
  type JoinReply,
  type Message,
  type Numbered,
  type Passing,
  type SendReply,
  type User,
} from '../../socket/protocol';
import type { Mark } from './lines';
import { counted, passed, said, type Notice } from './notices';
import * as timelines from './timeline';
import { still, toSay, typed, TYPING, type Typist } from './typing';
import { inWords } from './words';

/** Messages in a page of history. */
const PAGE = 50;
/** Before a message is sent again that came too fast, in milliseconds. */
const SLOW_DOWN = 1_000;

/** At random, on plain http too. */
const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

export class RoomView {
  timeline = $state.raw(timelines.blank);
  notices = $state.raw<Notice[]>([]);
  typists = $state.raw<Typist[]>([]);
  members = $state.raw<User[]>([]);
  memberCount = $state(0);
  onlineCount = $state(0);
  marks = $state.raw<ReadonlyMap<string, Mark>>(new Map());
  /** The first page is there. */
  ready = $state(false);
  /** A page is being read. */
  loading = $state(false);
  problem = $state('');
  /** What is written and not sent; whom it names by choice. */
  text = $state('');
  chosen: User[] = [];
  /** The message that is being edited, and the one whose button the tab key reaches. */
  editing = $state<string>();
  active = $state<string>();
  /** Messages of others after this one are new. */
  newAfter = $state<number>();
  /** The end is in sight, and new messages are read as they come. */
  following = true;
  keepsHistory = true;
  #said = 0;
  #posting = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly name: string,
    readonly client: ChatClient,
    readonly me: User,
  ) {}

  /** What a join says of the room. */
  describe(reply: JoinReply): void {
    this.members = reply.members;
    this.memberCount = reply.member_count;
    this.onlineCount = reply.online_count;
    this.keepsHistory = reply.history !== 'none';
  }

  async load(): Promise<void> {
    await this.#page({}, (page) => timelines.latest(this.timeline, page, PAGE));
    this.ready = this.ready || !this.problem;
  }

  older(): Promise<void> {
    const before = this.timeline.messages[0]?.seq;
    return this.#page(before ? { before } : {}, (page) => timelines.withOlder(this.timeline, page, PAGE));
  }

  newer(): Promise<void> {
    const after = this.timeline.messages.at(-1)?.seq ?? 0;
    return this.#page({ after }, (page) => timelines.withNewer(this.timeline, page, PAGE));
  }

  async #page(range: object, turn: (page: Numbered[]) => timelines.Timeline): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    this.problem = '';
    try {
      const fields = { room: this.name, limit: PAGE, ...range };
      const { messages } = await this.client.request<{ messages: Numbered[] }>('history', fields);
      this.timeline = turn(messages);
    } catch (error) {
      this.problem = inWords(error);
    } finally {
      this.loading = false;
    }
  }

  take(entry: Entry): void {
    this.timeline = timelines.taken(this.timeline, entry, this.following);
    if (entry.type === 'message') this.typists = typed(this.typists, entry.message.author, false, Date.now());
  }

  /** What happened could not be replayed. */
  reset(): void {
    const { drafts } = this.timeline;
    this.timeline = { ...timelines.blank, drafts };
    if (!this.keepsHistory) this.say('This room keeps no history: what was said meanwhile is not shown.');
    void this.load();
  }

  pass(event: Passing): void {
    switch (event.type) {
      case 'joined':
      case 'left':
        if (event.user.id === this.me.id) return;
        this.notices = passed(this.notices, this.#newest, event.user, event.type);
        this.onlineCount = Math.max(1, this.onlineCount + (event.type === 'joined' ? 1 : -1));
        if (event.type === 'joined') this.#met(event.user);
        else this.typists = typed(this.typists, event.user, false, Date.now());
        return;
      case 'members_changed':
        this.memberCount = event.members;
        this.onlineCount = event.online;
        this.notices = counted(this.notices, this.#newest, event.joined, event.left);
        return;
      case 'typing':
        this.typists = typed(this.typists, event.user, event.typing, Date.now());
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => (this.typists = still(this.typists, Date.now())), TYPING + 50);
        return;
      case 'read':
        this.marks = new Map(this.marks).set(event.user.id, { user: event.user, seq: event.seq });
        return;
      case 'room_changed':
        this.say(`${event.by?.name ?? 'Somebody'} changed the topic${event.topic ? `: ${event.topic}` : ''}`);
    }
  }

  say(text: string): void {
    this.notices = said(this.notices, this.#newest, text);
  }

  get #newest(): number {
    return this.client.seen(this.name)?.seq ?? 0;
  }

  #met(user: User): void {
    if (this.members.some(({ id }) => id === user.id)) return;
    this.members = [...this.members, user].sort((a, b) => a.name.localeCompare(b.name));
    this.memberCount = Math.max(this.memberCount, this.members.length);
  }

  /** Everybody whose name is known here. */
  get people(): User[] {
    const known = new Map(this.members.map((user) => [user.id, user]));
    for (const { message } of this.timeline.messages)
      if (!message.kind) known.set(message.author.id, message.author);
    return [...known.values()];
  }

  /** The text in the field changed. */
  typing(text: string): void {
    const { tell, said } = toSay(text, this.#said, Date.now());
    this.#said = said;
    if (tell !== undefined) this.client.tell('typing', { room: this.name, typing: tell });
  }

  send(text: string, mentions: string[]): void {
    this.typing('');
    this.newAfter = undefined;
    const draft = { client_id: newId(), text, mentions, at: new Date().toISOString() };
    this.timeline = timelines.drafted(this.timeline, { ...draft, state: 'sending' });
    void this.#post();
  }

  retry(client_id: string): void {
    this.timeline = timelines.redrafted(this.timeline, client_id, 'sending');
    void this.#post();
  }

  discard(client_id: string): void {
    this.timeline = timelines.undrafted(this.timeline, client_id);
  }

  /** One after the other, so that they arrive as they were written. */
  async #post(): Promise<void> {
    if (this.#posting) return;
    this.#posting = true;
    const next = () => this.timeline.drafts.find(({ state }) => state === 'sending');
    for (let draft = next(); draft; draft = next()) await this.#postOne(draft);
    this.#posting = false;
  }

  async #postOne({ client_id, text, mentions }: timelines.Draft): Promise<void> {
    const fields = { room: this.name, text, client_id, ...(mentions.length > 0 && { mentions }) };
    try {
      const reply = await this.client.request<SendReply>('send', fields);
      this.timeline = timelines.stored(this.timeline, client_id, reply);
    } catch (error) {
      if (error instanceof RequestError && (error.code === 'too_many' || error.code === 'busy'))
        return new Promise((resolve) => setTimeout(resolve, SLOW_DOWN));
      this.timeline = timelines.redrafted(this.timeline, client_id, 'failed', inWords(error));
    }
  }

  /** Does something to a message; what was refused is said, and nothing else comes of it. */
  async change(type: 'edit' | 'delete' | 'react', message: Message, fields: object): Promise<boolean> {
    this.problem = '';
    try {
      await this.client.request(type, { room: this.name, message_id: message.id, ...fields });
      return true;
    } catch (error) {
      this.problem = inWords(error);
      return false;
    }
  }

  get unsent(): boolean {
    return this.timeline.drafts.some(({ state }) => state !== 'sent');
  }
}
