// What the page says when signing in by a provider did not work: the server sends the browser to /?oauth_error=<code>.
const SENTENCES: Record<string, string> = {
  access_denied: 'The sign-in was cancelled at the provider.',
  account_exists:
    'There is an account with this e-mail address already. Sign in with its password first; then the provider can be linked to it.',
  email_unverified:
    'The provider does not confirm that the e-mail address is yours. Verify it there, then try again.',
  identity_taken: 'This account of the provider is linked to another account here.',
  invalid_state: 'This sign-in took too long, or was begun in another window. Please try again.',
  provider_refused: 'The provider’s answer could not be accepted. Please try again.',
  provider_unreachable: 'The provider does not answer. Please try again in a moment.',
  registration_closed: 'You have no account here. Accounts are made by whoever runs this server.',
};

/** The sentence for the code in the query of an address; none without a code. */
export function oauthError(search: string): string | undefined {
  const code = new URLSearchParams(search).get('oauth_error');
  if (code === null) return undefined;
  return Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : 'Signing in did not work. Please try again.';
}
