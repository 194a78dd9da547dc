//! How often somebody may try.

use std::time::Duration;

use async_trait::async_trait;

use super::PortError;

/// What is tried, and so how often it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// From one address, whatever the account.
    Address,
    /// At one account, wherever from; or, at that account, from one device that it has signed in on before.
    Account,
}

/// Counts attempts: so many at once, and after that so many a minute.
#[async_trait]
pub trait Throttle: Send + Sync + 'static {
    /// Counts one attempt of `who`. `Some` is how long to wait before the next one is allowed; that one was not counted.
    async fn attempt(&self, what: Counted, who: String) -> Result<Option<Duration>, PortError>;
}
