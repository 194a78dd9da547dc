//! Two servers on one database and one Redis.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{Tokens, me, refresh, sign_in};
use crate::passwords::{mails, reset_token};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::redis::RedisServer;
use crate::support::soon;
use crate::support::viewer::Viewer;

/// Two servers, the first with an owner.
async fn two(redis: &RedisServer, more: &[(&str, &str)]) -> (TestApp, TestApp) {
    let url = redis.url();
    let sets: Vec<(&str, &str)> = [("redis.url", url.as_str())].into_iter().chain(more.iter().copied()).collect();
    let one = TestApp::with(&sets).await;
    let other = TestApp::on(Arc::clone(&one.dir), one.clock.clone(), &sets).await;
    for app in [&one, &other] {
        soon("the server to listen", async {
            while !app.ask(Method::GET, "/metrics", None).await.1.as_str().unwrap().contains("tocsin_redis_listening 1")
            {
            }
        })
        .await;
    }
    (one, other)
}

#[actix_rt::test]
async fn a_sign_in_is_good_at_both_and_ends_at_both() {
    let redis = RedisServer::start();
    let (one, other) = two(&redis, &[]).await;
    let tokens = sign_in(&one).await;
    assert_eq!(me(&other, &tokens.access).await, StatusCode::OK);
    let (status, answer) = refresh(&other, &tokens.refresh).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let newer = Tokens::of(&answer);
    let bearer = format!("Bearer {}", newer.access);
    let mut socket = Viewer::connect_with(other.addr, &[("authorization", &bearer)]).await.unwrap();
    socket.until("a snapshot", |frame| frame["type"] == "snapshot").await;

    let body = json!({"refresh_token": newer.refresh});
    assert_eq!(one.ask(Method::POST, "/api/v1/auth/logout", Some(body)).await.0, StatusCode::NO_CONTENT);
    assert_eq!(socket.closed().await, 4401, "told by the other server");
    for app in [&one, &other] {
        assert_eq!(me(app, &newer.access).await, StatusCode::UNAUTHORIZED);
        assert_eq!(refresh(app, &newer.refresh).await.0, StatusCode::UNAUTHORIZED);
    }
    one.stop().await;
    other.stop().await;
}

#[actix_rt::test]
async fn whatever_ends_sign_ins_at_one_is_known_at_both_by_the_next_request() {
    let redis = RedisServer::start();
    let (one, other) = two(&redis, &[]).await;
    let ended = async |what: &str, tokens: &Tokens, mut socket: Viewer| {
        assert_eq!(me(&other, &tokens.access).await, StatusCode::UNAUTHORIZED, "{what}");
        assert_eq!(socket.closed().await, 4401, "{what}");
        assert_eq!(refresh(&other, &tokens.refresh).await.0, StatusCode::UNAUTHORIZED, "{what}");
    };
    let watching = async |tokens: &Tokens| {
        let bearer = format!("Bearer {}", tokens.access);
        let mut socket = Viewer::connect_with(other.addr, &[("authorization", &bearer)]).await.unwrap();
        socket.until("a snapshot", |frame| frame["type"] == "snapshot").await;
        socket
    };

    let first = sign_in(&one).await;
    let next = Tokens::of(&refresh(&other, &first.refresh).await.1);
    let socket = watching(&next).await;
    one.advance(Duration::from_millis(10_001));
    assert_eq!(refresh(&one, &first.refresh).await.0, StatusCode::UNAUTHORIZED);
    ended("a token that was used twice", &next, socket).await;

    let tokens = sign_in(&one).await;
    let socket = watching(&tokens).await;
    let another = "seven quiet lighthouses";
    let body = json!({"current_password": PASSWORD, "new_password": another});
    assert_eq!(one.ask(Method::POST, "/api/v1/auth/password", Some(body)).await.0, StatusCode::NO_CONTENT);
    ended("a changed password", &tokens, socket).await;
    assert_eq!(me(&other, &one.token).await, StatusCode::OK, "the one that asked goes on");

    let body = json!({"email": "ada@example.org", "password": another});
    let tokens = Tokens::of(&one.ask(Method::POST, "/api/v1/auth/login", Some(body)).await.1);
    let socket = watching(&tokens).await;
    // The mail of the change is written before the clock moves on, so that it is the older one.
    mails(&one, "ada@example.org", 1).await;
    one.advance(Duration::from_secs(1));
    let body = json!({"token": reset_token(&one, 2).await, "new_password": PASSWORD});
    assert_eq!(one.ask(Method::POST, "/api/v1/auth/password/reset", Some(body)).await.0, StatusCode::NO_CONTENT);
    ended("a password that was chosen anew", &tokens, socket).await;
    one.stop().await;
    other.stop().await;
}

#[actix_rt::test]
async fn fifty_refreshes_of_one_token_at_two_servers_have_one_successor() {
    let redis = RedisServer::start();
    let (one, other) = two(&redis, &[]).await;
    let tokens = sign_in(&one).await;
    let answers = join_all((0..50).map(|n| refresh(if n % 2 == 0 { &one } else { &other }, &tokens.refresh))).await;
    let successors: Vec<String> = answers
        .into_iter()
        .map(|(status, answer)| {
            assert_eq!(status, StatusCode::OK, "{answer}");
            Tokens::of(&answer).refresh
        })
        .collect();
    assert!(successors.iter().all(|one| *one == successors[0]));
    assert_eq!(refresh(&other, &successors[0]).await.0, StatusCode::OK);
    one.stop().await;
    other.stop().await;
}

#[actix_rt::test]
async fn an_end_that_was_missed_is_read_when_redis_is_back() {
    let mut redis = RedisServer::start();
    let (one, other) = two(&redis, &[]).await;
    let tokens = sign_in(&one).await;
    let (dir, clock, _) = other.stop().await;
    let body = json!({"refresh_token": tokens.refresh});
    assert_eq!(one.ask(Method::POST, "/api/v1/auth/logout", Some(body)).await.0, StatusCode::NO_CONTENT);
    // A server that begins without Redis cannot know of it, until Redis answers.
    redis.kill();
    let other = TestApp::on(dir, clock, &[("redis.url", &redis.url())]).await;
    assert_eq!(me(&other, &tokens.access).await, StatusCode::OK);
    redis.start_again();
    soon("the end to be known", async { while me(&other, &tokens.access).await != StatusCode::UNAUTHORIZED {} }).await;
    one.stop().await;
    other.stop().await;
}

#[actix_rt::test]
async fn attempts_are_counted_for_both_together() {
    let redis = RedisServer::start();
    let (one, other) = two(&redis, &[("auth.attempts_per_account", "4")]).await;
    let wrong = json!({"email": "grace@example.org", "password": "wrong"});
    let attempt = async |app: &TestApp| app.ask(Method::POST, "/api/v1/auth/login", Some(wrong.clone())).await.0;
    for app in [&one, &other, &one, &other] {
        assert_eq!(attempt(app).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(attempt(&one).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(attempt(&other).await, StatusCode::TOO_MANY_REQUESTS);
    one.stop().await;
    other.stop().await;
}

#[actix_rt::test]
async fn who_is_disabled_at_one_is_out_at_both() {
    let redis = RedisServer::start();
    let (one, other) = two(&redis, &[]).await;
    let body = json!({"email": "eve@example.org", "password": PASSWORD, "name": "Eve"});
    let (status, eve) = other.ask(Method::POST, "/api/v1/auth/register", Some(body)).await;
    assert_eq!(status, StatusCode::CREATED, "{eve}");
    let tokens = Tokens::of(&eve);
    let row = async || {
        let path = format!("/api/v1/users/{}", eve["user"]["id"].as_str().unwrap());
        let (status, row) = one.ask(Method::PATCH, &path, Some(json!({"disabled": true}))).await;
        assert_eq!(status, StatusCode::OK, "{row}");
        row
    };
    let bearer = format!("Bearer {}", tokens.access);
    let mut socket = Viewer::connect_with(other.addr, &[("authorization", &bearer)]).await.unwrap();
    socket.until("a snapshot", |frame| frame["type"] == "snapshot").await;
    assert_eq!(row().await["last_seen_at"], json!(null));
    assert_eq!(socket.closed().await, 4401);
    assert_eq!(me(&other, &tokens.access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(refresh(&other, &tokens.refresh).await.0, StatusCode::UNAUTHORIZED);
    let again = json!({"email": "eve@example.org", "password": PASSWORD});
    assert_eq!(other.ask(Method::POST, "/api/v1/auth/login", Some(again)).await.0, StatusCode::UNAUTHORIZED);
    one.stop().await;
    other.stop().await;
}
