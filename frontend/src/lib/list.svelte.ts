// A list that the server gives a page at a time.
import type { Page } from './api/accounts';
import { Form } from './form.svelte';
import { ask } from './session.svelte';

export class List<T> {
  /** `undefined` until the first page is there. */
  items = $state.raw<T[]>();
  more = $state(false);
  readonly form = new Form();
  #path = '';
  #cursor = '';
  #asked = 0;

  /** The first page of a path with a query; what is asked for later counts, whichever answers first. */
  load(path: string): Promise<boolean> {
    this.#path = path;
    return this.#fetch('', () => []);
  }

  next(): Promise<boolean> {
    return this.#fetch(`&cursor=${encodeURIComponent(this.#cursor)}`, () => this.items ?? []);
  }

  replace<U extends { id: string }>(this: List<U>, item: U): void {
    this.items = this.items?.map((one) => (one.id === item.id ? item : one));
  }

  remove<U extends { id: string }>(this: List<U>, id: string): void {
    this.items = this.items?.filter((one) => one.id !== id);
  }

  #fetch(cursor: string, before: () => T[]): Promise<boolean> {
    const turn = (this.#asked += 1);
    return this.form.run(async () => {
      const page = await ask<Page<T>>('GET', `${this.#path}${cursor}`);
      if (turn !== this.#asked) return;
      this.items = [...before(), ...page.items];
      this.#cursor = page.next_cursor ?? '';
      this.more = this.#cursor !== '';
    });
  }
}
