//! Incidents, as REST and websockets show them.

use serde::Serialize;
use tocsin_actors::domain;
use utoipa::ToSchema;

use super::number::Number;

/// One ringing of a rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Incident {
    /// UUIDv7.
    pub id: String,
    /// The rule whose line was crossed.
    pub rule_id: String,
    /// The rule's name when it rang.
    pub rule_name: String,
    /// `firing` or `resolved`.
    pub state: &'static str,
    /// Who said "I am on it".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged_by: Option<String>,
    /// The value now; once resolved, the value at which it came back.
    pub value: Number,
    /// The furthest value over the line.
    pub peak: Number,
    /// The line when it rang.
    pub threshold: Number,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<String>,
    /// The group, for rules that have groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What was sent, to whom, and how that went.
    pub notifications: Vec<Notification>,
}

/// One message to one recipient.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Notification {
    /// `email`.
    pub channel: &'static str,
    /// The recipient.
    pub to: String,
    /// `firing` or `resolved`: which change it tells of.
    pub transition: &'static str,
    /// `pending`, `sent` or `dead`.
    pub state: &'static str,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last try failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

impl From<&domain::Incident> for Incident {
    fn from(incident: &domain::Incident) -> Self {
        Self {
            id: incident.id.to_string(),
            rule_id: incident.rule_id.to_string(),
            rule_name: incident.rule_name.clone(),
            state: incident.state.as_str(),
            acknowledged_by: incident.acknowledged_by.clone(),
            value: Number(incident.value),
            peak: Number(incident.peak),
            threshold: Number(incident.threshold),
            started_at: incident.started_at.to_string(),
            resolved_at: incident.resolved_at.map(|at| at.to_string()),
            group: incident.group.clone(),
            notifications: incident.notifications.iter().map(Notification::from).collect(),
        }
    }
}

impl From<&domain::Notification> for Notification {
    fn from(message: &domain::Notification) -> Self {
        Self {
            channel: message.channel.as_str(),
            to: message.to.clone(),
            transition: message.transition.as_str(),
            state: message.state.as_str(),
            attempts: message.attempts,
            last_error: message.last_error.clone(),
        }
    }
}
