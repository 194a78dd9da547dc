//! Files of documents: the desk, from the configuration.

use std::sync::Arc;

use actix::ArbiterHandle;
use tocsin_actors::directory::Surroundings;
use tocsin_actors::domain::Export;
use tocsin_actors::export::desk::Desk;
use tocsin_actors::export::news::News;
use tocsin_actors::export::press::Bounds;
use tocsin_actors::export::state::Retries;
use tocsin_actors::export::{self};
use tocsin_actors::ports::{Clock, ExportBounds, Meter, Objects, Secrets};
use tokio::sync::{Semaphore, mpsc};

use super::Stores;
use crate::config::{Config, Exports};

/// How far threads that write files step back, 0 to 19.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Jobs that say at once that they are over; a further one waits for its turn.
const OVER_QUEUE: usize = 64;

/// What the desk is made of.
pub(super) struct Materials {
    pub(super) arbiter: ArbiterHandle,
    pub(super) stores: Stores,
    pub(super) objects: Arc<dyn Objects>,
    pub(super) secrets: Arc<dyn Secrets>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) meter: Arc<dyn Meter>,
    pub(super) log: slog::Logger,
    /// Where the links of files begin.
    pub(super) public_url: String,
}

/// Opens the desk, and begins what was left unfinished.
pub(super) async fn start(config: &Config, materials: Materials) -> Result<Desk, String> {
    let Materials { arbiter, stores, objects, secrets, clock, meter, log, public_url } = materials;
    let (over, ended) = mpsc::channel(OVER_QUEUE);
    let settings = &config.exports;
    let parts = export::Parts {
        snapshots: stores.snapshots,
        objects,
        exports: stores.exports,
        clock: clock.clone(),
        meter: meter.clone(),
        log: log.clone(),
        news: News::new(Arc::new(move |export: &Export| format!("{public_url}/d/{}", export.token.0))),
        turns: Arc::new(Semaphore::new(settings.concurrent)),
        bounds: bounds(settings),
        retries: Retries { attempts: settings.attempts },
        kept: settings.kept,
        over,
    };
    let around = Surroundings { arbiters: arbiter.clone().into(), clock, meter, log };
    let limits = ExportBounds { unfinished: settings.per_user, kept: settings.kept_per_user };
    let desk = Desk::new(parts, around, ended, secrets, limits, config.redis.url.is_none());
    desk.open().await.map_err(|error| format!("the exports cannot be read: {error}"))?;
    arbiter.spawn(desk.clone().look_after());
    Ok(desk)
}

/// How much one export may take.
#[must_use]
pub fn bounds(settings: &Exports) -> Bounds {
    // One core is left to those who are served: p99 of posts was 3.3 times as long while all of them compressed.
    Bounds { workers: settings.thread_count(1), max_rows: settings.max_rows, calm }
}

/// The same where nothing else is waited for.
#[must_use]
pub fn bounds_alone(settings: &Exports) -> Bounds {
    Bounds { workers: settings.thread_count(0), max_rows: settings.max_rows, calm: || {} }
}

/// Work in the background steps back behind documents, messages and alerts when there are not cores enough for all.
fn calm() {
    // On Linux this is about the calling thread alone. A system that refuses lets it run as before.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, NICE);
}
