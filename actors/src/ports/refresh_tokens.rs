//! Refresh tokens: a family for each sign-in, of which one token is live (RFC 9700, section 4.14.2).

use async_trait::async_trait;

use super::PortError;
use crate::domain::{SessionId, Timestamp, UserId};

/// A sign-in on one device. Tokens themselves are never stored, only their SHA-256 in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The sign-in; `sid` of its access tokens.
    pub id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// The digest of the live token.
    pub current: String,
    /// The digest of the one before it.
    pub previous: Option<String>,
    /// When the live one replaced the one before it.
    pub rotated_at: Timestamp,
    /// When they signed in.
    pub created_at: Timestamp,
    /// The device, as it names itself.
    pub user_agent: String,
    /// The address it was last used from.
    pub ip: String,
}

/// The families of refresh tokens.
#[async_trait]
pub trait RefreshTokens: Send + Sync + 'static {
    /// Stores a fresh family.
    async fn start(&self, family: Family) -> Result<(), PortError>;

    /// One family.
    async fn get(&self, id: SessionId) -> Result<Option<Family>, PortError>;

    /// Makes `next` the live token if `presented` still is: compare and set. Returns whether it was.
    async fn rotate(&self, id: SessionId, presented: String, next: String, now: Timestamp) -> Result<bool, PortError>;

    /// The families of a user, the last used first.
    async fn of_user(&self, user: UserId) -> Result<Vec<Family>, PortError>;

    /// Ends a family and remembers that until `until`, when its last access token has expired; whether it was there.
    async fn end(&self, id: SessionId, until: Timestamp) -> Result<bool, PortError>;

    /// The families that have ended, each with how long that is remembered; none for which that is over.
    async fn ended(&self, now: Timestamp) -> Result<Vec<(SessionId, Timestamp)>, PortError>;

    /// Removes families not rotated since `idle_before`, or begun before `absolute_before`; how many. A store in which
    /// they expire by themselves removes none. Forgets ends that are remembered no longer than `now`.
    async fn sweep(&self, idle_before: Timestamp, absolute_before: Timestamp, now: Timestamp)
    -> Result<u64, PortError>;
}
