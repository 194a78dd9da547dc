//! Prometheus with Alertmanager, as fast as they can be set to be.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::receivers::Receivers;
use crate::server::{state_and_cpu, until};

/// What a rule of theirs is about.
#[derive(Clone, Copy)]
pub(super) enum Measured {
    /// The increase of a counter within the last minute, which Prometheus works out.
    Counter,
    /// The same number, which the exporter has worked out.
    Gauge,
}

impl Measured {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
        }
    }
}

/// What is scraped: a counter and a gauge for each round, so that no round waits for the end of the one before.
pub(super) struct Exporter {
    series: Vec<AtomicU64>,
    scrapes: AtomicU64,
}

impl Exporter {
    pub(super) fn new(series: usize) -> Arc<Self> {
        Arc::new(Self { series: (0..series).map(|_| AtomicU64::new(0)).collect(), scrapes: AtomicU64::new(0) })
    }

    /// Fifty-one errors; when that was.
    pub(super) fn raise(&self, round: usize) -> Instant {
        let raised = Instant::now();
        self.series[round].store(51, Ordering::SeqCst);
        raised
    }

    pub(super) fn scrape(&self) -> String {
        self.scrapes.fetch_add(1, Ordering::SeqCst);
        let mut text = String::new();
        for (kind, metric) in [("counter", "errors_total"), ("gauge", "errors_last_minute")] {
            writeln!(text, "# TYPE {metric} {kind}").unwrap();
            for (round, value) in self.series.iter().enumerate() {
                writeln!(text, "{metric}{{round=\"{round}\"}} {}", value.load(Ordering::SeqCst)).unwrap();
            }
        }
        text
    }
}

/// Both of them, in processes of their own.
pub(super) struct Prometheus {
    children: Vec<Child>,
    _dir: TempDir,
}

impl Prometheus {
    /// Starts them where they are installed; says how to install them where not.
    pub(super) async fn start(receivers: &Receivers, exporter: &Exporter) -> Option<Self> {
        let dir = TempDir::new().unwrap();
        let [prometheus, alertmanager] = free_addresses();
        write(&dir.path().join("alertmanager.yml"), &routing(&receivers.url("/alertmanager")));
        write(&dir.path().join("rules.yml"), &rules(exporter.series.len()));
        let target = receivers.address().to_string();
        write(&dir.path().join("prometheus.yml"), &scraping(&target, &alertmanager));
        let mut both = Self { children: Vec::new(), _dir: dir };
        for (names, arguments) in [
            (
                &["prometheus-alertmanager", "alertmanager"][..],
                [
                    "--config.file=alertmanager.yml",
                    "--storage.path=alertmanager",
                    // Alone, it waits for no other of its kind.
                    "--cluster.listen-address=",
                    &format!("--web.listen-address={alertmanager}"),
                ],
            ),
            (
                &["prometheus"],
                [
                    "--config.file=prometheus.yml",
                    "--storage.tsdb.path=prometheus",
                    "--log.level=warn",
                    &format!("--web.listen-address={prometheus}"),
                ],
            ),
        ] {
            let Some(child) = names.iter().find_map(|name| spawn(name, &arguments, both._dir.path())) else {
                println!(
                    "bell: without {}, no comparison (Debian: apt-get install prometheus prometheus-alertmanager)",
                    names[0]
                );
                return None;
            };
            both.children.push(child);
        }
        let http = reqwest::Client::new();
        for address in [alertmanager, prometheus] {
            let ready = format!("http://{address}/-/ready");
            let is_ready = async || http.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success());
            until("Prometheus and Alertmanager", is_ready).await;
        }
        // An increase needs something to increase from.
        let before = exporter.scrapes.load(Ordering::SeqCst);
        until("scrapes", async || exporter.scrapes.load(Ordering::SeqCst) >= before + 3).await;
        Some(both)
    }

    pub(super) fn cpu(&self) -> Duration {
        self.children.iter().map(|child| state_and_cpu(child.id()).1).sum()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn spawn(name: &str, arguments: &[&str], directory: &Path) -> Option<Child> {
    let log = std::fs::File::create(directory.join(format!("{name}.log"))).unwrap();
    let mut command = Command::new(name);
    command.args(arguments).current_dir(directory).stdin(Stdio::null());
    command.stdout(log.try_clone().unwrap()).stderr(log).spawn().ok()
}

/// JSON is YAML, too.
fn write(file: &Path, content: &Value) {
    std::fs::write(file, content.to_string()).unwrap();
}

fn scraping(target: &str, alertmanager: &str) -> Value {
    json!({
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "scrape_configs": [{"job_name": "bench", "static_configs": [{"targets": [target]}]}],
        "rule_files": ["rules.yml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]},
    })
}

/// A group of rules for each round: each is judged at a moment of the second that Prometheus chooses for it, so that
/// no lucky or unlucky one decides.
fn rules(rounds: usize) -> Value {
    let group = |round: usize| {
        let counter = format!("increase(errors_total{{round=\"{round}\"}}[1m]) > 50");
        let gauge = format!("errors_last_minute{{round=\"{round}\"}} > 50");
        json!({"name": format!("round {round}"), "rules": [
            {"alert": Measured::Counter.name(), "expr": counter},
            {"alert": Measured::Gauge.name(), "expr": gauge},
        ]})
    };
    json!({"groups": (0..rounds).map(group).collect::<Vec<_>>()})
}

/// Each alert is a group of its own, which waits for no other.
fn routing(url: &str) -> Value {
    json!({
        "route": {"receiver": "bench", "group_by": ["..."], "group_wait": "0s", "group_interval": "1s",
            "repeat_interval": "1h"},
        "receivers": [{"name": "bench", "webhook_configs": [{"url": url, "send_resolved": false}]}],
    })
}

fn free_addresses() -> [String; 2] {
    // Both are taken before either is let go.
    let taken = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    taken.map(|listener| listener.local_addr().unwrap().to_string())
}
