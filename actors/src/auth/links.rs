//! Links in mails: for a forgotten password, and for an address that is to be verified. Whoever asks for one learns
//! nothing: what depends on the account happens after the answer.

use std::sync::Arc;
use std::time::Duration;

use super::audit::note;
use super::letters::{self, Link, Occasion};
use super::messages::{AuthError, Register};
use super::newcomer::Newcomer;
use super::password::acceptable;
use super::password_messages::{ForgotPassword, RegisterUnverified, ResetPassword, VerifyEmail};
use super::{Parts, guard, sessions};
use crate::delivery::{Envelope, Letter, Post};
use crate::domain::{AuditEvent, Timestamp, User};
use crate::ports::{self, LinkKind, Links, NewLink, PortError};

/// Signing in with an address that is not verified mails a link at most so often.
const REMIND_EVERY: Duration = Duration::from_secs(300);
/// Longer than any token of ours.
const TOKEN_MAX: usize = 128;
/// A mail without a link is of use for so long.
const NEWS_LAST: Duration = Duration::from_secs(3_600);

/// Whether addresses are verified before anybody signs in with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// They are not.
    Off,
    /// They are.
    Required,
}

/// What mails to accounts need.
#[derive(Clone)]
pub struct MailParts {
    /// Where links are kept.
    pub links: Arc<dyn Links>,
    /// How mails go out.
    pub post: Post,
    /// What every mail has in common.
    pub envelope: Envelope,
    /// Whether addresses are verified.
    pub verification: Verification,
    /// How long a link for a new password is good.
    pub reset: Duration,
    /// How long a link that verifies an address is good.
    pub verify: Duration,
    /// Mails that an account gets in an hour; more are dropped without a word.
    pub per_hour: u32,
}

pub(super) async fn register(parts: Parts, RegisterUnverified(message): RegisterUnverified) -> Result<(), AuthError> {
    let Register { email, password, name, device } = message;
    parts.limits.registration.without_invitation()?;
    guard::from_address(&parts, &device).await?;
    let newcomer = Newcomer { email: email.clone(), password, name, role: None };
    match newcomer.enrol(&*parts.accounts, &*parts.passwords, &parts.policy, parts.clock.now()).await {
        Ok(user) => {
            note(&parts, AuditEvent::AccountMade, user.id, &device).await;
            send(&parts, user, Occasion::Registered);
            Ok(())
        }
        Err(AuthError::EmailTaken) => {
            send_to(&parts, email, |user| {
                if user.email_verified { Occasion::RegisteredAgain } else { Occasion::RegisteredUnconfirmed }
            });
            Ok(())
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn forgot(parts: Parts, ForgotPassword { email, device }: ForgotPassword) -> Result<(), AuthError> {
    guard::from_address(&parts, &device).await?;
    let later = parts.clone();
    parts.mail.post.later(async move {
        let Some(user) = of_address(&later, &email).await? else { return Ok(None) };
        let letter = letter(&later, &user, Occasion::Forgotten).await?;
        // Written down as often as mails go out, and not as often as somebody asks.
        if letter.is_some() {
            note(&later, AuditEvent::PasswordResetAsked, user.id, &device).await;
        }
        Ok(letter)
    });
    Ok(())
}

pub(super) async fn reset(parts: Parts, message: ResetPassword) -> Result<(), AuthError> {
    let ResetPassword { token, new_password, device } = message;
    guard::from_address(&parts, &device).await?;
    let digest = digest(&parts, &token)?;
    let links = &parts.mail.links;
    let found = links.peek(LinkKind::Reset, digest.clone(), parts.clock.now()).await?;
    let user = found.ok_or(AuthError::InvalidLink)?;
    let hash = parts.passwords.hash(acceptable(&parts, &new_password, &user)?).await?;
    // Before and after: if the store fails, the link is as good as it was; and whoever came in meanwhile goes too.
    sessions::end_all(&parts, user.id, None).await?;
    let user = links.reset(digest, hash, parts.clock.now()).await?.ok_or(AuthError::InvalidLink)?;
    sessions::end_all(&parts, user.id, None).await?;
    note(&parts, AuditEvent::PasswordReset, user.id, &device).await;
    send(&parts, user, Occasion::Changed);
    Ok(())
}

pub(super) async fn verify(parts: Parts, VerifyEmail { token, device }: VerifyEmail) -> Result<(), AuthError> {
    guard::from_address(&parts, &device).await?;
    let digest = digest(&parts, &token)?;
    let user = parts.mail.links.verify(digest, parts.clock.now()).await?.ok_or(AuthError::InvalidLink)?;
    note(&parts, AuditEvent::EmailVerified, user.id, &device).await;
    Ok(())
}

/// Whether somebody who has the password must verify the address first. If so, a mail says how, now and then.
pub(super) fn must_verify(parts: &Parts, user: &User) -> bool {
    let must = parts.mail.verification == Verification::Required && !user.email_verified;
    if must {
        send(parts, user.clone(), Occasion::Registered);
    }
    must
}

pub(super) fn digest(parts: &Parts, token: &str) -> Result<String, AuthError> {
    if token.len() > TOKEN_MAX { Err(AuthError::InvalidLink) } else { Ok(parts.secrets.digest(token)) }
}

/// Mails an account, after the answer.
pub(super) fn send(parts: &Parts, user: User, occasion: Occasion) {
    let later = parts.clone();
    parts.mail.post.later(async move { letter(&later, &user, occasion).await });
}

/// Mails the account of an address, if it has one, after the answer.
fn send_to(parts: &Parts, email: String, occasion: impl FnOnce(&User) -> Occasion + Send + 'static) {
    let later = parts.clone();
    parts.mail.post.later(async move {
        match of_address(&later, &email).await? {
            Some(user) => letter(&later, &user, occasion(&user)).await,
            None => Ok(None),
        }
    });
}

async fn of_address(parts: &Parts, email: &str) -> Result<Option<User>, PortError> {
    Ok(parts.accounts.by_email(email.trim().to_owned()).await?.map(|(user, _)| user))
}

/// Writes a mail, with a fresh link where one belongs into it; `None` when the account has had enough, or is shut.
async fn letter(parts: &Parts, user: &User, occasion: Occasion) -> Result<Option<Letter>, PortError> {
    if user.disabled_at.is_some() {
        return Ok(None);
    }
    let mail = &parts.mail;
    let now = parts.clock.now();
    let link = occasion.link().map(|kind| Fresh::new(parts, kind, now));
    let note = ports::AccountMail {
        user_id: user.id,
        link: link.as_ref().map(|link| link.stored.clone()),
        per_hour: if occasion.is_news() { u32::MAX } else { mail.per_hour },
        spacing: if occasion == Occasion::Registered { REMIND_EVERY } else { Duration::ZERO },
        now,
    };
    if !mail.links.issue(note).await? {
        slog::info!(parts.log, "an account gets no further mail for now"; "user" => %user.id);
        return Ok(None);
    }
    let shown = link.as_ref().map(|link| Link { url: &link.url, lasts: link.lasts });
    let email = letters::email(occasion, &user.email, shown, &mail.envelope, now);
    let until = link.as_ref().map_or(now.plus(NEWS_LAST), |link| link.stored.expires_at);
    Ok(Some(Letter { email, until }))
}

/// A link that was just made: what is stored of it, and what is mailed.
struct Fresh {
    stored: NewLink,
    url: String,
    lasts: Duration,
}

impl Fresh {
    fn new(parts: &Parts, kind: LinkKind, now: Timestamp) -> Self {
        let (page, lasts) = match kind {
            LinkKind::Reset => ("reset", parts.mail.reset),
            LinkKind::Verify => ("verify", parts.mail.verify),
        };
        let (digest, url) = fresh(parts, page);
        let stored = NewLink { kind, digest, expires_at: now.plus(lasts) };
        Self { stored, url, lasts }
    }
}

/// The digest of a new token of 256 bits, and the link with it to a page of ours.
pub(super) fn fresh(parts: &Parts, page: &str) -> (String, String) {
    let token = format!("tcl_{}", parts.secrets.random());
    let origin = parts.mail.envelope.public_url.trim_end_matches('/');
    (parts.secrets.digest(&token), format!("{origin}/{page}#token={token}"))
}
