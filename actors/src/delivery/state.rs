//! Which messages are under way, and what to do next. Pure: no actor, no await, no clock, no dice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::backoff;
use crate::domain::{Channel, NotificationId, Timestamp};
use crate::metric::burst::APART;
use crate::ports::{Delivery, MailError, Settlement};

/// The longest pause between two tries to reach a storage that does not answer.
const LONGEST_STORAGE_PAUSE: Duration = Duration::from_secs(30);
/// The first pause of those.
const FIRST_STORAGE_PAUSE: Duration = Duration::from_millis(100);

/// Entries of one look into the outbox: so many are told together at most.
pub const READ_LIMIT: usize = 1_000;

/// How much, how often, how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// So many messages are under way at most; at least one. Those that are told together are one.
    pub concurrent: usize,
    /// After so many tries a message is given up.
    pub max_attempts: u32,
    /// The pause after the first failure, before jitter.
    pub first_retry: Duration,
    /// The longest pause, before jitter.
    pub longest_retry: Duration,
    /// The outbox is looked at this often even when nobody wakes the courier: whoever stored an entry may have been
    /// killed before it could.
    pub sweep: Duration,
}

/// What the shell has to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the outbox for so many due entries and for the next instant after now; answer with [`State::read`] or
    /// [`State::read_failed`].
    Read {
        /// How many.
        limit: usize,
    },
    /// Try to send these together: one, or more than a few to the same recipient. Answer with [`State::tried`].
    Send(Vec<Delivery>),
    /// Write down what became of a try; answer with [`State::settled`] or [`State::settle_failed`].
    Settle {
        /// Of which entry.
        id: NotificationId,
        /// What became of it.
        settlement: Settlement,
    },
    /// Call [`State::tick`] at this instant, and at none that was asked for earlier.
    SetTimer(Timestamp),
    /// Call [`State::tick`] at no instant that was asked for earlier.
    ClearTimer,
    /// Nothing is under way and nothing will be.
    Drained,
}

/// An entry that was taken from the outbox and is not settled yet.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    /// With which others it went out.
    bundle: u64,
    stage: Stage,
}

#[derive(Debug, Clone, PartialEq)]
enum Stage {
    Sending,
    Settling { settlement: Settlement, failures: u32 },
    Waiting { settlement: Settlement, failures: u32, at: Timestamp },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Idle,
    UnderWay,
    /// Entries may have been stored that the read under way does not see.
    Outdated,
}

/// The courier's state.
#[derive(Debug)]
pub struct State {
    limits: Limits,
    entries: BTreeMap<NotificationId, Entry>,
    /// How many entries of each bundle are under way.
    bundles: BTreeMap<u64, usize>,
    last_bundle: u64,
    reading: Reading,
    read_failures: u32,
    /// When to read next; `None` while everything that is due was taken and nothing comes due.
    read_at: Option<Timestamp>,
    /// Whether the last read may have left due entries behind.
    more: bool,
    /// Entries that were settled while a read was under way, which may still see them as due.
    settled_meanwhile: BTreeSet<NotificationId>,
    timer: Option<Timestamp>,
    draining: bool,
}

impl State {
    /// Nothing under way.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits: Limits { concurrent: limits.concurrent.max(1), ..limits },
            entries: BTreeMap::new(),
            bundles: BTreeMap::new(),
            last_bundle: 0,
            reading: Reading::Idle,
            read_failures: 0,
            read_at: None,
            more: false,
            settled_meanwhile: BTreeSet::new(),
            timer: None,
            draining: false,
        }
    }

    /// Entries were stored, or the courier has just started.
    pub fn wake(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.reading == Reading::Idle {
            self.read_at = Some(now);
        } else {
            self.reading = Reading::Outdated;
        }
        self.next(now, Vec::new())
    }

    /// The timer's instant has come.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        self.timer = None;
        self.next(now, Vec::new())
    }

    /// The answer to [`Effect::Read`]: what is due, and when the next entry comes due.
    pub fn read(&mut self, due: Vec<Delivery>, next_due: Option<Timestamp>, now: Timestamp) -> Vec<Effect> {
        let settled = std::mem::take(&mut self.settled_meanwhile);
        // What was settled meanwhile may have taken the place of another entry.
        let outdated = self.reading == Reading::Outdated || due.iter().any(|d| settled.contains(&d.notification.id));
        self.reading = Reading::Idle;
        self.read_failures = 0;
        self.more = due.len() >= READ_LIMIT;
        let sweep_at = now.plus(self.limits.sweep);
        self.read_soon(if outdated { now } else { next_due.map_or(sweep_at, |at| at.min(sweep_at)) });
        let mut effects = Vec::new();
        let is_under_way = |id: &NotificationId| settled.contains(id) || self.entries.contains_key(id);
        let fresh = due.into_iter().filter(|delivery| !is_under_way(&delivery.notification.id)).collect();
        for bundle in bundles(fresh) {
            if self.draining || self.is_full() {
                self.more = true;
                break;
            }
            self.last_bundle += 1;
            self.bundles.insert(self.last_bundle, bundle.len());
            for delivery in &bundle {
                let entry = Entry { bundle: self.last_bundle, stage: Stage::Sending };
                self.entries.insert(delivery.notification.id, entry);
            }
            effects.push(Effect::Send(bundle));
        }
        self.next(now, effects)
    }

    /// The outbox did not answer.
    pub fn read_failed(&mut self, now: Timestamp, share: f64) -> Vec<Effect> {
        self.reading = Reading::Idle;
        self.settled_meanwhile.clear();
        self.read_failures = self.read_failures.saturating_add(1);
        self.read_at = Some(now.plus(storage_pause(self.read_failures, share)));
        self.next(now, Vec::new())
    }

    /// The answer to [`Effect::Send`] of entries, each with how often it had been tried before.
    pub fn tried(
        &mut self,
        entries: &[(NotificationId, u32)],
        outcome: &Result<(), MailError>,
        now: Timestamp,
        share: f64,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (id, attempts) in entries {
            let settlement = self.judge(attempts.saturating_add(1), outcome.clone(), now, share);
            if let Some(entry) = self.entries.get_mut(id) {
                entry.stage = Stage::Settling { settlement: settlement.clone(), failures: 0 };
            }
            effects.push(Effect::Settle { id: *id, settlement });
        }
        self.next(now, effects)
    }

    /// The answer to [`Effect::Settle`]: it is written down.
    pub fn settled(&mut self, id: NotificationId, now: Timestamp) -> Vec<Effect> {
        if let Some(Entry { bundle, stage }) = self.entries.remove(&id) {
            self.leave(bundle);
            if let Stage::Settling { settlement: Settlement::Retry { at, .. }, .. } = stage {
                self.read_soon(at);
            }
        }
        if self.reading == Reading::Idle {
            if std::mem::take(&mut self.more) {
                self.read_soon(now);
            }
        } else {
            self.settled_meanwhile.insert(id);
        }
        self.next(now, Vec::new())
    }

    /// It could not be written down. The entry stays under way, so that it is not sent again, until it is.
    pub fn settle_failed(&mut self, id: NotificationId, now: Timestamp, share: f64) -> Vec<Effect> {
        if let Some(entry) = self.entries.get_mut(&id)
            && let Stage::Settling { settlement, failures } = &entry.stage
        {
            let failures = failures.saturating_add(1);
            let at = now.plus(storage_pause(failures, share));
            entry.stage = Stage::Waiting { settlement: settlement.clone(), failures, at };
        }
        self.next(now, Vec::new())
    }

    /// Take nothing new.
    pub fn drain(&mut self, now: Timestamp) -> Vec<Effect> {
        self.draining = true;
        self.next(now, Vec::new())
    }

    /// What becomes of a message after its `attempt`-th try.
    fn judge(&self, attempt: u32, outcome: Result<(), MailError>, now: Timestamp, share: f64) -> Settlement {
        match outcome {
            Ok(()) => Settlement::Sent,
            Err(MailError::Permanent(error)) => Settlement::Dead { error },
            Err(MailError::Temporary(error)) if attempt >= self.limits.max_attempts => {
                Settlement::Dead { error: format!("given up after {attempt} tries: {error}") }
            }
            Err(MailError::Temporary(error)) => {
                let pause = backoff::delay(self.limits.first_retry, self.limits.longest_retry, attempt, share);
                Settlement::Retry { error, at: now.plus(pause) }
            }
        }
    }

    fn is_full(&self) -> bool {
        self.bundles.len() >= self.limits.concurrent
    }

    /// An entry of a bundle is settled.
    fn leave(&mut self, bundle: u64) {
        if let Some(left) = self.bundles.get_mut(&bundle) {
            *left -= 1;
            if *left == 0 {
                self.bundles.remove(&bundle);
            }
        }
    }

    fn read_soon(&mut self, at: Timestamp) {
        self.read_at = Some(self.read_at.map_or(at, |earlier| earlier.min(at)));
    }

    /// What follows from the state as it is now.
    fn next(&mut self, now: Timestamp, mut effects: Vec<Effect>) -> Vec<Effect> {
        for (id, entry) in &mut self.entries {
            if let Stage::Waiting { settlement, failures, at } = &entry.stage
                && *at <= now
            {
                effects.push(Effect::Settle { id: *id, settlement: settlement.clone() });
                entry.stage = Stage::Settling { settlement: settlement.clone(), failures: *failures };
            }
        }
        if self.may_read() && self.read_at.is_some_and(|at| at <= now) {
            self.reading = Reading::UnderWay;
            self.read_at = None;
            effects.push(Effect::Read { limit: READ_LIMIT });
        }
        if self.draining && self.entries.is_empty() {
            effects.push(Effect::Drained);
        }
        self.set_timer(&mut effects);
        effects
    }

    /// A full courier does not read: whatever is settled next makes it read again.
    fn may_read(&self) -> bool {
        self.reading == Reading::Idle && !self.draining && !self.is_full()
    }

    fn set_timer(&mut self, effects: &mut Vec<Effect>) {
        let read_at = if self.may_read() { self.read_at } else { None };
        let settle_at = self.entries.values().filter_map(|entry| match entry.stage {
            Stage::Waiting { at, .. } => Some(at),
            _ => None,
        });
        let wanted = read_at.into_iter().chain(settle_at).min();
        if wanted != self.timer {
            self.timer = wanted;
            effects.push(wanted.map_or(Effect::ClearTimer, Effect::SetTimer));
        }
    }
}

/// What goes out together: more than [`APART`] messages to one recipient, by one means, that are due at once; every
/// other one by itself, the longest waiting first.
fn bundles(due: Vec<Delivery>) -> Vec<Vec<Delivery>> {
    let mut of_recipient: BTreeMap<(Channel, String), usize> = BTreeMap::new();
    for delivery in &due {
        let recipient = (delivery.notification.channel, delivery.notification.to.clone());
        *of_recipient.entry(recipient).or_default() += 1;
    }
    let mut bundles: Vec<Vec<Delivery>> = Vec::new();
    let mut together: BTreeMap<(Channel, String), usize> = BTreeMap::new();
    for delivery in due {
        let recipient = (delivery.notification.channel, delivery.notification.to.clone());
        if of_recipient.get(&recipient).is_none_or(|count| *count <= APART) {
            bundles.push(vec![delivery]);
            continue;
        }
        let place = *together.entry(recipient).or_insert_with(|| {
            bundles.push(Vec::new());
            bundles.len() - 1
        });
        if let Some(bundle) = bundles.get_mut(place) {
            bundle.push(delivery);
        }
    }
    bundles
}

fn storage_pause(failures: u32, share: f64) -> Duration {
    // At least a little, or a storage that answers "busy" at once would be asked without end.
    backoff::delay(FIRST_STORAGE_PAUSE, LONGEST_STORAGE_PAUSE, failures, share).max(Duration::from_millis(10))
}

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
