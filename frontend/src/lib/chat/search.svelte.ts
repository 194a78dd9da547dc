// A list that follows what is typed into a field.
import { List } from '../list.svelte';

/** So long after the last key the search is sent, in milliseconds. */
const PAUSE = 250;

export class Search<T> extends List<T> {
  text = $state('');
  /** What the items are the answer to. */
  sought = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly path: string) {
    super();
  }

  readonly typed = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(), PAUSE);
  };

  async now(): Promise<void> {
    clearTimeout(this.#timer);
    const sought = this.text.trim();
    if (await this.load(`${this.path}?limit=30&search=${encodeURIComponent(sought)}`)) this.sought = sought;
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
