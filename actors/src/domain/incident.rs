//! Incidents and the messages that tell of them.

use super::{IncidentId, NotificationId, RuleId, Timestamp};

/// Where an incident stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncidentState {
    /// The value is over the line.
    Firing,
    /// It came back.
    Resolved,
}

impl IncidentState {
    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Resolved => "resolved",
        }
    }
}

/// One ringing of one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// Its identity.
    pub id: IncidentId,
    /// Whose line was crossed.
    pub rule_id: RuleId,
    /// The rule's name when it rang.
    pub rule_name: String,
    /// Firing or resolved.
    pub state: IncidentState,
    /// The value last judged while firing; once resolved, the value at which it came back.
    pub value: f64,
    /// The furthest value over the line.
    pub peak: f64,
    /// The line when it rang.
    pub threshold: f64,
    /// The instant at which the line was crossed.
    pub started_at: Timestamp,
    /// The instant at which the value came back.
    pub resolved_at: Option<Timestamp>,
    /// The name of who said "I am on it".
    pub acknowledged_by: Option<String>,
    /// The group, for rules that have groups.
    pub group: Option<String>,
    /// People were not told of it, because it was silent, and still are not.
    pub silenced: bool,
    /// Rises with every change of any incident of the installation; what `resume` counts by.
    pub seq: u64,
    /// What was sent, to whom, and how that went.
    pub notifications: Vec<Notification>,
}

/// Which change of an incident a message tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transition {
    /// It began.
    Firing,
    /// It goes on.
    Reminder,
    /// It ended.
    Resolved,
}

impl Transition {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Firing, Self::Reminder, Self::Resolved];

    /// The word that is stored, and that is part of the Message-ID.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Reminder => "reminder",
            Self::Resolved => "resolved",
        }
    }
}

/// By what means a message goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// E-mail.
    Email,
    /// A message in a chat room.
    Room,
    /// A signed request to a server of somebody's.
    Webhook,
}

impl Channel {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Email, Self::Room, Self::Webhook];

    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Room => "room",
            Self::Webhook => "webhook",
        }
    }
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationState {
    /// Not tried yet, or waiting for its next try (`attempts` and `last_error` tell which).
    Pending,
    /// The next server took it.
    Sent,
    /// Given up: refused for good, or tried too often.
    Dead,
}

impl NotificationState {
    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Dead => "dead",
        }
    }
}

/// One message to one recipient about one change of one incident: an entry of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Its identity.
    pub id: NotificationId,
    /// Which change it tells of.
    pub transition: Transition,
    /// By what means.
    pub channel: Channel,
    /// The recipient, in the channel's own form.
    pub to: String,
    /// Where it stands.
    pub state: NotificationState,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last try failed, in a sentence.
    pub last_error: Option<String>,
    /// When to try next; meaningful while pending.
    pub next_attempt_at: Timestamp,
}
