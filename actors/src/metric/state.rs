//! The rules of watching, pure: `(state, what arrived, now) -> effects`.

use std::sync::Arc;
use std::time::Duration;

use super::measures::Tally;
use super::window::Entry;
use crate::domain::{Decimal, Rule, RuleState, Timestamp};

/// What the shell is to do, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// The line was crossed: open an incident and tell people.
    Open {
        /// When.
        at: Timestamp,
        /// The value that crossed it.
        value: f64,
        /// Nobody is told: it is silent.
        silenced: bool,
    },
    /// The silence is over, and it still rings: tell people now.
    Ring,
    /// The value of the open incident moved; worth storing now and then.
    Progress {
        /// The value.
        value: f64,
        /// The furthest so far.
        peak: f64,
    },
    /// It goes on: tell people again.
    Remind,
    /// The value came back: close the incident and tell people.
    Resolve {
        /// When.
        at: Timestamp,
        /// The value at which it did; nothing where nothing is left to measure.
        value: Option<f64>,
        /// The furthest there was.
        peak: f64,
    },
}

impl Effect {
    /// Whether people are told of it.
    #[must_use]
    pub fn is_told(&self) -> bool {
        !matches!(self, Self::Progress { .. })
    }

    /// Whether an incident begins or ends.
    #[must_use]
    pub fn is_alert(&self) -> bool {
        matches!(self, Self::Open { .. } | Self::Resolve { .. })
    }
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
        /// When people are told again.
        remind_at: Option<Timestamp>,
        /// When people are told who were not, because it was silent.
        ring_at: Option<Timestamp>,
    },
}

/// An incident that is open when a watcher takes over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Firing {
    /// Since when.
    pub since: Timestamp,
    /// Its furthest value.
    pub peak: f64,
    /// People were not told of it yet, because it was silent.
    pub silenced: bool,
}

/// How often what is worth doing now and then is done.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Least time between two reports.
    pub report_every: Duration,
    /// Least time between two stores of an open incident's value.
    pub progress_every: Duration,
}

/// One rule, or one group of it: its window, and whether it rings.
#[derive(Debug, Clone)]
pub struct Watch {
    rule: Arc<Rule>,
    threshold: Decimal,
    recover_at: Option<Decimal>,
    pace: Pace,
    tally: Tally,
    value: Option<Decimal>,
    phase: Phase,
    since: Timestamp,
    progressed: Option<(Timestamp, Option<Decimal>)>,
    /// What counted before belongs to the window, but tells nothing of where the rule stood: it may be a part only.
    begin: Option<Timestamp>,
}

impl Watch {
    /// A watch that begins at `begin` with nothing, and with the beginning and peak of the open incident, if one is
    /// open. What counted since then is told by [`Watch::recall`] before it judges.
    #[must_use]
    pub fn new(rule: Arc<Rule>, pace: Pace, firing: Option<Firing>, begin: Timestamp) -> Self {
        let (phase, since) = match firing {
            // The first time after now that it is a whole number of times since it began.
            Some(Firing { since, peak, silenced }) => {
                let remind_at = rule.repeat.map(|repeat| next_of(since, repeat, begin));
                (Phase::Firing { peak, recovered: None, remind_at, ring_at: silenced.then_some(begin) }, since)
            }
            None => (Phase::Ok, begin),
        };
        let tally = Tally::new(&rule.measure, rule.window);
        // A line that is no number was refused when the rule was made.
        let line = |number: f64| Decimal::from_f64(number).unwrap_or_default();
        let (threshold, recover_at) = (line(rule.threshold), rule.hysteresis.recover_at.map(line));
        let value = tally.value();
        Self { rule, threshold, recover_at, pace, tally, value, phase, since, progressed: None, begin: Some(begin) }
    }

    /// Lives through the past without ringing: what counted at `at`, told in the order of time. What counted as long ago
    /// as the rule remembers ([`crate::domain::Hysteresis::memory`]) tells since when it is where it is.
    pub fn recall(&mut self, entries: impl IntoIterator<Item = Entry>, at: Timestamp) {
        let entries = entries.into_iter().map(|entry| (at, entry));
        if let Some(begin) = self.begin {
            if at <= begin {
                return self.tally.insert(entries, begin);
            }
            self.begin = None;
            self.mark(begin);
        }
        while let Some(expiry) = self.tally.next_expiry().filter(|expiry| *expiry < at) {
            self.tally.expire(expiry);
            self.mark(expiry);
        }
        self.tally.expire(at);
        self.tally.insert(entries, at);
        self.mark(at);
    }

    /// Notes since when the value is where it is.
    fn mark(&mut self, at: Timestamp) {
        self.value = self.tally.value();
        let (crossed, is_back) = (self.crossed(), self.recovered());
        self.phase = match self.phase {
            Phase::Ok if crossed => Phase::Pending { since: at },
            Phase::Pending { .. } if !crossed => Phase::Ok,
            Phase::Firing { peak, recovered, remind_at, ring_at } => {
                Phase::Firing { peak, recovered: is_back.then(|| recovered.unwrap_or(at)), remind_at, ring_at }
            }
            phase => phase,
        };
    }

    /// The measure now; nothing where there is nothing to measure.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        self.value.map(Decimal::to_f64)
    }

    /// Whether it can be forgotten: nothing counts, and it does not ring.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.phase == Phase::Ok && self.tally.next_expiry().is_none()
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

    /// Silences may be other ones now.
    pub fn look_again(&mut self, now: Timestamp) {
        if let Phase::Firing { ring_at: Some(at), .. } = &mut self.phase {
            *at = (*at).min(now);
        }
    }

    /// Takes what arrived by `now`. Everything that expired before is judged at its own instant first; then, once,
    /// what expires and arrives at `now`. `silent` tells until when it is silent at an instant, if it is.
    pub fn observe(
        &mut self,
        events: impl IntoIterator<Item = (Timestamp, Entry)>,
        now: Timestamp,
        silent: &dyn Fn(Timestamp) -> Option<Timestamp>,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        while let Some(at) = self.next_turn().filter(|at| *at < now) {
            self.tally.expire(at);
            self.judge(at, silent, &mut effects);
        }
        self.tally.expire(now);
        self.tally.insert(events, now);
        self.judge(now, silent, &mut effects);
        effects
    }

    /// When to call [`Watch::observe`] again, with nothing, if nothing arrives before.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        let progress = match (self.phase, self.progressed) {
            (Phase::Firing { .. }, Some((at, seen))) if seen != self.value => Some(at.plus(self.pace.progress_every)),
            _ => None,
        };
        let (reminder, ring) = match self.phase {
            Phase::Firing { remind_at, ring_at, .. } => (remind_at, ring_at),
            _ => (None, None),
        };
        [self.next_turn(), progress, reminder, ring].into_iter().flatten().min()
    }

    /// The next instant at which something can change by itself.
    fn next_turn(&self) -> Option<Timestamp> {
        let hysteresis = self.rule.hysteresis;
        let due = match self.phase {
            Phase::Pending { since } => Some(since.plus(hysteresis.hold)),
            Phase::Firing { recovered: Some(since), .. } => Some(since.plus(hysteresis.keep_firing)),
            Phase::Ok | Phase::Firing { recovered: None, .. } => None,
        };
        self.tally.next_expiry().into_iter().chain(due).min()
    }

    fn crossed(&self) -> bool {
        self.value.is_some_and(|value| self.rule.comparison.crossed(value.cmp(&self.threshold)))
    }

    /// Where there is nothing to measure, there is nothing to ring for.
    fn recovered(&self) -> bool {
        let at_or_better = |value: Decimal, line: &Decimal| self.rule.comparison.at_or_better(value.cmp(line));
        !self.crossed() && self.value.is_none_or(|value| self.recover_at.is_none_or(|line| at_or_better(value, &line)))
    }

    fn judge(&mut self, now: Timestamp, silent: &dyn Fn(Timestamp) -> Option<Timestamp>, effects: &mut Vec<Effect>) {
        let before = self.state();
        self.mark(now);
        let hysteresis = self.rule.hysteresis;
        match self.phase {
            Phase::Pending { since } if since.plus(hysteresis.hold) <= now => self.open(now, silent(now), effects),
            Phase::Firing { peak, recovered: Some(since), .. } if since.plus(hysteresis.keep_firing) <= now => {
                self.phase = Phase::Ok;
                self.progressed = None;
                effects.push(Effect::Resolve { at: now, value: self.value(), peak });
            }
            Phase::Firing { .. } => self.go_on(now, silent, effects),
            Phase::Ok | Phase::Pending { .. } => {}
        }
        if self.state() != before {
            self.since = now;
        }
    }

    fn open(&mut self, now: Timestamp, ring_at: Option<Timestamp>, effects: &mut Vec<Effect>) {
        // It is over the line, so there is one.
        let value = self.value().unwrap_or_default();
        let remind_at = self.rule.repeat.map(|repeat| now.plus(repeat));
        self.phase = Phase::Firing { peak: value, recovered: None, remind_at, ring_at };
        self.progressed = Some((now, self.value));
        effects.push(Effect::Open { at: now, value, silenced: ring_at.is_some() });
    }

    fn go_on(&mut self, now: Timestamp, silent: &dyn Fn(Timestamp) -> Option<Timestamp>, effects: &mut Vec<Effect>) {
        let value = self.value();
        let Phase::Firing { peak, remind_at, ring_at, .. } = &mut self.phase else { return };
        if ring_at.is_some_and(|at| at <= now) {
            *ring_at = silent(now);
            if ring_at.is_none() {
                effects.push(Effect::Ring);
            }
        }
        if let (Some(at), Some(repeat)) = (*remind_at, self.rule.repeat)
            && at <= now
        {
            // Several that were slept through are one.
            *remind_at = Some(next_of(at, repeat, now));
            if silent(now).is_none() {
                effects.push(Effect::Remind);
            }
        }
        let Some(value) = value else { return };
        *peak = self.rule.comparison.worse(*peak, value);
        let peak = *peak;
        if self.progressed.is_none_or(|(at, seen)| seen != self.value && now.since(at) >= self.pace.progress_every) {
            self.progressed = Some((now, self.value));
            effects.push(Effect::Progress { value, peak });
        }
    }
}

/// The first instant after `now` that lies a whole number of periods after `begin`.
fn next_of(begin: Timestamp, period: Duration, now: Timestamp) -> Timestamp {
    let (period, past) = (period.as_millis().max(1), now.since(begin).as_millis());
    let periods = past / period + 1;
    begin.plus(Duration::from_millis(u64::try_from(periods.saturating_mul(period)).unwrap_or(u64::MAX)))
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
