//! Refresh tokens: however many use one at once, however it ends, and whatever is killed meanwhile.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::access_tokens::answers;
use super::{LOGIN, REFRESH, REGISTER, TestApp, credentials, ended, newcomer, refresh, sign_in, text};
use crate::support::binary::Binary;
use crate::support::soon;
use crate::support::viewer::Viewer;

#[actix_rt::test]
async fn fifty_refreshes_at_once_get_one_successor_and_a_replay_after_the_grace_ends_all_of_it() {
    let app = TestApp::start().await;
    let first = sign_in(&app).await;
    let all = join_all((0..50).map(|_| refresh(&app, &first))).await;
    let successor = text(&all[0].1, "refresh_token");
    assert_ne!(successor, first);
    for (status, answer) in &all {
        assert_eq!((*status, &answer["refresh_token"]), (StatusCode::OK, &json!(successor)), "{answer}");
    }
    let access = text(&all[49].1, "access_token");
    let bearer = format!("Bearer {access}");
    let mut socket = Viewer::connect_with(app.addr, &[("authorization", &bearer)]).await.unwrap();
    socket.until("a snapshot", |frame| frame["type"] == "snapshot").await;

    app.advance(Duration::from_secs(10));
    assert_eq!(text(&refresh(&app, &first).await.1, "refresh_token"), successor, "the last moment of the grace");
    app.advance(Duration::from_millis(1));
    assert_eq!(answers(&app, &access).await, StatusCode::OK, "nothing has happened yet");
    let asked = Instant::now();
    ended(&app, &first).await;
    assert_eq!(answers(&app, &access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(socket.closed().await, 4401);
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    ended(&app, &successor).await;
    let (_, page) = app.ask(Method::GET, "/api/v1/audit?event=refresh_token_reused", None).await;
    assert_eq!((page["items"].as_array().unwrap().len(), &page["items"][0]["ip"]), (1, &json!("127.0.0.1")), "{page}");
    assert!(!sign_in(&app).await.is_empty(), "other sign-ins are not touched");
    app.stop().await;
}

#[actix_rt::test]
async fn a_grandparent_never_passes() {
    let app = TestApp::start().await;
    let first = sign_in(&app).await;
    let second = text(&refresh(&app, &first).await.1, "refresh_token");
    let third = text(&refresh(&app, &second).await.1, "refresh_token");
    // All of it in one moment: the grace is the parent's alone.
    ended(&app, &first).await;
    ended(&app, &third).await;
    app.stop().await;
}

/// An answer, if there was one before the server died.
async fn post(url: String, body: &Value) -> Option<(StatusCode, Value)> {
    let answer = reqwest::Client::new().post(url).json(body).send().await.ok()?;
    Some((answer.status(), answer.json().await.ok()?))
}

#[actix_rt::test]
async fn a_kill_in_the_middle_leaves_one_live_successor() {
    let dir = TempDir::new().unwrap();
    let serve = || Binary::serve(dir.path(), &["--set", "server.public_url=http://localhost"]);
    let mut server = serve();
    assert!(post(format!("{}{REGISTER}", server.url()), &newcomer("ada@example.org")).await.is_some());
    let (_, session) = post(format!("{}{LOGIN}", server.url()), &credentials()).await.unwrap();
    let mut token = text(&session, "refresh_token");
    for round in 0..8 {
        let presented = json!({"refresh_token": token});
        let url = format!("{}{REFRESH}", server.url());
        let tabs = join_all((0..4).map(|_| post(url.clone(), &presented)));
        let killed = async {
            tokio::time::timeout(Duration::from_millis(round), std::future::pending::<()>()).await.unwrap_err();
            server.kill();
        };
        let (told, ()) = tokio::join!(tabs, killed);
        server = serve();
        // Whoever was not answered asks again with the same token.
        let again = soon("an answer", post(format!("{}{REFRESH}", server.url()), &presented)).await.unwrap();
        assert_eq!(again.0, StatusCode::OK, "round {round}: {}", again.1);
        token = text(&again.1, "refresh_token");
        for (status, answer) in told.into_iter().flatten() {
            assert_eq!((status, &answer["refresh_token"]), (StatusCode::OK, &json!(token)), "round {round}");
        }
    }
    server.kill();
}

#[actix_rt::test]
async fn a_sign_in_that_is_used_every_day_ends_after_ninety() {
    let app = TestApp::start().await;
    let mut token = sign_in(&app).await;
    let day = Duration::from_secs(24 * 3_600);
    for _ in 0..9 {
        app.advance(day * 10);
        let (status, answer) = refresh(&app, &token).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        token = text(&answer, "refresh_token");
    }
    app.advance(Duration::from_millis(1));
    ended(&app, &token).await;
    app.stop().await;
}
