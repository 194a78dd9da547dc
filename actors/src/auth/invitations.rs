//! Inviting people, and making an account by an invitation.

use actix::Message;

use super::audit::{About, note};
use super::letters::{self, Link, Occasion};
use super::messages::{AuthError, Device, SignedIn};
use super::newcomer::Newcomer;
use super::people::asker;
use super::people::rules::{Refused, may_look_after};
use super::state::Registration;
use super::{Parts, guard, input, links, work};
use crate::delivery::Letter;
use crate::domain::{AuditEvent, Invitation, InvitationId, Role, UserId};
use crate::ports::{NewInvitation, PortError};

/// Invite an address: mails it a link. Takes the place of an earlier invitation of the same address.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<Invitation, AuthError>")]
pub struct Invite {
    /// Who invites.
    pub by: UserId,
    /// The address.
    pub email: String,
    /// What the account will be allowed to do.
    pub role: Role,
    /// Where from.
    pub from: Device,
}

/// End an invitation; whether it was there.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<bool, AuthError>")]
pub struct Withdraw {
    /// Who asks.
    pub by: UserId,
    /// Which.
    pub id: InvitationId,
    /// Where from.
    pub from: Device,
}

/// Read an invitation by its token. Changes nothing.
#[derive(Clone, Message)]
#[rtype(result = "Result<Invitation, AuthError>")]
pub struct PeekInvitation {
    /// The token of the mailed link.
    pub token: String,
    /// Where from.
    pub device: Device,
}

/// Make an account by an invitation and sign in.
#[derive(Clone, Message)]
#[rtype(result = "Result<SignedIn, AuthError>")]
pub struct Join {
    /// The token of the mailed link.
    pub token: String,
    /// The address, if they gave one; it must be the invited one.
    pub email: Option<String>,
    /// The password.
    pub password: String,
    /// What others see.
    pub name: String,
    /// Where from.
    pub device: Device,
}

pub(super) async fn invite(parts: Parts, message: Invite) -> Result<Invitation, AuthError> {
    let Invite { by, email, role, from } = message;
    if parts.limits.registration == Registration::Closed {
        return Err(AuthError::RegistrationClosed);
    }
    may_look_after(&asker(&parts, by).await?, role)?;
    let email = input::email(&email).map_err(|sentence| AuthError::Invalid(vec![("/email", sentence)]))?;
    guard::inviting(&parts, &email, by, &from).await?;
    let now = parts.clock.now();
    let lasts = parts.limits.invitation;
    let (digest, url) = links::fresh(&parts, "join");
    let id = InvitationId::new(now);
    let new = NewInvitation { id, digest, email, role, invited_by: by, created_at: now, expires_at: now.plus(lasts) };
    let stored = parts.invitations.invite(new, parts.limits.invitations).await.map_err(|error| match error {
        PortError::Conflict("email_taken") => AuthError::EmailTaken,
        PortError::Conflict("too_many_invitations") => AuthError::TooManyInvitations,
        error => error.into(),
    })?;
    let invitation = stored.ok_or(Refused::AdminRequired)?;
    let envelope = &parts.mail.envelope;
    let email = letters::email(Occasion::Invited, &invitation.email, Some(Link { url: &url, lasts }), envelope, now);
    let letter = Letter { email, until: invitation.expires_at };
    parts.mail.post.later(async move { Ok(Some(letter)) });
    note(&parts, AuditEvent::InvitationMade, about(&invitation).by(by), &from).await;
    Ok(invitation)
}

pub(super) async fn withdraw(parts: Parts, Withdraw { by, id, from }: Withdraw) -> Result<bool, AuthError> {
    let asker = asker(&parts, by).await?;
    let pending = parts.invitations.pending(parts.clock.now()).await?;
    let Some(invitation) = pending.into_iter().find(|one| one.id == id) else { return Ok(false) };
    may_look_after(&asker, invitation.role)?;
    let withdrawn = parts.invitations.withdraw(id).await?;
    if withdrawn {
        note(&parts, AuditEvent::InvitationWithdrawn, about(&invitation).by(by), &from).await;
    }
    Ok(withdrawn)
}

/// There is no account yet that an entry could be about, so it says the address.
fn about(invitation: &Invitation) -> About {
    About::default().with(format!("{} as {}", invitation.email, invitation.role.as_str()))
}

pub(super) async fn peek(parts: Parts, message: PeekInvitation) -> Result<Invitation, AuthError> {
    guard::from_address(&parts, &message.device).await?;
    let digest = links::digest(&parts, &message.token)?;
    found(&parts, digest).await
}

async fn found(parts: &Parts, digest: String) -> Result<Invitation, AuthError> {
    if parts.limits.registration == Registration::Closed {
        return Err(AuthError::InvalidLink);
    }
    parts.invitations.peek(digest, parts.clock.now()).await?.ok_or(AuthError::InvalidLink)
}

/// Writes down who came, and by whom.
pub(super) async fn note_accepted(parts: &Parts, invitation: &Invitation, user: UserId, device: &Device) {
    let by = format!("invited by {}", invitation.invited_by);
    note(parts, AuditEvent::InvitationAccepted, About::from(user).with(by), device).await;
}

pub(super) async fn join(parts: Parts, message: Join) -> Result<SignedIn, AuthError> {
    let Join { token, email, password, name, device } = message;
    if parts.limits.registration == Registration::Closed {
        return Err(AuthError::RegistrationClosed);
    }
    guard::from_address(&parts, &device).await?;
    let digest = links::digest(&parts, &token)?;
    let invitation = found(&parts, digest.clone()).await?;
    let invited = invitation.email.to_lowercase();
    if email.is_some_and(|email| email.trim().to_lowercase() != invited) {
        let sentence = "must be the address that was invited, or left out".to_owned();
        return Err(AuthError::Invalid(vec![("/email", sentence)]));
    }
    let newcomer = Newcomer { email: invitation.email.clone(), password, name, role: Some(invitation.role) };
    let new = newcomer.hashed(&*parts.passwords, &parts.policy, parts.clock.now()).await?;
    let made = parts.invitations.accept(digest, new).await.map_err(|error| match error {
        PortError::Conflict("email_taken") => AuthError::EmailTaken,
        error => error.into(),
    })?;
    let user = made.ok_or(AuthError::InvalidLink)?;
    note(&parts, AuditEvent::AccountMade, user.id, &device).await;
    note_accepted(&parts, &invitation, user.id, &device).await;
    work::begin(&parts, user, device).await
}
