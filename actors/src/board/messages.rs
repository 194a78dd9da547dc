//! What the board accepts.

use std::sync::Arc;
use std::time::Instant;

use actix::Message;

use crate::domain::event::RuleStatus;
use crate::domain::{Incident, RuleId, Timestamp};
use crate::session::outbox::Outbox;

/// A rule was judged. A judgement that finds the mailbox full may be missed: the next one says it all.
#[derive(Debug, Clone, Message)]
#[rtype(result = "()")]
pub struct Judged {
    /// The rule as it is now.
    pub status: RuleStatus,
    /// When it was judged.
    pub at: Timestamp,
    /// When the request that caused it was accepted.
    pub accepted_at: Option<Instant>,
}

/// A rule watches no more.
#[derive(Debug, Clone, Copy, Message)]
#[rtype(result = "()")]
pub struct Forget {
    /// Which.
    pub rule: RuleId,
}

/// An incident changed, and that is stored.
#[derive(Debug, Clone, Message)]
#[rtype(result = "()")]
pub struct Changed {
    /// The incident as it was stored, with the number of the change.
    pub incident: Incident,
    /// When the request that caused it was accepted.
    pub accepted_at: Option<Instant>,
}

/// Incidents may have changed at another server.
#[derive(Debug, Clone, Copy, Message)]
#[rtype(result = "()")]
pub struct Refresh;

/// A viewer came: send a snapshot, then everything that changes.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Watch {
    /// Where to send it.
    pub outbox: Arc<Outbox>,
}

/// A viewer came back: send every change it has not seen, once.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Replay {
    /// Where to send it.
    pub outbox: Arc<Outbox>,
    /// The last change it saw.
    pub after: u64,
}
