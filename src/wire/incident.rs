//! Incidents, as REST and websockets show them.

use serde::Serialize;
use tocsin_actors::domain::{Incident, Notification};
use utoipa::ToSchema;

/// One ringing of one rule.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Incident)]
pub(crate) struct IncidentBody {
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
    /// The rule that rang.
    #[schema(format = Uuid)]
    rule_id: String,
    /// Its name when it rang.
    #[schema(example = "errors-last-minute")]
    rule_name: String,
    /// `firing` or `resolved`.
    #[schema(pattern = "^(firing|resolved)$", example = "firing")]
    state: &'static str,
    /// The name of who said "I am on it".
    acknowledged_by: Option<String>,
    /// The value now; once resolved, the value at which it came back.
    #[serde(serialize_with = "crate::wire::number::serialize")]
    #[schema(example = 51)]
    value: f64,
    /// The furthest value over the line.
    #[serde(serialize_with = "crate::wire::number::serialize")]
    #[schema(example = 51)]
    peak: f64,
    /// The line when it rang.
    #[serde(serialize_with = "crate::wire::number::serialize")]
    #[schema(example = 50)]
    threshold: f64,
    /// When the line was crossed.
    #[schema(format = DateTime)]
    started_at: String,
    /// When the value came back; `null` while it rings.
    #[schema(format = DateTime)]
    resolved_at: Option<String>,
    /// The group, for rules that have groups.
    group: Option<String>,
    /// It began while it was silent, and people are not told yet; they are at the end of the silence, if it rings then.
    silenced: bool,
    /// Rises with every change of any incident; what `resume` of the websocket counts by.
    seq: u64,
    /// What was sent, to whom, and how that went.
    notifications: Vec<NotificationBody>,
}

/// One message to one recipient.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notification)]
pub(crate) struct NotificationBody {
    /// Its id, for sending it again.
    #[schema(format = Uuid)]
    id: String,
    /// `email`, `room` or `webhook`.
    #[schema(pattern = "^(email|room|webhook)$", example = "email")]
    channel: &'static str,
    /// The recipient.
    #[schema(example = "ops@example.com")]
    to: String,
    /// Which change it tells of: `firing`, `reminder` or `resolved`.
    #[schema(example = "firing")]
    transition: &'static str,
    /// `pending`, `sent`, or `dead` when it was given up.
    #[schema(pattern = "^(pending|sent|dead)$", example = "sent")]
    state: &'static str,
    /// How often it was tried.
    attempts: u32,
    /// Why the last try failed.
    last_error: Option<String>,
}

impl From<Incident> for IncidentBody {
    fn from(incident: Incident) -> Self {
        Self {
            id: incident.id.to_string(),
            rule_id: incident.rule_id.to_string(),
            rule_name: incident.rule_name,
            state: incident.state.as_str(),
            acknowledged_by: incident.acknowledged_by,
            value: incident.value,
            peak: incident.peak,
            threshold: incident.threshold,
            started_at: incident.started_at.to_string(),
            resolved_at: incident.resolved_at.map(|at| at.to_string()),
            group: incident.group,
            silenced: incident.silenced,
            seq: incident.seq,
            notifications: incident.notifications.into_iter().map(NotificationBody::from).collect(),
        }
    }
}

impl From<Notification> for NotificationBody {
    fn from(notification: Notification) -> Self {
        Self {
            id: notification.id.to_string(),
            channel: notification.channel.as_str(),
            to: notification.to,
            transition: notification.transition.as_str(),
            state: notification.state.as_str(),
            attempts: notification.attempts,
            last_error: notification.last_error,
        }
    }
}
