// The links in mails: the token stands in the fragment, which no server, proxy or other page gets to see.

/** The token of a fragment such as `#token=tcl_…`; empty when there is none. */
export const tokenOf = (hash: string): string => /^#token=([\w-]+)$/.exec(hash)?.[1] ?? '';

/** Takes the token out of the address bar, so that it stays in no history and on no screenshot. */
export function takeToken(): string {
  const token = tokenOf(location.hash);
  if (location.hash) history.replaceState(history.state, '', location.pathname);
  return token;
}

/** Where `return_to` in a query leads: a path of ours, or the dashboard. Anybody can write such an address. */
export function returnTo(search: string): string {
  const path = new URLSearchParams(search).get('return_to') ?? '';
  return /^\/(?:[\w-]+(?:\/[\w-]+)*)?$/.test(path) && path !== '/sign-in' ? path : '/';
}
