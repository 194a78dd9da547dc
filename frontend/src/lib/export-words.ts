// Exports in plain words. Pure.
import type { Export, NewExport } from './api/exports';
import { number, time } from './format';
import { condition } from './rule-words';

const FORMAT_NAMES: Record<string, string> = { csv: 'CSV', xlsx: 'Excel', ndjson: 'NDJSON' };

/** The states of an export, each with its sign and its words. */
export const STATES = {
  queued: ['…', 'Waits for its turn'],
  running: ['▶', 'Being written'],
  done: ['✓', 'Done'],
  failed: ['✕', 'Failed'],
  cancelled: ['–', 'Cancelled'],
} as const;

const narrowed = ({ from, to, where }: NewExport): boolean => Boolean(from || to || where?.length);

/** What it is: `The newest 1,000 documents of type order, Excel`. */
export function title(made: NewExport): string {
  const { type, size, order, format, compression } = made;
  const of = type === 'any' ? '' : ` of type ${type}`;
  const kind = `${FORMAT_NAMES[format] ?? format}${compression ? ', gzip' : ''}`;
  if (typeof size === 'number') {
    const side = order === 'desc' ? 'newest' : 'oldest';
    return `The ${side} ${size === 1 ? 'document' : `${number(size)} documents`}${of}, ${kind}`;
  }
  if (!narrowed(made)) return `All documents${of}, ${kind}`;
  return `Documents ${of ? of.trim() : 'of any type'}, ${kind}`;
}

/** What narrows it, and which columns it has; empty where nothing does. */
export function details({ from, to, where, fields }: NewExport): string {
  const period =
    from && to
      ? `from ${time(from)} to ${time(to)}`
      : from
        ? `from ${time(from)} on`
        : to
          ? `before ${time(to)}`
          : '';
  const conditions = where?.length ? `where ${where.map(condition).join(' and ')}` : '';
  const columns = fields ? `${fields.length === 1 ? '1 column' : `${number(fields.length)} columns`}` : '';
  const text = [period, conditions, columns].filter(Boolean).join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const rowsOf = (rows: number): string => (rows === 1 ? '1 row' : `${number(rows)} rows`);

/** How far it is: `12,000 of 20,000 rows`. */
export function progress({ progress: { rows, total } }: Pick<Export, 'progress'>): string {
  return total === null ? rowsOf(rows) : `${number(rows)} of ${rowsOf(total)}`;
}

/** What is in the file: `20,000 rows, 2.5 MB`. */
export function content({ rows, bytes }: Pick<Export, 'rows' | 'bytes'>): string {
  return [rows === null ? '' : rowsOf(rows), bytes === null ? '' : size(bytes)].filter(Boolean).join(', ');
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A number of bytes, to three digits, in units of 1000: `2.54 MB`. */
export function size(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  // What rounds up to a thousand is one of the next unit.
  const up =
    step < UNITS.length - 1 && Number((bytes / 1000 ** step).toPrecision(3)) >= 1000 ? step + 1 : step;
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: UNITS[up] ?? 'byte',
    unitDisplay: up === 0 ? 'long' : 'short',
    maximumSignificantDigits: 3,
  }).format(bytes / 1000 ** up);
}

/** How long until then, to a unit that says enough: `in 7 days`, `in 3 hours`. */
export function until(iso: string, now: number): string {
  const minutes = Math.max(0, (Date.parse(iso) - now) / 60_000);
  const [count, unit] =
    minutes >= 36 * 60
      ? [minutes / 1440, 'day' as const]
      : minutes >= 90
        ? [minutes / 60, 'hour' as const]
        : [minutes, 'minute' as const];
  return new Intl.RelativeTimeFormat('en').format(Math.max(1, Math.round(count)), unit);
}

/** Whether there is a file to open. */
export const isOpen = ({ status, url, expires_at }: Export, now: number): boolean =>
  status === 'done' && url !== null && (expires_at === null || Date.parse(expires_at) > now);

/** What is said when it is over; nothing where whoever waits knows it already. */
export function spoken(made: Export): string {
  if (made.status === 'done')
    return `Export done: ${title(made)}. ${made.rows === null ? '' : `${rowsOf(made.rows)}.`}`.trim();
  return made.status === 'failed' ? `Export failed: ${title(made)}. ${made.error ?? ''}`.trim() : '';
}

/** How many match, and what of them is in the file. */
export function matching(total: number | null, asked: Pick<NewExport, 'size' | 'order'>): string {
  if (total === null) return '';
  if (total === 0) return 'No document matches.';
  const all = total === 1 ? '1 document matches' : `${number(total)} documents match`;
  if (typeof asked.size === 'number' && asked.size < total)
    return `${all}; the file has the ${asked.order === 'desc' ? 'newest' : 'oldest'} ${number(asked.size)}.`;
  return `${all}.`;
}
