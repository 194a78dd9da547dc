//! The threads on which actors and live connections are.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher, Hash};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix::ArbiterHandle;

/// One thread or several. What belongs together is found by key on the same one, whoever asks.
#[derive(Debug, Clone)]
pub struct Arbiters(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    first: ArbiterHandle,
    others: Vec<ArbiterHandle>,
    turn: AtomicUsize,
}

impl Arbiters {
    /// These threads.
    #[must_use]
    pub fn new(first: ArbiterHandle, others: Vec<ArbiterHandle>) -> Self {
        Self(Arc::new(Inner { first, others, turn: AtomicUsize::new(0) }))
    }

    /// The first, for what there is only one of.
    #[must_use]
    pub fn first(&self) -> &ArbiterHandle {
        &self.0.first
    }

    /// The one of a key.
    pub fn of(&self, key: &impl Hash) -> &ArbiterHandle {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(key);
        self.at(usize::try_from(hash >> 1).unwrap_or(0))
    }

    /// Each in its turn.
    #[must_use]
    pub fn next(&self) -> &ArbiterHandle {
        self.at(self.0.turn.fetch_add(1, Ordering::Relaxed))
    }

    fn at(&self, number: usize) -> &ArbiterHandle {
        let place = number % (self.0.others.len() + 1);
        place.checked_sub(1).and_then(|place| self.0.others.get(place)).unwrap_or(&self.0.first)
    }
}

impl From<ArbiterHandle> for Arbiters {
    fn from(only: ArbiterHandle) -> Self {
        Self::new(only, Vec::new())
    }
}
