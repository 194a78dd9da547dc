//! The two forms of a line.

use std::io::{self, Write};

use slog::{Drain, FnValue, Level, OwnedKVList, PushFnValue, Record, o};
use slog_term::{Decorator, FullFormat, RecordDecorator};

use super::target;
use crate::telemetry::escape;

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

/// Now, RFC 3339, UTC, milliseconds.
fn now() -> String {
    format!("{:.3}", jiff::Timestamp::now())
}

/// One JSON object a line: time, level, target and message, then what the logger and the record carry.
pub(super) fn json<W: Write + Send + 'static>(writer: W) -> impl Drain<Ok = (), Err = io::Error> + Send {
    slog_json::Json::new(EscapedLines { line: Vec::new(), writer })
        .set_flush(true)
        // slog gives the last first.
        .add_key_value(o!(
            "message" => PushFnValue(|record: &Record<'_>, serializer| serializer.emit(record.msg())),
            "target" => PushFnValue(|record: &Record<'_>, serializer| serializer.emit(target(record))),
            "level" => FnValue(|record: &Record<'_>| level_word(record.level())),
            "time" => FnValue(|_: &Record<'_>| now()),
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
pub(super) fn text<D>(decorator: D) -> impl Drain<Ok = (), Err = io::Error> + Send
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
