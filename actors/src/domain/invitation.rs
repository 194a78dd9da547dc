//! Invitations to make an account.

use super::{InvitationId, Role, Timestamp, UserId};

/// An invitation that waits. Its token is mailed and never stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its identity.
    pub id: InvitationId,
    /// The address that is invited, and that the account will have.
    pub email: String,
    /// What the account will be allowed to do.
    pub role: Role,
    /// Who invites.
    pub invited_by: UserId,
    /// What others see of them, as it is now.
    pub inviter: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}
