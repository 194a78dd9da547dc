//! The log: slog through a bounded queue to standard output, text or JSON, one line a record.
//!
//! What dependencies say through `log` and `tracing` comes into the same stream. Control characters in messages and
//! values are escaped, so that nobody can forge a line or move the cursor of whoever reads it.

use std::io::{self, IsTerminal, Write};
use std::sync::Once;

use slog::{Drain, FnValue, Level, Logger, OwnedKVList, PushFnValue, Record, o};
use slog_async::{Async, AsyncGuard, OverflowStrategy};
use slog_term::{Decorator, FullFormat, PlainDecorator, PlainSyncDecorator, RecordDecorator, TermDecorator};

use super::escape;
use crate::config::{Log, LogFilter, LogFormat};

/// Writes out what is queued when it is dropped. Keep it until the end of `main`.
#[must_use = "dropping it ends the log"]
pub struct Guard {
    _queue: AsyncGuard,
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guard")
    }
}

/// Starts the log to standard output. The first call in a process also takes the events of `log` and `tracing`; later
/// calls give a log of their own and leave that one where it is.
pub fn init(log: &Log) -> (Logger, Guard) {
    let colour = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let (logger, guard) = match log.format {
        LogFormat::Json => queued(json(io::stdout()), log),
        LogFormat::Text if colour => queued(text(TermDecorator::new().stdout().build()), log),
        LogFormat::Text => queued(text(PlainDecorator::new(io::stdout())), log),
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
    let drain = text(PlainSyncDecorator::new(slog_term::TestStdoutWriter)).ignore_res();
    Logger::root(Filtered { filter: LogFilter::up_to(Level::Debug), drain }, o!())
}

/// Puts the bounded queue and its thread before a format, and the filter before the queue.
fn queued<D>(format: D, log: &Log) -> (Logger, Guard)
where
    D: Drain<Ok = (), Err = io::Error> + Send + 'static,
{
    // Errors are passed over: a closed standard output or a log that has ended must not stop the server.
    let (queue, guard) = Async::new(format.ignore_res())
        .chan_size(log.queue)
        .overflow_strategy(OverflowStrategy::DropAndReport)
        .thread_name("log".to_owned())
        .build_with_guard();
    let drain = Filtered { filter: log.level.clone(), drain: queue.ignore_res() };
    (Logger::root(drain, o!()), Guard { _queue: guard })
}

/// The module a record comes from: for events of `log` and `tracing`, what they name as their target.
fn target<'r>(record: &'r Record<'_>) -> &'r str {
    if record.tag().is_empty() { record.module() } else { record.tag() }
}

fn level_word(level: Level) -> &'static str {
    match level {
        Level::Critical => "critical",
        Level::Error => "error",
        Level::Warning => "warn",
        Level::Info => "info",
        Level::Debug => "debug",
        Level::Trace => "trace",
    }
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

/// Now, RFC 3339, UTC, milliseconds.
fn now() -> String {
    format!("{:.3}", jiff::Timestamp::now())
}

/// Passes on the records that a filter allows.
struct Filtered<D> {
    filter: LogFilter,
    drain: D,
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

/// One JSON object a line: time, level, target and message, then what the logger and the record carry.
fn json<W: Write + Send + 'static>(writer: W) -> impl Drain<Ok = (), Err = io::Error> + Send {
    slog_json::Json::new(EscapedLines { line: Vec::new(), writer })
        .set_flush(true)
        .add_key_value(o!(
            "time" => FnValue(|_: &Record<'_>| now()),
            "level" => FnValue(|record: &Record<'_>| level_word(record.level())),
            "target" => PushFnValue(|record: &Record<'_>, serializer| serializer.emit(target(record))),
            "message" => PushFnValue(|record: &Record<'_>, serializer| serializer.emit(record.msg())),
        ))
        .build()
}

/// Collects a line and writes it in one piece. JSON escapes most control characters; this escapes the rest.
struct EscapedLines<W> {
    line: Vec<u8>,
    writer: W,
}

impl<W: Write> Write for EscapedLines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        let escaped = escape::controls(text.trim_end_matches('\n'));
        self.writer.write_all(format!("{escaped}\n").as_bytes())?;
        self.writer.flush()
    }
}

/// A line for people: time, level, message, values; the target where a dependency speaks.
fn text<D>(decorator: D) -> impl Drain<Ok = (), Err = io::Error> + Send
where
    D: Decorator + Send + 'static,
{
    FullFormat::new(Escaped(decorator))
        .use_custom_timestamp(|writer| write!(writer, "{}", now()))
        .use_custom_header_print(|timestamp, decorator, record, _| {
            let mut decorator = decorator;
            decorator.start_timestamp()?;
            timestamp(&mut decorator)?;
            decorator.start_whitespace()?;
            write!(decorator, " ")?;
            decorator.start_level()?;
            write!(decorator, "{:<5}", level_word(record.level()).to_uppercase())?;
            decorator.start_whitespace()?;
            write!(decorator, " ")?;
            if !record.tag().is_empty() {
                decorator.start_location()?;
                write!(decorator, "[{}]", record.tag())?;
                decorator.start_whitespace()?;
                write!(decorator, " ")?;
            }
            decorator.start_msg()?;
            write!(decorator, "{}", record.msg())?;
            Ok(true)
        })
        .build()
}

/// Escapes control characters in all but the white space that the format itself writes.
struct Escaped<D>(D);

impl<D: Decorator> Decorator for Escaped<D> {
    fn with_record<F>(&self, record: &Record<'_>, values: &OwnedKVList, write: F) -> io::Result<()>
    where
        F: FnOnce(&mut dyn RecordDecorator) -> io::Result<()>,
    {
        self.0.with_record(record, values, |inner| write(&mut EscapedRecord { inner, own_white_space: false }))
    }
}

struct EscapedRecord<'r> {
    inner: &'r mut dyn RecordDecorator,
    own_white_space: bool,
}

impl Write for EscapedRecord<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.own_white_space {
            return self.inner.write(bytes);
        }
        // The formatting machinery writes whole pieces of valid text.
        let text = String::from_utf8_lossy(bytes);
        self.inner.write_all(escape::controls(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Forwards the start of a part of the line, remembering whether it is white space.
macro_rules! forward {
    ($($part:ident: $white_space:literal),+ $(,)?) => {
        $(fn $part(&mut self) -> io::Result<()> {
            self.own_white_space = $white_space;
            self.inner.$part()
        })+
    };
}

impl RecordDecorator for EscapedRecord<'_> {
    forward! {
        reset: false,
        start_whitespace: true,
        start_msg: false,
        start_timestamp: false,
        start_level: false,
        start_comma: false,
        start_key: false,
        start_value: false,
        start_location: false,
        start_separator: false,
    }
}

#[cfg(test)]
mod tests;
