// The text of a message in parts: words, links, mentions. It is never HTML. Pure.
import type { User } from '../../socket/protocol';

export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'mention'; text: string; me: boolean };

const LINK = /\bhttps?:\/\/[^\s<>"']+/gi;

/** Parts that give the text again when put together. `mentioned` are those whom the message names, with `me` among them or not. */
export function parts(text: string, mentioned: readonly User[] = [], me = ''): Part[] {
  const found: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const address = trimmed(match[0]);
    const href = address && safe(address);
    if (!href) continue;
    found.push(...mentionsIn(text.slice(from, match.index), mentioned, me));
    found.push({ kind: 'link', text: address, href });
    from = match.index + address.length;
  }
  return [...found, ...mentionsIn(text.slice(from), mentioned, me)];
}

/** Without the punctuation of the sentence around it; a closing bracket belongs to it when it opens one. */
function trimmed(address: string): string {
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address.charAt(end - 1);
    if (last === ')' && count(address.slice(0, end), '(') >= count(address.slice(0, end), ')')) break;
    if (!/[.,;:!?)\]}*…]/.test(last)) break;
  }
  return address.slice(0, end);
}

const count = (text: string, sign: string): number => text.split(sign).length - 1;

function safe(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  return protocol === 'http:' || protocol === 'https:' ? href : undefined;
}

function mentionsIn(text: string, mentioned: readonly User[], me: string): Part[] {
  const longestFirst = [...mentioned].sort((a, b) => b.name.length - a.name.length);
  const found: Part[] = [];
  let from = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', Math.max(at + 1, from))) {
    const user = longestFirst.find(({ name }) => text.startsWith(name, at + 1));
    if (!user) continue;
    const end = at + 1 + user.name.length;
    if (at > from) found.push({ kind: 'text', text: text.slice(from, at) });
    found.push({ kind: 'mention', text: text.slice(at, end), me: user.id === me });
    from = end;
  }
  if (from < text.length) found.push({ kind: 'text', text: text.slice(from) });
  return found;
}
