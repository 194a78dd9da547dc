//! Tickets: a websocket is opened by a URL alone, once, and by nothing else that could stand there.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::app::{PASSWORD, TestApp};
use super::support::binary::Binary;
use super::support::browser::Browser;
use super::support::viewer::Viewer;

const ROUTE: &str = "/api/v1/auth/ws-ticket";

async fn ticket(app: &TestApp) -> String {
    let (status, answer) = app.ask(Method::POST, ROUTE, None).await;
    assert_eq!((status, &answer["expires_in"]), (StatusCode::OK, &json!(30)), "{answer}");
    answer["ticket"].as_str().unwrap().to_owned()
}

async fn open(addr: SocketAddr, ticket: &str) -> Result<Viewer, u16> {
    Viewer::connect_to(addr, &format!("/ws/alerts?ticket={ticket}"), &[]).await
}

/// The number behind the name of a metric.
async fn waiting(app: &TestApp) -> String {
    let (_, metrics) = app.ask(Method::GET, "/metrics", None).await;
    let line = metrics.as_str().unwrap().lines().find(|line| line.starts_with("tocsin_auth_tickets_waiting "));
    line.unwrap().rsplit(' ').next().unwrap().to_owned()
}

#[actix_rt::test]
async fn a_ticket_opens_one_socket_as_whoever_asked_for_it() {
    let app = TestApp::start().await;
    let (first, second) = (ticket(&app).await, ticket(&app).await);
    assert_ne!(first, second);
    assert_eq!(waiting(&app).await, "2.0");
    let mut viewer = open(app.addr, &first).await.unwrap();
    viewer.until("a snapshot", |frame| frame["type"] == "snapshot").await;
    app.errors(51).await;
    let incident = viewer.alert("firing").await;
    viewer.send(json!({"type": "ack", "incident": incident["id"]})).await;
    let acknowledged = |frame: &Value| frame["type"] == "alert" && !frame["incident"]["acknowledged_by"].is_null();
    let frame = viewer.until("an acknowledgement", acknowledged).await;
    assert!(frame["incident"]["acknowledged_by"].to_string().contains("Ada"), "{frame}");

    assert_eq!(open(app.addr, &first).await.err(), Some(401), "spent");
    assert_eq!(waiting(&app).await, "1.0");
    app.advance(Duration::from_millis(29_999));
    let late = ticket(&app).await;
    app.advance(Duration::from_millis(1));
    assert_eq!(open(app.addr, &second).await.err(), Some(401), "expired");
    assert!(open(app.addr, &late).await.is_ok());
    app.stop().await;
}

#[actix_rt::test]
async fn nothing_else_stands_in_its_place_and_it_in_no_other() {
    let app = TestApp::start().await;
    let (access, key) = (app.token.clone(), app.api_key(&["alerts:read"]).await);
    for forged in ["", "x", "tct_", "tct_x", &format!("tct_{}", "x".repeat(500)), &access, &key] {
        assert_eq!(open(app.addr, forged).await.err(), Some(401), "{forged}");
    }
    // A parameter that is none of ours signs nobody in: the socket waits for its first frame.
    for name in ["token", "access_token", "Ticket"] {
        let mut viewer = Viewer::connect_to(app.addr, &format!("/ws/alerts?{name}={access}"), &[]).await.unwrap();
        viewer.send(json!({"type": "ping"})).await;
        assert_eq!(viewer.closed().await, 4401, "{name}");
    }
    let ticket = ticket(&app).await;
    let bearer = format!("Bearer {ticket}");
    assert_eq!(Viewer::connect_with(app.addr, &[("authorization", &bearer)]).await.err(), Some(401));
    let mut viewer = Viewer::connect(app.addr).await;
    viewer.send(json!({"type": "auth", "token": ticket})).await;
    assert_eq!(viewer.closed().await, 4401);
    let me = app.request(&Method::GET, "/api/v1/auth/me").bearer_auth(&ticket).send().await.unwrap();
    assert_eq!(me.status(), StatusCode::UNAUTHORIZED);
    let query = app.request(&Method::GET, &format!("/api/v1/auth/me?ticket={ticket}")).send().await.unwrap();
    assert_eq!(query.status(), StatusCode::UNAUTHORIZED);
    // A page of another site is turned away before the ticket is looked at, so it is as good as before.
    let foreign = [("origin", "https://evil.example.org")];
    let path = format!("/ws/alerts?ticket={ticket}");
    assert_eq!(Viewer::connect_to(app.addr, &path, &foreign).await.err(), Some(403));
    assert!(open(app.addr, &ticket).await.is_ok());

    for (token, expected) in [(key.as_str(), 403), ("x", 401)] {
        let asked = app.request(&Method::POST, ROUTE).bearer_auth(token).send().await.unwrap();
        assert_eq!(asked.status().as_u16(), expected);
    }
    app.stop().await;
}

#[actix_rt::test]
async fn it_ends_with_the_sign_in_that_asked_for_it() {
    let app = TestApp::start().await;
    let login = json!({"email": "ada@example.org", "password": PASSWORD});
    let (_, session) = app.ask(Method::POST, "/api/v1/auth/login", Some(login)).await;
    let other = session["access_token"].as_str().unwrap();
    let asked = app.request(&Method::POST, ROUTE).bearer_auth(other).send().await.unwrap();
    let answer: Value = asked.json().await.unwrap();
    let mine = ticket(&app).await;
    let body = json!({"refresh_token": session["refresh_token"]});
    assert_eq!(app.ask(Method::POST, "/api/v1/auth/logout", Some(body)).await.0, StatusCode::NO_CONTENT);
    assert_eq!(open(app.addr, answer["ticket"].as_str().unwrap()).await.err(), Some(401));
    assert!(open(app.addr, &mine).await.is_ok(), "another sign-in of the same person goes on");
    app.stop().await;
}

#[actix_rt::test]
async fn there_are_so_many_and_no_more() {
    let app = TestApp::with(&[("auth.tickets", "2"), ("auth.tickets_per_user", "1000")]).await;
    let first = ticket(&app).await;
    ticket(&app).await;
    let (status, problem) = app.ask(Method::POST, ROUTE, None).await;
    assert_eq!((status, &problem["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("busy")));
    let mut viewer = open(app.addr, &first).await.unwrap();
    viewer.until("a snapshot", |frame| frame["type"] == "snapshot").await;
    ticket(&app).await;
    assert_eq!(app.ask(Method::POST, ROUTE, None).await.0, StatusCode::SERVICE_UNAVAILABLE);
    app.advance(Duration::from_secs(30));
    ticket(&app).await;
    app.stop().await;

    let app = TestApp::with(&[("auth.tickets_per_user", "2")]).await;
    ticket(&app).await;
    ticket(&app).await;
    let (status, problem) = app.ask(Method::POST, ROUTE, None).await;
    assert_eq!((status, &problem["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("too_many_attempts")));
    app.stop().await;
}

#[actix_rt::test]
async fn it_does_not_reach_the_log() {
    let dir = TempDir::new().unwrap();
    let server = Binary::serve(dir.path(), &["--set", "log.level=trace"]);
    let addr: SocketAddr = server.url().trim_start_matches("http://").parse().unwrap();
    let mut browser = Browser::new(addr);
    let body = json!({"email": "ada@example.org", "password": PASSWORD, "name": "Ada"});
    let (_, session) = browser.ask(Method::POST, "/api/v1/auth/register", "", body).await;
    let token = session["access_token"].as_str().unwrap();
    let (_, answer) = browser.ask(Method::POST, ROUTE, token, json!(null)).await;
    let ticket = answer["ticket"].as_str().unwrap();
    let mut viewer = open(addr, ticket).await.unwrap();
    viewer.until("a snapshot", |frame| frame["type"] == "snapshot").await;
    drop(viewer);
    assert_eq!(open(addr, ticket).await.err(), Some(401));
    let (ended, log) = actix_rt::task::spawn_blocking(move || server.terminate()).await.unwrap();
    assert_eq!(ended, Some(0));
    assert!(log.contains("/ws/alerts") && !log.contains(ticket), "{log}");
}
