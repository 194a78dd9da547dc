//! The log: slog through a bounded queue to standard output, text or JSON, one line a record.
//!
//! What dependencies say through `log` and `tracing` comes into the same stream. Control characters in messages and
//! values are escaped, so that nobody can forge a line or move the cursor of whoever reads it.

mod format;
mod queue;

use std::io::{self, IsTerminal};
use std::sync::Once;

use slog::{Drain, Level, Logger, Record, o};
use slog_term::{PlainDecorator, PlainSyncDecorator, TermDecorator};

pub use queue::Guard;
use queue::{Filtered, queued};

use crate::config::{Log, LogFilter, LogFormat};

/// Starts the log to standard output. The first call in a process also takes the events of `log` and `tracing`; later
/// calls give a log of their own and leave that one where it is.
pub fn init(log: &Log) -> (Logger, Guard) {
    let colour = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let (logger, guard) = match log.format {
        LogFormat::Json => queued(format::json(io::stdout()), log),
        LogFormat::Text if colour => queued(format::text(TermDecorator::new().stdout().build()), log),
        LogFormat::Text => queued(format::text(PlainDecorator::new(io::stdout())), log),
    };
    static TAKE_OVER: Once = Once::new();
    TAKE_OVER.call_once(|| {
        // The guard would put a logger in its place that panics.
        slog_scope::set_global_logger(logger.clone()).cancel_reset();
        // An error means that somebody else takes the events of `log`, which is theirs to decide.
        if slog_stdlog::init().is_ok() {
            ::log::set_max_level(log_level(log.level.finest()));
        }
    });
    (logger, guard)
}

/// A logger for tests: text, at once, into the output that the test harness captures.
pub fn test_logger() -> Logger {
    let drain = format::text(PlainSyncDecorator::new(slog_term::TestStdoutWriter)).ignore_res();
    Logger::root(Filtered { filter: LogFilter::up_to(Level::Debug), drain }, o!())
}

/// The module a record comes from: for events of `log` and `tracing`, what they name as their target.
fn target<'r>(record: &'r Record<'_>) -> &'r str {
    if record.tag().is_empty() { record.module() } else { record.tag() }
}

fn log_level(level: Level) -> ::log::LevelFilter {
    match level {
        Level::Critical | Level::Error => ::log::LevelFilter::Error,
        Level::Warning => ::log::LevelFilter::Warn,
        Level::Info => ::log::LevelFilter::Info,
        Level::Debug => ::log::LevelFilter::Debug,
        Level::Trace => ::log::LevelFilter::Trace,
    }
}

#[cfg(test)]
mod tests;
