//! Things to test with, alike but for what a test is about.

use std::time::Duration;

use crate::domain::{
    Channel, Comparison, DocumentType, Hysteresis, Incident, IncidentId, IncidentState, Invalid, Measure, Notification,
    NotificationId, NotificationState, Rule, RuleId, Selection, Timestamp, Transition,
};

/// 2026-11-24T08:00:00Z.
pub const MORNING: i64 = 1_795_507_200_000;

/// A firing incident of `errors-last-minute` that began at `at`, and a message about it to each of `recipients`.
#[must_use]
pub fn incident(at: Timestamp, recipients: &[&str]) -> Incident {
    Incident {
        id: IncidentId::new(at),
        rule_id: RuleId::new(at),
        rule_name: "errors-last-minute".into(),
        state: IncidentState::Firing,
        value: 51.0,
        peak: 51.0,
        threshold: 50.0,
        started_at: at,
        resolved_at: None,
        acknowledged_by: None,
        group: None,
        silenced: false,
        seq: 1,
        notifications: recipients.iter().map(|to| notification(at, Transition::Firing, to)).collect(),
    }
}

/// A message that waits for its first try.
#[must_use]
pub fn notification(at: Timestamp, transition: Transition, to: &str) -> Notification {
    Notification {
        id: NotificationId::new(at),
        transition,
        // A room's name has neither.
        channel: match to {
            mail if mail.contains('@') => Channel::Email,
            url if url.contains("://") => Channel::Webhook,
            _ => Channel::Room,
        },
        to: to.into(),
        state: NotificationState::Pending,
        attempts: 0,
        last_error: None,
        next_attempt_at: at,
    }
}

/// The rule of [`incident`]: more than 50 documents of type `error` within a minute.
///
/// # Errors
/// Never: `error` is a type.
pub fn rule(at: Timestamp) -> Result<Rule, Invalid> {
    Ok(Rule {
        id: RuleId::new(at),
        name: "errors-last-minute".into(),
        selection: Selection::of_type(DocumentType::parse("error")?),
        group_by: None,
        measure: Measure::Count,
        window: Duration::from_secs(60),
        comparison: Comparison::Above,
        threshold: 50.0,
        hysteresis: Hysteresis::default(),
        notify_emails: vec![Rule::ADMINS.into()],
        notify_room: None,
        notify_webhook: None,
        repeat: None,
        enabled: true,
    })
}
