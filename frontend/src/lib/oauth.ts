// What the page says when a provider's answer was of no use: the server sends the browser to /?oauth_error=<code>.
const SENTENCES: Record<string, string> = {
  access_denied: 'The sign-in was cancelled at the provider.',
  account_exists:
    'There is an account with this e-mail address already. Sign in with its password first; then link the provider on the account page.',
  busy: 'The server has too much to do at the moment. Please try again in a moment.',
  email_unverified:
    'The provider does not confirm that the e-mail address is yours. Verify it there, then try again.',
  identity_taken: 'This account of the provider is linked to another account here.',
  invalid_state: 'This sign-in took too long, or was begun in another window. Please try again.',
  provider_refused: 'The provider’s answer could not be accepted. Please try again.',
  provider_unreachable: 'The provider does not answer. Please try again in a moment.',
  registration_closed: 'You have no account here. Accounts are made by whoever runs this server.',
};

/** Where linking needs other words than signing in. */
const LINKING: Record<string, string> = {
  access_denied: 'Linking was cancelled at the provider.',
  identity_taken: 'This account of the provider is linked to another account here. Unlink it there first.',
  invalid_state: 'Linking took too long, or was begun in another window. Please try again.',
};

/** The sentence for the code in the query of an address; none without a code. */
export function oauthError(search: string, linking = false): string | undefined {
  const code = new URLSearchParams(search).get('oauth_error');
  if (code === null) return undefined;
  if (linking && Object.hasOwn(LINKING, code)) return LINKING[code];
  const unknown = `${linking ? 'Linking' : 'Signing in'} did not work. Please try again.`;
  return Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : unknown;
}
