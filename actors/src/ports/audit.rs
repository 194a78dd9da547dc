//! Where it is written down what happened to accounts and sign-ins.

use async_trait::async_trait;

use super::PortError;
use crate::domain::{AuditEntry, AuditEvent, AuditId, Timestamp, UserId};

/// Which entries, the latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListAudit {
    /// Of one account only.
    pub user_id: Option<UserId>,
    /// Of one kind only.
    pub event: Option<AuditEvent>,
    /// Older than this one.
    pub before: Option<AuditId>,
    /// At most so many.
    pub limit: usize,
}

/// The audit log.
#[async_trait]
pub trait Audit: Send + Sync + 'static {
    /// Writes an entry.
    async fn append(&self, entry: AuditEntry) -> Result<(), PortError>;

    /// Reads entries, the latest first.
    async fn list(&self, query: ListAudit) -> Result<Vec<AuditEntry>, PortError>;

    /// Removes entries from before `before`; how many.
    async fn sweep(&self, before: Timestamp) -> Result<u64, PortError>;
}
