//! All groups of a rule, pure: a [`Watch`] each, made when something counts in it and forgotten when it is quiet.
//! A rule without groups has one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use super::measures::Tally;
use super::plan::{Group, Sample};
use super::state::{Effect, Firing, Pace, Watch};
use super::window::Entry;
use crate::domain::{Decimal, Rule, RuleState, Silence, Timestamp, silent_until};

/// What the shell is to do, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Turn {
    /// What follows for one group.
    Of(Group, Effect),
    /// Show the rule on dashboards.
    Report(Summary, Timestamp),
}

/// A rule at a glance: its furthest group.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Where the rule stands: firing when one of its groups is.
    pub state: RuleState,
    /// The value of the group that is furthest.
    pub value: Option<f64>,
    /// Which group that is.
    pub group: Group,
    /// Since when it stands there.
    pub since: Timestamp,
}

/// An incident that is open when a watcher takes over.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// Of which group.
    pub group: Group,
    /// How it stands.
    pub firing: Firing,
}

#[derive(Debug)]
struct Place {
    watch: Watch,
    /// As it is among the turns.
    wake_at: Option<Timestamp>,
}

/// The watches of a rule.
#[derive(Debug)]
pub struct Groups {
    rule: Arc<Rule>,
    pace: Pace,
    limit: usize,
    begin: Timestamp,
    watches: HashMap<Group, Place>,
    turns: BTreeSet<(Timestamp, Group)>,
    judged_at: Timestamp,
    /// Since when there is no group.
    quiet_since: Timestamp,
    reported: Option<(Timestamp, Summary)>,
    moved: bool,
    missed: Missed,
    silences: Arc<[Silence]>,
}

/// Samples that were left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Missed {
    /// They came when their window had passed already.
    pub late: u64,
    /// There were too many groups.
    pub refused: u64,
}

impl Groups {
    /// Begins at `begin` with the incidents that are open. `limit` is the most groups there may be at once.
    #[must_use]
    pub fn new(rule: Arc<Rule>, pace: Pace, limit: usize, open: &[Open], begin: Timestamp) -> Self {
        let mut groups = Self {
            rule,
            pace,
            limit,
            begin,
            watches: HashMap::new(),
            turns: BTreeSet::new(),
            judged_at: begin,
            quiet_since: begin,
            reported: None,
            moved: true,
            missed: Missed::default(),
            silences: Arc::new([]),
        };
        for open in open {
            groups.add(open.group.clone(), Some(open.firing));
        }
        if groups.rule.group_by.is_none() && groups.watches.is_empty() {
            groups.add(None, None);
        }
        groups
    }

    fn add(&mut self, group: Group, firing: Option<Firing>) {
        let watch = Watch::new(Arc::clone(&self.rule), self.pace, firing, self.begin);
        self.watches.insert(group, Place { watch, wake_at: None });
    }

    /// Lives through the past without ringing: samples that counted at one instant, told in the order of time.
    pub fn recall(&mut self, at: Timestamp, samples: impl IntoIterator<Item = (Group, Entry)>) {
        for (group, entry) in samples {
            if self.is_full_for(&group) {
                // Only those that ended long ago; this is no time to judge.
                self.watches.values_mut().for_each(|place| place.watch.recall([], at));
                self.watches.retain(|_, place| !place.watch.is_idle());
            }
            match self.place(&group) {
                Some(place) => place.watch.recall([entry], at),
                None => self.missed.refused += 1,
            }
        }
    }

    /// The past is told; from now on it judges.
    pub fn resume(&mut self, now: Timestamp) {
        let before = now.minus(Duration::from_millis(1));
        self.watches.values_mut().for_each(|place| place.watch.recall([], before));
        (self.judged_at, self.quiet_since) = (before, now);
        // Each is judged at the first look.
        for (group, place) in &mut self.watches {
            place.wake_at = Some(now);
            self.turns.insert((now, group.clone()));
        }
    }

    /// From now on these are the silences.
    pub fn silence(&mut self, silences: Arc<[Silence]>, now: Timestamp) {
        if Arc::ptr_eq(&self.silences, &silences) {
            return;
        }
        self.silences = silences;
        let firing: Vec<Group> = self.firing().map(|(group, _, _)| group.clone()).collect();
        for group in firing {
            if let Some(place) = self.watches.get_mut(&group) {
                place.watch.look_again(now);
            }
            self.settle(&group);
        }
    }

    /// What was left out since the last call.
    pub fn take_missed(&mut self) -> Missed {
        std::mem::take(&mut self.missed)
    }

    /// The groups that fire, with value and peak.
    pub fn firing(&self) -> impl Iterator<Item = (&Group, f64, f64)> {
        self.watches.iter().filter_map(|(group, place)| {
            let peak = place.watch.peak()?;
            Some((group, place.watch.value().unwrap_or(peak), peak))
        })
    }

    /// Takes what came at `came` and is looked at `now`: judged as of when it came, so that how long it waited for its
    /// turn changes nothing. What was judged is not judged anew.
    pub fn catch_up(&mut self, samples: Vec<Sample>, came: Timestamp, now: Timestamp) -> Vec<Turn> {
        let came = came.max(self.judged_at).min(now);
        let mut turns = self.observe(samples, came);
        if came < now {
            turns.extend(self.observe(Vec::new(), now));
        }
        self.report(now, &mut turns);
        turns
    }

    /// Takes what arrived by `now`, and judges every group that is concerned or whose turn it is.
    pub(super) fn observe(&mut self, samples: Vec<Sample>, now: Timestamp) -> Vec<Turn> {
        let mut turns = Vec::new();
        if self.rule.group_by.is_none() {
            let mut events = Vec::new();
            for sample in samples {
                self.merge(&mut events, &sample, now);
            }
            self.judge(&None, events, now, &mut turns);
        } else {
            let mut arrived: BTreeMap<Group, Vec<(Timestamp, Entry)>> = BTreeMap::new();
            for sample in samples {
                let events = arrived.entry(sample.group.clone()).or_default();
                self.merge(events, &sample, now);
            }
            for (_, group) in self.turns.iter().take_while(|(at, _)| *at <= now) {
                arrived.entry(group.clone()).or_default();
            }
            for (group, events) in arrived {
                self.judge(&group, events, now, &mut turns);
            }
        }
        self.judged_at = self.judged_at.max(now);
        turns
    }

    /// Adds a sample to what arrived, unless it came too late. Where nothing but their number is measured, those of one
    /// instant are one entry.
    fn merge(&mut self, events: &mut Vec<(Timestamp, Entry)>, sample: &Sample, now: Timestamp) {
        if sample.at.plus(self.rule.window) <= now {
            self.missed.late += sample.entry.count;
            return;
        }
        match events.last_mut() {
            Some((at, entry)) if *at == sample.at && self.rule.measure.field().is_none() => {
                entry.count += sample.entry.count;
            }
            _ => events.push((sample.at, sample.entry)),
        }
    }

    fn judge(&mut self, group: &Group, events: Vec<(Timestamp, Entry)>, now: Timestamp, turns: &mut Vec<Turn>) {
        let count: u64 = events.iter().map(|(_, entry)| entry.count).sum();
        let (silences, rule) = (Arc::clone(&self.silences), self.rule.id);
        let Some(place) = self.place(group) else {
            self.missed.refused += count;
            return;
        };
        let silent = |at: Timestamp| silent_until(&silences, rule, group.as_deref(), at);
        let effects = place.watch.observe(events, now, &silent);
        turns.extend(effects.into_iter().map(|effect| Turn::Of(group.clone(), effect)));
        self.moved = true;
        self.settle(group);
    }

    /// The watch of a group; made, if there is room.
    fn place(&mut self, group: &Group) -> Option<&mut Place> {
        if self.is_full_for(group) {
            return None;
        }
        if !self.watches.contains_key(group) {
            self.add(group.clone(), None);
        }
        self.watches.get_mut(group)
    }

    fn is_full_for(&self, group: &Group) -> bool {
        self.watches.len() >= self.limit && !self.watches.contains_key(group)
    }

    /// Notes when a group has its next turn, or forgets it.
    fn settle(&mut self, group: &Group) {
        let Some(place) = self.watches.get_mut(group) else { return };
        let wake_at = place.watch.wake_at();
        if place.wake_at != wake_at {
            if let Some(at) = std::mem::replace(&mut place.wake_at, wake_at) {
                self.turns.remove(&(at, group.clone()));
            }
            if let Some(at) = wake_at {
                self.turns.insert((at, group.clone()));
            }
        }
        if self.rule.group_by.is_some() && place.watch.is_idle() {
            self.watches.remove(group);
            self.quiet_since = self.judged_at;
        }
    }

    /// When to call [`Groups::catch_up`] again, with nothing, if nothing arrives before.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        let turn = self.turns.first().map(|(at, _)| *at);
        let report = self.reported.as_ref().filter(|_| self.moved).map(|(at, _)| at.plus(self.pace.report_every));
        [turn, report].into_iter().flatten().min()
    }

    /// The rule at a glance.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let places = self.watches.iter();
        let one = |(group, place): (&Group, &Place)| Summary {
            state: place.watch.state(),
            value: place.watch.value(),
            group: group.clone(),
            since: place.watch.since(),
        };
        places.map(one).reduce(|a, b| if self.is_further(&b, &a) { b } else { a }).unwrap_or_else(|| Summary {
            state: RuleState::Ok,
            value: Tally::new(&self.rule.measure, self.rule.window).value().map(Decimal::to_f64),
            group: None,
            since: self.quiet_since,
        })
    }

    /// Whether one group is further over the line than another; of two alike the first by name, so that a dashboard
    /// does not flicker.
    fn is_further(&self, one: &Summary, other: &Summary) -> bool {
        if one.state != other.state {
            return one.state > other.state;
        }
        match (one.value, other.value) {
            (Some(here), Some(there)) if here != there => self.rule.comparison.worse(here, there) == here,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            _ => one.group < other.group,
        }
    }

    fn report(&mut self, now: Timestamp, turns: &mut Vec<Turn>) {
        let changed = || {
            turns
                .iter()
                .any(|turn| !matches!(turn, Turn::Of(_, Effect::Progress { .. } | Effect::Remind | Effect::Ring)))
        };
        let due = match &self.reported {
            None => true,
            Some(_) if !self.moved => return,
            // A clock that was set back must not silence the dashboards.
            Some((at, before)) => {
                *at > now
                    || now.since(*at) >= self.pace.report_every
                    || changed()
                    // That it waits for the end of its time is told at once too, where a look is cheap.
                    || (self.watches.len() == 1 && self.summary().state != before.state)
            }
        };
        if !due {
            return;
        }
        self.moved = false;
        let summary = self.summary();
        if self.reported.as_ref().is_none_or(|(_, before)| *before != summary) {
            self.reported = Some((now, summary.clone()));
            turns.push(Turn::Report(summary, now));
        }
    }
}

#[cfg(test)]
#[path = "groups_tests.rs"]
mod tests;
