//! Silences, where watchers look at them, and where they are changed.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Mutex;

use crate::directory::Directory;
use crate::domain::{RuleId, Silence, SilenceId};
use crate::metric::MetricWatcher;
use crate::metric::messages::LookAgain;
use crate::ports::{Bus, Clock, News, PortError, Silences};

/// How long a silence of once is kept after its end, so that people see what there was.
const KEPT: Duration = Duration::from_secs(7 * 86_400);

/// The silences as watchers see them.
#[derive(Debug, Clone)]
pub struct Current(Arc<RwLock<Arc<[Silence]>>>);

impl Default for Current {
    fn default() -> Self {
        Self(Arc::new(RwLock::new(Arc::new([]))))
    }
}

impl Current {
    /// All of them.
    #[must_use]
    pub fn get(&self) -> Arc<[Silence]> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts these in the place of those before.
    pub fn put(&self, silences: Vec<Silence>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = silences.into();
    }
}

/// Where silences are changed.
pub struct SilenceBook {
    /// Where they are kept.
    pub silences: Arc<dyn Silences>,
    /// Where watchers look.
    pub current: Current,
    /// Who looks again.
    pub watchers: Directory<RuleId, MetricWatcher>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The most there may be.
    pub max: usize,
    /// One change after the other.
    pub changing: Mutex<()>,
    /// The other servers, where there may be some.
    pub others: Option<Arc<dyn Bus>>,
}

impl SilenceBook {
    /// Reads what is stored.
    ///
    /// # Errors
    /// What [`Silences::list`] says.
    pub async fn open(&self) -> Result<(), PortError> {
        self.current.put(self.silences.list().await?);
        Ok(())
    }

    /// Makes one; it counts at once.
    ///
    /// # Errors
    /// What [`Silences::create`] says.
    pub async fn create(&self, silence: Silence) -> Result<(), PortError> {
        let _one = self.changing.lock().await;
        self.silences.create(silence, self.max, self.clock.now().minus(KEPT)).await?;
        self.changed().await
    }

    /// Takes one back: what rang in it and still rings is told now. `false` when there is none.
    ///
    /// # Errors
    /// What [`Silences::remove`] says.
    pub async fn remove(&self, id: SilenceId) -> Result<bool, PortError> {
        let _one = self.changing.lock().await;
        let removed = self.silences.remove(id).await?;
        self.changed().await?;
        Ok(removed)
    }

    /// Looks at what is stored: another server may have changed it.
    ///
    /// # Errors
    /// What [`Silences::list`] says.
    pub async fn reload(&self) -> Result<(), PortError> {
        let _one = self.changing.lock().await;
        let stored = self.silences.list().await?;
        if *stored == *self.current.get() { Ok(()) } else { self.look_again().await }
    }

    async fn changed(&self) -> Result<(), PortError> {
        if let Some(others) = &self.others {
            others.publish(News::SilencesChanged);
        }
        self.look_again().await
    }

    async fn look_again(&self) -> Result<(), PortError> {
        self.open().await?;
        for watcher in self.watchers.all() {
            // One that is gone looks when it is there again; one whose mailbox is full, with what is in it.
            let _ = watcher.try_send(LookAgain);
        }
        Ok(())
    }
}
