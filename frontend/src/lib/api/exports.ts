// What the API says about exports (schema.d.ts), with the words that it allows spelled out, and what is always there not
// optional.
import type { Rule } from './types';

export type Format = 'csv' | 'xlsx' | 'ndjson';
export type ExportStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** A column: by its path, or by its path under a name of its own. */
export type ExportField = string | { field: string; name: string };

/** What is asked for. */
export interface NewExport {
  /** A type of documents, or `any`. */
  type: string;
  size: number | 'all';
  format: Format;
  /** All fields that the documents have, when left out. */
  fields?: ExportField[];
  from?: string;
  to?: string;
  where?: Rule['where'];
  order?: 'asc' | 'desc';
  csv?: { delimiter: string; bom: boolean };
  compression?: 'gzip';
}

/** `GET /api/v1/exports`, and the frames `export` of `/ws/alerts`. */
export interface Export extends NewExport {
  id: string;
  status: ExportStatus;
  progress: { rows: number; total: number | null };
  rows: number | null;
  bytes: number | null;
  sha256: string | null;
  file_name: string;
  /** `null` while there is no file, and when it is gone. */
  url: string | null;
  expires_at: string | null;
  error: string | null;
  warnings: string[];
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

/** `POST /api/v1/exports/preview`. */
export interface ExportPreview {
  columns: string[];
  /** The first of them; a cell is `null` where the document has no such field. */
  rows: (string | null)[][];
  /** How many documents match, whatever the size; `null` where that is not counted. */
  total: number | null;
}

/** `GET /api/v1/documents/types`. */
export interface TypeCount {
  type: string;
  count: number;
}
