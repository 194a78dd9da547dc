//! The server that rings goes, and another one rings.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Two, incidents, metric};
use crate::support::app::rule_for;
use crate::support::binary::Binary;
use crate::support::redis::RedisServer;
use crate::support::smtp::SmtpServer;
use crate::support::soon;
use crate::support::viewer::Viewer;

/// A process, asked with the key of its machine.
struct Process {
    server: Binary,
    key: String,
    http: reqwest::Client,
}

impl Process {
    fn start(dir: &Path, redis: &RedisServer, more: &[&str]) -> Self {
        let redis = format!("redis.url={}", redis.url());
        let fixed = ["--set", redis.as_str(), "--set", "server.public_url=http://localhost"];
        let server = Binary::serve(dir, &fixed.iter().chain(more).copied().collect::<Vec<_>>());
        let key = std::fs::read_to_string(dir.join("data/keys/local.key")).unwrap().trim().to_owned();
        Self { server, key, http: reqwest::Client::new() }
    }

    async fn get(&self, path: &str) -> String {
        let request = self.http.get(format!("{}{path}", self.server.url())).bearer_auth(&self.key);
        soon("an answer", request.send()).await.unwrap().text().await.unwrap()
    }

    async fn errors(&self, count: usize) {
        let documents = json!(vec![json!({"type": "error"}); count]);
        let request = self.http.post(format!("{}/api/v1/documents", self.server.url())).bearer_auth(&self.key);
        assert_eq!(soon("an answer", request.json(&documents).send()).await.unwrap().status(), 201);
    }

    async fn incidents(&self) -> Vec<Value> {
        let page: Value = serde_json::from_str(&self.get("/api/v1/incidents").await).unwrap();
        page["items"].as_array().unwrap().clone()
    }

    async fn rings(&self) {
        soon("that it rings", async { while !self.get("/metrics").await.contains("tocsin_bell_ringing 1.0") {} }).await;
    }

    async fn viewer(&self) -> Viewer {
        let mut viewer = Viewer::connect(self.server.addr).await;
        viewer.send(json!({"type": "auth", "token": self.key})).await;
        viewer.until("a snapshot", |frame| frame["type"] == "snapshot").await;
        viewer
    }
}

#[actix_rt::test]
async fn a_server_that_is_killed_is_followed_by_another_with_the_right_count() {
    let mut smtp = SmtpServer::start::<&str>([]).await;
    let redis = RedisServer::start();
    let dir = TempDir::new().unwrap();
    let mails = format!("mail.url={}", smtp.url("smtp", "", ""));
    let rules = format!("alerts.default_rules={}", rule_for(&["eve@example.org"]).replace("60", "20"));
    let sets = ["--set", mails.as_str(), "--set", rules.as_str()];
    let one = Process::start(dir.path(), &redis, &sets);
    let other = Process::start(dir.path(), &redis, &sets);
    one.rings().await;
    let mut viewer = other.viewer().await;
    one.errors(20).await;
    other.errors(20).await;
    one.server.kill();
    let killed = Instant::now();
    other.errors(12).await;
    let began = viewer.alert("firing").await;
    let took = killed.elapsed();
    assert!(took < Duration::from_secs(8), "{took:?}");
    println!("another server rings {took:?} after the first was killed");
    assert_eq!(began["value"], 52);
    smtp.received().await;
    viewer.told().await;

    // It is killed while it fires: a third one does not ring again, and says when it is over.
    let third = Process::start(dir.path(), &redis, &sets);
    let mut viewer = third.viewer().await;
    other.server.kill();
    let ended = viewer.alert("resolved").await;
    assert_eq!(ended["id"], began["id"]);
    viewer.told().await;
    assert_eq!(third.incidents().await.len(), 1);
    assert!(smtp.received().await.headers["Subject"].starts_with("[RESOLVED]"));
    drop(third.server.kill());
    assert_eq!(smtp.rest().await.len(), 0, "nobody got a second one");
}

#[actix_rt::test]
async fn a_server_that_stops_hands_over_at_once() {
    let mut smtp = SmtpServer::start::<&str>([]).await;
    let redis = RedisServer::start();
    let (mails, rules) = (smtp.url("smtp", "", ""), rule_for(&["eve@example.org"]));
    // A lease so long that nobody waits for its end.
    let sets = [("mail.url", mails.as_str()), ("alerts.default_rules", &rules), ("alerts.lease_seconds", "60")];
    let two = Two::start(&redis, Duration::ZERO, &sets).await;
    let mut viewer = two.other.viewer().await;
    two.one.errors(51).await;
    viewer.alert("firing").await;
    viewer.told().await;
    smtp.received().await;
    two.one.stop().await;
    metric(&two.other, "tocsin_bell_ringing 1.0").await;
    two.other.errors(1).await;
    incidents(&two.other, "the value 52", |all| all.len() == 1 && all[0]["value"] == 52).await;
    two.other.advance(Duration::from_secs(60));
    viewer.alert("resolved").await;
    viewer.told().await;
    smtp.received().await;
    two.other.stop().await;
    assert_eq!(smtp.rest().await.len(), 0, "nobody got a second one");
}

#[actix_rt::test]
async fn a_server_that_was_frozen_changes_nothing_when_it_goes_on() {
    let redis = RedisServer::start();
    let dir = TempDir::new().unwrap();
    let rules = format!("alerts.default_rules={}", rule_for(&["eve@example.org"]).replace("60", "12"));
    let sets = ["--set", rules.as_str(), "--set", "alerts.lease_seconds=1"];
    let one = Process::start(dir.path(), &redis, &sets);
    let other = Process::start(dir.path(), &redis, &sets);
    one.rings().await;
    let mut viewer = other.viewer().await;
    one.errors(51).await;
    let began = viewer.alert("firing").await;
    let signal = |signal: &str| {
        let pid = one.server.child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &pid]).status().unwrap().success());
    };
    // One that is frozen in the middle of a transaction holds the file's lock, and nobody can write: then once more.
    viewer.told().await;
    signal("-STOP");
    while tokio::time::timeout(Duration::from_secs(5), other.rings()).await.is_err() {
        signal("-CONT");
        one.rings().await;
        signal("-STOP");
    }
    // The frozen one knows nothing of these, and believes that it is over when those that it knows have left.
    other.errors(51).await;
    let left = |frame: &Value| frame["type"] == "metric" && frame["value"] == 51;
    viewer.until("that the first have left", left).await;
    signal("-CONT");
    soon("that it knows", async { while one.get("/metrics").await.contains("tocsin_bell_ringing 1.0") {} }).await;
    let ended = viewer.alert("resolved").await;
    assert_eq!(ended["id"], began["id"]);
    let all = other.incidents().await;
    assert_eq!(all.len(), 1, "{all:?}");
    let at = |field: &str| tocsin_actors::domain::Timestamp::parse_rfc3339(all[0][field].as_str().unwrap()).unwrap();
    assert!(at("resolved_at").since(at("started_at")) > Duration::from_secs(12), "{all:?}");
    drop((one.server.kill(), other.server.kill()));
}
