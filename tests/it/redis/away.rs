//! Redis goes, and comes back: nobody is signed out, and nothing is half done.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{Tokens, me, refresh, sign_in};
use crate::support::app::TestApp;
use crate::support::binary::Binary;
use crate::support::redis::RedisServer;
use crate::support::soon;

/// Asks until a refresh is answered with something else than 503.
async fn refreshed_when_back(app: &TestApp, token: &str) -> (StatusCode, serde_json::Value) {
    soon("Redis to be noticed again", async {
        loop {
            let (status, answer) = refresh(app, token).await;
            if status != StatusCode::SERVICE_UNAVAILABLE {
                return (status, answer);
            }
        }
    })
    .await
}

#[actix_rt::test]
async fn nobody_is_signed_out_while_redis_is_stopped() {
    let mut redis = RedisServer::start();
    let app = TestApp::with(&[("redis.url", &redis.url())]).await;
    let tokens = sign_in(&app).await;
    let ready = async || app.ask(Method::GET, "/readyz", None).await;
    assert_eq!(
        ready().await,
        (
            StatusCode::OK,
            json!({"status": "ok", "checks": {"database": {"status": "ok"}, "redis": {"status": "ok"}, "storage": {"status": "ok"}}})
        )
    );

    redis.kill();
    assert_eq!(me(&app, &tokens.access).await, StatusCode::OK);
    let (status, problem) = refresh(&app, &tokens.refresh).await;
    assert_eq!((status, &problem["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("busy")));
    let (status, checks) = ready().await;
    assert_eq!((status, &checks["status"]), (StatusCode::OK, &json!("degraded")));
    assert_eq!(checks["checks"]["redis"]["status"], "down");
    let mut viewer = app.viewer().await;
    app.errors(51).await;
    viewer.until("the bell, which needs no Redis", |frame| frame["type"] == "alert").await;

    redis.start_again();
    let (status, answer) = refreshed_when_back(&app, &tokens.refresh).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(me(&app, &Tokens::of(&answer).access).await, StatusCode::OK);
    app.stop().await;
}

#[actix_rt::test]
async fn a_redis_that_hangs_is_given_up_in_time() {
    let redis = RedisServer::start();
    let app = TestApp::with(&[("redis.url", &redis.url()), ("redis.timeout_ms", "50")]).await;
    let tokens = sign_in(&app).await;
    redis.hang();
    let (status, problem) = refresh(&app, &tokens.refresh).await;
    assert_eq!((status, &problem["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("busy")));
    assert_eq!(me(&app, &tokens.access).await, StatusCode::OK);
    redis.go_on();
    // What hung may have been done after all; the same token gives the same successor then.
    let (status, answer) = refreshed_when_back(&app, &tokens.refresh).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    app.stop().await;
}

#[actix_rt::test]
async fn a_server_starts_while_redis_is_away() {
    let mut redis = RedisServer::start();
    let sets = [("redis.url", redis.url())];
    let sets: Vec<(&str, &str)> = sets.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let app = TestApp::with(&sets).await;
    let tokens = sign_in(&app).await;
    let (dir, clock, token) = app.stop().await;
    redis.kill();
    let mut app = TestApp::on(dir, clock, &sets).await;
    app.token = token;
    assert_eq!(me(&app, &tokens.access).await, StatusCode::OK);
    redis.start_again();
    assert_eq!(refreshed_when_back(&app, &tokens.refresh).await.0, StatusCode::OK);
    app.stop().await;
}

/// Kills Redis and the server in turn while tabs refresh; afterwards each chain goes on from one live successor.
#[actix_rt::test]
async fn a_kill_in_the_middle_leaves_one_live_successor() {
    let mut redis = RedisServer::start();
    let dir = tempfile::TempDir::new().unwrap();
    let redis_url = format!("redis.url={}", redis.url());
    let serve = || Binary::serve(dir.path(), &["--set", &redis_url, "--set", "server.public_url=http://localhost"]);
    let mut server = serve();
    let http = reqwest::Client::new();
    let body = json!({"email": "ada@example.org", "password": crate::support::app::PASSWORD, "name": "Ada"});
    let post = async |url: String, body: &serde_json::Value| {
        let answer =
            http.post(url).header("content-type", "application/json").body(body.to_string()).send().await.ok()?;
        let status = answer.status();
        let text = answer.text().await.ok()?;
        Some((status, serde_json::from_str::<serde_json::Value>(&text).ok()?))
    };
    let (status, first) = post(format!("{}/api/v1/auth/register", server.url()), &body).await.unwrap();
    assert_eq!(status, StatusCode::CREATED, "{first}");
    let mut token = Tokens::of(&first).refresh;
    for round in 0..6 {
        let url = format!("{}/api/v1/auth/refresh", server.url());
        let presented = json!({"refresh_token": token});
        let tabs = futures_util::future::join_all((0..4).map(|_| post(url.clone(), &presented)));
        let killed = async {
            tokio::time::timeout(Duration::from_millis(round), std::future::pending::<()>()).await.unwrap_err();
            if round % 2 == 0 {
                redis.kill();
                None
            } else {
                Some(())
            }
        };
        let (answers, kill_server) = tokio::join!(tabs, killed);
        if kill_server.is_some() {
            server.kill();
            server = serve();
        } else {
            redis.start_again();
        }
        // Whoever was answered has the one successor; whoever was not asks again with the same token.
        let url = format!("{}/api/v1/auth/refresh", server.url());
        let again = soon("an answer", async {
            loop {
                match post(url.clone(), &presented).await {
                    Some((StatusCode::SERVICE_UNAVAILABLE, _)) | None => {}
                    Some(answer) => return answer,
                }
            }
        })
        .await;
        assert_eq!(again.0, StatusCode::OK, "round {round}: {}", again.1);
        token = Tokens::of(&again.1).refresh;
        for answer in answers.into_iter().flatten().filter(|(status, _)| *status == StatusCode::OK) {
            assert_eq!(Tokens::of(&answer.1).refresh, token, "round {round}");
        }
    }
    server.kill();
}
