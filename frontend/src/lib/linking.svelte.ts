// Linking a provider leaves the page and comes back to the dashboard; its outcome belongs on the account page.
import { oauthError } from './oauth';

const KEY = 'tocsin-linking';

class Linking {
  /** The provider that was being linked when this page was loaded; empty when none was. */
  readonly provider = sessionStorage.getItem(KEY) ?? '';
  /** Why it did not work. */
  readonly failed = oauthError(location.search, true);
  #said = false;

  constructor() {
    sessionStorage.removeItem(KEY);
  }

  /** Whether the browser comes back from a provider with something to say; true once. */
  comesBack(path: string): boolean {
    const back = !this.#said && path === '/' && (this.provider !== '' || this.failed !== undefined);
    this.#said = true;
    return back;
  }

  /** Leaves for the provider. */
  leave(provider: string, url: string): void {
    sessionStorage.setItem(KEY, provider);
    location.assign(url);
  }
}

export const linking = new Linking();
