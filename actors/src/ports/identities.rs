//! Where it is kept who signs in by which account elsewhere.

use async_trait::async_trait;

use super::{NewUser, PortError};
use crate::domain::{Identity, IdentityId, InvitationId, Timestamp, User, UserId};

/// Accounts elsewhere, unique by issuer and subject.
#[async_trait]
pub trait Identities: Send + Sync + 'static {
    /// The account that this identity signs in.
    async fn owner(&self, issuer: String, subject: String) -> Result<Option<User>, PortError>;

    /// Stores an identity of an account there is. [`PortError::Conflict`] `identity_taken` when it is somebody else's;
    /// the same once more changes nothing.
    async fn link(&self, identity: Identity) -> Result<(), PortError>;

    /// Makes an account, its address verified, together with its first identity. [`PortError::Conflict`] `email_taken`
    /// or `identity_taken`, and
    /// `invitation_gone` when it is made by an invitation that is not good at `user.created_at` for its address and role.
    async fn create(
        &self,
        user: NewUser,
        identity: Identity,
        invitation: Option<InvitationId>,
    ) -> Result<User, PortError>;

    /// The identities of an account, oldest first.
    async fn of(&self, user: UserId) -> Result<Vec<Identity>, PortError>;

    /// Removes an identity of an account; whether it was there. [`PortError::Conflict`] `last_sign_in` when the account
    /// has no password and no other identity.
    async fn unlink(&self, user: UserId, id: IdentityId) -> Result<bool, PortError>;

    /// Notes that a try to sign in came back; whether it was the first time. Forgets those from before `forget_before`.
    async fn use_once(&self, digest: String, now: Timestamp, forget_before: Timestamp) -> Result<bool, PortError>;
}
