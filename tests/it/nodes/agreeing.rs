//! The time of real clocks: machines whose clocks differ agree on that of their Redis, and one that is set changes nothing.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tocsin::adapters::clock::{SteadyClock, SystemClock};
use tocsin::adapters::redis::{Redis, agree};
use tocsin::app::{App, Options};
use tocsin::config::Config;
use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::Clock;

use crate::support::app::rule_for;
use crate::support::redis::{RedisServer, options};
use crate::support::soon;
use crate::support::viewer::Viewer;

/// A server by a clock of its own, asked with the key of its machine.
struct Server {
    addr: SocketAddr,
    key: String,
    stop: tocsin::app::Stop,
    running: tokio::task::JoinHandle<Result<(), String>>,
}

impl Server {
    async fn start(dir: &Path, clock: SteadyClock, sets: &[(&str, &str)]) -> Self {
        let config = Config::for_test(dir, sets).unwrap();
        let keys = config.auth.keys_dir.clone();
        let log = tocsin::telemetry::logging::test_logger();
        let app = App::build(config, Options { clock: Arc::new(clock), log }).await.unwrap();
        let key = std::fs::read_to_string(keys.join("local.key")).unwrap().trim().to_owned();
        let (addr, stop) = (app.addr(), app.stop_handle());
        Self { addr, key, stop, running: actix_rt::spawn(app.run()) }
    }

    async fn get(&self, path: &str) -> Value {
        let request = reqwest::Client::new().get(format!("http://{}{path}", self.addr)).bearer_auth(&self.key);
        soon("an answer", request.send()).await.unwrap().json().await.unwrap()
    }

    async fn errors(&self, count: usize) {
        let request = reqwest::Client::new().post(format!("http://{}/api/v1/documents", self.addr));
        let request = request.bearer_auth(&self.key).json(&json!(vec![json!({"type": "error"}); count]));
        assert_eq!(soon("an answer", request.send()).await.unwrap().status(), 201);
    }

    async fn viewer(&self) -> Viewer {
        let mut viewer = Viewer::connect(self.addr).await;
        viewer.send(json!({"type": "auth", "token": self.key})).await;
        viewer.until("a snapshot", |frame| frame["type"] == "snapshot").await;
        viewer
    }

    async fn stop(self) {
        self.stop.stop();
        soon("the server to stop", self.running).await.unwrap().unwrap();
    }
}

fn time(of: &Value, field: &str) -> Timestamp {
    Timestamp::parse_rfc3339(of[field].as_str().unwrap()).unwrap()
}

#[actix_rt::test]
async fn documents_of_machines_five_seconds_apart_count_together() {
    let redis = RedisServer::start();
    let dir = TempDir::new().unwrap();
    let (url, rules) = (redis.url(), rule_for(&[]));
    let sets = [("redis.url", url.as_str()), ("alerts.default_rules", &rules)];
    let one = Server::start(dir.path(), ahead(0), &sets).await;
    let other = Server::start(dir.path(), ahead(5), &sets).await;
    let mut viewer = other.viewer().await;
    tokio::join!(one.errors(26), other.errors(26));
    let began = viewer.alert("firing").await;
    soon("the value 52 at both", async {
        let value = async |server: &Server| server.get("/api/v1/incidents").await["items"][0]["value"].clone();
        while value(&one).await != 52 || value(&other).await != 52 {}
    })
    .await;
    let page = one.get("/api/v1/documents?limit=1000").await;
    let times: Vec<Timestamp> = page["items"].as_array().unwrap().iter().map(|one| time(one, "at")).collect();
    let apart = times.iter().max().unwrap().since(*times.iter().min().unwrap());
    assert_eq!(times.len(), 52);
    assert!(apart < Duration::from_secs(3), "{apart:?}");
    let incidents = one.get("/api/v1/incidents").await;
    assert_eq!((incidents["items"].as_array().unwrap().len(), &incidents["items"][0]["id"]), (1, &began["id"]));
    other.stop().await;
    one.stop().await;
}

#[actix_rt::test]
async fn a_wall_clock_that_is_set_changes_no_window() {
    let (began, set_by) = (Instant::now(), Arc::new(AtomicI64::new(0)));
    let wall = SystemClock.now().as_millis();
    let read = Arc::clone(&set_by);
    let clock = SteadyClock::new(Arc::new(move || {
        let passed = began.elapsed();
        let millis = wall + i64::try_from(passed.as_millis()).unwrap() + read.load(Ordering::Relaxed);
        (passed, millis * 1_000)
    }));
    let dir = TempDir::new().unwrap();
    let rules = rule_for(&[]).replace("window_seconds = 60", "window_seconds = 3");
    let server = Server::start(dir.path(), clock, &[("alerts.default_rules", &rules)]).await;
    let mut viewer = server.viewer().await;
    for step in [30_000, -30_000, 0] {
        server.errors(51).await;
        let began = viewer.alert("firing").await;
        let fired = Instant::now();
        set_by.store(step, Ordering::Relaxed);
        let ended = viewer.alert("resolved").await;
        let took = fired.elapsed();
        assert_eq!(ended["id"], began["id"]);
        let lasted = time(&ended, "resolved_at").since(time(&ended, "started_at"));
        // The last of them came with the one that crossed the line.
        assert_eq!(lasted, Duration::from_secs(3), "{step}");
        assert!((Duration::from_millis(2_500)..Duration::from_secs(8)).contains(&took), "{step}: {took:?}");
    }
    server.stop().await;
}

/// The clock of a machine that is so many seconds ahead.
fn ahead(seconds: i64) -> SteadyClock {
    let began = Instant::now();
    SteadyClock::new(Arc::new(move || (began.elapsed(), SystemClock.now().as_millis() * 1_000 + seconds * 1_000_000)))
}

#[actix_rt::test]
async fn clocks_five_seconds_apart_agree() {
    let mut server = RedisServer::start();
    let redis = Redis::open(options(server.url())).unwrap();
    let clocks = [ahead(-5), ahead(0), ahead(5)];
    for clock in &clocks {
        agree(&redis, clock).await.unwrap();
    }
    let apart = |clocks: &[SteadyClock]| {
        let now: Vec<i64> = clocks.iter().map(|clock| clock.now().as_millis()).collect();
        now.iter().max().unwrap() - now.iter().min().unwrap()
    };
    assert!(apart(&clocks) < 250, "{}", apart(&clocks));
    server.kill();
    assert!(agree(&redis, &clocks[0]).await.is_err());
    assert!(apart(&clocks) < 250, "the last that was agreed on holds");
    let real = SystemClock.now();
    assert!(
        clocks[0].now().since(real) < Duration::from_millis(500)
            && real.since(clocks[0].now()) < Duration::from_millis(500)
    );
}
