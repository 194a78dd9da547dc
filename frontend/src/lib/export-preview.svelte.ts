// The first rows of a file before it is made. Only the answer to the last question counts.
import type { ExportPreview, NewExport } from './api/exports';
import type { Problem } from './api/types';
import { ask, Refused } from './session.svelte';

/** What decides the rows: neither how many there are, nor how they are written. */
export const question = ({ type, fields, from, to, where, order }: NewExport): string =>
  JSON.stringify({ type, size: 'all', format: 'csv', fields, from, to, where, order });

export class Previewing {
  rows = $state.raw<ExportPreview>();
  busy = $state(false);
  problem = $state.raw<Problem>();
  /** The server has none. */
  missing = $state(false);
  #turn = 0;

  /** What was asked before counts no more. */
  forget(): void {
    this.#turn += 1;
    this.busy = false;
  }

  async load(asked: string): Promise<void> {
    if (this.missing) return;
    this.forget();
    const turn = this.#turn;
    this.busy = true;
    try {
      const rows = await ask<ExportPreview>('POST', '/api/v1/exports/preview', JSON.parse(asked));
      if (turn !== this.#turn) return;
      this.rows = rows;
      this.problem = undefined;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (turn !== this.#turn) return;
      this.missing = [404, 405].includes(error.problem.status);
      this.problem = error.problem;
    }
    this.busy = false;
  }
}
