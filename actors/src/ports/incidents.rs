//! Where incidents are kept, together with the messages that tell of them.

use async_trait::async_trait;

use super::PortError;
use crate::domain::{Incident, IncidentId, IncidentState, Notification, RuleId, Timestamp};

/// The answer to [`Incidents::open`].
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The incident that is firing now for the rule and group.
    pub incident: Incident,
    /// Whether this call made it; `false` when another had.
    pub fresh: bool,
}

/// How an incident moves on.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The value moved while firing; not news, so `seq` stays.
    Progress {
        /// The value judged last.
        value: f64,
        /// The furthest so far.
        peak: f64,
    },
    /// The value came back.
    Resolve {
        /// When.
        at: Timestamp,
        /// The value at which it did.
        value: f64,
        /// The furthest there was.
        peak: f64,
        /// The messages that tell of it.
        notifications: Vec<Notification>,
    },
    /// The silence in which it began is over, and people are told of it.
    Ring {
        /// The messages that tell of it.
        notifications: Vec<Notification>,
    },
    /// It goes on, and people are told again; not news, so `seq` stays.
    Remind {
        /// The messages that tell of it.
        notifications: Vec<Notification>,
    },
    /// Somebody said "I am on it". The first one stays.
    Acknowledge {
        /// Their name.
        by: String,
    },
}

/// A page of incidents, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListIncidents {
    /// In one state only.
    pub state: Option<IncidentState>,
    /// Continue after this one.
    pub after: Option<IncidentId>,
    /// At most so many.
    pub limit: usize,
}

/// The incidents. Every news-worthy change takes the next number of one sequence, which is the incident's `seq`.
#[async_trait]
pub trait Incidents: Send + Sync + 'static {
    /// Stores a new incident and its messages in one transaction; or, where one is firing for the same rule and group,
    /// changes nothing and returns that one. The `seq` of the argument is ignored.
    async fn open(&self, incident: Incident) -> Result<Opened, PortError>;

    /// Applies a change; messages are stored in the same transaction. `None` when there is no such incident, or when
    /// it is resolved already and the change is [`Change::Progress`], [`Change::Ring`], [`Change::Remind`] or [`Change::Resolve`]; or when
    /// somebody is on it, and the change is [`Change::Remind`].
    async fn change(&self, id: IncidentId, change: Change) -> Result<Option<Incident>, PortError>;

    /// One incident with its messages.
    async fn get(&self, id: IncidentId) -> Result<Option<Incident>, PortError>;

    /// A page of incidents with their messages.
    async fn list(&self, query: ListIncidents) -> Result<Vec<Incident>, PortError>;

    /// What is firing for a rule.
    async fn firing(&self, rule: RuleId) -> Result<Vec<Incident>, PortError>;

    /// Incidents that changed after `seq`, in the order of their last change, and the highest number given so far.
    async fn since(&self, seq: u64, limit: usize) -> Result<(Vec<Incident>, u64), PortError>;
}
