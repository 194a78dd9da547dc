//! What a session accepts from its carrier.

use actix::Message;

use crate::domain::IncidentId;

/// A client's frame, decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub enum Command {
    /// Are you there?
    Ping,
    /// "I am on it."
    Acknowledge {
        /// Which incident.
        incident: IncidentId,
    },
    /// Send every change after this one.
    Resume {
        /// The last change that was seen.
        after: u64,
    },
}

/// The carrier is gone.
#[derive(Debug, Clone, Copy, Message)]
#[rtype(result = "()")]
pub struct Hangup;
