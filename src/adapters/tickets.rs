//! Tickets in the memory of one process: so many at most, and a restart forgets them.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::{Grant, PortError};

/// The port [`tocsin_actors::ports::Tickets`] for one process.
pub struct Tickets {
    capacity: usize,
    waiting: Mutex<Waiting>,
}

/// Each ticket is in both.
#[derive(Default)]
struct Waiting {
    grants: HashMap<String, (Grant, Timestamp)>,
    by_expiry: BTreeSet<(Timestamp, String)>,
}

impl Tickets {
    /// None yet, and never more than `capacity`.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity, waiting: Mutex::default() }
    }

    /// How many are kept, for a metric. One that expired is kept until the next is issued.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.lock().grants.len()
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn forget_expired(&mut self, now: Timestamp) {
        while self.by_expiry.first().is_some_and(|(until, _)| *until <= now) {
            if let Some((_, digest)) = self.by_expiry.pop_first() {
                self.grants.remove(&digest);
            }
        }
    }

    fn remove(&mut self, digest: String) -> Option<(Grant, Timestamp)> {
        let (grant, until) = self.grants.remove(&digest)?;
        self.by_expiry.remove(&(until, digest));
        Some((grant, until))
    }
}

#[async_trait]
impl tocsin_actors::ports::Tickets for Tickets {
    async fn issue(&self, digest: String, grant: Grant, now: Timestamp, until: Timestamp) -> Result<(), PortError> {
        let mut waiting = self.lock();
        waiting.forget_expired(now);
        if waiting.grants.len() >= self.capacity {
            return Err(PortError::Busy("the store of tickets"));
        }
        waiting.remove(digest.clone());
        waiting.by_expiry.insert((until, digest.clone()));
        waiting.grants.insert(digest, (grant, until));
        Ok(())
    }

    async fn take(&self, digest: String, now: Timestamp) -> Result<Option<Grant>, PortError> {
        let taken = self.lock().remove(digest);
        Ok(taken.filter(|(_, until)| now < *until).map(|(grant, _)| grant))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tocsin_actors::testing::conformance;

    use super::*;

    #[actix_rt::test]
    async fn conforms() {
        conformance::tickets(async || Arc::new(Tickets::new(3)) as Arc<_>).await;
    }
}
