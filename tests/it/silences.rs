//! Silences: nobody is told, nothing is lost, and what still rings at the end rings once.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::Clock as _;
use tocsin_actors::testing::clock::SimulatedClock;

use super::rules::{incidents, make, orders, post};
use super::support::app::TestApp;
use super::support::smtp::SmtpServer;

async fn silence(app: &TestApp, body: &Value) -> Value {
    let (status, made) = app.ask(Method::POST, "/api/v1/silences", Some(body.clone())).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made
}

fn rings(rule: &Value) -> Value {
    let mut rule = rule.clone();
    rule["window_seconds"] = json!(3_600);
    rule["notify"] = json!({"emails": ["eve@example.org"]});
    rule
}

async fn start(smtp: &SmtpServer) -> TestApp {
    TestApp::with(&[("mail.url", &smtp.url("smtp", "", ""))]).await
}

fn in_minutes(app: &TestApp, minutes: u64) -> String {
    app.clock.now().plus(Duration::from_secs(minutes * 60)).to_string()
}

#[actix_rt::test]
async fn what_still_rings_at_the_end_of_a_silence_rings_once() {
    let mut smtp = SmtpServer::start::<&str>([]).await;
    let app = start(&smtp).await;
    let mut viewer = app.viewer().await;
    let rule = make(&app, &rings(&json!({}))).await;
    let made = silence(&app, &json!({"rule_id": rule["id"], "until": in_minutes(&app, 10), "comment": "a move"})).await;
    assert_eq!((&made["active_until"], &made["created_by"]), (&made["until"], &json!("Ada")));
    post(&app, &orders(11)).await;
    let incident = viewer.alert("firing").await;
    assert_eq!((&incident["silenced"], &incident["notifications"]), (&json!(true), &json!([])));
    app.advance(Duration::from_secs(599));
    viewer.settled().await;
    assert_eq!(incidents(&app, &rule).await[0]["notifications"], json!([]));
    app.advance(Duration::from_secs(1));
    let mail = smtp.received().await;
    assert!(mail.headers["Subject"].starts_with("[FIRING] orders"), "{:?}", mail.headers);
    viewer.told().await;
    let told = incidents(&app, &rule).await;
    assert_eq!((told.len(), &told[0]["silenced"]), (1, &json!(false)));
    app.advance(Duration::from_secs(3_600));
    assert!(smtp.received().await.headers["Subject"].starts_with("[RESOLVED]"));
    app.stop().await;
    assert_eq!(smtp.rest().await.len(), 0);
}

#[actix_rt::test]
async fn what_ends_in_silence_is_told_to_nobody() {
    let smtp = SmtpServer::start::<&str>([]).await;
    let app = start(&smtp).await;
    let mut viewer = app.viewer().await;
    let mut rule = rings(&json!({}));
    rule["window_seconds"] = json!(60);
    make(&app, &rule).await;
    silence(&app, &json!({"until": in_minutes(&app, 10)})).await;
    post(&app, &orders(11)).await;
    viewer.alert("firing").await;
    app.advance(Duration::from_secs(60));
    viewer.alert("resolved").await;
    app.advance(Duration::from_secs(3_600));
    viewer.settled().await;
    app.stop().await;
    assert_eq!(smtp.rest().await.len(), 0);
}

#[actix_rt::test]
async fn a_silence_is_of_its_rule_and_group_and_can_be_taken_back() {
    let mut smtp = SmtpServer::start::<&str>([]).await;
    let app = start(&smtp).await;
    let mut viewer = app.viewer().await;
    let rule = make(&app, &rings(&json!({"group_by": "city", "threshold": 0}))).await;
    let made = silence(&app, &json!({"rule_id": rule["id"], "group": "Lyon", "until": in_minutes(&app, 60)})).await;
    post(&app, &[json!({"type": "order", "city": "Lyon"})]).await;
    assert_eq!(viewer.alert("firing").await["silenced"], true);
    post(&app, &[json!({"type": "order", "city": "Nice"})]).await;
    assert_eq!(viewer.alert("firing").await["silenced"], false);
    assert!(smtp.received().await.text.unwrap().contains("Nice"));
    let path = format!("/api/v1/silences/{}", made["id"].as_str().unwrap());
    assert_eq!(app.ask(Method::DELETE, &path, None).await.0, StatusCode::NO_CONTENT);
    assert!(smtp.received().await.text.unwrap().contains("Lyon"), "told at once");
    assert_eq!(app.ask(Method::DELETE, &path, None).await.0, StatusCode::NOT_FOUND);
    let (_, audit) = app.ask(Method::GET, "/api/v1/audit?limit=2", None).await;
    let events: Vec<_> = audit["items"].as_array().unwrap().iter().map(|entry| entry["event"].clone()).collect();
    assert_eq!(events, ["silence_removed", "silence_made"]);
    app.stop().await;
    assert_eq!(smtp.rest().await.len(), 0);
}

/// From 22:00 to 06:00 in Paris, in the night in which the clock is set back: nine hours, and a restart in the middle.
#[actix_rt::test]
async fn nights_are_silent_over_a_change_of_the_clock_and_a_restart() {
    let mut smtp = SmtpServer::start::<&str>([]).await;
    let url = smtp.url("smtp", "", "");
    let clock = Arc::new(SimulatedClock::at(Timestamp::parse_rfc3339("2026-10-24T19:00:00Z").unwrap()));
    let mut app = TestApp::on(Arc::new(TempDir::new().unwrap()), clock, &[("mail.url", &url)]).await;
    let body = json!({"email": "ada@example.org", "password": super::support::app::PASSWORD, "name": "Ada"});
    let (_, account) = app.ask(Method::POST, "/api/v1/auth/register", Some(body.clone())).await;
    app.token = account["access_token"].as_str().unwrap().to_owned();
    make(&app, &rings(&json!({"keep_firing_seconds": 3_600}))).await;
    silence(&app, &json!({"weekly": {"start": "22:00", "end": "06:00", "time_zone": "Europe/Paris"}})).await;
    // 22:00 in summer time is 20:00Z. An access token lasts ten minutes, a key does not end.
    app.token = app.api_key(&["documents:write", "alerts:read"]).await;
    app.advance(Duration::from_secs(3_600));
    post(&app, &orders(11)).await;
    let mut viewer = app.viewer().await;
    viewer.settled().await;
    super::support::soon("the incident", async { while app.incidents().await.is_empty() {} }).await;
    assert_eq!(app.incidents().await[0]["silenced"], true);
    let (dir, clock, token) = app.stop().await;

    // 06:00 in winter time is 05:00Z, nine hours after 20:00Z. Others come shortly before, so that it still rings.
    clock.advance(Duration::from_secs(9 * 3_600 - 600 - 20));
    let mut app = TestApp::on(dir, clock, &[("mail.url", &url)]).await;
    app.token = token;
    let mut viewer = app.viewer().await;
    post(&app, &orders(11)).await;
    app.advance(Duration::from_secs(619));
    viewer.settled().await;
    let before = app.incidents().await;
    assert!(before.iter().all(|incident| incident["notifications"] == json!([])), "{before:?}");
    app.advance(Duration::from_secs(1));
    let mail = smtp.received().await;
    assert!(mail.headers["Subject"].starts_with("[FIRING]"), "{:?}", mail.headers);
    assert_eq!(app.clock.now().to_string(), "2026-10-25T05:00:00.000Z");
    app.stop().await;
    assert_eq!(smtp.rest().await.len(), 0, "once");
}

#[actix_rt::test]
async fn bad_silences_are_refused_field_by_field() {
    let app = TestApp::with(&[("alerts.max_silences", "1")]).await;
    let until = in_minutes(&app, 5);
    let night = json!({"start": "22:00", "end": "06:00", "time_zone": "Europe/Paris"});
    for (body, path) in [
        (json!({}), "/until"),
        (json!({"until": "tomorrow"}), "/until"),
        (json!({"until": "2020-01-01T00:00:00Z"}), "/until"),
        (json!({"until": until, "from": "x"}), "/from"),
        (json!({"until": "2030-01-01T00:00:00Z"}), "/until"),
        (json!({"until": until, "weekly": night}), "/weekly"),
        (json!({"weekly": {"start": "22:00", "end": "06:00", "time_zone": "Mars/Olympus"}}), "/weekly/time_zone"),
        (json!({"weekly": {"start": "22", "end": "06:00", "time_zone": "UTC"}}), "/weekly/start"),
        (json!({"weekly": {"days": ["xmas"], "start": "22:00", "end": "06:00", "time_zone": "UTC"}}), "/weekly/days"),
        (json!({"until": until, "rule_id": "x"}), "/rule_id"),
        (json!({"until": until, "rule_id": "01a3dc18-7f50-77f0-bace-9f35bfe37b4d"}), "/rule_id"),
        (json!({"until": until, "comment": "x".repeat(201)}), "/comment"),
    ] {
        let (status, problem) = app.ask(Method::POST, "/api/v1/silences", Some(body.clone())).await;
        assert_eq!(
            (status, &problem["errors"][0]["path"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(path)),
            "{body}: {problem}"
        );
    }
    let made = silence(&app, &json!({"weekly": night})).await;
    assert_eq!(made["weekly"]["days"].as_array().unwrap().len(), 7);
    let (_, page) = app.ask(Method::GET, "/api/v1/silences", None).await;
    assert_eq!(page["items"][0], made);
    let (status, problem) = app.ask(Method::POST, "/api/v1/silences", Some(json!({"until": until}))).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("too_many_silences")));
    app.stop().await;
}
