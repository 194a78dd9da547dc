//! What live connections are told.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use bytestring::ByteString;

use super::{Answer, Comparison, Export, Incident, Refusal, ReplyTo, RoomEvent, RuleId, RuleState, Timestamp};

/// A rule as a dashboard shows it now.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleStatus {
    /// Which rule.
    pub rule_id: RuleId,
    /// Its name.
    pub name: String,
    /// The measure over the window, now; nothing where there is nothing to measure. Of a rule with groups, that of the
    /// furthest.
    pub value: Option<f64>,
    /// Which group that is.
    pub group: Option<String>,
    /// The line.
    pub threshold: f64,
    /// On which side of it the rule rings.
    pub comparison: Comparison,
    /// The length of the window in seconds.
    pub window_seconds: u64,
    /// Where it stands.
    pub state: RuleState,
    /// Since when it is in that state.
    pub since: Timestamp,
}

/// A file that was asked for, as its owner sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportView {
    /// What was asked for, and what became of it.
    pub export: Export,
    /// Documents that are written.
    pub written: u64,
    /// Documents in all, once that is known.
    pub total: Option<u64>,
    /// The link, while there is a file.
    pub url: Option<String>,
}

/// News for live connections, in the past tense.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Everything a dashboard needs to begin with.
    Snapshot {
        /// The highest change that is in it.
        seq: u64,
        /// Every rule that watches.
        rules: Vec<RuleStatus>,
        /// What is firing, and the latest that were resolved.
        incidents: Vec<Incident>,
    },
    /// The value of a rule moved.
    Metric {
        /// Which rule.
        rule_id: RuleId,
        /// Its value; nothing where there is nothing to measure.
        value: Option<f64>,
        /// Of which group, where the rule has groups.
        group: Option<String>,
        /// Its line.
        threshold: f64,
        /// When it was judged.
        at: Timestamp,
    },
    /// A rule is new, was changed, or stands elsewhere.
    Rule {
        /// The rule as it is now.
        status: RuleStatus,
    },
    /// A rule watches no more.
    RuleRemoved {
        /// Which.
        rule_id: RuleId,
    },
    /// An incident changed.
    Alert {
        /// The incident as it is now; its `seq` is the event's.
        incident: Incident,
    },
    /// Something happened to a file that somebody asked for.
    Export(Box<ExportView>),
    /// Something happened in a room.
    Room(RoomEvent),
    /// The answer to a client's request.
    Reply {
        /// Which request.
        to: ReplyTo,
        /// What it came to.
        result: Result<Answer, Refusal>,
    },
    /// The answer to a client's ping.
    Pong,
    /// A client's frame was refused.
    Refused {
        /// A stable slug.
        code: &'static str,
        /// A sentence that says what to do.
        detail: String,
    },
}

impl Event {
    /// Whether a slow reader may miss it: the next one of its kind says it all.
    #[must_use]
    pub fn is_droppable(&self) -> bool {
        match self {
            Self::Metric { .. } => true,
            Self::Room(event) => event.is_droppable(),
            _ => false,
        }
    }
}

/// An event on its way to many connections, encoded at most once for each wire format.
#[derive(Debug)]
pub struct Broadcast {
    /// What happened.
    pub event: Event,
    /// When the request that caused it was accepted, for the latency histogram.
    pub accepted_at: Option<Instant>,
    json: OnceLock<Option<ByteString>>,
    socketio: OnceLock<Option<ByteString>>,
}

impl Broadcast {
    /// Wraps an event for sending.
    #[must_use]
    pub fn new(event: Event, accepted_at: Option<Instant>) -> Arc<Self> {
        Arc::new(Self { event, accepted_at, json: OnceLock::new(), socketio: OnceLock::new() })
    }

    /// The JSON text, made by `encode` the first time anybody asks; `None` for what is not sent on plain websockets.
    pub fn json(&self, encode: impl FnOnce(&Event) -> Option<String>) -> Option<&ByteString> {
        self.json.get_or_init(|| encode(&self.event).map(ByteString::from)).as_ref()
    }

    /// The Socket.IO packet, likewise.
    pub fn socketio(&self, encode: impl FnOnce(&Event) -> Option<String>) -> Option<&ByteString> {
        self.socketio.get_or_init(|| encode(&self.event).map(ByteString::from)).as_ref()
    }
}
