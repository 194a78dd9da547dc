//! The numbers behind `/metrics`. Every name begins with `tocsin_` and carries its unit.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode_registry;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tocsin_actors::ports::{Count, Level, Meter, Timing};

/// The text format of Prometheus, version 0.0.4.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// From a tenth of a millisecond to ten seconds.
const SECONDS: [f64; 16] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// From one to a hundred thousand.
const SIZES: [f64; 11] = [1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1_000.0, 5_000.0, 20_000.0, 100_000.0];

const COUNTS: [(Count, &str, &str); 24] = [
    (Count::DocumentsAccepted, "documents_accepted", "Documents stored"),
    (Count::DocumentsDuplicate, "documents_duplicate", "Documents posted whose id was known already"),
    (Count::Judgements, "rule_judgements", "Judgements of rules"),
    (Count::MeasuresUnusable, "rule_samples_unusable", "Documents without a number where a rule measures one"),
    (Count::MeasuresLate, "rule_samples_late", "Documents that came when the window of a rule had passed"),
    (Count::MeasuresRefused, "rule_samples_refused", "Documents of a group for which a rule had no room"),
    (Count::IncidentsOpened, "incidents_opened", "Incidents opened"),
    (Count::IncidentsResolved, "incidents_resolved", "Incidents resolved"),
    (Count::MailsSent, "mails_sent", "Mails that the next server took"),
    (Count::MailsRetried, "mails_retried", "Tries to send a mail that failed for now"),
    (Count::MailsDead, "mails_dead", "Mails given up"),
    (Count::ExportsDone, "exports_done", "Exports that came to a file"),
    (Count::ExportsFailed, "exports_failed", "Exports that came to none"),
    (Count::ExportsCancelled, "exports_cancelled", "Exports that nobody wanted any more"),
    (Count::FramesSent, "socket_frames_sent", "Frames handed to websockets"),
    (Count::FramesDropped, "socket_frames_dropped", "Droppable frames that slow readers missed"),
    (Count::SlowReadersCut, "socket_slow_readers_cut", "Websockets closed because their outbox was full"),
    (Count::FastWritersCut, "socket_fast_writers_cut", "Websockets closed because their client sent too fast"),
    (Count::MailboxFull, "mailbox_full", "Messages that found the mailbox of an actor full"),
    (Count::NewsHeard, "news_heard", "Pieces of news heard from other servers"),
    (
        Count::NewsLost,
        "news_lost",
        "Pieces of news for or of other servers that were lost; what they said is found by looking",
    ),
    (
        Count::NewsFetched,
        "news_fetched",
        "Messages and changes in rooms that other servers stored and this one read, to tell them",
    ),
    (Count::BellsTaken, "bell_taken", "Times that this server began to ring for all"),
    (Count::ActorsRestarted, "actors_restarted", "Actors that ended by a panic and were rebuilt"),
];

const LEVELS: [(Level, &str, &str); 4] = [
    (Level::Connections, "socket_connections", "Live websockets"),
    (Level::OutboxFrames, "socket_outbox_frames", "Frames waiting in the outboxes of all websockets"),
    (Level::Actors, "actors", "Live actors"),
    (Level::MailboxMessages, "mailbox_messages", "Messages waiting in mailboxes"),
];

const TIMINGS: [(Timing, &str, &str); 3] = [
    (Timing::Judgement, "rule_judgement_seconds", "From the commit of a batch to the judgement of a rule"),
    (
        Timing::EventToFrame,
        "event_to_frame_seconds",
        "From an accepted request to its frame; the oldest of one batch in 16",
    ),
    (Timing::MailAttempt, "mail_attempt_seconds", "One try to send a mail"),
];

/// A request, as its metrics see it. Few values each, so that the families stay small.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: String,
    status: &'static str,
}

/// All metrics of the process.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<RequestLabels, Histogram, fn() -> Histogram>,
    commits: Counter,
    commit_jobs: Histogram,
    commit_rows: Histogram,
    commit_seconds: Histogram,
    counts: [Counter; COUNTS.len()],
    levels: [Gauge; LEVELS.len()],
    timings: [Histogram; TIMINGS.len()],
    read: Arc<Mutex<Vec<Read>>>,
}

/// A gauge that is read when somebody asks.
struct Read {
    name: &'static str,
    help: &'static str,
    now: Box<dyn Fn() -> usize + Send>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// All metrics, at zero. The uptime counts from here.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("tocsin");
        let requests = Family::default();
        registry.register("http_requests", "HTTP requests answered", requests.clone());
        let request_seconds: Family<_, _, fn() -> Histogram> = Family::new_with_constructor(seconds);
        registry.register("http_request_seconds", "Time to answer an HTTP request", request_seconds.clone());
        let commits = Counter::default();
        registry.register("commit_groups", "Groups of writes committed together", commits.clone());
        let [commit_jobs, commit_rows, commit_seconds] = [sizes(), sizes(), seconds()];
        registry.register("commit_group_jobs", "Writes in a group", commit_jobs.clone());
        registry.register("commit_group_rows", "Rows in a group", commit_rows.clone());
        registry.register("commit_group_seconds", "Time to write and commit a group", commit_seconds.clone());
        let counts = COUNTS.map(|(_, name, help)| {
            let counter = Counter::default();
            registry.register(name, help, counter.clone());
            counter
        });
        let levels = LEVELS.map(|(_, name, help)| {
            let gauge = Gauge::default();
            registry.register(name, help, gauge.clone());
            gauge
        });
        let timings = TIMINGS.map(|(_, name, help)| {
            let histogram = seconds();
            registry.register(name, help, histogram.clone());
            histogram
        });
        registry.register_collector(Box::new(Process { started: Instant::now() }));
        let read = Arc::new(Mutex::new(Vec::new()));
        registry.register_collector(Box::new(Reads(Arc::clone(&read))));
        Self {
            registry,
            requests,
            request_seconds,
            commits,
            commit_jobs,
            commit_rows,
            commit_seconds,
            counts,
            levels,
            timings,
            read,
        }
    }

    /// Adds a gauge that is read when somebody asks: how full a queue is.
    pub fn read(&self, name: &'static str, help: &'static str, now: impl Fn() -> usize + Send + 'static) {
        let read = Read { name, help, now: Box::new(now) };
        self.read.lock().unwrap_or_else(PoisonError::into_inner).push(read);
    }

    /// Notes an answered request. `route` is the pattern of the URL table, never the path itself.
    pub fn observe_request(&self, method: &str, route: &str, status: u16, took: Duration) {
        let labels = RequestLabels { method: known_method(method), route: route.to_owned(), status: class(status) };
        self.requests.get_or_create(&labels).inc();
        self.request_seconds.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Notes a committed group of writes.
    pub fn observe_commit(&self, jobs: usize, rows: usize, took: Duration) {
        self.commits.inc();
        self.commit_jobs.observe(size(jobs));
        self.commit_rows.observe(size(rows));
        self.commit_seconds.observe(took.as_secs_f64());
    }

    /// Everything in the text format of [`CONTENT_TYPE`].
    ///
    /// # Errors
    /// Never in practice: text is written to memory.
    pub fn encode(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode_registry(&mut text, &self.registry)?;
        Ok(plain(&text))
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Meter for Metrics {
    fn add(&self, count: Count, n: u64) {
        let at = COUNTS.iter().position(|(known, ..)| *known == count);
        if let Some(counter) = at.and_then(|at| self.counts.get(at)) {
            counter.inc_by(n);
        }
    }

    fn shift(&self, level: Level, by: i64) {
        let at = LEVELS.iter().position(|(known, ..)| *known == level);
        if let Some(gauge) = at.and_then(|at| self.levels.get(at)) {
            gauge.inc_by(by);
        }
    }

    fn observe(&self, timing: Timing, took: Duration) {
        let at = TIMINGS.iter().position(|(known, ..)| *known == timing);
        if let Some(histogram) = at.and_then(|at| self.timings.get(at)) {
            histogram.observe(took.as_secs_f64());
        }
    }
}

fn seconds() -> Histogram {
    Histogram::new(SECONDS)
}

fn sizes() -> Histogram {
    Histogram::new(SIZES)
}

fn size(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// A method that anybody may invent must not make a series.
fn known_method(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method).unwrap_or("other")
}

fn class(status: u16) -> &'static str {
    match status {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

/// OpenMetrics names a counter without `_total` in its description; the older format, which everything reads, with it.
fn plain(open_metrics: &str) -> String {
    let counters: Vec<&str> =
        open_metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" counter")).collect();
    let mut text = String::with_capacity(open_metrics.len());
    for line in open_metrics.lines() {
        let mut words = line.splitn(4, ' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("#"), Some(what), Some(name), Some(rest)) if counters.contains(&name) => {
                text.push_str(&format!("# {what} {name}_total {rest}"));
            }
            _ => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

/// The gauges that are read when somebody asks.
struct Reads(Arc<Mutex<Vec<Read>>>);

impl fmt::Debug for Reads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reads").finish_non_exhaustive()
    }
}

impl Collector for Reads {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        for Read { name, help, now } in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let gauge = ConstGauge::new(size(now()));
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        Ok(())
    }
}

/// What the kernel knows of this process; left out where there is no `/proc`.
#[derive(Debug)]
struct Process {
    started: Instant,
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let uptime = Some(self.started.elapsed().as_secs_f64());
        for (name, help, value) in [
            ("process_uptime_seconds", "Time since the start", uptime),
            ("process_resident_memory_bytes", "Memory in use", resident_bytes()),
            ("process_open_fds", "Open file descriptors", open_fds()),
        ] {
            if let Some(value) = value {
                let gauge = ConstGauge::new(value);
                gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
            }
        }
        Ok(())
    }
}

fn resident_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u32 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(f64::from(kibibytes) * 1_024.0)
}

fn open_fds() -> Option<f64> {
    Some(size(std::fs::read_dir("/proc/self/fd").ok()?.count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_there_under_its_name_with_a_description() {
        let metrics = Metrics::new();
        metrics.add(Count::DocumentsAccepted, 7);
        metrics.shift(Level::Connections, 3);
        metrics.shift(Level::Connections, -1);
        metrics.observe(Timing::EventToFrame, Duration::from_micros(400));
        metrics.observe_request("GET", "/api/v1/documents/{id}", 404, Duration::from_millis(2));
        metrics.observe_request("BREW", "unmatched", 405, Duration::from_millis(2));
        metrics.observe_commit(3, 1_000, Duration::from_millis(4));
        let text = metrics.encode().unwrap();
        for line in [
            "# HELP tocsin_documents_accepted_total Documents stored.",
            "# TYPE tocsin_documents_accepted_total counter",
            "tocsin_documents_accepted_total 7",
            "tocsin_socket_connections 2",
            "tocsin_event_to_frame_seconds_bucket{le=\"0.0005\"} 1",
            "tocsin_http_requests_total{method=\"GET\",route=\"/api/v1/documents/{id}\",status=\"4xx\"} 1",
            "tocsin_http_requests_total{method=\"other\",route=\"unmatched\",status=\"4xx\"} 1",
            "tocsin_commit_group_rows_sum 1000.0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(text.contains("tocsin_process_uptime_seconds"));
        assert!(!text.contains("# EOF"));
    }

    #[test]
    fn the_tables_name_each_thing_once() {
        let mut names: Vec<&str> = COUNTS.iter().map(|(_, name, _)| *name).collect();
        names.extend(LEVELS.iter().map(|(_, name, _)| *name));
        names.extend(TIMINGS.iter().map(|(_, name, _)| *name));
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
