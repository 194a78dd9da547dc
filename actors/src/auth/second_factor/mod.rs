//! A second factor: codes of an authenticator app, and recovery codes for when it is lost.

pub mod code;
pub mod messages;
pub mod pending;

use std::sync::Arc;
use std::time::Duration;

use self::code::{Code, RECOVERY_CODES, recovery_code};
use self::messages::{Begin, Confirm, Look, Remove, Renew, Standing, SwitchOff};
use super::audit::{About, note};
use super::letters::Occasion;
use super::messages::{AuthError, Device};
use super::oauth::NO_PASSWORD;
use super::people::rules::{Refused, may_look_after};
use super::{Parts, guard, input, links, people};
use crate::domain::{AuditEvent, SessionId, User, UserId};
use crate::ports::{Enrolment, Otp, PortError, SecondFactor, SecondFactors, Verified};

/// What second factors need.
#[derive(Clone)]
pub struct SecondFactorParts {
    /// Where they are kept.
    pub store: Arc<dyn SecondFactors>,
    /// Makes secrets and checks codes.
    pub otp: Arc<dyn Otp>,
    /// Codes of an app that may be wrong in a row before the next has to wait.
    pub free_tries: u32,
}

/// What recovery codes are derived for; of no use for anything else.
const RECOVERY: &str = "recovery code:";
/// How long after signing in an account without a password may begin.
const RECENT: Duration = Duration::from_secs(600);

pub(super) async fn look(parts: Parts, Look { user_id }: Look) -> Result<Standing, AuthError> {
    let factor = enabled(&parts, user_id).await?;
    Ok(factor.map_or_else(Standing::default, |factor| Standing {
        enabled_at: factor.enabled_at,
        recovery_codes: factor.recovery_codes,
    }))
}

pub(super) async fn begin(parts: Parts, message: Begin) -> Result<Enrolment, AuthError> {
    let Begin { user_id, session_id, password, from } = message;
    let user = account(&parts, user_id).await?;
    // Whoever got hold of an access token must not lock the owner out.
    let (_, stored) = parts.accounts.by_email(user.email.clone()).await?.ok_or(AuthError::InvalidGrant)?;
    if stored == NO_PASSWORD {
        recently_signed_in(&parts, session_id).await?;
    } else {
        guard::at_account(&parts, &user.email, Some(user_id), &from).await?;
        let typed = input::normalised(&password.unwrap_or_default());
        let verified = parts.passwords.verify(typed, Some(stored)).await?;
        if !matches!(verified, Verified::Right | Verified::RightButOutdated) {
            note_failed_check(&parts, user_id, "password", &from).await;
            return Err(AuthError::InvalidCredentials);
        }
    }
    let enrolment = parts.second_factor.otp.enrol(user_id, &user.email)?;
    parts.second_factor.store.begin(user_id, enrolment.sealed.clone(), parts.clock.now()).await?;
    Ok(enrolment)
}

pub(super) async fn confirm(parts: Parts, Confirm { user_id, otp, from }: Confirm) -> Result<Vec<String>, AuthError> {
    let user = account(&parts, user_id).await?;
    guard::at_account(&parts, &user.email, Some(user_id), &from).await?;
    let waiting = parts.second_factor.store.get(user_id).await?;
    let waiting = waiting.ok_or(PortError::Conflict("second_factor_not_begun"))?;
    if waiting.enabled_at.is_some() {
        return Err(PortError::Conflict("second_factor_enabled").into());
    }
    // A recovery code cannot be meant: there are none yet.
    let Some(Code::Totp(digits)) = Code::parse(&otp) else { return Err(AuthError::InvalidOtp) };
    let Some(step) = step_of(&parts, &user, &waiting, &digits, &from).await? else {
        note_failed_check(&parts, user_id, "code", &from).await;
        return Err(AuthError::InvalidOtp);
    };
    let (shown, kept) = fresh_codes(&parts, user_id);
    let now = parts.clock.now();
    if !parts.second_factor.store.enable(user_id, waiting.sealed, step, kept, now).await? {
        // Begun once more meanwhile: the code belongs to the secret before.
        return Err(AuthError::InvalidOtp);
    }
    note(&parts, AuditEvent::SecondFactorEnabled, user_id, &from).await;
    links::send(&parts, user, Occasion::SecondFactorOn);
    Ok(shown)
}

pub(super) async fn renew(parts: Parts, Renew { user_id, otp, from }: Renew) -> Result<Vec<String>, AuthError> {
    shown_again(&parts, user_id, &otp, &from).await?;
    let (shown, kept) = fresh_codes(&parts, user_id);
    if !parts.second_factor.store.renew(user_id, kept).await? {
        return Err(PortError::Conflict("second_factor_not_begun").into());
    }
    note(&parts, AuditEvent::RecoveryCodesRenewed, user_id, &from).await;
    Ok(shown)
}

pub(super) async fn switch_off(parts: Parts, SwitchOff { user_id, otp, from }: SwitchOff) -> Result<(), AuthError> {
    let user = shown_again(&parts, user_id, &otp, &from).await?;
    if parts.second_factor.store.disable(user_id).await? {
        note(&parts, AuditEvent::SecondFactorDisabled, user_id, &from).await;
        links::send(&parts, user, Occasion::SecondFactorOff);
    }
    Ok(())
}

/// For somebody who has lost the app and the recovery codes.
pub(super) async fn remove(parts: Parts, Remove { by, id, from }: Remove) -> Result<bool, AuthError> {
    let asker = people::asker(&parts, by).await?;
    let Some(user) = parts.accounts.by_id(id).await? else { return Ok(false) };
    if by == id {
        // One's own takes a code: an access token alone must not be enough.
        return Err(Refused::OwnAccount.into());
    }
    may_look_after(&asker, user.role)?;
    if !parts.second_factor.store.disable(id).await? {
        return Ok(false);
    }
    note(&parts, AuditEvent::SecondFactorRemoved, About::from(id).by(by), &from).await;
    links::send(&parts, user, Occasion::SecondFactorOff);
    Ok(true)
}

/// At a sign-in, after everything else was right.
pub(super) async fn at_sign_in(parts: &Parts, user: &User, otp: Option<&str>, from: &Device) -> Result<(), AuthError> {
    let Some(factor) = enabled(parts, user.id).await? else { return Ok(()) };
    let Some(typed) = otp.map(str::trim).filter(|typed| !typed.is_empty()) else {
        // Whoever has found out the password comes as far as this.
        note(parts, AuditEvent::SecondFactorAsked, user.id, from).await;
        return Err(AuthError::OtpRequired);
    };
    if use_up(parts, user, &factor, typed, from).await? {
        return Ok(());
    }
    note(parts, AuditEvent::SignInFailed, user.id, from).await;
    Err(AuthError::InvalidCredentials)
}

/// The second factor of an account, if it is asked for.
pub(super) async fn enabled(parts: &Parts, user: UserId) -> Result<Option<SecondFactor>, PortError> {
    let factor = parts.second_factor.store.get(user).await?;
    Ok(factor.filter(|factor| factor.enabled_at.is_some()))
}

/// Somebody who is signed in shows the second factor once more.
async fn shown_again(parts: &Parts, user_id: UserId, otp: &str, from: &Device) -> Result<User, AuthError> {
    let user = account(parts, user_id).await?;
    guard::at_account(parts, &user.email, Some(user_id), from).await?;
    let factor = enabled(parts, user_id).await?.ok_or(PortError::Conflict("second_factor_not_begun"))?;
    if use_up(parts, &user, &factor, otp, from).await? {
        return Ok(user);
    }
    note_failed_check(parts, user_id, "code", from).await;
    Err(AuthError::InvalidOtp)
}

/// Stands in for the password of an account that has none: the provider has just said who it is.
async fn recently_signed_in(parts: &Parts, session_id: SessionId) -> Result<(), AuthError> {
    let family = parts.refresh_tokens.get(session_id).await?.ok_or(AuthError::InvalidGrant)?;
    let recent = parts.clock.now() < family.created_at.plus(RECENT);
    if recent { Ok(()) } else { Err(AuthError::RecentSignInRequired) }
}

async fn note_failed_check(parts: &Parts, user: UserId, what: &str, from: &Device) {
    note(parts, AuditEvent::CheckFailed, About::from(user).with(what), from).await;
}

/// Whether the code is right; then it is so no more.
async fn use_up(
    parts: &Parts,
    user: &User,
    factor: &SecondFactor,
    typed: &str,
    from: &Device,
) -> Result<bool, AuthError> {
    let store = &parts.second_factor.store;
    match Code::parse(typed) {
        None => Ok(false),
        Some(Code::Totp(digits)) => match step_of(parts, user, factor, &digits, from).await? {
            Some(step) => Ok(store.use_step(user.id, step).await?),
            None => Ok(false),
        },
        // 50 bits are not guessed, so whoever guesses at the app's codes does not keep the owner from using one.
        Some(Code::Recovery(code)) => {
            let used = store.use_recovery_code(user.id, kept(parts, user.id, &code)).await?;
            if used {
                note(parts, AuditEvent::RecoveryCodeUsed, user.id, from).await;
            }
            Ok(used)
        }
    }
}

/// The time step that a code belongs to, if it is one that counts. The try is counted before it is looked at.
async fn step_of(
    parts: &Parts,
    user: &User,
    factor: &SecondFactor,
    digits: &str,
    from: &Device,
) -> Result<Option<i64>, AuthError> {
    let SecondFactorParts { store, otp, free_tries } = &parts.second_factor;
    let now = parts.clock.now();
    if let Some(wait) = store.attempt(user.id, *free_tries, now).await? {
        note(parts, AuditEvent::TooManyAttempts, user.id, from).await;
        return Err(AuthError::TooMany(wait));
    }
    for step in code::steps(now, factor.last_step) {
        if otp.is_code(user.id, &factor.sealed, step.unsigned_abs(), digits)? {
            return Ok(Some(step));
        }
    }
    Ok(None)
}

async fn account(parts: &Parts, id: UserId) -> Result<User, AuthError> {
    parts.accounts.by_id(id).await?.ok_or(AuthError::InvalidGrant)
}

/// New recovery codes: as they are shown, and as they are kept.
fn fresh_codes(parts: &Parts, user: UserId) -> (Vec<String>, Vec<String>) {
    let shown: Vec<String> =
        (0..RECOVERY_CODES).map(|_| recovery_code(&parts.secrets.digest(&parts.secrets.random()))).collect();
    let kept = shown.iter().map(|code| kept(parts, user, &code.replace('-', ""))).collect();
    (shown, kept)
}

/// Derived with the key of the installation: 50 bits behind a plain digest could be searched in a stolen database.
fn kept(parts: &Parts, user: UserId, code: &str) -> String {
    parts.secrets.derive(&format!("{RECOVERY}{user}:{code}"))
}
