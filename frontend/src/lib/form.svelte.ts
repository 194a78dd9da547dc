// What every form does: send, be busy meanwhile, and show what was refused where it belongs.
import type { Problem } from './api/types';
import { Refused } from './session.svelte';

export class Form {
  busy = $state(false);
  problem = $state<Problem>();
  readonly errors = $derived(
    new Map((this.problem?.errors ?? []).map(({ path, message }) => [path.slice(1), message])),
  );

  /** Does it; whether it was taken. */
  async run(work: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    this.problem = undefined;
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.problem = error.problem;
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Sends a form; whether it was taken. The first field that was refused gets the focus. */
  async send(event: SubmitEvent, work: () => Promise<void>): Promise<boolean> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const taken = await this.run(work);
    if (!taken) setTimeout(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus());
    return taken;
  }
}
