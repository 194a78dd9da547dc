//! What the board knows, pure: the value of each rule, the latest incidents, and which change comes next.

use std::collections::HashMap;

use crate::domain::event::RuleStatus;
use crate::domain::{Event, Incident, IncidentId, IncidentState, RuleId};

/// What to do with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It is the next one: it was taken in, tell everybody.
    Publish,
    /// It was told already.
    Old,
    /// Changes before it are missing here: fetch everything after this number.
    Fetch(u64),
}

/// The board's knowledge.
#[derive(Debug, Clone, Default)]
pub struct State {
    rules: HashMap<RuleId, RuleStatus>,
    incidents: HashMap<IncidentId, Incident>,
    keep_resolved: usize,
    seq: u64,
}

impl State {
    /// Begins with the latest incidents and the number of the last change.
    #[must_use]
    pub fn new(incidents: Vec<Incident>, seq: u64, keep_resolved: usize) -> Self {
        let mut state = Self { keep_resolved, seq, ..Self::default() };
        state.incidents = incidents.into_iter().map(|incident| (incident.id, incident)).collect();
        state.forget_oldest();
        state
    }

    /// The number of the last change that was told.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Takes in a judgement; whether more has changed than the value.
    pub fn judged(&mut self, status: &RuleStatus) -> bool {
        let before = self.rules.insert(status.rule_id, status.clone());
        before.is_none_or(|before| RuleStatus { value: status.value, group: status.group.clone(), ..before } != *status)
    }

    /// Forgets a rule that watches no more; whether it was known.
    pub fn forget(&mut self, rule: RuleId) -> bool {
        self.rules.remove(&rule).is_some()
    }

    /// Decides on a change, and takes it in if it is the next one.
    pub fn changed(&mut self, incident: &Incident) -> Next {
        if incident.seq <= self.seq {
            return Next::Old;
        }
        if incident.seq > self.seq + 1 {
            return Next::Fetch(self.seq);
        }
        self.take(incident.clone());
        Next::Publish
    }

    /// Takes in what was fetched, in the order of the changes, up to the number `upto`. Numbers that no incident has
    /// any more belong to changes that were followed by later ones.
    pub fn fetched(&mut self, incidents: Vec<Incident>, upto: u64) -> Vec<Incident> {
        let news: Vec<Incident> = incidents.into_iter().filter(|incident| incident.seq > self.seq).collect();
        for incident in &news {
            self.take(incident.clone());
        }
        self.seq = self.seq.max(upto);
        news
    }

    /// Everything a dashboard needs to begin with, the latest incident first.
    #[must_use]
    pub fn snapshot(&self) -> Event {
        let mut incidents: Vec<Incident> = self.incidents.values().cloned().collect();
        incidents.sort_by_key(|incident| std::cmp::Reverse(incident.id));
        let mut rules: Vec<RuleStatus> = self.rules.values().cloned().collect();
        rules.sort_by(|a, b| a.name.cmp(&b.name));
        Event::Snapshot { seq: self.seq, rules, incidents }
    }

    fn take(&mut self, incident: Incident) {
        self.seq = self.seq.max(incident.seq);
        self.incidents.insert(incident.id, incident);
        self.forget_oldest();
    }

    fn forget_oldest(&mut self) {
        let mut resolved: Vec<IncidentId> =
            self.incidents.values().filter(|i| i.state == IncidentState::Resolved).map(|i| i.id).collect();
        if resolved.len() > self.keep_resolved {
            resolved.sort_unstable();
            for id in resolved.iter().take(resolved.len() - self.keep_resolved) {
                self.incidents.remove(id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    fn incident(seq: u64, state: IncidentState) -> Incident {
        let now = Timestamp::clamped(i64::try_from(seq).unwrap());
        Incident {
            id: IncidentId::new(now),
            rule_id: RuleId::new(now),
            rule_name: "r".into(),
            state,
            value: 51.0,
            peak: 51.0,
            threshold: 50.0,
            started_at: now,
            resolved_at: None,
            acknowledged_by: None,
            group: None,
            silenced: false,
            seq,
            notifications: Vec::new(),
        }
    }

    #[test]
    fn changes_are_told_in_order_and_once() {
        let mut state = State::new(Vec::new(), 4, 10);
        let five = incident(5, IncidentState::Firing);
        assert_eq!(state.changed(&five), Next::Publish);
        assert_eq!(state.changed(&five), Next::Old);
        assert_eq!(state.changed(&incident(7, IncidentState::Firing)), Next::Fetch(5));
        let told = state.fetched(vec![five, incident(6, IncidentState::Firing), incident(7, IncidentState::Firing)], 7);
        assert_eq!(told.iter().map(|i| i.seq).collect::<Vec<_>>(), [6, 7]);
        assert_eq!(state.changed(&incident(8, IncidentState::Firing)), Next::Publish);
    }

    #[test]
    fn a_number_overtaken_by_a_later_change_is_no_gap_for_ever() {
        let mut state = State::new(Vec::new(), 0, 10);
        assert_eq!(state.changed(&incident(3, IncidentState::Firing)), Next::Fetch(0));
        state.fetched(vec![incident(3, IncidentState::Firing)], 3);
        assert_eq!(state.changed(&incident(4, IncidentState::Firing)), Next::Publish);
    }

    #[test]
    fn a_snapshot_has_all_that_fires_and_the_latest_that_ended() {
        let firing: Vec<Incident> = (1..=5).map(|seq| incident(seq, IncidentState::Firing)).collect();
        let ended: Vec<Incident> = (6..=15).map(|seq| incident(seq, IncidentState::Resolved)).collect();
        let state = State::new([firing, ended].concat(), 15, 3);
        let Event::Snapshot { seq, incidents, .. } = state.snapshot() else { panic!("a snapshot") };
        assert_eq!(seq, 15);
        assert_eq!(incidents.iter().map(|i| i.seq).collect::<Vec<_>>(), [15, 14, 13, 5, 4, 3, 2, 1]);
    }
}
