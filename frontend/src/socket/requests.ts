// The requests that wait for their replies: who they belong to, how long they wait, and what becomes of them when the
// connection goes.
import { RequestError, type Reply } from './protocol';

export interface Options {
  /** How long the server may take, in milliseconds; it counts while there is a connection. 10 s unless told. */
  timeout?: number | undefined;
  /** Ends the waiting; what was sent may have been carried out all the same. */
  signal?: AbortSignal | undefined;
}

/** `once`: it belongs to this connection and is not made again on the next. */
export type Inner = Options & { once?: boolean };

export type Fields = Record<string, unknown>;

/** Requests that may be made twice without harm: on a new connection they are made again by themselves. */
const REPEATABLE = new Set([
  'join',
  'leave',
  'direct',
  'history',
  'read',
  'presence',
  'rooms',
  'react',
  'ping',
]);

export const repeatable = (type: string, fields: Fields): boolean =>
  REPEATABLE.has(type) || (type === 'send' && typeof fields['client_id'] === 'string');

export const TIMEOUT = 10_000;
/** A frame of more bytes is refused by the server with the end of the connection, so it is not sent at all. */
export const LARGEST = 64 * 1024;

interface Waiting {
  again: boolean;
  frame: string;
  timeout: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  done: (error: unknown, reply?: Fields) => void;
}

export const disconnected = (): RequestError =>
  new RequestError({
    code: 'disconnected',
    detail: 'The connection was lost; nobody knows what became of it.',
  });

export class Requests {
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  /**
   * A promise of the reply. `write` is called now when `connected` says so; a repeatable request waits for the
   * connection otherwise, any other fails at once.
   */
  add(
    type: string,
    fields: Fields,
    { timeout = TIMEOUT, signal, once = false }: Inner,
    write: ((frame: string) => void) | undefined,
  ): Promise<Fields> {
    const id = (this.#last += 1);
    const frame = JSON.stringify({ ...fields, type, id });
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (new TextEncoder().encode(frame).length > LARGEST)
      return Promise.reject(new RequestError({ code: 'too_large', detail: 'This is more than 64 KiB.' }));
    const again = !once && repeatable(type, fields);
    if (!write && !again) return Promise.reject(disconnected());
    return new Promise((resolve, reject) => {
      const aborted = () => waiting.done(signal?.reason);
      const done = (error: unknown, reply?: Fields): void => {
        this.#waiting.delete(id);
        clearTimeout(waiting.timer);
        signal?.removeEventListener('abort', aborted);
        if (reply) resolve(reply);
        else reject(error);
      };
      const waiting: Waiting = { again, frame, timeout, timer: undefined, done };
      signal?.addEventListener('abort', aborted);
      this.#waiting.set(id, waiting);
      if (write) this.#write(waiting, write);
    });
  }

  /** A reply came; one that nobody waits for any more is passed over. */
  answer(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id as number);
    if (!waiting) return;
    if (reply.ok) waiting.done(undefined, reply);
    else waiting.done(new RequestError(reply.error));
  }

  /** The connection is gone: what may be repeated waits for the next, the others fail. `all` spares none. */
  lost(all: boolean): void {
    for (const waiting of [...this.#waiting.values()]) {
      clearTimeout(waiting.timer);
      if (all || !waiting.again) waiting.done(disconnected());
    }
  }

  /** There is a connection again: makes what waits again, in the order it was made. */
  again(write: (frame: string) => void): void {
    for (const waiting of this.#waiting.values()) this.#write(waiting, write);
  }

  end(error: unknown): void {
    for (const waiting of [...this.#waiting.values()]) waiting.done(error);
  }

  #write(waiting: Waiting, write: (frame: string) => void): void {
    const expired = { code: 'timeout', detail: `No answer within ${waiting.timeout / 1000} s.` };
    clearTimeout(waiting.timer);
    if (Number.isFinite(waiting.timeout))
      waiting.timer = setTimeout(() => waiting.done(new RequestError(expired)), waiting.timeout);
    write(waiting.frame);
  }
}
