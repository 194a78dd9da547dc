//! How far a job is, shared between those who work on it and those who ask.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use futures_util::future::{Either, select};
use tokio::sync::watch;

/// Stands for a number that is not known yet.
const UNKNOWN: u64 = u64::MAX;

/// What is wished of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// That it is done.
    Wanted,
    /// Nothing: nobody wants it any more.
    Cancelled,
    /// That it is done later: the server stops.
    Later,
}

/// How far a job is, and whether it is still wanted.
#[derive(Debug)]
pub struct Progress {
    rows: AtomicU64,
    total: AtomicU64,
    halted: AtomicBool,
    wish: watch::Sender<Wish>,
    over: watch::Sender<bool>,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            rows: AtomicU64::new(0),
            total: AtomicU64::new(UNKNOWN),
            halted: AtomicBool::new(false),
            wish: watch::Sender::new(Wish::Wanted),
            over: watch::Sender::new(false),
        }
    }
}

impl Progress {
    /// Rows that are written.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Rows in all, once that is known.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        Some(self.total.load(Ordering::Relaxed)).filter(|total| *total != UNKNOWN)
    }

    /// Nothing is written yet.
    pub fn begin_anew(&self) {
        self.halted.store(false, Ordering::Relaxed);
        self.rows.store(0, Ordering::Relaxed);
        self.total.store(UNKNOWN, Ordering::Relaxed);
    }

    /// So many rows are to be written.
    pub fn expect(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    /// So many more are.
    pub fn add(&self, rows: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
    }

    /// Nobody wants it any more.
    pub fn cancel(&self) {
        self.wish.send_replace(Wish::Cancelled);
    }

    /// The server stops: it is begun anew at the next start.
    pub fn put_off(&self) {
        self.wish.send_if_modified(|wish| {
            let wanted = *wish == Wish::Wanted;
            if wanted {
                *wish = Wish::Later;
            }
            wanted
        });
    }

    /// Whether it is begun anew at the next start.
    #[must_use]
    pub fn is_put_off(&self) -> bool {
        *self.wish.borrow() == Wish::Later
    }

    /// Whoever waited for this attempt is gone: those who work on it are to stop.
    pub fn halt(&self) {
        self.halted.store(true, Ordering::Relaxed);
    }

    /// Whether work on it is to stop.
    #[must_use]
    pub fn is_halted(&self) -> bool {
        self.halted.load(Ordering::Relaxed) || *self.wish.borrow() != Wish::Wanted
    }

    /// Nothing will change any more.
    pub fn end(&self) {
        self.over.send_replace(true);
    }

    /// Waits until nothing will change any more.
    pub async fn ended(&self) {
        // Without a sender there would be nobody who asks.
        let _ = self.over.subscribe().wait_for(|over| *over).await;
    }

    /// What `work` comes to; none, when the job is cancelled or put off before.
    pub async fn while_wanted<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut wish = self.wish.subscribe();
        let unwanted = pin!(wish.wait_for(|wish| *wish != Wish::Wanted));
        match select(pin!(work), unwanted).await {
            Either::Left((answer, _)) => Some(answer),
            Either::Right(_) => None,
        }
    }
}
