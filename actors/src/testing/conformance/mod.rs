//! One suite for every port: what the trait promises, asked of whatever implements it.
//!
//! Each suite takes a function that makes an empty store, and panics with a sentence where a promise is broken.
//! Suites know no clock: every instant is an argument.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests: a broken promise shall stop them where it is found"
)]

mod accounts;
mod audit;
mod chatting;
mod choices;
mod documents;
mod exports;
mod identities;
mod incidents;
mod invitations;
mod leases;
mod links;
pub mod mailer;
mod membership;
mod messages;
mod objects;
mod outbox;
mod refresh_tokens;
mod rooms;
mod rules;
mod second_factors;
mod silences;
mod throttle;
mod tickets;
mod users;

pub use accounts::accounts;
pub use audit::audit;
pub use choices::choices;
pub use documents::documents;
pub use exports::exports;
pub use identities::identities;
pub use incidents::incidents;
pub use invitations::{InvitationsStores, invitations};
pub use leases::leases;
pub use links::links;
pub use membership::membership;
pub use messages::messages;
pub use objects::objects;
pub use outbox::outbox;
pub use refresh_tokens::refresh_tokens;
pub use rooms::rooms;
pub use rules::rules;
pub use second_factors::second_factors;
pub use silences::silences;
pub use throttle::throttle;
pub use tickets::tickets;
pub use users::{UsersStores, users};

use crate::domain::{
    Channel, Incident, IncidentId, IncidentState, Notification, NotificationId, NotificationState, RuleId, Timestamp,
    Transition,
};

/// The instant at which the suites begin.
const EPOCH_MILLIS: i64 = 1_764_000_000_000;

/// An instant so many milliseconds after the suites began.
fn at(millis: i64) -> Timestamp {
    Timestamp::clamped(EPOCH_MILLIS + millis)
}

/// A pending mail.
fn message(to: &str, transition: Transition, due: Timestamp) -> Notification {
    Notification {
        id: NotificationId::new(due),
        transition,
        channel: Channel::Email,
        to: to.to_owned(),
        state: NotificationState::Pending,
        attempts: 0,
        last_error: None,
        next_attempt_at: due,
    }
}

/// An incident that begins to fire.
fn firing(rule_id: RuleId, group: Option<&str>, started_at: Timestamp, notifications: Vec<Notification>) -> Incident {
    Incident {
        id: IncidentId::new(started_at),
        rule_id,
        rule_name: "errors-last-minute".to_owned(),
        state: IncidentState::Firing,
        value: 51.0,
        peak: 51.0,
        threshold: 50.0,
        started_at,
        resolved_at: None,
        acknowledged_by: None,
        group: group.map(str::to_owned),
        silenced: false,
        seq: 0,
        notifications,
    }
}
