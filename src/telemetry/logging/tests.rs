#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::Write;
use std::sync::{Arc, Mutex, mpsc};

use slog::{debug, error, info, warn};

use super::format::{json, text};
use super::*;
use crate::config::Config;

/// A writer whose text the test can read.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn lines(&self) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(str::to_owned).collect()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn log_config(level: &str, queue: usize) -> Log {
    let sets = [("log.level", level), ("log.queue", &queue.to_string())];
    Config::for_test("unused".as_ref(), &sets).unwrap().log
}

/// Runs `work` with a log in one format and gives the lines that were written.
fn lines(format: LogFormat, level: &str, work: impl FnOnce(&Logger)) -> Vec<String> {
    let output = Shared::default();
    let log = log_config(level, 64);
    let (logger, guard) = match format {
        LogFormat::Json => queued(json(output.clone()), &log),
        LogFormat::Text => queued(text(PlainDecorator::new(output.clone())), &log),
    };
    work(&logger);
    drop(guard);
    output.lines()
}

fn is_time(text: &str) -> bool {
    text.len() == 24 && text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok()
}

#[test]
fn text_is_one_readable_line() {
    let lines = lines(LogFormat::Text, "info", |logger| {
        let logger = logger.new(o!("request_id" => "r1"));
        warn!(logger, "disk is nearly full"; "free_mib" => 12);
    });
    assert_eq!(lines.len(), 1, "{lines:?}");
    let (time, rest) = lines[0].split_once(' ').unwrap();
    assert!(is_time(time), "{time}");
    assert_eq!(rest, "WARN  disk is nearly full, free_mib: 12, request_id: r1");
}

#[test]
fn json_is_one_object_a_line() {
    let lines = lines(LogFormat::Json, "info", |logger| {
        let logger = logger.new(o!("request_id" => "r1"));
        error!(logger, "commit failed"; "rows" => 3, "why" => "disk");
    });
    assert_eq!(lines.len(), 1, "{lines:?}");
    let line: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    assert!(is_time(line["time"].as_str().unwrap()));
    assert!(lines[0].starts_with("{\"time\":"), "{lines:?}");
    assert_eq!(line["level"], "error");
    assert_eq!(line["target"], module_path!());
    assert_eq!(line["message"], "commit failed");
    assert_eq!((&line["rows"], &line["why"], &line["request_id"]), (&3.into(), &"disk".into(), &"r1".into()));
}

#[test]
fn nobody_can_forge_a_line() {
    let nasty = "a\r\nINFO forged \u{1b}[2J\u{9b}2J\u{7f}\u{2028}";
    for format in [LogFormat::Text, LogFormat::Json] {
        let lines = lines(format, "info", |logger| {
            info!(logger, "said {}", nasty; "value" => nasty, "shown" => %nasty, "debugged" => ?nasty);
            slog_scope::scope(logger, || {
                take_log_events();
                ::log::info!("{nasty}");
            });
        });
        assert_eq!(lines.len(), 2, "{format:?} {lines:?}");
        for line in &lines {
            assert!(!line.contains(|c: char| c.is_control() || c == '\u{2028}'), "{format:?} {line:?}");
        }
    }
}

#[test]
fn escaped_json_still_holds_the_message() {
    let lines = lines(LogFormat::Json, "info", |logger| info!(logger, "a\nb\u{9b}\u{2028}\"\\"));
    let line: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(line["message"], "a\nb\u{9b}\u{2028}\"\\");
}

/// As `init` does it, without the global logger; another test may have been first.
fn take_log_events() {
    _ = slog_stdlog::init();
}

#[test]
fn events_of_log_and_tracing_come_in_filtered_by_target() {
    let lines = lines(LogFormat::Text, "info,noisy=error,curious::part=debug", |logger| {
        slog_scope::scope(logger, || {
            take_log_events();
            ::log::info!(target: "plain", "from log");
            ::log::warn!(target: "noisy::inner", "not shown");
            ::log::error!(target: "noisy", "shown");
            ::log::debug!(target: "curious", "not shown");
            ::log::debug!(target: "curious::part", "detail");
            tracing::info!(target: "traced", n = 3, "from tracing");
            tracing::debug!(target: "traced", "not shown");
        });
        debug!(logger, "not shown");
        info!(logger, "own");
    });
    let said: Vec<_> = lines.iter().map(|line| line.split_once(' ').unwrap().1).collect();
    assert_eq!(
        said,
        [
            "INFO  [plain] from log",
            "ERROR [noisy] shown",
            "DEBUG [curious::part] detail",
            "INFO  [traced] from tracing n=3",
            "INFO  own",
        ]
    );
}

/// A writer that waits, before its first line, until the test lets it go.
struct Held {
    gate: Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>,
    output: Shared,
}

impl Write for Held {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some((reached, go)) = self.gate.take() {
            reached.send(()).unwrap();
            go.recv().unwrap();
        }
        self.output.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_queue_drops_and_says_how_many() {
    let output = Shared::default();
    let (reached, is_reached) = mpsc::channel();
    let (go, may_go) = mpsc::channel();
    let writer = Held { gate: Some((reached, may_go)), output: output.clone() };
    let (logger, guard) = queued(json(writer), &log_config("info", 16));
    info!(logger, "first");
    // The thread now holds the first line, so the queue is empty and takes 16 of the next 20.
    is_reached.recv().unwrap();
    for n in 0..20 {
        info!(logger, "more"; "n" => n);
    }
    go.send(()).unwrap();
    drop(guard_after_report(&logger, &output, guard));
    let lines = output.lines();
    let report: serde_json::Value = lines
        .iter()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .find(|line| line["target"] == "tocsin::telemetry")
        .unwrap();
    assert_eq!((&report["level"], &report["dropped"]), (&"error".into(), &4.into()));
}

/// The report goes out with the next record that finds room.
fn guard_after_report(logger: &Logger, output: &Shared, guard: Guard) -> Guard {
    while output.lines().len() < 17 {
        std::thread::yield_now();
    }
    info!(logger, "after");
    guard
}

#[test]
fn a_log_that_has_ended_or_cannot_write_harms_nobody() {
    struct Broken;
    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }
    let (logger, guard) = queued(json(Broken), &log_config("info", 16));
    info!(logger, "into nothing");
    drop(guard);
    info!(logger, "after the end");
}

#[test]
fn init_may_be_called_again() {
    // The finest level, since the first call sets it for the events of `log` in all tests of this process.
    let log = log_config("trace", 16);
    for _ in 0..2 {
        let (_, guard) = init(&log);
        drop(guard);
    }
    info!(test_logger(), "captured");
}
