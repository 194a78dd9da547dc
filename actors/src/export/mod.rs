//! Exports: one [`ExportActor`] a job, a bounded number at a time.
//!
//! ```text
//! snapshot ──chunks──> encoders, one a core ──pieces, in order──> object storage
//!   (a thread)            (threads)             (one thread)          (async)
//! ```
//!
//! What is in flight between them is bounded, so memory does not depend on how much is exported.

pub mod desk;
pub mod encode;
mod in_order;
pub mod news;
pub mod press;
pub mod progress;
pub mod run;
pub mod sample;
pub mod state;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use actix::{Actor, AsyncContext as _, Context, WrapFuture as _};
use futures_util::future::select;
use tokio::sync::{Semaphore, mpsc};

use self::news::News;
use self::press::Bounds;
use self::progress::Progress;
use self::state::{Ended, Next, Retries};
use crate::directory::Tether;
use crate::domain::{Export, ExportId};
use crate::ports::{Clock, Count, ExportEnd, Exports, Meter, Objects, PortError, Snapshots};

/// How often a server says that it looks after a job.
const TOUCH_EVERY: Duration = Duration::from_secs(5);

/// What a job needs.
#[derive(Clone)]
pub struct Parts {
    /// Where documents are read.
    pub snapshots: Arc<dyn Snapshots>,
    /// Where files are kept.
    pub objects: Arc<dyn Objects>,
    /// Where jobs are noted.
    pub exports: Arc<dyn Exports>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For counts.
    pub meter: Arc<dyn Meter>,
    /// For what went wrong.
    pub log: slog::Logger,
    /// Who is told how far it is.
    pub news: News,
    /// Jobs take turns: as many run as there are permits.
    pub turns: Arc<Semaphore>,
    /// How much one job may take.
    pub bounds: Bounds,
    /// How often it is tried.
    pub retries: Retries,
    /// How long a file is kept.
    pub kept: Duration,
    /// Where a job says that it is over, whatever became of it.
    pub over: mpsc::Sender<ExportId>,
}

/// One job, from its turn to its end. It is built again after a panic, and begins anew then.
pub struct ExportActor {
    id: ExportId,
    parts: Parts,
    progress: Arc<Progress>,
    _tether: Tether,
}

impl ExportActor {
    /// The actor of a job that is not over.
    #[must_use]
    pub fn new(id: ExportId, parts: Parts, progress: Arc<Progress>, tether: Tether) -> Self {
        Self { id, parts, progress, _tether: tether }
    }
}

impl Actor for ExportActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        let (id, parts, progress) = (self.id, self.parts.clone(), Arc::clone(&self.progress));
        let work = async move {
            let over = parts.over.clone();
            let touching = touch(id, parts.clone(), Arc::clone(&progress));
            select(pin!(see_through(id, parts, progress)), pin!(touching)).await;
            // The desk lets go of the actor then. Without a desk there is nobody to tell.
            let _ = over.send(id).await;
        };
        ctx.spawn(work.into_actor(self));
    }
}

/// Says from time to time that this server looks after a job, and hears when it was cancelled at another one.
async fn touch(id: ExportId, parts: Parts, progress: Arc<Progress>) {
    loop {
        parts.clock.until(parts.clock.now().plus(TOUCH_EVERY)).await;
        // A store that is away is asked again.
        if parts.exports.touch(id, parts.clock.now()).await == Ok(false) {
            progress.cancel();
        }
    }
}

/// Waits for its turn, then tries until it is over.
async fn see_through(id: ExportId, parts: Parts, progress: Arc<Progress>) {
    let turn = progress.while_wanted(Arc::clone(&parts.turns).acquire_owned()).await;
    if !matches!(turn, Some(Ok(_))) {
        return match progress.is_put_off() {
            true => {}
            false => settle(&parts, id, None, ExportEnd::Cancelled).await,
        };
    }
    let mut last = None;
    loop {
        if let Some(last) = last
            && !until_stored(&parts, || is_at(&parts, id, last)).await
        {
            // Another server took it over while this one was away.
            return;
        }
        let Some(export) = until_stored(&parts, || parts.exports.begin(id, parts.clock.now())).await else {
            return;
        };
        if let Some(reason) = state::too_often(export.attempts, parts.retries) {
            return settle(&parts, id, Some(export.attempts), ExportEnd::Failed(reason)).await;
        }
        parts.news.tell(export.clone(), &progress);
        let next = attempt(&parts, &export, &progress).await;
        match next {
            Next::End(ExportEnd::Cancelled) if progress.is_put_off() => {
                return until_stored(&parts, || parts.exports.put_back(id)).await;
            }
            Next::End(end) => return settle(&parts, id, Some(export.attempts), end).await,
            Next::Again(wait) => {
                last = Some(export.attempts);
                let until = parts.clock.now().plus(wait);
                let _ = progress.while_wanted(parts.clock.until(until)).await;
            }
        }
    }
}

async fn attempt(parts: &Parts, export: &Export, progress: &Arc<Progress>) -> Next {
    progress.begin_anew();
    let ended = match run::run(parts, export, progress).await {
        Ok(file) => Ended::File(file),
        Err(fault) => {
            slog::warn!(parts.log, "an export came to no file"; "export" => %export.id, "cause" => %fault);
            Ended::Fault(fault)
        }
    };
    let expires_at = parts.clock.now().plus(parts.kept);
    state::next(ended, export.attempts, parts.retries, expires_at)
}

/// Whether this attempt is the last that was begun.
async fn is_at(parts: &Parts, id: ExportId, attempt: u32) -> Result<bool, PortError> {
    Ok(parts.exports.get(id).await?.is_none_or(|export| export.attempts == attempt))
}

async fn settle(parts: &Parts, id: ExportId, attempt: Option<u32>, end: ExportEnd) {
    let counted = match &end {
        ExportEnd::Done { .. } => Count::ExportsDone,
        ExportEnd::Failed(_) => Count::ExportsFailed,
        ExportEnd::Cancelled => Count::ExportsCancelled,
    };
    let done = matches!(end, ExportEnd::Done { .. });
    let ended = until_stored(parts, || parts.exports.end(id, attempt, end.clone(), parts.clock.now())).await;
    match ended {
        Some(export) => {
            parts.meter.add(counted, 1);
            slog::info!(parts.log, "an export is over"; "export" => %id, "status" => export.status.as_str(),
                "rows" => export.file.as_ref().map_or(0, |file| file.rows));
            parts.news.over(export);
        }
        // Where it was cancelled or removed meanwhile, nobody wants the file. Else another server took it over, and the
        // name is that one's.
        None if done => {
            let now = until_stored(parts, || parts.exports.get(id)).await;
            if now.is_none_or(|export| export.status.is_over() && export.file.is_none()) {
                // What is left, a sweep removes.
                let _ = run::remove(parts, id).await;
            }
        }
        None => {}
    }
}

/// Asks a store until it answers.
async fn until_stored<T, F>(parts: &Parts, ask: impl Fn() -> F) -> T
where
    F: Future<Output = Result<T, PortError>>,
{
    let mut failures = 0;
    loop {
        match ask().await {
            Ok(answer) => return answer,
            Err(error) => {
                failures += 1;
                slog::warn!(parts.log, "an export cannot be noted, trying again"; "error" => %error);
                parts.clock.until(parts.clock.now().plus(state::back_off(failures))).await;
            }
        }
    }
}
