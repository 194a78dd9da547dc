// Linking a provider leaves the page and comes back to the dashboard; its outcome belongs on the account page.
import { oauthError } from './oauth';

const KEY = 'tocsin-linking';

function taken(): string {
  try {
    const provider = sessionStorage.getItem(KEY) ?? '';
    sessionStorage.removeItem(KEY);
    return provider;
  } catch {
    return '';
  }
}

class Linking {
  /** The provider that was being linked when this page was loaded; empty when none was. */
  readonly provider: string = taken();
  /** Why it did not work. */
  readonly failed = oauthError(location.search, true);
  #said = false;

  /** Whether the browser comes back from a provider with something to say; true once. */
  comesBack(path: string): boolean {
    const back = !this.#said && path === '/' && (this.provider !== '' || this.failed !== undefined);
    this.#said = true;
    return back;
  }

  /** Leaves for the provider. */
  leave(provider: string, url: string): void {
    try {
      sessionStorage.setItem(KEY, provider);
    } catch {
      // Storage is switched off: the way back ends on the dashboard.
    }
    location.assign(url);
  }
}

export const linking = new Linking();
