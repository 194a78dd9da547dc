//! The accounts as those who look after them see them.

use async_trait::async_trait;

use super::PortError;
use crate::domain::{ApiKeyId, Role, SessionId, Timestamp, User, UserId};

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
    /// When a sign-in that has not ended was last used.
    pub last_seen_at: Option<Timestamp>,
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
    /// `Some` takes away what the account held: ends its sign-ins, which is remembered until this instant, its mailed
    /// links, and the invitations that it made.
    pub end_until: Option<Timestamp>,
}

/// What a change did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserChanged {
    /// The account as it is now.
    pub row: UserRow,
    /// The sign-ins that have ended.
    pub ended: Vec<SessionId>,
    /// The API keys of the account; they are refused while it is shut.
    pub keys: Vec<ApiKeyId>,
}

/// The accounts. Those that are shut have no sign-in, get none, and their API keys and links are not found.
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
