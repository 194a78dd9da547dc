//! The bounded queue between those who log and the thread that writes, and the filter before it.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use slog::{Drain, Level, Logger, Never, OwnedKVList, Record, b, o, record};
use slog_async::{AsyncCore, AsyncError, AsyncGuard};

use super::target;
use crate::config::{Log, LogFilter};

/// Writes out what is queued when it is dropped. Keep it until the end of `main`.
#[must_use = "dropping it ends the log"]
pub struct Guard {
    _thread: AsyncGuard,
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guard")
    }
}

/// Puts the bounded queue and its thread before a format, and the filter before the queue.
pub(super) fn queued<D>(format: D, log: &Log) -> (Logger, Guard)
where
    D: Drain<Ok = (), Err = io::Error> + Send + 'static,
{
    // Errors are passed over: a closed standard output must not stop the server.
    let (thread, guard) =
        AsyncCore::custom(format.ignore_res()).chan_size(log.queue).thread_name("log".to_owned()).build_with_guard();
    let drain = Filtered { filter: log.level.clone(), drain: Queue { thread, dropped: AtomicU64::new(0) } };
    (Logger::root(drain, o!()), Guard { _thread: guard })
}

/// Hands records to the writing thread; when its queue is full, drops them, counts them, and says how many as soon as
/// there is room. (slog-async's own strategy counts its failed reports as dropped records too.)
struct Queue {
    thread: AsyncCore,
    dropped: AtomicU64,
}

impl Queue {
    fn report(&self) {
        let dropped = self.dropped.swap(0, Ordering::Relaxed);
        if dropped == 0 {
            return;
        }
        let report = self.thread.log(
            &record!(
                Level::Error,
                "tocsin::telemetry",
                &format_args!("log lines were dropped because log.queue was full"),
                b!("dropped" => dropped)
            ),
            &o!().into(),
        );
        if report.is_err() {
            self.dropped.fetch_add(dropped, Ordering::Relaxed);
        }
    }
}

impl Drain for Queue {
    type Ok = ();
    type Err = Never;

    fn log(&self, record: &Record<'_>, values: &OwnedKVList) -> Result<(), Never> {
        self.report();
        // Any other error means that the log has ended, and with it those who read it.
        if let Err(AsyncError::Full) = self.thread.log(record, values) {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Passes on the records that a filter allows.
pub(super) struct Filtered<D> {
    pub(super) filter: LogFilter,
    pub(super) drain: D,
}

impl<D: Drain<Ok = ()>> Drain for Filtered<D> {
    type Ok = ();
    type Err = D::Err;

    fn log(&self, record: &Record<'_>, values: &OwnedKVList) -> Result<(), D::Err> {
        if self.filter.allows(record.level(), target(record)) {
            self.drain.log(record, values)?;
        }
        Ok(())
    }

    fn is_enabled(&self, level: Level) -> bool {
        level.is_at_least(self.filter.finest())
    }
}
