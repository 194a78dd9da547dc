// The acknowledgement of Socket.IO, which is a callback, made into a promise. docs/callbacks-to-futures.md tells it
// step by step.
import { disconnected, type Options, TIMEOUT } from './requests';
import { RequestError, type ErrorBody } from './protocol';

/** As much of a Socket.IO client's socket as is needed; the one of `socket.io-client` fits. */
export interface Emitter {
  readonly connected: boolean;
  emit(event: string, argument: unknown, acknowledge: (reply: unknown) => void): unknown;
  on(event: 'connect' | 'disconnect', listener: () => void): unknown;
  off(event: 'connect' | 'disconnect', listener: () => void): unknown;
}

export interface AcknowledgeOptions extends Options {
  /** It may be made twice without harm, such as a `send` with a `client_id`: a lost connection makes it again. */
  repeat?: boolean;
}

type Reply = { ok: true } | { ok: false; error: ErrorBody };

/** Emits an event with one argument; a promise of what the server acknowledges it with. */
export function request<T>(
  socket: Emitter,
  event: string,
  argument: unknown,
  { timeout = TIMEOUT, signal, repeat = false }: AcknowledgeOptions = {},
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;

    // Every way out leads through here, and the first one counts: a promise passes over what comes after.
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      socket.off('connect', send);
      socket.off('disconnect', lost);
      signal?.removeEventListener('abort', aborted);
      outcome();
    };
    const aborted = (): void => settle(() => reject(signal?.reason));
    const lost = (): void => {
      clearTimeout(timer);
      if (!repeat) settle(() => reject(disconnected()));
    };
    const send = (): void => {
      if (Number.isFinite(timeout)) timer = setTimeout(() => settle(() => reject(late(timeout))), timeout);
      socket.emit(event, argument, (reply) => settle(() => take(reply as Reply)));
    };
    const take = (reply: Reply): void => {
      if (reply.ok) resolve(reply as T);
      else reject(new RequestError(reply.error));
    };

    if (signal?.aborted) return aborted();
    signal?.addEventListener('abort', aborted);
    socket.on('disconnect', lost);
    if (repeat) socket.on('connect', send);
    if (socket.connected) send();
    else lost();
  });
}

const late = (timeout: number): RequestError =>
  new RequestError({ code: 'timeout', detail: `No answer within ${timeout / 1000} s.` });
