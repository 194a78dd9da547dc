//! Documents come in: stored first, then shown to every rule that wants them.
//!
//! One server alone shows what it stores. Of several, one rings: it follows the store by place and shows what all of them
//! stored, its own included, so that there is one order and nothing is shown twice; the others store and tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actix::dev::SendError;
use tokio::sync::{RwLock, RwLockWriteGuard};

use crate::directory::Directory;
use crate::domain::{Document, RuleId, Timestamp};
use crate::metric::MetricWatcher;
use crate::metric::messages::Observed;
use crate::metric::plan::Plan;
use crate::ports::{Appended, Clock, Count, Documents, IdempotencyKey, Meter, PortError};

/// Documents that are read at once while following.
const FOLLOW_LIMIT: usize = 1_000;

/// Told when documents were stored.
pub type OnStored = Arc<dyn Fn() + Send + Sync>;

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
    /// Set where several servers share the store.
    on_stored: Option<OnStored>,
    /// Everything up to this place was shown by following.
    shown: AtomicU64,
    /// The highest place that was seen in the store.
    highest: AtomicU64,
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
        Self {
            documents,
            watchers,
            plan: RwLock::default(),
            clock,
            meter,
            future_tolerance,
            on_stored: None,
            shown: AtomicU64::new(0),
            highest: AtomicU64::new(0),
        }
    }

    /// The same for one of several servers: what it stores is told to `on_stored`, and shown by [`Ingest::follow`] at the
    /// one that rings.
    #[must_use]
    pub fn shared(self, on_stored: OnStored) -> Self {
        Self { on_stored: Some(on_stored), ..self }
    }

    /// From now on, what is stored is followed. Called before there are watchers: what was stored until then, they read.
    ///
    /// # Errors
    /// What [`Documents::highest`] says.
    pub async fn begin_following(&self) -> Result<(), PortError> {
        self.shown.store(self.documents.highest().await?, Ordering::Relaxed);
        Ok(())
    }

    /// Shows the next documents that were stored, whoever stored them; how many there were.
    ///
    /// # Errors
    /// What [`Documents::after`] says.
    pub async fn follow(&self) -> Result<usize, PortError> {
        // Held as it is in `append`: a rule that is exchanged meanwhile has read what its old plan sorted.
        let plan = self.plan.read().await;
        let read = self.documents.after(self.shown.load(Ordering::Relaxed), FOLLOW_LIMIT).await?;
        let Some(&(last, _)) = read.last() else { return Ok(0) };
        let count = read.len();
        for (received_at, places, batch) in batches(read) {
            let sorted = plan.sort(&batch, self.future_tolerance);
            self.meter.add(Count::MeasuresUnusable, sorted.unusable);
            let waited = self.clock.now().since(received_at);
            let accepted_at = Instant::now().checked_sub(waited).unwrap_or_else(Instant::now);
            for (rule, samples) in sorted.placed(&places).taken {
                self.show(rule, Observed { samples, received_at, accepted_at }).await;
            }
        }
        self.shown.store(last, Ordering::Relaxed);
        self.highest.fetch_max(last, Ordering::Relaxed);
        Ok(count)
    }

    /// Looks how far following is behind, for [`Ingest::behind`].
    ///
    /// # Errors
    /// What [`Documents::highest`] says.
    pub async fn look_ahead(&self) -> Result<(), PortError> {
        self.highest.fetch_max(self.documents.highest().await?, Ordering::Relaxed);
        Ok(())
    }

    /// How many documents were stored and not yet shown, when somebody looked last.
    #[must_use]
    pub fn behind(&self) -> u64 {
        self.highest.load(Ordering::Relaxed).saturating_sub(self.shown.load(Ordering::Relaxed))
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
        if let Some(on_stored) = &self.on_stored {
            let appended = self.documents.append(batch, key, self.clock.now()).await?;
            if appended.replayed.is_none() {
                self.count(&appended);
                on_stored();
            }
            return Ok(appended);
        }
        let plan = self.plan.read().await;
        let sorted = plan.sort(&batch, self.future_tolerance);
        let received_at = batch.first().map_or_else(|| self.clock.now(), |document| document.received_at);
        let appended = self.documents.append(batch, key, self.clock.now()).await?;
        if appended.replayed.is_some() {
            return Ok(appended);
        }
        self.count(&appended);
        self.meter.add(Count::MeasuresUnusable, sorted.unusable);
        for (rule, samples) in sorted.placed(&appended.places).taken {
            self.show(rule, Observed { samples, received_at, accepted_at }).await;
        }
        Ok(appended)
    }

    fn count(&self, appended: &Appended) {
        let accepted = appended.places.iter().flatten().count() as u64;
        self.meter.add(Count::DocumentsAccepted, accepted);
        self.meter.add(Count::DocumentsDuplicate, appended.places.len() as u64 - accepted);
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

/// Documents by the instant at which they came, as far as they lie together: for each instant the places and the documents.
/// What one request brought came at one instant.
fn batches(read: Vec<(u64, Document)>) -> Vec<(Timestamp, Vec<Option<u64>>, Vec<Document>)> {
    let mut batches: Vec<(Timestamp, Vec<Option<u64>>, Vec<Document>)> = Vec::new();
    for (place, document) in read {
        match batches.last_mut() {
            Some((at, places, batch)) if *at == document.received_at => {
                places.push(Some(place));
                batch.push(document);
            }
            _ => batches.push((document.received_at, vec![Some(place)], vec![document])),
        }
    }
    batches
}
