// What the audit log says, in words.
import type { AuditEntry } from './api/accounts';

const EVENTS: Record<string, string> = {
  account_made: 'Account made',
  account_disabled: 'Account disabled',
  account_enabled: 'Account enabled again',
  role_changed: 'Role changed',
  signed_in: 'Signed in',
  sign_in_failed: 'Sign-in failed',
  too_many_attempts: 'Too many attempts, held back',
  signed_out: 'Signed out',
  sign_in_ended: 'A sign-in was ended',
  sign_ins_ended: 'All sign-ins were ended',
  refresh_token_reused: 'A refresh token was used twice; its sign-in has ended',
  api_key_made: 'API key made',
  api_key_removed: 'API key removed',
  password_changed: 'Password changed',
  password_reset_asked: 'A link for a new password was asked for',
  password_reset: 'Password chosen anew by a mailed link',
  email_verified: 'Address confirmed',
  identity_linked: 'Provider linked',
  identity_unlinked: 'Provider unlinked',
  invitation_made: 'Invitation sent',
  invitation_withdrawn: 'Invitation withdrawn',
  invitation_accepted: 'Invitation accepted',
  second_factor_enabled: 'Second factor switched on',
  second_factor_disabled: 'Second factor switched off',
  second_factor_removed: 'Second factor removed by somebody else',
  recovery_code_used: 'Recovery code used',
  recovery_codes_renewed: 'Recovery codes renewed',
  second_factor_asked: 'The password was right; asked for the second factor',
  check_failed: 'A password or code that a change takes was wrong',
  rule_made: 'Made a rule',
  rule_changed: 'Changed a rule',
  rule_removed: 'Removed a rule',
  silence_made: 'Made a silence',
  silence_removed: 'Took a silence back',
};

/** What happened; a slug that is not known stands as it is. */
export const eventWords = (slug: string): string =>
  Object.hasOwn(EVENTS, slug) ? (EVENTS[slug] as string) : slug;

/** Whether somebody who looks after the accounts should look at it. */
export const isWorrying = (slug: string): boolean =>
  ['sign_in_failed', 'check_failed', 'too_many_attempts', 'refresh_token_reused'].includes(slug);

/** The accounts that are named in these entries, each once, without those that are known. */
export function unnamed(entries: AuditEntry[], known: ReadonlyMap<string, unknown>): string[] {
  const ids = entries.flatMap(({ user_id, by }) => [user_id, by]);
  return [...new Set(ids.filter((id): id is string => typeof id === 'string' && !known.has(id)))];
}
