//! Where silences are kept.

use async_trait::async_trait;

use super::PortError;
use crate::domain::{Silence, SilenceId, Timestamp};

/// The silences.
#[async_trait]
pub trait Silences: Send + Sync + 'static {
    /// All of them, in the order in which they were made.
    async fn list(&self) -> Result<Vec<Silence>, PortError>;

    /// Stores a new one, unless there are `max` already ([`PortError::Conflict`] with `too_many_silences`). Those of once
    /// that ended before `forget_before` are forgotten.
    async fn create(&self, silence: Silence, max: usize, forget_before: Timestamp) -> Result<(), PortError>;

    /// Removes one; `false` when there is none.
    async fn remove(&self, id: SilenceId) -> Result<bool, PortError>;
}
