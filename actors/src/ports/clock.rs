//! The time of day, and waiting for it.

use futures_util::future::BoxFuture;

use crate::domain::Timestamp;

/// Tells the time. Tests move one by hand, so nothing else in the house asks the system for it.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// Completes when the clock shows `at` or later.
    fn until(&self, at: Timestamp) -> BoxFuture<'static, ()>;

    /// The time that all servers of the installation agree on is this many milliseconds later than [`Clock::now`], or
    /// earlier where it is negative. A clock that cannot be corrected goes on as it is.
    fn correct(&self, _by_millis: i64) {}
}
