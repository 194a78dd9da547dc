//! A person is online while connected to any server.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tocsin::adapters::clock::SystemClock;
use tocsin_actors::ports::Clock as _;
use tocsin_actors::testing::SimulatedClock;

use super::{Two, metric};
use crate::support::app::TestApp;
use crate::support::binary::Binary;
use crate::support::chatter::{Account, Chatter};
use crate::support::redis::RedisServer;
use crate::support::soon;

fn presence(who: &Account, online: bool) -> impl Fn(&Value) -> bool {
    let shown = who.shown();
    move |frame: &Value| frame["type"] == "presence" && frame["user"] == shown && frame["online"] == online
}

/// Moves clocks until Ann is told something; when a server sees the end of a connection is the network's matter.
async fn told(advance: impl Fn(Duration), ann: &mut Chatter, fits: &dyn Fn(&Value) -> bool) {
    soon("what happens by itself", async {
        loop {
            if ann.rest().await.iter().any(fits) {
                return;
            }
            advance(Duration::from_secs(1));
        }
    })
    .await;
}

#[actix_rt::test]
async fn the_first_connection_to_any_server_and_the_last_one_are_told() {
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &[]).await;
    let mut ann = Chatter::new(&two.one, "Ann").await;
    ann.open("ops").await;
    let mut bob = Chatter::new(&two.other, "Bob").await;
    bob.join("ops").await;
    ann.event("joined").await;
    let who = bob.who.clone();
    // From server to server, without a break.
    let moved = Chatter::connect(two.one.addr, &who).await;
    drop(bob);
    let left = |frame: &Value| frame["type"] == "left" && frame["user"] == who.shown();
    told(|by| two.advance(by), &mut ann, &left).await;
    let noticed = ann.rest().await;
    assert!(!noticed.iter().any(presence(&who, false)), "{noticed:?}");
    drop(moved);
    told(|by| two.advance(by), &mut ann, &presence(&who, false)).await;
    let _bob = Chatter::connect(two.other.addr, &who).await;
    ann.until("Bob to be back", presence(&who, true)).await;
    two.stop().await;
}

#[actix_rt::test]
async fn with_a_server_that_stops_its_people_go_at_once() {
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &[]).await;
    let mut ann = Chatter::new(&two.one, "Ann").await;
    ann.open("ops").await;
    let mut bob = Chatter::new(&two.other, "Bob").await;
    bob.join("ops").await;
    ann.event("joined").await;
    let Two { one, other } = two;
    other.stop().await;
    assert_eq!(ann.event("left").await["user"], bob.who.shown());
    ann.until("that he is offline", presence(&bob.who, false)).await;
    one.stop().await;
}

#[actix_rt::test]
async fn with_a_server_that_is_killed_its_people_go_after_three_signs_of_life() {
    let redis = RedisServer::start();
    let url = redis.url();
    let dir = Arc::new(TempDir::new().unwrap());
    let (data, redis_url) = (format!("data_dir={}", dir.path().display()), format!("redis.url={url}"));
    // At the time of the process, so that tokens are good at both; and from then on by hand.
    let clock = Arc::new(SimulatedClock::at(SystemClock.now()));
    let mut one = TestApp::on(dir, clock, &[("redis.url", url.as_str())]).await;
    let sets = ["--set", &data, "--set", &redis_url, "--set", "server.public_url=http://localhost"];
    let other = Binary::serve(one.dir.path(), &sets);
    let mut ann = Chatter::new(&one, "Ann").await;
    one.token.clone_from(&ann.who.token);
    metric(&one, "tocsin_news_listening 1.0").await;
    ann.open("ops").await;
    let who = Account::register(one.addr, "Bob").await;
    let mut bob = Chatter::connect(other.addr, &who).await;
    bob.join("ops").await;
    assert_eq!(ann.event("joined").await["user"], who.shown());
    other.kill();
    drop(bob);
    let left = |frame: &Value| frame["type"] == "left" && frame["user"] == who.shown();
    told(|by| one.advance(by), &mut ann, &left).await;
    let online = ann.done("presence", json!({"room": "ops"})).await["online"].clone();
    assert_eq!(online, json!([ann.who.shown()]));
    one.stop().await;
}
