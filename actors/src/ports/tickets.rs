//! Tickets: each opens one websocket, once, within moments. For clients that can set no header.

use async_trait::async_trait;

use super::PortError;
use crate::domain::{Principal, Role, SessionId, Timestamp, UserId};

/// Whom a ticket lets in. Plain data, so that any store can keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Who.
    pub user_id: UserId,
    /// Which of their sign-ins.
    pub session_id: SessionId,
    /// Their role when the ticket was issued.
    pub role: Role,
    /// Their name when the ticket was issued.
    pub name: String,
}

impl From<Grant> for Principal {
    fn from(Grant { user_id, session_id, role, name }: Grant) -> Self {
        Self::Person { user_id, session_id, role, name }
    }
}

/// The tickets that wait to be used.
#[async_trait]
pub trait Tickets: Send + Sync + 'static {
    /// Keeps a ticket, by the SHA-256 of it in hexadecimal, until `until`. [`PortError::Busy`] when too many wait.
    async fn issue(&self, digest: String, grant: Grant, now: Timestamp, until: Timestamp) -> Result<(), PortError>;

    /// Uses a ticket up: whom it lets in, to one caller only, before it expires.
    async fn take(&self, digest: String, now: Timestamp) -> Result<Option<Grant>, PortError>;
}
