//! The time of day, and waiting for it.

use futures_util::future::BoxFuture;

use crate::domain::Timestamp;

/// Tells the time. Tests move one by hand, so nothing else in the house asks the system for it.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// Completes when the clock shows `at` or later.
    fn until(&self, at: Timestamp) -> BoxFuture<'static, ()>;
}
