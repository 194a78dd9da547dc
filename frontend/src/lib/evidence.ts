// The documents of an incident as a file. Pure, but for what fetches them.
import type { Document } from './api/types';

/** The most documents of one file. */
export const MOST = 10_000;
/** The most the server gives at once. */
const PAGE = 1000;
/** The longest document in a table, in characters. */
const SHOWN = 240;

export interface Stretch {
  /** Of which type; `any` is every one. */
  type: string;
  from: string;
  to: string;
}

export interface Page {
  items: Document[];
  next_cursor?: string | null;
}

/** Where documents of a stretch are, oldest first. */
export function pathOf({ type, from, to }: Stretch, limit: number, cursor = ''): string {
  const query = new URLSearchParams({ from, to, order: 'asc', limit: String(limit) });
  if (type !== 'any') query.set('type', type);
  if (cursor) query.set('cursor', cursor);
  return `/api/v1/documents?${query}`;
}

/** All documents of a stretch, up to so many, and whether there were more. */
export async function collect(
  stretch: Stretch,
  fetchPage: (path: string) => Promise<Page>,
  most: number = MOST,
): Promise<{ items: Document[]; more: boolean }> {
  const items: Document[] = [];
  let cursor = '';
  do {
    const page = await fetchPage(pathOf(stretch, Math.min(PAGE, most - items.length), cursor));
    items.push(...page.items);
    cursor = page.next_cursor ?? '';
  } while (cursor && items.length < most);
  return { items, more: cursor !== '' };
}

/** One document a line. */
export const ndjson = (documents: Document[]): string =>
  documents.map((one) => `${JSON.stringify(one)}\n`).join('');

/** A file's name without what file systems do not like: `errors-last-minute-20261124T080000Z.ndjson`. */
export function fileName(rule: string, started_at: string): string {
  const name = rule
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|-+$/g, '')
    .slice(0, 60);
  const at = new Date(started_at).toISOString().replace(/\.\d+|[-:]/g, '');
  return `${name || 'incident'}-${at}.ndjson`;
}

/** What is in a document, beside what a table says of it anyway. */
export function summary({ type: _, at: __, id: ___, ...rest }: Document): string {
  const text = JSON.stringify(rest);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
