// Who is signed in. The access token lives in memory alone; the refresh token is a cookie that scripts cannot read.
import type { OnItsWay, Problem, Session, User } from './api/types';

/** Refresh this long before the access token expires, in milliseconds. */
const AHEAD = 60_000;
const RETRY = 5_000;

/** An answer that is a problem (RFC 9457), or no answer at all. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** Answers 401 that are not about the access token: a fresh one would not help. */
const NOT_THE_TOKEN = new Set(['invalid_credentials', 'invalid_link', 'otp_required', 'invalid_otp']);

const UNREACHABLE: Problem = {
  status: 0,
  code: 'unreachable',
  title: 'No answer',
  detail: 'The server does not answer. Check your connection; this page keeps trying.',
};

interface NewAccount {
  email: string;
  password: string;
  name: string;
  /** The token of the invitation, where there is one. */
  invitation?: string;
}

class SignIn {
  /** `undefined` until it is known. */
  user = $state<User | null | undefined>(undefined);
  /** The server could not be asked; who is signed in is not known yet. */
  unreachable = $state(false);
  #token = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refreshing: Promise<boolean> | undefined;

  get token(): string {
    return this.#token;
  }

  /** Asks whether the cookie still signs in; keeps asking while there is no answer. */
  async restore(): Promise<void> {
    try {
      await this.refresh();
    } catch {
      this.unreachable = true;
      setTimeout(() => void this.restore(), RETRY);
    }
  }

  /** Registers; what is left to do where the address is to be confirmed first, and nobody is signed in. */
  async register(account: NewAccount): Promise<string | undefined> {
    const body = { ...account, token_transport: 'cookie' };
    const answer = await send<Session | OnItsWay>('POST', '/api/v1/auth/register', body);
    if (!('access_token' in answer)) return answer.detail;
    this.#take(answer);
    return undefined;
  }

  async signIn(credentials: { email: string; password: string; otp?: string }): Promise<void> {
    this.#take(await send('POST', '/api/v1/auth/login', { ...credentials, token_transport: 'cookie' }));
  }

  /** Ends a sign-in by a provider that waits for the second factor; which one, a cookie says. */
  async signInWaiting(otp: string): Promise<void> {
    this.#take(await send('POST', '/api/v1/auth/oauth/otp', { otp, token_transport: 'cookie' }));
  }

  async signOut(): Promise<void> {
    await send('POST', '/api/v1/auth/logout', {});
    this.#leave();
  }

  /**
   * A new access token; whether there is one. Only a clear "no" signs out: without an answer, or with one of an
   * overloaded server, this throws and everything stays. One refresh at a time, over all tabs where the browser can.
   */
  refresh(): Promise<boolean> {
    this.#refreshing ??= locked(() => this.#refresh()).finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #refresh(): Promise<boolean> {
    try {
      this.#take(await send('POST', '/api/v1/auth/refresh', {}));
      return true;
    } catch (error) {
      if (error instanceof Refused && error.problem.status === 401) {
        this.#leave();
        return false;
      }
      throw error;
    }
  }

  #take(session: Session): void {
    this.#token = session.access_token;
    this.user = session.user;
    this.unreachable = false;
    this.#schedule(Math.max(AHEAD / 2, session.expires_in * 1000 - AHEAD));
  }

  #schedule(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh().catch(() => this.#schedule(RETRY)), wait);
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#token = '';
    this.user = null;
    this.unreachable = false;
  }
}

async function locked<T>(work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? await navigator.locks.request('tocsin-refresh', work) : work();
}

async function send<T>(
  method: string,
  path: string,
  body?: unknown,
  token = '',
  more: Record<string, string> = {},
): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', ...more };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (token) headers['Authorization'] = `Bearer ${token}`;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Refused(UNREACHABLE);
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  const unknown = {
    status: response.status,
    code: 'unknown',
    title: 'Error',
    detail: `The server answered ${response.status}.`,
  };
  throw new Refused(await response.json().catch(() => unknown));
}

export const signIn = new SignIn();

/** Asks the API as whoever is signed in; with a fresh token when the old one has expired. */
export async function ask<T>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  try {
    return await send<T>(method, path, body, signIn.token, headers);
  } catch (error) {
    const expired =
      error instanceof Refused && error.problem.status === 401 && !NOT_THE_TOKEN.has(error.problem.code);
    if (!expired || !(await signIn.refresh())) throw error;
    return send<T>(method, path, body, signIn.token, headers);
  }
}
