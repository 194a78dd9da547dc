//! Documents come in: stored first, then shown to every rule that wants them.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use actix::dev::SendError;

use crate::directory::Directory;
use crate::domain::document::counts_at;
use crate::domain::{Document, Rule, RuleId, RuleSource};
use crate::metric::MetricWatcher;
use crate::metric::messages::{Observation, Observed};
use crate::ports::{Appended, Clock, Count, Documents, IdempotencyKey, Meter, PortError};

/// The way of documents into the house.
pub struct Ingest {
    documents: Arc<dyn Documents>,
    watchers: Directory<RuleId, MetricWatcher>,
    watched: RwLock<Arc<[(RuleId, RuleSource)]>>,
    clock: Arc<dyn Clock>,
    meter: Arc<dyn Meter>,
    future_tolerance: Duration,
}

impl Ingest {
    /// Brings documents to `documents`, and then to `watchers`.
    #[must_use]
    pub fn new(
        documents: Arc<dyn Documents>,
        watchers: Directory<RuleId, MetricWatcher>,
        clock: Arc<dyn Clock>,
        meter: Arc<dyn Meter>,
        future_tolerance: Duration,
    ) -> Self {
        Self { documents, watchers, watched: RwLock::new(Arc::new([])), clock, meter, future_tolerance }
    }

    /// From now on these rules watch; each gets its actor.
    pub fn watch(&self, rules: &[Rule]) {
        let enabled = rules.iter().filter(|rule| rule.enabled);
        let watched: Arc<[_]> = enabled.map(|rule| (rule.id, rule.source.clone())).collect();
        for (id, _) in watched.iter() {
            let _ = self.watchers.get_or_spawn(id);
        }
        *self.watched.write().unwrap_or_else(PoisonError::into_inner) = watched;
    }

    /// Stores a batch, all or nothing, and shows what was new to the rules. When it returns, it is on disk and in the
    /// mailbox of every watcher it concerns; a watcher that is being built again reads it from the store.
    ///
    /// # Errors
    /// What [`Documents::append`] says; nothing was stored then.
    pub async fn append(
        &self,
        batch: Vec<Document>,
        key: Option<IdempotencyKey>,
        accepted_at: Instant,
    ) -> Result<Appended, PortError> {
        let seen: Vec<_> = batch
            .iter()
            .map(|document| {
                (document.kind.clone(), counts_at(document.at, document.received_at, self.future_tolerance))
            })
            .collect();
        let received_at = batch.first().map_or_else(|| self.clock.now(), |document| document.received_at);
        let appended = self.documents.append(batch, key, self.clock.now()).await?;
        if appended.replayed.is_some() {
            return Ok(appended);
        }
        let accepted = appended.places.iter().flatten().count() as u64;
        self.meter.add(Count::DocumentsAccepted, accepted);
        self.meter.add(Count::DocumentsDuplicate, appended.places.len() as u64 - accepted);
        let fresh: Arc<[Observation]> = seen
            .into_iter()
            .zip(&appended.places)
            .filter_map(|((kind, at), place)| Some(Observation { place: (*place)?, kind, at: at? }))
            .collect();
        if !fresh.is_empty() {
            self.show(&Observed { batch: fresh, received_at, accepted_at }).await;
        }
        Ok(appended)
    }

    async fn show(&self, observed: &Observed) {
        let watched = Arc::clone(&self.watched.read().unwrap_or_else(PoisonError::into_inner));
        for (id, source) in watched.iter() {
            if !observed.batch.iter().any(|observation| source.wants(&observation.kind)) {
                continue;
            }
            let Some(watcher) = self.watchers.get(id) else { continue };
            if let Err(SendError::Full(observed)) = watcher.try_send(observed.clone()) {
                // The poster waits until there is room: an event that was answered is always counted.
                self.meter.add(Count::MailboxFull, 1);
                let _ = watcher.send(observed).await;
            }
        }
    }
}
