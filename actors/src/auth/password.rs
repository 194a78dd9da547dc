//! Changing one's password while signed in.

use super::audit::{About, note};
use super::letters::Occasion;
use super::messages::{AuthError, SignedIn};
use super::password_messages::ChangePassword;
use super::state::RefreshToken;
use super::{Parts, guard, input, links, sessions};
use crate::domain::{AuditEvent, User};
use crate::ports::Verified;

pub(super) async fn change(parts: Parts, message: ChangePassword) -> Result<(), AuthError> {
    let ChangePassword { user_id, session_id, current, new, end_other_sessions, device } = message;
    let user = parts.accounts.by_id(user_id).await?.ok_or(AuthError::InvalidGrant)?;
    let (user, stored) = parts.accounts.by_email(user.email).await?.ok_or(AuthError::InvalidGrant)?;
    // Whoever has got hold of an access token may not guess without end either.
    guard::at_account(&parts, &user.email, Some(user.id), &device).await?;
    let verified = parts.passwords.verify(input::normalised(&current), Some(stored.clone())).await?;
    if !matches!(verified, Verified::Right | Verified::RightButOutdated) {
        note(&parts, AuditEvent::CheckFailed, About::from(user.id).with("password"), &device).await;
        return Err(AuthError::InvalidCredentials);
    }
    let hash = parts.passwords.hash(acceptable(&parts, &new, &user)?).await?;
    if end_other_sessions {
        // Before and after: if the store fails, nothing was changed; and whoever came in meanwhile goes too.
        sessions::end_all(&parts, user.id, Some(session_id)).await?;
    }
    parts.accounts.rehash(user.id, stored, hash.clone()).await?;
    let now_stored = parts.accounts.by_email(user.email.clone()).await?.map(|(_, hash)| hash);
    if now_stored != Some(hash) {
        // Somebody else was quicker, so `current` is not the current one any more.
        return Err(AuthError::InvalidCredentials);
    }
    if end_other_sessions {
        sessions::end_all(&parts, user.id, Some(session_id)).await?;
    }
    parts.mail.links.end_of(user.id).await?;
    note(&parts, AuditEvent::PasswordChanged, (user.id, session_id), &device).await;
    links::send(&parts, user, Occasion::Changed);
    Ok(())
}

/// Looks at the hash once more when a sign-in has begun. Checking a password takes a while; if another was chosen
/// meanwhile, all sign-ins have ended, and this one, which began with the old password, must not outlive them.
pub(super) async fn still_stands(
    parts: &Parts,
    signed_in: &SignedIn,
    normalised: &str,
    checked: Option<&str>,
) -> Result<(), AuthError> {
    let now_stored = parts.accounts.by_email(signed_in.user.email.clone()).await?.map(|(_, hash)| hash);
    if now_stored.as_deref() == checked {
        return Ok(());
    }
    // Somebody who signed in beside may have renewed the hash of the same password.
    let verified = parts.passwords.verify(normalised.to_owned(), now_stored).await?;
    if matches!(verified, Verified::Right | Verified::RightButOutdated) {
        return Ok(());
    }
    slog::warn!(parts.log, "a sign-in ended at once: its password was changed meanwhile"; "user" => %signed_in.user.id);
    if let Some(token) = RefreshToken::recognise(signed_in.refresh_token.clone(), &*parts.secrets) {
        sessions::end(parts, token.session_id()).await?;
    }
    Err(AuthError::InvalidCredentials)
}

/// A new password, normalised and checked.
pub(super) fn acceptable(parts: &Parts, new: &str, user: &User) -> Result<String, AuthError> {
    let normalised = input::normalised(new);
    match parts.policy.check(&normalised, &user.email, &user.name) {
        Ok(()) => Ok(normalised),
        Err(sentence) => Err(AuthError::Invalid(vec![("/new_password", sentence)])),
    }
}
