//! Who of several servers does what only one may do.

use async_trait::async_trait;

use super::PortError;

/// How a lease stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lease {
    /// Who has it; nobody, where it was given back or never taken.
    pub holder: Option<String>,
    /// Rises whenever it is taken, renewed or given back. One that stands still for as long as a lease lasts is of a
    /// holder that is gone. So nobody has to know what time it is elsewhere.
    pub turn: u64,
}

/// The leases, in the store that all servers have in common.
#[async_trait]
pub trait Leases: Send + Sync + 'static {
    /// How a lease stands; one that nobody ever took is nobody's, at turn 0.
    async fn look(&self, name: &'static str) -> Result<Lease, PortError>;

    /// Takes or renews a lease for `holder`: when it is nobody's, or the holder's already, or when it still is at the turn
    /// `expired`. Returns how it stands then: the holder's with a new turn, or as it was.
    async fn claim(&self, name: &'static str, holder: &str, expired: Option<u64>) -> Result<Lease, PortError>;

    /// Gives it back; whether the holder had it.
    async fn release(&self, name: &'static str, holder: &str) -> Result<bool, PortError>;
}
