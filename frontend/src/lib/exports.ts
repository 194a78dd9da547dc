// An export as the form holds it, as the API takes it, and which field an error belongs to. Pure.
import type { Export, ExportField, Format, NewExport } from './api/exports';
import type { Problem } from './api/types';
import type { Parsed } from './rule-values';
import { toRow, toValue, type Row } from './rules';
import { toLocal, toUtc } from './silences';

/** One column. */
export interface Column {
  /** Tells columns apart on the screen. */
  key: number;
  field: string;
  /** What it is called in the file; empty for its path. */
  name: string;
}

/** What stands in the form: text, until it is sent. */
export interface Draft {
  type: string;
  amount: 'all' | 'some';
  size: string;
  order: 'asc' | 'desc';
  /** In the reader's zone, as an input of a date and a time has it; empty for no limit. */
  from: string;
  to: string;
  where: Row[];
  columns: 'all' | 'chosen';
  fields: Column[];
  format: Format;
  delimiter: string;
  bom: boolean;
  gzip: boolean;
}

/** The most columns of one file. */
export const MAX_COLUMNS = 1000;
/** Columns that are put in the form unasked; of more, one chooses from a list. */
const FEW_COLUMNS = 40;

/** What a file is for, each format in a line. */
export const FORMATS: readonly (readonly [Format, string, string])[] = [
  ['csv', 'CSV', 'One line a document. Every program that reads tables takes it.'],
  ['xlsx', 'Excel', 'A workbook for Excel and LibreOffice: numbers, dates and texts stay what they are.'],
  ['ndjson', 'NDJSON', 'One JSON object a line, as it was posted. For other programs.'],
];

/** What may stand between two values of CSV. */
export const DELIMITERS = [
  [',', 'a comma'],
  [';', 'a semicolon'],
  ['\t', 'a tab'],
  ['|', 'a vertical bar'],
] as const;

/** Times to begin from that are a click away, in milliseconds before now. */
export const SPANS = [
  ['Last hour', 3_600_000],
  ['Last 24 hours', 86_400_000],
  ['Last 7 days', 7 * 86_400_000],
] as const;

let keys = 0;

/** A column that is not filled in yet, or is. */
export const column = (field = '', name = ''): Column => ({ key: (keys += 1), field, name });

/** What a chosen list begins with: the columns there are, where they are few. */
export const firstColumns = (known: readonly string[]): Column[] =>
  (known.length > 0 && known.length <= FEW_COLUMNS ? known : ['id', 'type', 'at']).map((one) => column(one));

/** An export that is not filled in yet. */
export const blank = (): Draft => ({
  type: 'any',
  amount: 'all',
  size: '1000',
  order: 'desc',
  from: '',
  to: '',
  where: [],
  columns: 'all',
  fields: [],
  format: 'csv',
  delimiter: ',',
  bom: false,
  gzip: false,
});

/** An instant for an input of a date and a time: to the minute, or as exact as it is. */
export function toLocalExact(iso: string): string {
  const at = Date.parse(iso);
  const beyond = ((at % 60_000) + 60_000) % 60_000;
  if (beyond === 0) return toLocal(at);
  const seconds = (beyond / 1000).toFixed(beyond % 1000 === 0 ? 0 : 3);
  return `${toLocal(at - beyond)}:${seconds.padStart(seconds.includes('.') ? 6 : 2, '0')}`;
}

/** What was asked for, as the form holds it. */
export function toDraft(made: NewExport): Draft {
  const some = typeof made.size === 'number';
  return {
    type: made.type,
    amount: some ? 'some' : 'all',
    size: some ? String(made.size) : blank().size,
    order: made.order ?? 'asc',
    from: made.from ? toLocalExact(made.from) : '',
    to: made.to ? toLocalExact(made.to) : '',
    where: (made.where ?? []).map(toRow),
    columns: made.fields ? 'chosen' : 'all',
    fields: (made.fields ?? []).map((one) =>
      typeof one === 'string' ? column(one) : column(one.field, one.name),
    ),
    format: made.format,
    delimiter: made.csv?.delimiter ?? ',',
    bom: made.csv?.bom ?? false,
    gzip: made.compression === 'gzip',
  };
}

/** What was asked for, to ask for it again. */
export function askedFor(made: Export): NewExport {
  const { type, size, format, fields, from, to, where, order, csv, compression } = made;
  return Object.fromEntries(
    Object.entries({ type, size, format, fields, from, to, where, order, csv, compression }).filter(
      ([, value]) => value !== undefined && value !== null,
    ),
  ) as unknown as NewExport;
}

type Wrong = NonNullable<Problem['errors']>[number];

function toSize(text: string): Parsed<number> {
  // With the separators people write: 10,000 or 10 000.
  const digits = text.replace(/(?<=\d)[,.' \u00a0\u202f](?=\d{3}(?:\D|$))/g, '').trim();
  return /^[1-9]\d{0,14}$/.test(digits)
    ? { value: Number(digits) }
    : { error: 'must be a whole number from 1 on' };
}

/** What the API takes, and what cannot be made sense of here; all else the server judges. */
export function toBody(draft: Draft): { body: NewExport; errors: Wrong[] } {
  const errors: Wrong[] = [];
  const take = <T>(path: string, parsed: Parsed<T>, otherwise: T): T => {
    if ('value' in parsed) return parsed.value;
    errors.push({ path, message: parsed.error });
    return otherwise;
  };
  const needed = (path: string, text: string): string => {
    if (!text.trim()) errors.push({ path, message: 'must be filled in' });
    return text.trim();
  };
  const instant = (path: string, local: string): string => {
    const utc = toUtc(local);
    if (!utc) errors.push({ path, message: 'must be a date and a time' });
    return utc ?? '';
  };
  const fields: ExportField[] = draft.fields.map(({ field, name }, n) => {
    const path = needed(`/fields/${n}/field`, field);
    return name.trim() && name.trim() !== path ? { field: path, name: name.trim() } : path;
  });
  if (draft.columns === 'chosen' && fields.length === 0)
    errors.push({ path: '/fields', message: 'must be one column at least' });
  const body: NewExport = {
    type: needed('/type', draft.type),
    size: draft.amount === 'all' ? 'all' : take('/size', toSize(draft.size), 1),
    format: draft.format,
    order: draft.order,
    ...(draft.from ? { from: instant('/from', draft.from) } : {}),
    ...(draft.to ? { to: instant('/to', draft.to) } : {}),
  };
  if (draft.where.length > 0)
    body.where = draft.where.map((one, n) => ({
      field: needed(`/where/${n}/field`, one.field),
      op: one.op,
      value: take<unknown>(`/where/${n}/value`, toValue(one), null),
    }));
  if (draft.columns === 'chosen') body.fields = fields;
  if (draft.format === 'csv') body.csv = { delimiter: draft.delimiter, bom: draft.bom };
  if (draft.gzip && draft.format !== 'xlsx') body.compression = 'gzip';
  // Of columns that are out of use nobody wants to hear what is wrong.
  return { body, errors: errors.filter(({ path }) => body.fields || !path.startsWith('/fields')) };
}

const FIELDS =
  /^(?:type|size|format|order|from|to|where|where\/\d+\/(?:field|op|value)|fields|fields\/\d+\/(?:field|name)|csv\/(?:delimiter|bom)|compression)$/;

/** Fields that are out of sight until they are asked for. */
export const FOLDED = ['csv/delimiter', 'csv/bom', 'compression'] as const;

/** Whether one of them says something. */
export const isUnfolded = (draft: Draft): boolean => draft.gzip || draft.bom || draft.delimiter !== ',';

/** The field of the form that an error's JSON pointer means; nothing, where the form has no such field. */
export function fieldOf(pointer: string): string | undefined {
  const path = pointer
    .slice(1)
    .replace(/^(where\/\d+\/value)\/\d+$/, '$1')
    .replace(/^(fields\/\d+)$/, '$1/field');
  return FIELDS.test(path) ? path : undefined;
}

/** Each field with what is wrong with it, and what belongs to no field. */
export function located(problem: Problem | undefined): {
  fields: Map<string, string>;
  rest: Problem | undefined;
} {
  const fields = new Map<string, string>();
  if (!problem) return { fields, rest: undefined };
  const strange: string[] = [];
  for (const { path, message } of problem.errors ?? []) {
    const field = fieldOf(path);
    if (field) fields.set(field, fields.has(field) ? `${fields.get(field)}; ${message}` : message);
    else strange.push(`${path} ${message}`.trim());
  }
  if (fields.size > 0 && strange.length === 0) return { fields, rest: undefined };
  return { fields, rest: { ...problem, detail: strange.join('; ') || problem.detail } };
}

/** Moves one of a list to another place; the same list, where there is no such place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  if (to < 0 || to >= list.length) return next;
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}
