//! The state against a model of the outbox, with answers in any order.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::NotificationState;
use crate::metric::burst::APART;
use crate::testing::samples;

const CONCURRENT: usize = 3;

/// What is under way outside the state.
enum Running {
    /// Seen at this instant, not handed over yet.
    Read(Vec<Delivery>, Option<Timestamp>),
    Send(Vec<Delivery>),
    Settle(NotificationId, Settlement),
}

struct World {
    state: State,
    now: Timestamp,
    timer: Option<Timestamp>,
    running: Vec<Running>,
    pending: BTreeMap<NotificationId, Delivery>,
    done: BTreeMap<NotificationId, u32>,
    /// The most that were told together.
    together: usize,
}

impl World {
    fn new() -> Self {
        let now = Timestamp::clamped(samples::MORNING);
        let limits = Limits {
            concurrent: CONCURRENT,
            max_attempts: 4,
            first_retry: Duration::from_secs(1),
            longest_retry: Duration::from_secs(8),
            // So far away that nothing here can depend on it.
            sweep: Duration::from_secs(1_000_000),
        };
        let state = State::new(limits);
        Self { state, now, timer: None, running: vec![], pending: BTreeMap::new(), done: BTreeMap::new(), together: 0 }
    }

    fn store(&mut self) {
        // Few recipients, so that what piles up is told together.
        let to = format!("{}@example.com", (self.pending.len() + self.done.len()) % 2);
        let incident = samples::incident(self.now, &[to.as_str()]);
        let notification = incident.notifications[0].clone();
        self.pending.insert(notification.id, Delivery { notification, incident });
        let effects = self.state.wake(self.now);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Read { limit } => self.running.push(self.look(limit)),
                Effect::Send(bundle) => {
                    let settled = |one: &Delivery| self.done.contains_key(&one.notification.id);
                    assert!(!bundle.iter().any(settled), "sent after it was settled for good");
                    assert!(bundle.len() == 1 || bundle.len() > APART, "a few are not told together");
                    self.together = self.together.max(bundle.len());
                    self.running.push(Running::Send(bundle));
                }
                Effect::Settle { id, settlement } => self.running.push(Running::Settle(id, settlement)),
                Effect::SetTimer(at) => self.timer = Some(at),
                Effect::ClearTimer => self.timer = None,
                Effect::Drained => panic!("nobody drains"),
            }
        }
        let sending = self.running.iter().filter(|running| matches!(running, Running::Send(_))).count();
        assert!(sending <= CONCURRENT);
        let mut under_way: Vec<NotificationId> = self.running.iter().flat_map(Running::entries).collect();
        let all = under_way.len();
        under_way.sort();
        under_way.dedup();
        assert_eq!(under_way.len(), all, "one entry, one try");
        let reads = self.running.iter().filter(|running| matches!(running, Running::Read(..))).count();
        assert!(reads <= 1, "one read at a time");
    }

    fn look(&self, limit: usize) -> Running {
        let at = |delivery: &Delivery| delivery.notification.next_attempt_at;
        let mut due: Vec<Delivery> = self.pending.values().filter(|d| at(d) <= self.now).cloned().collect();
        due.sort_by_key(at);
        due.truncate(limit);
        Running::Read(due, self.pending.values().map(at).filter(|at| *at > self.now).min())
    }

    /// One of the things under way comes back; `good` says how.
    fn answer(&mut self, which: usize, good: bool, share: f64) {
        if self.running.is_empty() {
            return;
        }
        let effects = match self.running.swap_remove(which % self.running.len()) {
            Running::Read(due, next_due) if good => self.state.read(due, next_due, self.now),
            Running::Read(..) => self.state.read_failed(self.now, share),
            Running::Send(bundle) => {
                let outcome = if good { Ok(()) } else { Err(MailError::Temporary("451".into())) };
                let entries: Vec<_> =
                    bundle.iter().map(|one| (one.notification.id, one.notification.attempts)).collect();
                self.state.tried(&entries, &outcome, self.now, share)
            }
            Running::Settle(id, settlement) if good => {
                self.write_down(id, &settlement);
                self.state.settled(id, self.now)
            }
            Running::Settle(id, _) => self.state.settle_failed(id, self.now, share),
        };
        self.perform(effects);
    }

    fn write_down(&mut self, id: NotificationId, settlement: &Settlement) {
        let mut delivery = self.pending.remove(&id).unwrap();
        delivery.notification.attempts += 1;
        match settlement {
            Settlement::Retry { at, .. } => {
                delivery.notification.next_attempt_at = *at;
                self.pending.insert(id, delivery);
            }
            Settlement::Sent | Settlement::Dead { .. } => {
                delivery.notification.state = NotificationState::Sent;
                self.done.insert(id, delivery.notification.attempts);
            }
        }
    }

    /// Time passes up to the timer, or a minute.
    fn wait(&mut self) {
        let minute_on = self.now.plus(Duration::from_secs(60));
        self.now = self.timer.map_or(minute_on, |at| at.clamp(self.now, minute_on));
        if self.timer.is_some_and(|at| at <= self.now) {
            self.timer = None;
            let effects = self.state.tick(self.now);
            self.perform(effects);
        }
    }
}

impl Running {
    fn entries(&self) -> Vec<NotificationId> {
        match self {
            Self::Read(..) => Vec::new(),
            Self::Send(bundle) => bundle.iter().map(|one| one.notification.id).collect(),
            Self::Settle(id, _) => vec![*id],
        }
    }
}

proptest! {
    #[test]
    fn every_entry_is_settled_for_good_and_none_is_tried_twice_at_once(
        stored_before in 1..40_usize, steps in prop::collection::vec((0..10_u8, any::<prop::sample::Index>(), any::<bool>(), 0.0..1.0_f64), 0..120),
    ) {
        let mut world = World::new();
        let begin = world.now;
        (0..stored_before).for_each(|_| world.store());
        let mut stored = stored_before;
        for (step, which, good, share) in steps {
            match step {
                0 => {
                    world.store();
                    stored += 1;
                }
                1 => world.wait(),
                _ => world.answer(which.index(1_000), good, share),
            }
        }
        // From here on all goes well.
        for _ in 0..10_000 {
            if world.done.len() == stored {
                break;
            }
            if world.running.is_empty() { world.wait() } else { world.answer(0, true, 0.5) }
        }
        prop_assert_eq!(world.done.len(), stored);
        prop_assert!(world.now.since(begin) < Duration::from_secs(100_000), "nothing had to wait for the sweep");
        prop_assert!(world.done.values().all(|tries| *tries <= 4));
        prop_assert!(stored < 60 || world.together > APART);
    }
}
