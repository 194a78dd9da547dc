//! The application, built as `main` builds it, on port 0, with a directory of its own and a clock that stands still.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tocsin::app::{App, Options};
use tocsin::config::Config;
use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::Clock as _;
use tocsin_actors::testing::SimulatedClock;

use super::viewer::Viewer;
use super::{described, soon};

/// A password that every profile accepts.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// The setting `alerts.default_rules` with the rule of every day, and these recipients.
pub(crate) fn rule_for(recipients: &[&str]) -> String {
    let emails = json!(recipients);
    format!(
        r#"[{{ name = "errors-last-minute", type = "error", measure = {{ kind = "count" }}, window_seconds = 60, comparison = ">", threshold = 50, notify = {{ emails = {emails} }} }}]"#
    )
}

/// A running server.
pub(crate) struct TestApp {
    pub(crate) addr: SocketAddr,
    pub(crate) clock: Arc<SimulatedClock>,
    pub(crate) dir: Arc<TempDir>,
    pub(crate) http: reqwest::Client,
    /// The access token of the owner.
    pub(crate) token: String,
    running: tokio::task::JoinHandle<Result<(), String>>,
    stop: tocsin::app::Stop,
}

impl TestApp {
    /// A fresh installation with an owner who is signed in.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// The same, with other settings.
    pub(crate) async fn with(sets: &[(&str, &str)]) -> Self {
        let clock = Arc::new(SimulatedClock::at(Timestamp::parse_rfc3339("2026-11-24T08:00:30Z").unwrap()));
        let mut app = Self::on(Arc::new(TempDir::new().unwrap()), clock, sets).await;
        let body = json!({"email": "ada@example.org", "password": PASSWORD, "name": "Ada"});
        let (status, answer) = app.ask(Method::POST, "/api/v1/auth/register", Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        app.token = answer["access_token"].as_str().unwrap().to_owned();
        app
    }

    /// A server on a directory that may have been used before. Nobody is signed in.
    pub(crate) async fn on(dir: Arc<TempDir>, clock: Arc<SimulatedClock>, sets: &[(&str, &str)]) -> Self {
        // The issuer of tokens, the same after a restart on another port.
        let sets: Vec<(&str, &str)> = [("server.public_url", "http://localhost")].iter().chain(sets).copied().collect();
        let config = Config::for_test(dir.path(), &sets).unwrap();
        let log = tocsin::telemetry::logging::test_logger();
        let app = App::build(config, Options { clock: clock.clone(), log }).await.unwrap();
        let (addr, stop) = (app.addr(), app.stop_handle());
        let running = actix_rt::spawn(app.run());
        Self { addr, clock, dir, http: reqwest::Client::new(), token: String::new(), running, stop }
    }

    /// Stops it as SIGTERM would, and returns what it leaves behind.
    pub(crate) async fn stop(self) -> (Arc<TempDir>, Arc<SimulatedClock>, String) {
        self.stop.stop();
        soon("the server to stop", self.running).await.unwrap().unwrap();
        (self.dir, self.clock, self.token)
    }

    /// A request of the owner with a JSON body; the status and the JSON answer.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let body = body.map(|body| ("application/json", body.to_string()));
        self.ask_raw(method, path, body, &[]).await
    }

    /// A request of the owner with any body and more headers.
    pub(crate) async fn ask_raw(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, String)>,
        headers: &[(&str, &str)],
    ) -> (StatusCode, Value) {
        let mut request = self.http.request(method.clone(), format!("http://{}{path}", self.addr));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if let Some((kind, body)) = body {
            request = request.header("Content-Type", kind).body(body);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = soon("an answer", request.send()).await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        let answer = serde_json::from_str(&text).unwrap_or(Value::String(text));
        described::look_at(&method, path, status.as_u16(), &answer);
        (status, answer)
    }

    /// Posts so many errors of this instant, in one request.
    pub(crate) async fn errors(&self, count: usize) {
        self.errors_at(count, self.clock.now()).await;
    }

    /// Posts so many errors that happened at `at`.
    pub(crate) async fn errors_at(&self, count: usize, at: Timestamp) {
        let one = json!({"type": "error", "at": at.to_string(), "message": "payment failed"}).to_string();
        let body = vec![one; count].join("\n");
        let (status, answer) =
            self.ask_raw(Method::POST, "/api/v1/documents", Some(("application/x-ndjson", body)), &[]).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        assert_eq!(answer["accepted"], count);
    }

    /// Moves the clock.
    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// A dashboard that has seen its snapshot.
    pub(crate) async fn viewer(&self) -> Viewer {
        let mut viewer = Viewer::connect(self.addr).await;
        viewer.send(json!({"type": "auth", "token": self.token})).await;
        viewer.until("a snapshot", |frame| frame["type"] == "snapshot").await;
        viewer
    }

    /// Moves the clock in tenths of a second until a dashboard has seen a rule at this value. A rule reports ten times a
    /// second by that clock, and may see documents a moment after they were answered.
    pub(crate) async fn until_value(&self, viewer: &mut Viewer, rule_id: &Value, value: &Value) {
        let is_there = |viewer: &Viewer| {
            let mut seen = viewer.seen.iter().rev();
            let last = seen.find(|frame| frame["type"] == "metric" && frame["rule_id"] == *rule_id);
            last.is_some_and(|frame| frame["value"] == *value)
        };
        let what = format!("the value {value}");
        soon(&what, async {
            while !is_there(viewer) {
                self.advance(Duration::from_millis(100));
                viewer.settled().await;
            }
        })
        .await;
    }

    /// A new API key of the owner.
    pub(crate) async fn api_key(&self, scopes: &[&str]) -> String {
        let body = json!({"name": "test", "scopes": scopes});
        let (status, made) = self.ask(Method::POST, "/api/v1/api-keys", Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        made["key"].as_str().unwrap().to_owned()
    }

    /// Every incident, newest first.
    pub(crate) async fn incidents(&self) -> Vec<Value> {
        let (status, page) = self.ask(Method::GET, "/api/v1/incidents", None).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        page["items"].as_array().unwrap().clone()
    }
}
