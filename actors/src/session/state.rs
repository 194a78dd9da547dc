//! The rules of a session, pure: may it do this, and is it too fast?

use super::messages::Command;
use crate::domain::{Principal, Scope, Timestamp};

/// The answer to a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowance {
    /// Go on.
    Granted,
    /// Too fast: close the connection.
    TooMany,
    /// Not with this credential.
    Forbidden {
        /// What is missing.
        detail: String,
    },
}

/// A token bucket: `per_second` a second, and as many at once after a second of quiet.
#[derive(Debug, Clone)]
pub struct Bucket {
    per_second: u32,
    /// In thousandths.
    tokens: u64,
    refilled_at: Timestamp,
}

impl Bucket {
    /// A full bucket.
    #[must_use]
    pub fn new(per_second: u32, now: Timestamp) -> Self {
        Self { per_second, tokens: u64::from(per_second) * 1_000, refilled_at: now }
    }

    /// Takes one; `false` when it is empty.
    pub fn take(&mut self, now: Timestamp) -> bool {
        let passed_ms = u64::try_from(now.since(self.refilled_at).as_millis()).unwrap_or(u64::MAX);
        let full = u64::from(self.per_second) * 1_000;
        self.tokens = passed_ms.saturating_mul(u64::from(self.per_second)).saturating_add(self.tokens).min(full);
        self.refilled_at = now;
        let enough = self.tokens >= 1_000;
        if enough {
            self.tokens -= 1_000;
        }
        enough
    }
}

/// What a session that watches alerts remembers.
#[derive(Debug, Clone)]
pub struct State(Bucket);

impl State {
    /// Nothing was sent yet.
    #[must_use]
    pub fn new(per_second: u32, now: Timestamp) -> Self {
        Self(Bucket::new(per_second, now))
    }

    /// Whether a command may be carried out now.
    pub fn allow(&mut self, command: &Command, who: &Principal, now: Timestamp) -> Allowance {
        if !self.0.take(now) {
            return Allowance::TooMany;
        }
        match command {
            Command::Acknowledge { .. } if !who.has(Scope::AlertsWrite) => Allowance::Forbidden {
                detail: format!("This API key lacks the scope {}.", Scope::AlertsWrite.as_str()),
            },
            _ => Allowance::Granted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ApiKeyId, IncidentId};

    fn service(scopes: &[Scope]) -> Principal {
        let key_id = ApiKeyId::new(Timestamp::clamped(0));
        Principal::Service { key_id, name: "s".into(), scopes: scopes.to_vec() }
    }

    #[test]
    fn a_burst_is_a_second_of_the_rate_and_it_refills() {
        let who = service(&[]);
        let mut state = State::new(5, Timestamp::clamped(0));
        let mut granted = |now| state.allow(&Command::Ping, &who, Timestamp::clamped(now)) == Allowance::Granted;
        assert_eq!((0..6).filter(|_| granted(0)).count(), 5);
        assert!(!granted(199));
        assert!(granted(400));
        assert_eq!((0..9).filter(|_| granted(60_000)).count(), 5);
    }

    #[test]
    fn a_key_without_the_scope_may_watch_but_not_acknowledge() {
        let now = Timestamp::clamped(0);
        let command = Command::Acknowledge { incident: IncidentId::new(now) };
        let mut state = State::new(5, now);
        assert!(matches!(state.allow(&command, &service(&[Scope::AlertsRead]), now), Allowance::Forbidden { .. }));
        assert_eq!(state.allow(&command, &service(&[Scope::AlertsWrite]), now), Allowance::Granted);
    }
}
