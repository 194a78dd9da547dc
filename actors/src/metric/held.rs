//! What dashboards are shown after an alert that waits to be stored, instead of before it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::board::messages::Judged;

/// The value that led to an alert is not sent to a thousand dashboards in front of it: it is held until the alert was
/// told, and only the latest is, so that nobody is shown an older one last.
#[derive(Debug, Clone, Default)]
pub(super) struct Held(Arc<Mutex<Option<Judged>>>);

impl Held {
    /// Holds this one where an alert `is_next`, or others are held already. Otherwise it comes back, to be shown now.
    #[must_use = "what comes back is to be shown"]
    pub(super) fn hold(&self, judged: Judged, is_next: bool) -> Option<Judged> {
        let mut held = self.lock();
        if is_next || held.is_some() {
            *held = Some(judged);
            return None;
        }
        Some(judged)
    }

    /// Lets go of what is held, once the alert was told or could not be stored at once.
    pub(super) fn release(&self) -> Option<Judged> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Judged>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::RuleStatus;
    use crate::domain::{Comparison, RuleId, RuleState, Timestamp};

    fn judged(value: f64) -> Judged {
        let at = Timestamp::clamped(0);
        let status = RuleStatus {
            rule_id: RuleId::new(at),
            name: "errors".into(),
            value: Some(value),
            group: None,
            threshold: 50.0,
            comparison: Comparison::parse(">").unwrap(),
            window_seconds: 60,
            state: RuleState::Firing,
            since: at,
        };
        Judged { status, at, accepted_at: None }
    }

    #[test]
    fn a_value_waits_for_its_alert_and_a_later_one_takes_its_place() {
        let held = Held::default();
        let value = |judged: Option<Judged>| judged.and_then(|judged| judged.status.value);
        assert_eq!(value(held.hold(judged(50.0), false)), Some(50.0));
        assert_eq!(value(held.hold(judged(51.0), true)), None);
        assert_eq!(value(held.hold(judged(52.0), false)), None, "in front of 51 it would be undone by it");
        assert_eq!(value(held.release()), Some(52.0));
        assert_eq!(value(held.release()), None);
        assert_eq!(value(held.hold(judged(53.0), false)), Some(53.0));
    }
}
