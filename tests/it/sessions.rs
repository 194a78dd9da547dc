//! Sign-ins: which there are, and that an end counts at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::support::app::{PASSWORD, TestApp};
use super::support::viewer::Viewer;

/// Signs the owner in once more; the access token and the refresh token.
async fn sign_in(app: &TestApp) -> (String, String) {
    let body = json!({"email": "ada@example.org", "password": PASSWORD});
    let (status, answer) = app.ask(Method::POST, "/api/v1/auth/login", Some(body)).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

async fn me(app: &TestApp, token: &str) -> StatusCode {
    let request = app.http.get(format!("http://{}/api/v1/auth/me", app.addr)).bearer_auth(token);
    request.send().await.unwrap().status()
}

async fn refresh(app: &TestApp, token: &str) -> StatusCode {
    app.ask(Method::POST, "/api/v1/auth/refresh", Some(json!({"refresh_token": token}))).await.0
}

async fn sessions(app: &TestApp) -> Vec<Value> {
    let (status, page) = app.ask(Method::GET, "/api/v1/auth/sessions", None).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page["items"].as_array().unwrap().clone()
}

#[actix_rt::test]
async fn an_ended_sign_in_is_refused_by_the_next_request_and_its_socket_closes() {
    let app = TestApp::start().await;
    let (access, refresh_token) = sign_in(&app).await;
    let all = sessions(&app).await;
    assert_eq!(all.iter().map(|one| one["current"] == true).filter(|current| *current).count(), 1);
    let other = all.iter().find(|one| one["current"] == false).unwrap();
    assert_eq!((all.len(), &other["ip"]), (2, &json!("127.0.0.1")));
    let bearer = format!("Bearer {access}");
    let mut socket = Viewer::connect_with(app.addr, &[("authorization", &bearer)]).await.unwrap();
    socket.until("a snapshot", |frame| frame["type"] == "snapshot").await;
    let mut mine = app.viewer().await;
    assert_eq!(me(&app, &access).await, StatusCode::OK);

    let path = format!("/api/v1/auth/sessions/{}", other["id"].as_str().unwrap());
    let asked = Instant::now();
    assert_eq!(app.ask(Method::DELETE, &path, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(socket.closed().await, 4401);
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    assert_eq!(me(&app, &access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(refresh(&app, &refresh_token).await, StatusCode::UNAUTHORIZED);
    assert_eq!(app.ask(Method::DELETE, &path, None).await.0, StatusCode::NOT_FOUND, "it is gone");
    mine.settled().await;
    assert_eq!(sessions(&app).await.len(), 1);
    app.stop().await;
}

#[actix_rt::test]
async fn nobody_ends_what_is_not_theirs() {
    let app = TestApp::start().await;
    let body = json!({"email": "eve@example.org", "password": PASSWORD, "name": "Eve"});
    let (status, eve) = app.ask(Method::POST, "/api/v1/auth/register", Some(body)).await;
    assert_eq!(status, StatusCode::CREATED);
    let path = format!("/api/v1/auth/sessions/{}", sessions(&app).await[0]["id"].as_str().unwrap());
    let request =
        app.http.delete(format!("http://{}{path}", app.addr)).bearer_auth(eve["access_token"].as_str().unwrap());
    assert_eq!(request.send().await.unwrap().status(), StatusCode::NOT_FOUND);
    for id in ["x", "0199d0a0-0000-7000-8000-000000000000"] {
        let (status, problem) = app.ask(Method::DELETE, &format!("/api/v1/auth/sessions/{id}"), None).await;
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
    }
    assert_eq!(sessions(&app).await.len(), 1);
    app.stop().await;
}

#[actix_rt::test]
async fn signing_out_reaches_as_far_as_it_is_asked_to() {
    for (scope, left) in [(json!(null), [false, true]), (json!("others"), [true, false]), (json!("global"), [false; 2])]
    {
        let app = TestApp::start().await;
        let (one, two) = (sign_in(&app).await, sign_in(&app).await);
        let body = json!({"refresh_token": one.1, "scope": scope});
        assert_eq!(app.ask(Method::POST, "/api/v1/auth/logout", Some(body)).await.0, StatusCode::NO_CONTENT);
        for ((access, token), left) in [one, two].into_iter().zip(left) {
            let expected = if left { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
            assert_eq!((me(&app, &access).await, refresh(&app, &token).await), (expected, expected), "{scope}");
        }
        app.stop().await;
    }
}

#[actix_rt::test]
async fn a_restart_remembers_what_has_ended() {
    let app = TestApp::start().await;
    let (access, refresh_token) = sign_in(&app).await;
    let body = json!({"refresh_token": refresh_token});
    assert_eq!(app.ask(Method::POST, "/api/v1/auth/logout", Some(body)).await.0, StatusCode::NO_CONTENT);
    let (dir, clock, token) = app.stop().await;
    let mut app = TestApp::on(Arc::clone(&dir), clock, &[]).await;
    app.token = token;
    assert_eq!(me(&app, &access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(sessions(&app).await.len(), 1);
    app.stop().await;
}

#[actix_rt::test]
async fn a_token_used_twice_ends_its_access_tokens_too() {
    let app = TestApp::start().await;
    let (access, first) = sign_in(&app).await;
    assert_eq!(refresh(&app, &first).await, StatusCode::OK);
    app.advance(Duration::from_millis(10_001));
    assert_eq!(me(&app, &access).await, StatusCode::OK);
    assert_eq!(refresh(&app, &first).await, StatusCode::UNAUTHORIZED);
    assert_eq!(me(&app, &access).await, StatusCode::UNAUTHORIZED);
    app.stop().await;
}

#[actix_rt::test]
async fn a_logout_that_is_not_understood_says_so_and_ends_nothing() {
    let app = TestApp::start().await;
    let login = json!({"email": "ada@example.org", "password": PASSWORD});
    let (_, session) = app.ask(Method::POST, "/api/v1/auth/login", Some(login)).await;
    let token = session["refresh_token"].as_str().unwrap();
    let path = "/api/v1/auth/logout";
    for (kind, body, status) in [
        ("text/plain", json!({"refresh_token": token}).to_string(), 415),
        ("application/json", format!("{{\"refresh_token\": \"{token}\""), 400),
        ("application/json", json!({"refresh_token": token, "scope": "everything"}).to_string(), 422),
    ] {
        let answered = app.ask_raw(Method::POST, path, Some((kind, body)), &[]).await;
        assert_eq!(answered.0.as_u16(), status, "{}", answered.1);
    }
    assert_eq!(app.request(&Method::POST, path).send().await.unwrap().status(), 204, "nobody is signed out");
    let (status, _) = app.ask(Method::POST, path, Some(json!({"refresh_token": token}))).await;
    assert_eq!(status, 204);
    let (status, _) = app.ask(Method::POST, "/api/v1/auth/refresh", Some(json!({"refresh_token": token}))).await;
    assert_eq!(status, 401);
    app.stop().await;
}
