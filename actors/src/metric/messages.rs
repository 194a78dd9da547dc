//! What a watcher accepts.

use std::sync::Arc;
use std::time::Instant;

use actix::Message;

use crate::domain::{DocumentType, Timestamp};

/// One stored document, as far as rules care.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Its place in the store.
    pub place: u64,
    /// Its type.
    pub kind: DocumentType,
    /// When it counts.
    pub at: Timestamp,
}

/// Documents were stored. Sent once for each batch, after its commit.
#[derive(Debug, Clone, Message)]
#[rtype(result = "()")]
pub struct Observed {
    /// The documents that were new and that count.
    pub batch: Arc<[Observation]>,
    /// When they came, by the clock that counts.
    pub received_at: Timestamp,
    /// When the request that brought them was accepted, for how long it took.
    pub accepted_at: Instant,
}
