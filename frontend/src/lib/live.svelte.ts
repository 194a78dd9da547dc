// The live connection: signs in, resumes, notices when it is dead, and comes back.
import { apply, called, empty, withHistory, type Board, type Point } from './alerts';
import type { Export } from './api/exports';
import type { ServerFrame } from './api/types';
import { calls } from './calling';
import { calling } from './calling.svelte';
import { spoken } from './export-words';
import { exportList, isOver } from './exports.svelte';
import { delay } from '../socket/backoff';
import { ask, signIn } from './session.svelte';

const NOT_SIGNED_IN = 4401;
const PING_EVERY = 20_000;
const PONG_WITHIN = 10_000;

export type Connection =
  { state: 'connecting' } | { state: 'live' } | { state: 'waiting'; until: number } | { state: 'offline' };

class Live {
  board = $state.raw<Board>(empty);
  connection = $state.raw<Connection>({ state: 'connecting' });
  /** Said to screen readers at once: something began to fire. */
  alarm = $state('');
  /** Said to them when they are free: something ended, or was taken on; a file is done. */
  notice = $state('');
  #socket: WebSocket | undefined;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #running = false;

  start(): void {
    if (this.#running) return;
    this.#running = true;
    window.addEventListener('online', this.#now);
    window.addEventListener('offline', this.#offline);
    this.#connect();
  }

  stop(): void {
    this.#running = false;
    window.removeEventListener('online', this.#now);
    window.removeEventListener('offline', this.#offline);
    clearTimeout(this.#timer);
    this.#close();
    this.board = empty;
    exportList.clear();
  }

  acknowledge(incident: string): void {
    this.#send({ type: 'ack', incident });
  }

  readonly #now = (): void => {
    if (this.connection.state === 'live') return;
    clearTimeout(this.#timer);
    this.#connect();
  };

  readonly #offline = (): void => {
    clearTimeout(this.#timer);
    this.#close();
    this.connection = { state: 'offline' };
  };

  #connect(): void {
    this.#close();
    this.connection = { state: 'connecting' };
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/ws/alerts`);
    this.#socket = socket;
    let heard = Date.now();
    socket.onopen = () => {
      this.#send({ type: 'auth', token: signIn.token });
      if (this.board.seq > 0) this.#send({ type: 'resume', seq: this.board.seq });
      this.#pulse = setInterval(() => {
        if (Date.now() - heard > PING_EVERY + PONG_WITHIN) socket.close();
        else this.#send({ type: 'ping' });
      }, PING_EVERY);
    };
    socket.onmessage = (message) => {
      heard = Date.now();
      this.#take(JSON.parse(message.data as string) as ServerFrame);
    };
    socket.onclose = (event) => {
      if (this.#socket === socket) void this.#lost(event.code);
    };
  }

  #take(frame: ServerFrame): void {
    const known =
      frame.type === 'rule' && this.board.rules.some(({ rule_id }) => rule_id === frame.rule.rule_id);
    const fresh = frame.type === 'snapshot' && this.connection.state !== 'live';
    if (frame.type === 'alert') this.#announce(frame);
    if (frame.type === 'export') this.#heard(frame.export);
    this.board = apply(this.board, frame, Date.now());
    if (fresh) {
      this.connection = { state: 'live' };
      this.#failures = 0;
      for (const rule of this.board.rules) void this.#history(rule.rule_id);
    }
    // A rule that is new, or measures something else now.
    if (frame.type === 'rule' && !known) void this.#history(frame.rule.rule_id);
  }

  #announce({ incident }: Extract<ServerFrame, { type: 'alert' }>): void {
    const known = this.board.incidents.get(incident.id);
    if (calls(known, incident)) calling.call(incident);
    if (!known && incident.state === 'firing') {
      this.alarm = `${called(incident)} is firing: ${incident.value}, the line is ${incident.threshold}.`;
    } else if (known?.state === 'firing' && incident.state === 'resolved') {
      this.alarm = '';
      this.notice = `${called(incident)} is resolved.`;
    } else if (!known?.acknowledged_by && incident.acknowledged_by) {
      this.notice = `${incident.acknowledged_by} has acknowledged ${called(incident)}.`;
    }
  }

  #heard(one: Export): void {
    const known = exportList.take(one);
    // It is said once, whoever tells of it again.
    if (!isOver(one) || (known && isOver(known))) return;
    const words = spoken(one);
    // The same words again are news only where they are other characters.
    if (words) this.notice = this.notice === words ? `${words}\u00a0` : words;
  }

  async #history(ruleId: string): Promise<void> {
    const from = new Date(Date.now() - 15 * 60_000).toISOString();
    const path = `/api/v1/rules/${ruleId}/series?from=${encodeURIComponent(from)}&step_seconds=5`;
    try {
      const { items } = await ask<{ items: { at: string; value: number | null }[] }>('GET', path);
      const points: Point[] = items.map(({ at, value }) => ({ at: Date.parse(at), value }));
      this.board = withHistory(this.board, ruleId, points);
    } catch {
      // The chart begins with what comes live; the next connection asks again.
    }
  }

  async #lost(code: number): Promise<void> {
    this.#close();
    if (!this.#running || this.connection.state === 'offline') return;
    this.#failures += 1;
    if (code === NOT_SIGNED_IN && !(await signIn.refresh().catch(() => true))) return;
    const wait = code === NOT_SIGNED_IN && this.#failures === 1 ? 0 : delay(this.#failures, Math.random());
    this.connection = { state: 'waiting', until: Date.now() + wait };
    this.#timer = setTimeout(() => this.#connect(), wait);
  }

  #close(): void {
    clearInterval(this.#pulse);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #send(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}

export const live = new Live();
