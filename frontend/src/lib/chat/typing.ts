// Who is typing, and when to say that oneself is. Pure.
import type { User } from '../../socket/protocol';
import { names } from './notices';

/** It ends by itself after so long without another word of it, in milliseconds. */
export const TYPING = 6_000;
/** It is said at most so often. */
export const SAY_EVERY = 3_000;

export interface Typist {
  user: User;
  until: number;
}

export const typed = (typists: readonly Typist[], user: User, typing: boolean, now: number): Typist[] => {
  const others = still(typists, now).filter((one) => one.user.id !== user.id);
  return typing ? [...others, { user, until: now + TYPING }] : others;
};

/** Those who still type. */
export const still = (typists: readonly Typist[], now: number): Typist[] =>
  typists.filter(({ until }) => until > now);

export function typingLine(typists: readonly Typist[]): string {
  if (typists.length === 0) return '';
  if (typists.length > 3) return 'Several people are typing…';
  return `${names(typists.map(({ user }) => user))} ${typists.length === 1 ? 'is' : 'are'} typing…`;
}

/** What to tell the room after a key; `said` is when it was told last, 0 when it knows of no typing. */
export function toSay(text: string, said: number, now: number): { tell: boolean | undefined; said: number } {
  if (text.trim() === '') return { tell: said > 0 ? false : undefined, said: 0 };
  if (now - said < SAY_EVERY) return { tell: undefined, said };
  return { tell: true, said: now };
}
