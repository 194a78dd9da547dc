//! The rules of watching, pure: `(state, what arrived, now) -> effects`.

use std::time::Duration;

use super::window::Window;
use crate::domain::{Rule, RuleState, Timestamp};

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
    /// Over the line without a break since then.
    Pending {
        since: Timestamp,
    },
    Firing {
        peak: f64,
        /// Since when it has recovered without a break.
        recovered: Option<Timestamp>,
    },
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
    reported: Option<(Timestamp, f64, RuleState)>,
    progressed: Option<(Timestamp, f64)>,
    judged_at: Timestamp,
}

impl Watch {
    /// A watch that takes over at `now`, from what counts already and from the open incident's peak, if one is open.
    /// What counted as long ago as the rule remembers ([`crate::domain::Hysteresis::memory`]) tells since when it is
    /// where it is; nothing that is over by now rings.
    #[must_use]
    pub fn resume(
        rule: Rule,
        pace: Pace,
        counted: impl IntoIterator<Item = (Timestamp, u64)>,
        firing: Option<(Timestamp, f64)>,
        now: Timestamp,
    ) -> Self {
        let (phase, since) = match firing {
            Some((since, peak)) => (Phase::Firing { peak, recovered: None }, since),
            None => (Phase::Ok, now),
        };
        let mut counted: Vec<(Timestamp, u64)> = counted.into_iter().collect();
        counted.sort_unstable_by_key(|(at, _)| *at);
        let window = Window::new(rule.window);
        let mut watch = Self { rule, pace, window, phase, since, reported: None, progressed: None, judged_at: now };
        watch.recall(&counted, now);
        watch
    }

    /// Lives through the time that the rule remembers once more, without ringing.
    fn recall(&mut self, counted: &[(Timestamp, u64)], now: Timestamp) {
        let begin = now.minus(self.rule.hysteresis.memory());
        let (before, after) = counted.split_at(counted.partition_point(|(at, _)| *at <= begin));
        self.window.insert(before.iter().copied(), begin);
        self.mark(begin);
        for (at, count) in after {
            let at = (*at).min(now);
            while let Some(expiry) = self.window.next_expiry().filter(|expiry| *expiry < at) {
                self.window.expire(expiry);
                self.mark(expiry);
            }
            self.window.expire(at);
            self.window.insert([(at, *count)], at);
            self.mark(at);
        }
        while let Some(expiry) = self.window.next_expiry().filter(|expiry| *expiry < now) {
            self.window.expire(expiry);
            self.mark(expiry);
        }
    }

    /// Notes since when the value is where it is.
    fn mark(&mut self, at: Timestamp) {
        let (crossed, is_back) = (self.crossed(), self.recovered());
        self.phase = match self.phase {
            Phase::Ok if crossed => Phase::Pending { since: at },
            Phase::Pending { .. } if !crossed => Phase::Ok,
            Phase::Firing { peak, recovered } => {
                Phase::Firing { peak, recovered: is_back.then(|| recovered.unwrap_or(at)) }
            }
            phase => phase,
        };
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

    /// Where the rule stands.
    #[must_use]
    pub fn state(&self) -> RuleState {
        match self.phase {
            Phase::Ok => RuleState::Ok,
            Phase::Pending { .. } => RuleState::Pending,
            Phase::Firing { .. } => RuleState::Firing,
        }
    }

    /// The furthest value of the open incident.
    #[must_use]
    pub fn peak(&self) -> Option<f64> {
        match self.phase {
            Phase::Ok | Phase::Pending { .. } => None,
            Phase::Firing { peak, .. } => Some(peak),
        }
    }

    /// Since when it is in its state.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// Takes what came at `came` and is looked at `now`: judged as of when it came, so that how long it waited for its
    /// turn changes nothing. What was judged is not judged anew.
    pub fn catch_up(
        &mut self,
        events: impl IntoIterator<Item = (Timestamp, u64)>,
        came: Timestamp,
        now: Timestamp,
    ) -> Vec<Effect> {
        let came = came.max(self.judged_at).min(now);
        let mut effects = self.observe(events, came);
        if came < now {
            effects.extend(self.observe([], now));
        }
        effects
    }

    /// Takes what arrived by `now`. Everything that expired before is judged at its own instant first; then, once,
    /// what expires and arrives at `now`.
    pub fn observe(&mut self, events: impl IntoIterator<Item = (Timestamp, u64)>, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        while let Some(at) = self.next_turn().filter(|at| *at < now) {
            self.window.expire(at);
            self.judge(at, &mut effects);
        }
        self.window.expire(now);
        self.window.insert(events, now);
        self.judge(now, &mut effects);
        self.report(now, &mut effects);
        self.judged_at = now;
        effects
    }

    /// When to call [`Watch::observe`] again, with nothing, if nothing arrives before.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        let due = |last: Option<(Timestamp, f64)>, value: f64, every: Duration| match last {
            Some((at, seen)) if seen != value => Some(at.plus(every)),
            _ => None,
        };
        let reported = self.reported.map(|(at, value, _)| (at, value));
        let report = due(reported, self.value(), self.pace.report_every);
        let progress = self.peak().and_then(|_| due(self.progressed, self.value(), self.pace.progress_every));
        [self.next_turn(), report, progress].into_iter().flatten().min()
    }

    /// The next instant at which something can change by itself.
    fn next_turn(&self) -> Option<Timestamp> {
        let hysteresis = self.rule.hysteresis;
        let due = match self.phase {
            Phase::Pending { since } => Some(since.plus(hysteresis.hold)),
            Phase::Firing { recovered: Some(since), .. } => Some(since.plus(hysteresis.keep_firing)),
            Phase::Ok | Phase::Firing { recovered: None, .. } => None,
        };
        self.window.next_expiry().into_iter().chain(due).min()
    }

    fn crossed(&self) -> bool {
        self.rule.comparison.crossed(self.value(), self.rule.threshold)
    }

    fn recovered(&self) -> bool {
        self.rule.comparison.recovered(self.value(), self.rule.threshold, self.rule.hysteresis.recover_at)
    }

    fn judge(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let before = self.state();
        self.mark(now);
        let hysteresis = self.rule.hysteresis;
        match self.phase {
            Phase::Pending { since } if since.plus(hysteresis.hold) <= now => self.open(now, effects),
            Phase::Firing { peak, recovered: Some(since) } if since.plus(hysteresis.keep_firing) <= now => {
                self.phase = Phase::Ok;
                self.progressed = None;
                effects.push(Effect::Resolve { at: now, value: self.value(), peak });
            }
            Phase::Firing { peak, recovered } => self.go_on(peak, recovered, now, effects),
            Phase::Ok | Phase::Pending { .. } => {}
        }
        if self.state() != before {
            self.since = now;
        }
    }

    fn open(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let value = self.value();
        self.phase = Phase::Firing { peak: value, recovered: None };
        self.progressed = Some((now, value));
        effects.push(Effect::Open { at: now, value });
    }

    fn go_on(&mut self, peak: f64, recovered: Option<Timestamp>, now: Timestamp, effects: &mut Vec<Effect>) {
        let value = self.value();
        let peak = self.rule.comparison.worse(peak, value);
        self.phase = Phase::Firing { peak, recovered };
        if self.progressed.is_none_or(|(at, seen)| seen != value && now.since(at) >= self.pace.progress_every) {
            self.progressed = Some((now, value));
            effects.push(Effect::Progress { value, peak });
        }
    }

    fn report(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let value = self.value();
        let state = self.state();
        let due = match self.reported {
            None => true,
            // A clock that was set back must not silence the dashboards.
            Some((at, seen, before)) => {
                state != before || (seen != value && (at > now || now.since(at) >= self.pace.report_every))
            }
        };
        if due {
            self.reported = Some((now, value, state));
            effects.push(Effect::Report { value, at: now });
        }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
