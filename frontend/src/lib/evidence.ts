// The documents of an incident: where they are, and the file of them. Pure.
import type { NewExport } from './api/exports';
import type { Document, Rule } from './api/types';
import { toScalar } from './rule-values';

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
export function pathOf({ type, from, to }: Stretch, limit: number): string {
  const query = new URLSearchParams({ from, to, order: 'asc', limit: String(limit) });
  if (type !== 'any') query.set('type', type);
  return `/api/v1/documents?${query}`;
}

/** The most conditions that one export takes. */
const MOST = 16;
/** A group's name is no longer than this; of a longer value it is the beginning. */
const GROUP = 200;

type Watched = Pick<Rule, 'type' | 'where' | 'group_by'>;

/**
 * What makes a document one of a group. The name of a group is its value as text, whichever kind of value it is; where
 * no condition can tell, there is none.
 */
function ofGroup(field: string, group: string): Rule['where'] {
  // Without a name: the field is not there, or is empty.
  if (group === '') return [{ field, op: 'in', value: [null, ''] }];
  if ([...group].length >= GROUP) return [{ field, op: 'contains', value: group }];
  const scalar = toScalar(group);
  // A number of more digits than a browser knows.
  if ('error' in scalar) return [];
  const text = typeof scalar.value === 'string' || scalar.value === null;
  return [text ? { field, op: '=', value: group } : { field, op: 'in', value: [group, scalar.value] }];
}

/** A file of the documents that an incident is about: those of the stretch that its rule watches, and of its group. */
export function exportOf(
  rule: Watched,
  group: string | null | undefined,
  { from, to }: Pick<Stretch, 'from' | 'to'>,
): NewExport {
  const where = [...rule.where];
  // With all places taken the file has the other groups, too.
  if (rule.group_by && group !== null && group !== undefined && where.length < MOST)
    where.push(...ofGroup(rule.group_by, group));
  return {
    type: rule.type,
    size: 'all',
    format: 'csv',
    from,
    to,
    order: 'asc',
    ...(where.length > 0 ? { where } : {}),
  };
}

/** What is in a document, beside what a table says of it anyway. */
export function summary({ type: _, at: __, id: ___, ...rest }: Document): string {
  const text = JSON.stringify(rest);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
