//! Documents come in: stored first, then shown to every rule that wants them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::dev::SendError;
use tokio::sync::{RwLock, RwLockWriteGuard};

use crate::directory::Directory;
use crate::domain::{Document, RuleId};
use crate::metric::MetricWatcher;
use crate::metric::messages::Observed;
use crate::metric::plan::Plan;
use crate::ports::{Appended, Clock, Count, Documents, IdempotencyKey, Meter, PortError};

/// The way of documents into the house.
pub struct Ingest {
    documents: Arc<dyn Documents>,
    watchers: Directory<RuleId, MetricWatcher>,
    /// Held while a batch is stored and shown, so that whoever changes the plan knows that every document that was
    /// sorted by the old one is stored.
    plan: RwLock<Plan>,
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
        Self { documents, watchers, plan: RwLock::default(), clock, meter, future_tolerance }
    }

    /// Holds documents back for as long as the guard lives, to put another plan in its place and exchange watchers.
    /// Waits for what is under way.
    pub async fn hold(&self) -> RwLockWriteGuard<'_, Plan> {
        self.plan.write().await
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
        let plan = self.plan.read().await;
        let sorted = plan.sort(&batch, self.future_tolerance);
        let received_at = batch.first().map_or_else(|| self.clock.now(), |document| document.received_at);
        let appended = self.documents.append(batch, key, self.clock.now()).await?;
        if appended.replayed.is_some() {
            return Ok(appended);
        }
        let accepted = appended.places.iter().flatten().count() as u64;
        self.meter.add(Count::DocumentsAccepted, accepted);
        self.meter.add(Count::DocumentsDuplicate, appended.places.len() as u64 - accepted);
        self.meter.add(Count::MeasuresUnusable, sorted.unusable);
        for (rule, samples) in sorted.placed(&appended.places).taken {
            self.show(rule, Observed { samples, received_at, accepted_at }).await;
        }
        Ok(appended)
    }

    async fn show(&self, rule: RuleId, observed: Observed) {
        let Some(watcher) = self.watchers.get(&rule) else { return };
        if let Err(SendError::Full(observed)) = watcher.try_send(observed) {
            // The poster waits until there is room: an event that was answered is always counted.
            self.meter.add(Count::MailboxFull, 1);
            let _ = watcher.send(observed).await;
        }
    }
}
