//! Where files are asked for, looked after, and handed out.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};

use super::news::News;
use super::progress::Progress;
use super::run::{self, object_name};
use super::sample::{self, Sample};
use super::state::Fault;
use super::{ExportActor, Parts, TOUCH_EVERY};
use crate::directory::{Directory, Surroundings};
use crate::domain::event::ExportView;
use crate::domain::{Export, ExportId, ExportSpec, ExportStatus, LinkToken, Timestamp};
use crate::ports::{
    ExportBounds, ExportCreated, ExportEnd, IdempotencyKey, ListExports, ObjectName, PortError, Secrets, Sweep,
};

/// How often files that expired are removed.
pub const SWEEP_EVERY: Duration = Duration::from_secs(30);
/// Files that one sweep removes.
const SWEEP_LIMIT: usize = 100;
/// How long it is remembered that there was a file.
const REMEMBERED: Duration = Duration::from_secs(30 * 86_400);
/// Samples that are read at once; the next is told to try again.
const SAMPLES: usize = 4;
/// How long somebody waits who cancels.
const CANCELLED_WITHIN: Duration = Duration::from_secs(5);
/// Longer than any upload takes: what is older and not known is nobody's.
const ABANDONED_AFTER: Duration = Duration::from_secs(86_400);

/// The jobs that are not over, by their progress.
#[derive(Debug, Clone, Default)]
pub struct Live(Arc<Mutex<HashMap<ExportId, Arc<Progress>>>>);

impl Live {
    fn lock(&self) -> MutexGuard<'_, HashMap<ExportId, Arc<Progress>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far a job is, if it is not over.
    #[must_use]
    pub fn get(&self, id: ExportId) -> Option<Arc<Progress>> {
        self.lock().get(&id).cloned()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn begin(&self, id: ExportId) {
        self.lock().entry(id).or_default();
    }

    /// A job is over.
    pub fn end(&self, id: ExportId) {
        if let Some(progress) = self.lock().remove(&id) {
            progress.end();
        }
    }
}

/// Where files are asked for.
#[derive(Clone)]
pub struct Desk {
    parts: Parts,
    live: Live,
    actors: Directory<ExportId, ExportActor>,
    secrets: Arc<dyn Secrets>,
    bounds: ExportBounds,
    samples: Arc<Semaphore>,
    alone: bool,
}

/// What becomes of taking one back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenBack {
    /// It is being cancelled.
    Cancelled,
    /// Its file is gone, and its link with it.
    Removed,
    /// There is none.
    Unknown,
}

impl Desk {
    /// Opens the desk. `over` is the other end of what `parts` has; `alone` says that no other server works on these jobs.
    #[must_use]
    pub fn new(
        parts: Parts,
        around: Surroundings,
        mut over: mpsc::Receiver<ExportId>,
        secrets: Arc<dyn Secrets>,
        bounds: ExportBounds,
        alone: bool,
    ) -> Self {
        let live = Live::default();
        let arbiter = around.arbiters.first().clone();
        let actors = Directory::new("export", around, crate::directory::Respawn::default(), {
            let (live, parts) = (live.clone(), parts.clone());
            move |id: &ExportId, tether| Some(ExportActor::new(*id, parts.clone(), live.get(*id)?, tether))
        });
        let (ended, retired) = (live.clone(), actors.clone());
        arbiter.spawn(async move {
            while let Some(id) = over.recv().await {
                retired.retire(&id);
                ended.end(id);
            }
        });
        Self { parts, live, actors, secrets, bounds, samples: Arc::new(Semaphore::new(SAMPLES)), alone }
    }

    /// Begins what a stop or a crash left unfinished, and removes what nobody will finish.
    ///
    /// # Errors
    /// When jobs cannot be read. A storage that is away is looked after later.
    pub async fn open(&self) -> Result<(), PortError> {
        // Alone, whatever is unfinished is this server's; others may be at it else.
        let untouched_since = if self.alone { self.parts.clock.now() } else { self.abandoned() };
        self.pick_up(untouched_since).await?;
        if let Err(error) = self.sweep_storage().await {
            slog::warn!(self.parts.log, "what is left of unfinished files is not removed yet"; "error" => %error);
        }
        Ok(())
    }

    async fn sweep_storage(&self) -> Result<(), PortError> {
        let known: HashSet<ObjectName> = self.parts.exports.with_file().await?.into_iter().map(object_name).collect();
        let ours = |name: &ObjectName| name.as_str().parse::<ExportId>().is_ok();
        let before = self.parts.clock.now().minus(ABANDONED_AFTER);
        let swept = self.parts.objects.sweep(Sweep { ours: &ours, keep: &known, before }).await?;
        if swept.objects + swept.uploads > 0 {
            slog::info!(self.parts.log, "removed what was left of unfinished files";
                "files" => swept.objects, "uploads" => swept.uploads);
        }
        Ok(())
    }

    /// What nobody has touched since then was left by a server that is gone.
    fn abandoned(&self) -> Timestamp {
        self.parts.clock.now().minus(TOUCH_EVERY * 6)
    }

    async fn pick_up(&self, untouched_since: Timestamp) -> Result<(), PortError> {
        for id in self.parts.exports.unfinished(untouched_since).await? {
            self.start(id);
        }
        Ok(())
    }

    fn start(&self, id: ExportId) {
        self.live.begin(id);
        let _ = self.actors.get_or_spawn(&id);
    }

    /// Takes an order. It is on disk when this returns.
    ///
    /// # Errors
    /// What [`crate::ports::Exports::create`] says.
    pub async fn create(
        &self,
        owner: String,
        spec: ExportSpec,
        key: Option<IdempotencyKey>,
    ) -> Result<ExportCreated, PortError> {
        let now = self.parts.clock.now();
        let export = Export {
            id: ExportId::new(now),
            owner,
            spec,
            status: ExportStatus::Queued,
            attempts: 0,
            token: LinkToken(self.secrets.random()),
            created_at: now,
            started_at: None,
            ended_at: None,
            expires_at: None,
            file: None,
            error: None,
            removed_at: None,
        };
        let created = self.parts.exports.create(export, key, self.bounds).await?;
        if !created.replayed {
            self.start(created.export.id);
        }
        Ok(created)
    }

    /// One export of an owner.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn get(&self, owner: &str, id: ExportId) -> Result<Option<ExportView>, PortError> {
        let export = self.parts.exports.get(id).await?.filter(|export| export.owner == owner);
        Ok(export.map(|export| self.view(export)))
    }

    /// A page of them, newest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn list(&self, query: ListExports) -> Result<Vec<ExportView>, PortError> {
        Ok(self.parts.exports.list(query).await?.into_iter().map(|export| self.view(export)).collect())
    }

    /// An export with how far it is.
    #[must_use]
    pub fn view(&self, export: Export) -> ExportView {
        let progress = self.live.get(export.id).filter(|_| !export.status.is_over());
        self.parts.news.view(export, progress.as_deref())
    }

    /// Waits until a job is over, at most so long.
    pub async fn wait(&self, id: ExportId, at_most: Duration) {
        if let Some(progress) = self.live.get(id) {
            let _ = tokio::time::timeout(at_most, progress.ended()).await;
        }
    }

    /// Cancels a job, or removes its file.
    ///
    /// # Errors
    /// When it cannot be noted; the file of one that was noted is removed by a later sweep.
    pub async fn take_back(&self, owner: &str, id: ExportId) -> Result<TakenBack, PortError> {
        let exports = &self.parts.exports;
        let Some(export) = exports.get(id).await?.filter(|export| export.owner == owner) else {
            return Ok(TakenBack::Unknown);
        };
        if !export.status.is_over() {
            match self.live.get(id) {
                Some(progress) => {
                    progress.cancel();
                    // A storage that hangs keeps nobody waiting; it is noted when that is over.
                    let _ = tokio::time::timeout(CANCELLED_WITHIN, progress.ended()).await;
                }
                // Another server's: it notices when it touches it.
                None => drop(exports.end(id, None, ExportEnd::Cancelled, self.parts.clock.now()).await?),
            }
            return Ok(TakenBack::Cancelled);
        }
        if !exports.remove(id, self.parts.clock.now()).await? {
            return Ok(TakenBack::Unknown);
        }
        if let Err(error) = run::remove(&self.parts, id).await {
            slog::warn!(self.parts.log, "a file is not removed yet"; "export" => %id, "error" => %error);
        }
        Ok(TakenBack::Removed)
    }

    /// The export of a link, whoever's it is.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn by_token(&self, token: &str) -> Result<Option<Export>, PortError> {
        self.parts.exports.by_token(token.to_owned()).await
    }

    /// What a file would begin with.
    ///
    /// # Errors
    /// Why that cannot be told; [`PortError::Busy`] when others ask already.
    pub async fn sample(&self, spec: ExportSpec) -> Result<Sample, Fault> {
        let busy = |_| Fault::Reading(PortError::Busy("the preview"));
        let turn = Arc::clone(&self.samples).try_acquire_owned().map_err(busy)?;
        let snapshots = Arc::clone(&self.parts.snapshots);
        let read = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            sample::sample(&mut *snapshots.open().map_err(Fault::Reading)?, &spec)
        });
        read.await.map_err(|_| Fault::Broken)?
    }

    /// The jobs that are not over.
    #[must_use]
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// The way to what owners are told.
    #[must_use]
    pub fn news(&self) -> &News {
        &self.parts.news
    }

    /// The storage.
    #[must_use]
    pub fn objects(&self) -> &Arc<dyn crate::ports::Objects> {
        &self.parts.objects
    }

    /// Where documents are read.
    #[must_use]
    pub fn snapshots(&self) -> &Arc<dyn crate::ports::Snapshots> {
        &self.parts.snapshots
    }

    /// Removes files that expired, now and from time to time; for ever.
    pub async fn look_after(self) {
        loop {
            if let Err(error) = self.sweep().await {
                slog::warn!(self.parts.log, "files that expired are not removed yet"; "error" => %error);
            }
            self.parts.clock.until(self.parts.clock.now().plus(SWEEP_EVERY)).await;
        }
    }

    async fn sweep(&self) -> Result<(), PortError> {
        if !self.alone {
            self.pick_up(self.abandoned()).await?;
        }
        let now = self.parts.clock.now();
        for id in self.parts.exports.expired(now, SWEEP_LIMIT).await? {
            run::remove(&self.parts, id).await?;
            self.parts.exports.let_go(id).await?;
        }
        self.parts.exports.forget(now.minus(REMEMBERED)).await?;
        Ok(())
    }

    /// Puts every job off until the next start, and waits until nothing is under way.
    pub async fn stop(&self) {
        let under_way: Vec<Arc<Progress>> = self.live.lock().values().cloned().collect();
        for progress in &under_way {
            progress.put_off();
        }
        for progress in under_way {
            progress.ended().await;
        }
    }
}
