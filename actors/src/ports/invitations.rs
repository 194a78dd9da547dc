//! Where invitations wait. They lie beside the accounts, which they make.

use async_trait::async_trait;

use super::{NewUser, PortError};
use crate::domain::{Invitation, InvitationId, Role, Timestamp, User, UserId};

/// An invitation that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// Its identity.
    pub id: InvitationId,
    /// The SHA-256 of its token, in hexadecimal.
    pub digest: String,
    /// The address.
    pub email: String,
    /// What the account will be allowed to do.
    pub role: Role,
    /// Who invites.
    pub invited_by: UserId,
    /// Now.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// The invitations. An account that is made with an invited address ends the invitation, however it is made.
#[async_trait]
pub trait Invitations: Send + Sync + 'static {
    /// Stores an invitation; an earlier one of the same address, without regard to case, ends. `None`, and nothing is
    /// changed, when who invites may not look after accounts of the role, or not any more. [`PortError::Conflict`]
    /// `email_taken` when the address has an account, `too_many_invitations` when `limit` others wait already.
    async fn invite(&self, new: NewInvitation, limit: usize) -> Result<Option<Invitation>, PortError>;

    /// Those that wait, the oldest first.
    async fn pending(&self, now: Timestamp) -> Result<Vec<Invitation>, PortError>;

    /// Ends an invitation; whether it was there.
    async fn withdraw(&self, id: InvitationId) -> Result<bool, PortError>;

    /// The invitation of a token, while it is good. Changes nothing.
    async fn peek(&self, digest: String, now: Timestamp) -> Result<Option<Invitation>, PortError>;

    /// The invitation of an address, without regard to case, while it is good. Changes nothing.
    async fn of_address(&self, email: String, now: Timestamp) -> Result<Option<Invitation>, PortError>;

    /// Uses up an invitation and makes the account, in one step: with the address and the role of the invitation, the
    /// address verified. `None`, and nothing is changed, when it is not good at `user.created_at`.
    /// [`PortError::Conflict`] `email_taken`.
    async fn accept(&self, digest: String, user: NewUser) -> Result<Option<User>, PortError>;

    /// Removes what has expired.
    async fn sweep(&self, now: Timestamp) -> Result<(), PortError>;
}
