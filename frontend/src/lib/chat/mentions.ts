// Naming people in a message: what is offered after an @, and whom the message names in the end. Pure.
import type { User } from '../../socket/protocol';

const OFFERED = 6;
/** As many as the server takes. */
export const MENTIONS = 50;

export interface Query {
  /** Where its @ stands. */
  at: number;
  text: string;
}

/** The @ with what was typed after it, when the caret stands behind one. */
export function queryAt(text: string, caret: number): Query | undefined {
  const at = text.lastIndexOf('@', caret - 1);
  if (at < 0 || caret <= at) return undefined;
  const query = text.slice(at + 1, caret);
  if (/[\n@]/.test(query) || query.length > 40 || query.startsWith(' ')) return undefined;
  return at > 0 && !/[\s(]/.test(text.charAt(at - 1)) ? undefined : { at, text: query };
}

/** Whom to offer: those of whose name a word begins so; whose whole name does come first. */
export function offered(people: readonly User[], query: string, me: string): User[] {
  const sought = query.toLocaleLowerCase();
  const rank = ({ name }: User): number => {
    const lower = name.toLocaleLowerCase();
    if (lower.startsWith(sought)) return 0;
    return lower.split(/\s+/).some((word) => word.startsWith(sought)) ? 1 : 2;
  };
  return people
    .filter((person) => person.id !== me && rank(person) < 2)
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
    .slice(0, OFFERED);
}

/** The text with a name in place of the query, and where the caret goes. */
export function inserted(text: string, query: Query, name: string): { text: string; caret: number } {
  const end = query.at + 1 + query.text.length;
  const space = text.charAt(end) === ' ' ? '' : ' ';
  const before = `${text.slice(0, query.at)}@${name}${space}`;
  return { text: before + text.slice(end), caret: before.length + (space ? 0 : 1) };
}

/** The ids of those whom a text names. Of two people with one name, the one who was chosen. */
export function mentionsOf(text: string, people: readonly User[], chosen: readonly User[]): string[] {
  const ids = new Set<string>();
  const longestFirst = [...chosen, ...people].sort((a, b) => b.name.length - a.name.length);
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (at > 0 && !/[\s(]/.test(text.charAt(at - 1))) continue;
    const user = longestFirst.find(
      ({ name }) => text.startsWith(name, at + 1) && !/[\p{L}\p{N}]/u.test(text.charAt(at + 1 + name.length)),
    );
    if (user) ids.add(user.id);
  }
  return [...ids].slice(0, MENTIONS);
}
