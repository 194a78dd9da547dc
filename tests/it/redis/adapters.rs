//! The adapters keep what the ports promise.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;
use tocsin::adapters::redis::{Lifetimes, Membership, Redis, RefreshTokens, Throttle, Tickets};
use tocsin::adapters::sqlite;
use tocsin_actors::domain::{SessionId, Timestamp, UserId};
use tocsin_actors::ports::{self, Family, PortError, RefreshTokens as _};
use tocsin_actors::testing::conformance;

use crate::support::redis::{RedisServer, options, refresh_tokens};

fn redis(server: &RedisServer) -> Arc<Redis> {
    Arc::new(Redis::open(options(server.url())).unwrap())
}

#[actix_rt::test]
async fn refresh_tokens_keep_what_the_port_promises() {
    let servers = Mutex::new(Vec::new());
    conformance::refresh_tokens(async || {
        let server = RedisServer::start();
        let tokens = refresh_tokens(redis(&server));
        servers.lock().unwrap().push(server);
        Arc::new(tokens) as Arc<dyn ports::RefreshTokens>
    })
    .await;
}

#[actix_rt::test]
async fn tickets_keep_what_the_port_promises() {
    let servers = Mutex::new(Vec::new());
    conformance::tickets(async || {
        let server = RedisServer::start();
        let tickets = Tickets::new(redis(&server), 3);
        servers.lock().unwrap().push(server);
        Arc::new(tickets) as Arc<dyn ports::Tickets>
    })
    .await;
}

#[actix_rt::test]
async fn membership_keeps_what_the_port_promises() {
    let kept = Mutex::new(Vec::new());
    conformance::membership(async || {
        let (server, directory) = (RedisServer::start(), TempDir::new().unwrap());
        let membership = Membership::new(redis(&server));
        let some = std::num::NonZeroUsize::new(8).unwrap();
        let options = sqlite::Options {
            path: directory.path().join("tocsin.db"),
            readers: some,
            queue: some,
            group_rows: some,
            max_mib: 0,
            on_group: None,
        };
        let rooms = sqlite::Rooms::new(sqlite::Database::open(options).unwrap());
        kept.lock().unwrap().push((server, directory));
        (Arc::new(rooms) as Arc<dyn ports::Rooms>, Arc::new(membership) as Arc<dyn ports::Membership>)
    })
    .await;
}

#[actix_rt::test]
async fn the_throttle_keeps_what_the_port_promises() {
    let server = RedisServer::start();
    conformance::throttle(async |clock, rates| {
        let alone = Arc::new(Nobody);
        Arc::new(Throttle::new(redis(&server), clock, rates, alone)) as Arc<dyn ports::Throttle>
    })
    .await;
}

/// Must not be asked while Redis is there.
struct Nobody;

#[async_trait::async_trait]
impl ports::Throttle for Nobody {
    async fn attempt(&self, _: ports::Counted, _: String) -> Result<Option<Duration>, PortError> {
        Err(PortError::Failed("asked".into()))
    }
}

fn family(now: Timestamp) -> Family {
    Family {
        id: SessionId::new(now),
        user_id: UserId::new(now),
        current: "first".into(),
        previous: None,
        rotated_at: now,
        created_at: now,
        user_agent: String::new(),
        ip: String::new(),
    }
}

/// Seconds until a key goes by itself.
async fn left(server: &RedisServer, key: &str) -> i64 {
    match server.ask(&["TTL", key]).await {
        redis::Value::Int(seconds) => seconds,
        other => panic!("{other:?}"),
    }
}

#[actix_rt::test]
async fn what_nobody_uses_goes_by_itself() {
    let server = RedisServer::start();
    let lifetimes = Lifetimes { idle: Duration::from_secs(40_000), absolute: Duration::from_secs(60_000) };
    let tokens = RefreshTokens::new(redis(&server), lifetimes);
    let begun = Timestamp::clamped(1_764_000_000_000);
    let family = family(begun);
    let key = format!("test:family:{}", family.id);
    tokens.start(family.clone()).await.unwrap();
    // An hour more than the sign-in lasts, and some seconds for this test.
    let about = |expected: i64| expected + 3_500..=expected + 3_600;
    assert!(about(40_000).contains(&left(&server, &key).await));
    let list = format!("test:families:{}", family.user_id);
    assert!(about(60_000).contains(&left(&server, &list).await));
    let later = begun.plus(Duration::from_secs(15_000));
    assert!(tokens.rotate(family.id, "first".into(), "second".into(), later).await.unwrap());
    assert!(about(40_000).contains(&left(&server, &key).await), "as long again");
    let late = begun.plus(Duration::from_secs(50_000));
    assert!(tokens.rotate(family.id, "second".into(), "third".into(), late).await.unwrap());
    assert!(about(10_000).contains(&left(&server, &key).await), "never longer than a sign-in lasts at most");
    let too_late = begun.plus(Duration::from_secs(70_000));
    assert!(tokens.rotate(family.id, "third".into(), "fourth".into(), too_late).await.unwrap());
    assert!(left(&server, &key).await <= 0);
}

#[actix_rt::test]
async fn speaks_tls_with_a_password_and_believes_only_its_ca() {
    let server = RedisServer::with_tls();
    let url = format!("rediss://:secret@localhost:{}", server.port());
    let own = options(url.clone());
    let trusting = Redis::open(tocsin::adapters::redis::Options { ca_file: Some(server.ca_file()), ..own }).unwrap();
    trusting.check().await.unwrap();
    let strangers = Redis::open(options(url)).unwrap();
    strangers.check().await.unwrap_err();
}

#[test]
fn wrong_settings_are_told_at_the_start_and_without_the_password() {
    let mut with_ca = options("redis://:hunter2@localhost:1/0".into());
    with_ca.ca_file = Some("/nowhere/ca.pem".into());
    for (options, names) in
        [(with_ca, "redis.ca_file"), (options("redis://:hunter2@localhost:1/x".into()), "redis.url")]
    {
        let sentence = Redis::open(options).err().unwrap();
        assert!(sentence.contains(names) && !sentence.contains("hunter2"), "{sentence}");
    }
}
