//! What a watcher accepts.

use std::time::Instant;

use actix::Message;

use super::plan::Sample;
use crate::domain::Timestamp;

/// Documents that the rule takes were stored. Sent once for each batch, after its commit.
#[derive(Debug, Clone, Message)]
#[rtype(result = "()")]
pub struct Observed {
    /// Those that were new and that count.
    pub samples: Vec<Sample>,
    /// When they came, by the clock that counts.
    pub received_at: Timestamp,
    /// When the request that brought them was accepted, for how long it took.
    pub accepted_at: Instant,
}

/// Silences are other ones now.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct LookAgain;

/// Judge no more, because the rule changes or goes: what is not stored yet is left to whoever comes after. Answered when
/// nothing is under way.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct StandDown;
