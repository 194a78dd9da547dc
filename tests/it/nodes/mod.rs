//! Several servers on one database and one Redis, which ring as one.

mod agreeing;
mod away;
mod chat;
mod counting;
mod news;
mod presence;
mod taking_over;

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use tocsin_actors::ports::Clock as _;
use tocsin_actors::testing::SimulatedClock;

use crate::support::app::TestApp;
use crate::support::redis::RedisServer;
use crate::support::soon;

/// Two servers of one installation. The clock of the second is ahead by `skew`. The first rings.
struct Two {
    one: TestApp,
    other: TestApp,
}

impl Two {
    async fn start(redis: &RedisServer, skew: Duration, more: &[(&str, &str)]) -> Self {
        let url = redis.url();
        let sets: Vec<(&str, &str)> = [("redis.url", url.as_str())].into_iter().chain(more.iter().copied()).collect();
        let one = TestApp::with(&sets).await;
        let clock = Arc::new(SimulatedClock::at(one.clock.now().plus(skew)));
        let mut other = TestApp::on(Arc::clone(&one.dir), clock, &sets).await;
        other.token.clone_from(&one.token);
        for app in [&one, &other] {
            metric(app, "tocsin_news_listening 1.0").await;
        }
        metric(&one, "tocsin_bell_ringing 1.0").await;
        metric(&other, "tocsin_bell_ringing 0.0").await;
        Self { one, other }
    }

    /// Moves both clocks.
    fn advance(&self, by: Duration) {
        for app in [&self.one, &self.other] {
            app.advance(by);
        }
    }

    async fn stop(self) {
        // The one that does not ring first, so that nothing is handed over.
        self.other.stop().await;
        self.one.stop().await;
    }
}

/// Waits for a line of `/metrics`.
async fn metric(app: &TestApp, line: &str) {
    soon(line, async {
        while !app.ask(Method::GET, "/metrics", None).await.1.as_str().unwrap().lines().any(|one| one == line) {}
    })
    .await;
}

/// Waits until there are incidents that fit, and returns all of them.
async fn incidents(app: &TestApp, what: &str, fit: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    soon(what, async {
        loop {
            let all = app.incidents().await;
            if fit(&all) {
                return all;
            }
        }
    })
    .await
}
