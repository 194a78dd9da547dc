// Where we are, by the address bar.
class Router {
  path = $state(location.pathname);
  /** What a form begins with, as `?rule=…`; empty without one. */
  query = $state(location.search);

  constructor() {
    window.addEventListener('popstate', () => this.#take(location));
  }

  go(to: string, replace = false): void {
    const target = new URL(to, location.href);
    if (target.pathname === this.path && target.search === this.query) return;
    history[replace ? 'replaceState' : 'pushState'](null, '', target.pathname + target.search);
    this.#take(target);
    window.scrollTo(0, 0);
  }

  #take({ pathname, search }: { pathname: string; search: string }): void {
    this.path = pathname;
    this.query = search;
  }

  /** For links: a plain click stays in the page, every other goes its usual way. */
  readonly follow = (event: MouseEvent): void => {
    const link = event.currentTarget as HTMLAnchorElement;
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.go(link.href);
  };
}

export const router = new Router();
