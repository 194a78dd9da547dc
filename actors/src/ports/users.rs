//! The accounts as those who look after them see them.

use async_trait::async_trait;

use super::PortError;
use crate::domain::{ApiKeyId, Role, Timestamp, User, UserId};

/// Which accounts, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListUsers {
    /// Those with this in the address or the name, without regard to case; all when empty.
    pub containing: String,
    /// Made after this one.
    pub after: Option<UserId>,
    /// At most so many.
    pub limit: usize,
}

/// An account, and what is known beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// The account.
    pub user: User,
    /// Whether signing in takes a second factor.
    pub second_factor: bool,
}

/// What is to become of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserChange {
    /// The account as it was when this was decided.
    pub seen: User,
    /// What they may do from now on.
    pub role: Role,
    /// Since when it is shut.
    pub disabled_at: Option<Timestamp>,
    /// Whether its mailed links end, and the invitations that it made.
    pub takes_away: bool,
}

/// What a change did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserChanged {
    /// The account as it is now.
    pub row: UserRow,
    /// The API keys of the account; they are refused while it is shut.
    pub keys: Vec<ApiKeyId>,
}

/// The accounts. The API keys and links of those that are shut are not found. Sign-ins are kept elsewhere
/// ([`super::RefreshTokens`]); who shuts an account ends them there.
#[async_trait]
pub trait Users: Send + Sync + 'static {
    /// Reads accounts, the oldest first.
    async fn list(&self, query: ListUsers) -> Result<Vec<UserRow>, PortError>;

    /// One account.
    async fn get(&self, id: UserId) -> Result<Option<UserRow>, PortError>;

    /// Changes an account if its role and whether it is shut are as they were seen: compare and set. `None` when not.
    /// [`PortError::Conflict`] `last_owner` when no owner would be left who is not shut out.
    async fn change(&self, change: UserChange) -> Result<Option<UserChanged>, PortError>;
}
