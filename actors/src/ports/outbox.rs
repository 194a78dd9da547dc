//! Messages that are to go out: the transactional outbox.

use async_trait::async_trait;

use super::PortError;
use crate::domain::{Incident, IncidentId, Notification, NotificationId, Timestamp};

/// A message that is due, with the incident it tells of.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// The message.
    pub notification: Notification,
    /// The incident as it is now.
    pub incident: Incident,
}

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// The next server took it.
    Sent,
    /// It failed for now.
    Retry {
        /// Why, in a sentence.
        error: String,
        /// When to try next.
        at: Timestamp,
    },
    /// It failed for good.
    Dead {
        /// Why, in a sentence.
        error: String,
    },
}

/// The outbox. Entries come into it with [`super::Incidents`], in the same transaction.
#[async_trait]
pub trait Outbox: Send + Sync + 'static {
    /// Pending messages whose time has come, the longest waiting first.
    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, PortError>;

    /// When the next pending message after `now` comes due.
    async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, PortError>;

    /// Counts the try and notes its outcome; the incident with its new `seq`, or `None` when the message is not
    /// pending any more.
    async fn settle(&self, id: NotificationId, settlement: Settlement) -> Result<Option<Incident>, PortError>;

    /// Gives a dead message of this incident another life: it is due at `now`, and its tries count from none. The incident
    /// with its new `seq`, or `None` when it has no such message or the message is not dead.
    async fn revive(
        &self,
        incident: IncidentId,
        id: NotificationId,
        now: Timestamp,
    ) -> Result<Option<Incident>, PortError>;
}
