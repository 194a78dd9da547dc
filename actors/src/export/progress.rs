//! How far a job is, shared between those who work on it and those who ask.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use futures_util::future::{Either, select};
use tokio::sync::watch;

/// Stands for a number that is not known yet.
const UNKNOWN: u64 = u64::MAX;

/// How far a job is, and whether it is still wanted.
#[derive(Debug)]
pub struct Progress {
    rows: AtomicU64,
    total: AtomicU64,
    halted: AtomicBool,
    cancelled: watch::Sender<bool>,
    over: watch::Sender<bool>,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            rows: AtomicU64::new(0),
            total: AtomicU64::new(UNKNOWN),
            halted: AtomicBool::new(false),
            cancelled: watch::Sender::new(false),
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
        self.cancelled.send_replace(true);
    }

    /// Whether somebody said so.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.cancelled.borrow()
    }

    /// Whoever waited for this attempt is gone: those who work on it are to stop.
    pub fn halt(&self) {
        self.halted.store(true, Ordering::Relaxed);
    }

    /// Whether work on it is to stop.
    #[must_use]
    pub fn is_halted(&self) -> bool {
        self.halted.load(Ordering::Relaxed) || self.is_cancelled()
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

    /// What `work` comes to; none, when the job is cancelled before.
    pub async fn unless_cancelled<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut cancelled = self.cancelled.subscribe();
        let cancelled = pin!(cancelled.wait_for(|cancelled| *cancelled));
        match select(pin!(work), cancelled).await {
            Either::Left((answer, _)) => Some(answer),
            Either::Right(_) => None,
        }
    }
}
