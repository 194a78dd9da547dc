//! A line that is crossed again and again.

use std::cell::RefCell;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::server::Server;

/// A server with a rule that rings at the 51st error within a minute.
pub(super) struct Line {
    pub(super) server: Server,
    /// What is posted leaves the window this soon, and the next round can begin.
    counts_for: Duration,
    event: RefCell<String>,
    _dir: TempDir,
}

impl Line {
    /// Starts it; `notify` is who the rule tells.
    pub(super) async fn draw(counts_for: Duration, settings: &[&str], notify: Value) -> Self {
        let dir = TempDir::new().unwrap();
        let usual = ["--set", "alerts.default_rules=[]", "--set", "auth.access_minutes=60"];
        let server = Server::with_owner(dir.path(), &[&usual, settings].concat()).await;
        let line = Self { server, counts_for, event: RefCell::default(), _dir: dir };
        line.watch(json!({"name": "errors", "type": "error", "threshold": 50, "notify": notify})).await;
        line
    }

    /// Makes a rule.
    pub(super) async fn watch(&self, rule: Value) {
        let made = self.server.post("/api/v1/rules", "application/json", rule.to_string()).await;
        assert!(made["id"].is_string(), "{made}");
    }

    /// Fifty errors.
    pub(super) async fn approach(&self) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + self.counts_for;
        let at = now.as_millis() as u64 - 60_000;
        let event = json!({"type": "error", "at": at, "message": "payment failed"}).to_string();
        let fifty = vec![event.as_str(); 50].join("\n");
        self.server.post("/api/v1/documents", "application/x-ndjson", fifty).await;
        self.event.replace(event);
    }

    /// One more. When it was about to be posted.
    pub(super) async fn cross(&self) -> Instant {
        let event = self.event.borrow().clone();
        let began = Instant::now();
        self.server.post("/api/v1/documents", "application/json", event).await;
        began
    }
}
