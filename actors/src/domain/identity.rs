//! Who somebody is elsewhere.

use super::{IdentityId, Timestamp, UserId};

/// What a provider says of the person who signs in there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Who says it: a URL.
    pub issuer: String,
    /// Their number there. It never changes and is never given to another, unlike an address.
    pub subject: String,
    /// Their address.
    pub email: Option<String>,
    /// Whether the provider has seen that the address is theirs.
    pub email_verified: bool,
    /// What others see.
    pub name: Option<String>,
}

/// An account at a provider that signs somebody in here. Issuer and subject together are unique.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its identity here.
    pub id: IdentityId,
    /// Whom it signs in.
    pub user_id: UserId,
    /// The provider, as the configuration called it when this was linked.
    pub provider: String,
    /// Who says so: a URL.
    pub issuer: String,
    /// Their number there.
    pub subject: String,
    /// Their address there when this was linked.
    pub email: Option<String>,
    /// When this was linked.
    pub created_at: Timestamp,
}
