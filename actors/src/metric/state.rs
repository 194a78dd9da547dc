//! The rules of watching, pure: `(state, what arrived, now) -> effects`.

use std::time::Duration;

use super::window::Window;
use crate::domain::{Rule, Timestamp};

/// What the shell is to do, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// The line was crossed: open an incident and tell people.
    Open {
        /// When.
        at: Timestamp,
        /// The value that crossed it.
        value: f64,
    },
    /// The value of the open incident moved; worth storing now and then.
    Progress {
        /// The value.
        value: f64,
        /// The furthest so far.
        peak: f64,
    },
    /// The value came back: close the incident and tell people.
    Resolve {
        /// When.
        at: Timestamp,
        /// The value at which it did.
        value: f64,
        /// The furthest there was.
        peak: f64,
    },
    /// Show the value on dashboards.
    Report {
        /// The value.
        value: f64,
        /// When it was judged.
        at: Timestamp,
    },
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    Ok,
    Firing { peak: f64 },
}

/// How often what is worth doing now and then is done.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Least time between two reports.
    pub report_every: Duration,
    /// Least time between two stores of an open incident's value.
    pub progress_every: Duration,
}

/// One rule, its window, and whether it rings.
#[derive(Debug, Clone)]
pub struct Watch {
    rule: Rule,
    pace: Pace,
    window: Window,
    phase: Phase,
    since: Timestamp,
    reported: Option<(Timestamp, f64)>,
    progressed: Option<(Timestamp, f64)>,
}

impl Watch {
    /// A watch that takes over at `now`, from what counts already and from the open incident's peak, if one is open.
    #[must_use]
    pub fn resume(
        rule: Rule,
        pace: Pace,
        counted: impl IntoIterator<Item = (Timestamp, u64)>,
        firing: Option<(Timestamp, f64)>,
        now: Timestamp,
    ) -> Self {
        let mut window = Window::new(rule.window);
        window.insert(counted, now);
        let (phase, since) = match firing {
            Some((since, peak)) => (Phase::Firing { peak }, since),
            None => (Phase::Ok, now),
        };
        Self { rule, pace, window, phase, since, reported: None, progressed: None }
    }

    /// The rule that is watched.
    #[must_use]
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// The measure now.
    #[must_use]
    pub fn value(&self) -> f64 {
        // A count past 2^53 in one window is out of reach.
        #[allow(clippy::cast_precision_loss)]
        let value = self.window.total() as f64;
        value
    }

    /// The furthest value of the open incident.
    #[must_use]
    pub fn peak(&self) -> Option<f64> {
        match self.phase {
            Phase::Ok => None,
            Phase::Firing { peak } => Some(peak),
        }
    }

    /// Since when it is firing, or not firing.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// Takes what arrived by `now`. Everything that expired before is judged at its own instant first; then, once,
    /// what expires and arrives at `now`.
    pub fn observe(&mut self, events: impl IntoIterator<Item = (Timestamp, u64)>, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        while let Some(at) = self.window.next_expiry().filter(|at| *at < now) {
            self.window.expire(at);
            self.judge(at, &mut effects);
        }
        self.window.expire(now);
        self.window.insert(events, now);
        self.judge(now, &mut effects);
        self.report(now, &mut effects);
        effects
    }

    /// When to call [`Watch::observe`] again, with nothing, if nothing arrives before.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        let due = |last: Option<(Timestamp, f64)>, value: f64, every: Duration| match last {
            Some((at, seen)) if seen != value => Some(at.plus(every)),
            _ => None,
        };
        let report = due(self.reported, self.value(), self.pace.report_every);
        let progress = self.peak().and_then(|_| due(self.progressed, self.value(), self.pace.progress_every));
        [self.window.next_expiry(), report, progress].into_iter().flatten().min()
    }

    fn judge(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let value = self.value();
        let crossed = self.rule.comparison.crossed(value, self.rule.threshold);
        match (self.phase, crossed) {
            (Phase::Ok, true) => {
                self.phase = Phase::Firing { peak: value };
                self.since = now;
                self.progressed = Some((now, value));
                effects.push(Effect::Open { at: now, value });
            }
            (Phase::Firing { peak }, true) => {
                let peak = self.rule.comparison.worse(peak, value);
                self.phase = Phase::Firing { peak };
                let due =
                    self.progressed.is_none_or(|(at, seen)| seen != value && now.since(at) >= self.pace.progress_every);
                if due {
                    self.progressed = Some((now, value));
                    effects.push(Effect::Progress { value, peak });
                }
            }
            (Phase::Firing { peak }, false) => {
                self.phase = Phase::Ok;
                self.since = now;
                self.progressed = None;
                effects.push(Effect::Resolve { at: now, value, peak });
            }
            (Phase::Ok, false) => {}
        }
    }

    fn report(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let value = self.value();
        let turned = effects.iter().any(|effect| matches!(effect, Effect::Open { .. } | Effect::Resolve { .. }));
        let due = match self.reported {
            None => true,
            // A clock that was set back must not silence the dashboards.
            Some((at, seen)) => seen != value && (turned || at > now || now.since(at) >= self.pace.report_every),
        };
        if due {
            self.reported = Some((now, value));
            effects.push(Effect::Report { value, at: now });
        }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
