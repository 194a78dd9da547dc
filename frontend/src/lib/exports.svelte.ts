// One's own exports: fetched a page at a time, followed live.
import type { Page } from './api/accounts';
import type { Export, NewExport } from './api/exports';
import { Form } from './form.svelte';
import { ask, Refused } from './session.svelte';

const PATH = '/api/v1/exports';
const PAGE = 20;

/** Whether nothing more becomes of it by itself. */
export const isOver = ({ status }: Pick<Export, 'status'>): boolean =>
  status !== 'queued' && status !== 'running';

/** The list after something was heard of an export: what is over stays over, whatever comes late. */
export function withExport(all: ReadonlyMap<string, Export>, one: Export): Map<string, Export> {
  const known = all.get(one.id);
  const next = new Map(all);
  if (!known || !isOver(known) || isOver(one)) next.set(one.id, one);
  return next;
}

/**
 * The list after its first page was read again. What that page should hold and does not is gone, but for what was not
 * known when it was asked for.
 */
export function withFirst(
  all: ReadonlyMap<string, Export>,
  asked: ReadonlySet<string>,
  page: Page<Export>,
): Map<string, Export> {
  const there = new Set(page.items.map(({ id }) => id));
  const last = page.next_cursor ? (page.items.at(-1)?.id ?? '') : '';
  const left = [...all].filter(([id]) => there.has(id) || !asked.has(id) || id < last);
  return page.items.reduce(withExport, new Map(left));
}

class ExportList {
  /** By id. */
  #all = $state.raw<ReadonlyMap<string, Export>>(new Map());
  /** Whether the first page is there. */
  known = $state(false);
  /** Where the next page begins; empty at the end. */
  #cursor = $state('');
  /** Asking for the list. */
  readonly reading = new Form();
  /** What was removed here does not come back with what was on its way. */
  #gone = new Set<string>();
  /** The last request that got no answer: the same one again makes no second file. */
  #unanswered: { body: string; key: string } | undefined;

  /** The newest first: ids begin with the time. */
  readonly items = $derived([...this.#all.values()].sort((a, b) => (a.id < b.id ? 1 : -1)));
  readonly running = $derived(this.items.some((one) => !isOver(one)));
  readonly more = $derived(this.#cursor !== '');

  /** Takes what came live; what was known of it before. */
  take(one: Export): Export | undefined {
    const before = this.#all.get(one.id);
    if (!this.#gone.has(one.id)) this.#all = withExport(this.#all, one);
    return before;
  }

  /** Reads the first page, again where it is known. */
  async load(): Promise<void> {
    await this.reading.run(async () => {
      const asked = new Set(this.#all.keys());
      const page = await this.#fetch('');
      this.#all = withFirst(this.#all, asked, page);
      if (!this.known) this.#cursor = page.next_cursor ?? '';
      this.known = true;
    });
  }

  async next(): Promise<void> {
    await this.reading.run(async () => {
      const page = await this.#fetch(`&cursor=${encodeURIComponent(this.#cursor)}`);
      this.#all = page.items.reduce(withExport, new Map(this.#all));
      this.#cursor = page.next_cursor ?? '';
    });
  }

  /** Asks for a file. */
  async start(asked: NewExport): Promise<Export> {
    const body = JSON.stringify(asked);
    const key = this.#unanswered?.body === body ? this.#unanswered.key : newKey();
    this.#unanswered = { body, key };
    try {
      const made = await ask<Export>('POST', PATH, asked, { 'Idempotency-Key': key });
      this.#unanswered = undefined;
      this.take(made);
      return made;
    } catch (error) {
      // Without an answer, or with one of a server in trouble, it may have been made.
      const { status } = error instanceof Refused ? error.problem : { status: 0 };
      if (status >= 400 && status < 500) this.#unanswered = undefined;
      throw error;
    }
  }

  /** Cancels one that is not over. Whether it was over already is seen then. */
  async cancel(one: Export): Promise<void> {
    await this.#delete(one);
    const now = await ask<Export>('GET', `${PATH}/${one.id}`);
    this.take(now);
  }

  /** Removes one that is over, and its file. */
  async remove(one: Export): Promise<void> {
    await this.#delete(one);
    this.#gone.add(one.id);
    const left = new Map(this.#all);
    left.delete(one.id);
    this.#all = left;
  }

  /** For whoever signs in next. */
  clear(): void {
    this.#all = new Map();
    this.#gone.clear();
    this.known = false;
    this.#cursor = '';
    this.#unanswered = undefined;
  }

  async #delete(one: Export): Promise<void> {
    try {
      await ask('DELETE', `${PATH}/${one.id}`);
    } catch (error) {
      // One that is gone already is as removed as it can be.
      if (!(error instanceof Refused && error.problem.status === 404)) throw error;
    }
  }

  async #fetch(cursor: string): Promise<Page<Export>> {
    const page = await ask<Page<Export>>('GET', `${PATH}?limit=${PAGE}${cursor}`);
    return { ...page, items: page.items.filter(({ id }) => !this.#gone.has(id)) };
  }
}

/** 128 random bits; `randomUUID` is there over https alone. */
const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export const exportList = new ExportList();
