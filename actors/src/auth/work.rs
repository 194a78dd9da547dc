//! What each message takes: checks, then ports, in order.

use super::audit::note;
use super::messages::{AuthError, CreateKey, DeleteKey, Device, Keys, Login, Refresh, Register, Rename, SignedIn};
use super::newcomer::Newcomer;
use super::oauth::NO_PASSWORD;
use super::state::{RefreshToken, Verdict, judge};
use super::{Parts, guard, input, links, password, second_factor, sessions};
use crate::domain::{ApiKey, ApiKeyId, AuditEntry, AuditEvent, SessionId, Timestamp, User};
use crate::ports::{Claims, Family, PortError, Verified};

/// How often a family is looked at again that others change at the same time. The second look finds it rotated.
const REFRESH_TRIES: u32 = 3;

pub(super) async fn register(parts: Parts, message: Register) -> Result<SignedIn, AuthError> {
    let Register { email, password, name, device } = message;
    parts.limits.registration.without_invitation()?;
    guard::from_address(&parts, &device).await?;
    let newcomer = Newcomer { email, password, name, role: None };
    let user = newcomer.enrol(&*parts.accounts, &*parts.passwords, &parts.policy, parts.clock.now()).await?;
    note(&parts, AuditEvent::AccountMade, user.id, &device).await;
    begin(&parts, user, device).await
}

pub(super) async fn login(parts: Parts, message: Login) -> Result<SignedIn, AuthError> {
    let Login { email, password, otp, device } = message;
    guard::from_address(&parts, &device).await?;
    let known = parts.accounts.by_email(email.trim().to_owned()).await?;
    let (user, stored) = known.map_or((None, None), |(user, stored)| {
        // Without a password it answers like an unknown address, after the same time.
        (Some(user), Some(stored).filter(|stored| stored != NO_PASSWORD))
    });
    let account = user.as_ref().map(|user| user.id);
    guard::at_account(&parts, &email, account, &device).await?;
    let password = input::normalised(&password);
    let verified = parts.passwords.verify(password.clone(), stored.clone()).await?;
    if let (Verified::Unusable, Some(user)) = (verified, &user) {
        slog::error!(parts.log, "the stored password hash of an account is damaged or not ours"; "user" => %user.id);
    }
    let right = matches!(verified, Verified::Right | Verified::RightButOutdated);
    // Looked at after the password, so that a shut account answers like a wrong password, and after the same time.
    let Some(user) = user.filter(|user| right && user.disabled_at.is_none()) else {
        note(&parts, AuditEvent::SignInFailed, account, &device).await;
        return Err(AuthError::InvalidCredentials);
    };
    if links::must_verify(&parts, &user) {
        note(&parts, AuditEvent::SignInFailed, user.id, &device).await;
        return Err(AuthError::InvalidCredentials);
    }
    second_factor::at_sign_in(&parts, &user, otp.as_deref(), &device).await?;
    let id = user.id;
    let signed_in = begin(&parts, user, device).await?;
    password::still_stands(&parts, &signed_in, &password, stored.as_deref()).await?;
    if let (Verified::RightButOutdated, Some(old)) = (verified, stored)
        && let Err(error) = rehash(&parts, &signed_in.user, password, old).await
    {
        // The old hash is as right as before; the next sign-in tries again.
        slog::warn!(parts.log, "a password hash could not be renewed"; "user" => %id, "error" => %error);
    }
    Ok(signed_in)
}

/// Hashes a password again with today's parameters.
async fn rehash(parts: &Parts, user: &User, password: String, old: String) -> Result<(), PortError> {
    let new = parts.passwords.hash(password).await?;
    parts.accounts.rehash(user.id, old, new).await
}

/// A new sign-in of somebody who has shown who they are.
pub(super) async fn begin(parts: &Parts, user: User, device: Device) -> Result<SignedIn, AuthError> {
    let now = parts.clock.now();
    let (id, user_id) = (SessionId::new(now), user.id);
    let refresh_token = RefreshToken::first(id, &*parts.secrets);
    let family = Family {
        id,
        user_id: user.id,
        current: refresh_token.digest(&*parts.secrets),
        previous: None,
        rotated_at: now,
        created_at: now,
        user_agent: device.user_agent.chars().take(AuditEntry::USER_AGENT_CHARS).collect(),
        ip: device.ip.clone(),
    };
    // Signed first: what cannot be signed leaves no sign-in behind.
    let device_mark = guard::mark(user.id, &*parts.secrets);
    let answer = signed_in(parts, user, id, refresh_token, now)?;
    parts.refresh_tokens.start(family).await?;
    if !still_let_in(parts, &answer.user).await? {
        sessions::end(parts, id).await?;
        note(parts, AuditEvent::SignInFailed, user_id, &device).await;
        return Err(AuthError::InvalidCredentials);
    }
    note(parts, AuditEvent::SignedIn, (user_id, id), &device).await;
    Ok(SignedIn { device_mark: Some(device_mark), ..answer })
}

/// Looks at the account once more when a sign-in has begun. Whoever shuts an account or lessens its role ends the sign-ins
/// that there are then; one that begins in that moment is either among them, or sees here that things have changed.
async fn still_let_in(parts: &Parts, user: &User) -> Result<bool, PortError> {
    let now = parts.accounts.by_id(user.id).await?;
    Ok(now.is_some_and(|now| now.disabled_at.is_none() && now.role == user.role))
}

fn signed_in(
    parts: &Parts,
    user: User,
    session_id: SessionId,
    refresh_token: RefreshToken,
    now: Timestamp,
) -> Result<SignedIn, AuthError> {
    let expires_at = now.plus(parts.limits.access);
    let claims = Claims { user_id: user.id, session_id, role: user.role, name: user.name.clone(), expires_at };
    let access_token = parts.access_tokens.issue(&claims, now).map_err(PortError::Failed)?;
    let expires_in_seconds = parts.limits.access.as_secs();
    Ok(SignedIn { user, access_token, expires_in_seconds, refresh_token: refresh_token.into_text(), device_mark: None })
}

pub(super) async fn refresh(parts: Parts, Refresh { token, from }: Refresh) -> Result<SignedIn, AuthError> {
    // A token that was made up ends nothing: whoever learns the id of a sign-in could end it otherwise.
    let presented = RefreshToken::recognise(token, &*parts.secrets).ok_or(AuthError::InvalidGrant)?;
    for _ in 0..REFRESH_TRIES {
        if let Some(signed_in) = try_refresh(&parts, &presented, &from).await? {
            return Ok(signed_in);
        }
    }
    Err(PortError::Busy("sign-in").into())
}

/// `None` when somebody else has changed the family since it was read.
async fn try_refresh(parts: &Parts, presented: &RefreshToken, from: &Device) -> Result<Option<SignedIn>, AuthError> {
    let (id, now) = (presented.session_id(), parts.clock.now());
    let digest = presented.digest(&*parts.secrets);
    let family = parts.refresh_tokens.get(id).await?.ok_or(AuthError::InvalidGrant)?;
    let verdict = judge(&family, &digest, &parts.limits, now);
    if matches!(verdict, Verdict::Reuse | Verdict::Expired) {
        sessions::end(parts, id).await?;
        if verdict == Verdict::Reuse {
            note(parts, AuditEvent::RefreshTokenReused, (family.user_id, id), from).await;
        }
        return Err(AuthError::InvalidGrant);
    }
    // All that can fail comes before the rotation, so that a failure leaves the presented token as good as it was.
    let user = parts.accounts.by_id(family.user_id).await?.filter(|user| user.disabled_at.is_none());
    let user = user.ok_or(AuthError::InvalidGrant)?;
    let successor = presented.successor(&*parts.secrets);
    let next = successor.digest(&*parts.secrets);
    let answer = signed_in(parts, user, id, successor, now)?;
    let stands = verdict == Verdict::Again || parts.refresh_tokens.rotate(id, digest, next, now).await?;
    Ok(stands.then_some(answer))
}

pub(super) async fn rename(parts: Parts, Rename { user_id, name }: Rename) -> Result<User, AuthError> {
    let name = input::name(&name).map_err(|sentence| AuthError::Invalid(vec![("/name", sentence)]))?;
    parts.accounts.rename(user_id, name).await?.ok_or(AuthError::InvalidGrant)
}

pub(super) async fn create_key(parts: Parts, message: CreateKey) -> Result<(ApiKey, String), AuthError> {
    let CreateKey { user_id, name, mut scopes, expires_at, from } = message;
    let now = parts.clock.now();
    let mut wrong = Vec::new();
    let name = input::name(&name).unwrap_or_else(|sentence| {
        wrong.push(("/name", sentence));
        String::new()
    });
    if scopes.is_empty() {
        wrong.push(("/scopes", "must name at least one scope".to_owned()));
    }
    if expires_at.is_some_and(|at| at <= now) {
        wrong.push(("/expires_at", "must lie in the future".to_owned()));
    }
    if !wrong.is_empty() {
        return Err(AuthError::Invalid(wrong));
    }
    scopes.sort_unstable();
    scopes.dedup();
    let secret = format!("tcs_{}", parts.secrets.random());
    let prefix = secret.chars().take(12).collect();
    let key = ApiKey {
        id: ApiKeyId::new(now),
        user_id,
        name,
        scopes,
        prefix,
        created_at: now,
        last_used_at: None,
        expires_at,
    };
    parts.accounts.create_key(key.clone(), parts.secrets.digest(&secret), parts.limits.keys_per_user).await?;
    note(&parts, AuditEvent::ApiKeyMade, user_id, &from).await;
    Ok((key, secret))
}

pub(super) async fn keys(parts: Parts, Keys { user_id }: Keys) -> Result<Vec<ApiKey>, AuthError> {
    Ok(parts.accounts.keys_of(user_id).await?)
}

pub(super) async fn delete_key(parts: Parts, message: DeleteKey) -> Result<bool, AuthError> {
    let removed = parts.accounts.delete_key(message.user_id, message.key_id).await?;
    if removed {
        note(&parts, AuditEvent::ApiKeyRemoved, message.user_id, &message.from).await;
    }
    Ok(removed)
}

/// Removes sign-ins that have expired.
pub(super) async fn sweep(parts: Parts) {
    let now = parts.clock.now();
    let (idle, absolute) = (now.minus(parts.limits.refresh_idle), now.minus(parts.limits.refresh_absolute));
    parts.revoked.forget(now);
    if let Err(error) = parts.refresh_tokens.sweep(idle, absolute, now).await {
        slog::warn!(parts.log, "expired sign-ins could not be removed"; "error" => %error);
    }
    if let Err(error) = parts.audit.sweep(now.minus(parts.limits.audit_kept)).await {
        slog::warn!(parts.log, "old entries of the audit log could not be removed"; "error" => %error);
    }
    if let Err(error) = parts.invitations.sweep(now).await {
        slog::warn!(parts.log, "expired invitations could not be removed"; "error" => %error);
    }
    if let Err(error) = parts.mail.links.sweep(now).await {
        slog::warn!(parts.log, "expired links could not be removed"; "error" => %error);
    }
}

#[cfg(test)]
#[path = "work_tests.rs"]
mod tests;
