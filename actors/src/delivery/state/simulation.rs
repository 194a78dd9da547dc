//! The state against a model of the outbox, with answers in any order.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::NotificationState;
use crate::testing::samples;

const CONCURRENT: usize = 3;

/// What is under way outside the state.
enum Running {
    /// Seen at this instant, not handed over yet.
    Read(Vec<Delivery>, Option<Timestamp>),
    Send(Box<Delivery>),
    Settle(NotificationId, Settlement),
}

struct World {
    state: State,
    now: Timestamp,
    timer: Option<Timestamp>,
    running: Vec<Running>,
    pending: BTreeMap<NotificationId, Delivery>,
    done: BTreeMap<NotificationId, u32>,
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
        Self { state, now, timer: None, running: vec![], pending: BTreeMap::new(), done: BTreeMap::new() }
    }

    fn store(&mut self) {
        let incident = samples::incident(self.now, &["a@example.com"]);
        let notification = incident.notifications[0].clone();
        self.pending.insert(notification.id, Delivery { notification, incident });
        let effects = self.state.wake(self.now);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Read { limit } => self.running.push(self.look(limit)),
                Effect::Send(delivery) => {
                    let id = delivery.notification.id;
                    assert!(!self.done.contains_key(&id), "sent after it was settled for good");
                    self.running.push(Running::Send(delivery));
                }
                Effect::Settle { id, settlement } => self.running.push(Running::Settle(id, settlement)),
                Effect::SetTimer(at) => self.timer = Some(at),
                Effect::ClearTimer => self.timer = None,
                Effect::Drained => panic!("nobody drains"),
            }
        }
        let mut under_way: Vec<NotificationId> = self.running.iter().filter_map(Running::entry).collect();
        assert!(under_way.len() <= CONCURRENT);
        under_way.sort();
        under_way.dedup();
        assert_eq!(under_way.len(), self.running.iter().filter_map(Running::entry).count(), "one entry, one try");
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
            Running::Send(delivery) => {
                let outcome = if good { Ok(()) } else { Err(MailError::Temporary("451".into())) };
                let attempts = delivery.notification.attempts;
                self.state.tried(delivery.notification.id, attempts, outcome, self.now, share)
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
    fn entry(&self) -> Option<NotificationId> {
        match self {
            Self::Read(..) => None,
            Self::Send(delivery) => Some(delivery.notification.id),
            Self::Settle(id, _) => Some(*id),
        }
    }
}

proptest! {
    #[test]
    fn every_entry_is_settled_for_good_and_none_is_tried_twice_at_once(
        steps in prop::collection::vec((0..10_u8, any::<prop::sample::Index>(), any::<bool>(), 0.0..1.0_f64), 0..120),
    ) {
        let mut world = World::new();
        let begin = world.now;
        world.store();
        let mut stored = 1;
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
    }
}
