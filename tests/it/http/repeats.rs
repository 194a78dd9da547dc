//! Sending something twice: by `Idempotency-Key`, and by the ids of documents.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use crate::support::answer::{Answer, answer};
use crate::support::app::TestApp;

async fn post(app: &TestApp, key: &str, body: &'static str) -> Answer {
    answer(app.post("application/json", body).header("Idempotency-Key", key)).await
}

#[actix_rt::test]
async fn a_repeat_gets_the_first_answer() {
    let app = TestApp::start().await;
    let body = r#"[{"type":"a"},{"type":"a","id":"x"},{"type":"a","id":"x"}]"#;
    let first = post(&app, "k1", body).await;
    assert_eq!((first.status, first.header("idempotency-replayed")), (201, ""), "{first:?}");
    assert_eq!((&first.body["accepted"], &first.body["duplicates"]), (&json!(2), &json!(1)));

    let again = post(&app, "k1", body).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, "true"), "{again:?}");
    assert_eq!(again.body, first.body);
    assert_eq!(post(&app, "k1", r#"{"type":"a"}"#).await.problem(), (422, "idempotency_key_reused"));
    let lines = app.post("application/x-ndjson", body).header("Idempotency-Key", "k1");
    assert_eq!(answer(lines).await.problem().0, 422);
    assert_eq!(app.stored().await, 2);

    assert_eq!(post(&app, "k2", r#"{"type":"a"}"#).await.header("idempotency-replayed"), "");
    assert_eq!(app.stored().await, 3);
    app.stop().await;
}

#[actix_rt::test]
async fn a_refused_request_does_not_use_its_key_up() {
    let app = TestApp::start().await;
    assert_eq!(post(&app, "k", r#"{"type":7}"#).await.problem().0, 422);
    assert_eq!(post(&app, "k", r#"{"type":"a"}"#).await.status, 201);
    let long = "k".repeat(256);
    for key in ["", "a b", "kä", &*long] {
        assert_eq!(post(&app, key, r#"{"type":"a"}"#).await.problem(), (400, "invalid_parameter"), "{key}");
    }
    assert_eq!(app.stored().await, 1);
    app.stop().await;
}

#[actix_rt::test]
async fn a_key_is_its_owners_and_lasts_a_day() {
    let mut app = TestApp::start().await;
    let (one, two) =
        (app.api_key(&["documents:write"]).await, app.api_key(&["documents:write", "documents:read"]).await);
    let body = r#"{"type":"a"}"#;
    for (key, stored) in [(&one, "true"), (&two, "")] {
        app.token.clone_from(key);
        if key == &one {
            post(&app, "k", body).await;
        }
        assert_eq!(post(&app, "k", body).await.header("idempotency-replayed"), stored);
    }
    assert_eq!(app.stored().await, 2);
    app.advance(Duration::from_secs(24 * 3_600 - 1));
    assert_eq!(post(&app, "k", body).await.header("idempotency-replayed"), "true");
    app.advance(Duration::from_secs(2));
    assert_eq!(post(&app, "k", body).await.header("idempotency-replayed"), "");
    assert_eq!(app.stored().await, 3);
    app.stop().await;
}

#[actix_rt::test]
async fn posts_at_the_same_time_with_one_key_store_once() {
    let app = TestApp::start().await;
    let answers = join_all((0..8).map(|_| post(&app, "k", r#"[{"type":"a"},{"type":"b"}]"#))).await;
    let first = answers.iter().find(|answer| answer.header("idempotency-replayed").is_empty()).unwrap();
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (201, &first.body));
    }
    assert_eq!(answers.iter().filter(|answer| answer.header("idempotency-replayed").is_empty()).count(), 1);
    assert_eq!(app.stored().await, 2);
    app.stop().await;
}

#[actix_rt::test]
async fn a_known_id_is_counted_and_changes_nothing() {
    let app = TestApp::start().await;
    let first = answer(app.post("application/json", r#"{"type":"a","id":"x","n":1}"#)).await;
    assert_eq!(first.body, json!({"accepted": 1, "duplicates": 0, "ids": ["x"]}));
    let second = answer(app.post("application/json", r#"[{"type":"b","id":"x","n":2},{"type":"a","id":"y"}]"#)).await;
    assert_eq!(second.body, json!({"accepted": 1, "duplicates": 1, "ids": ["x", "y"]}));
    let kept = answer(app.mine(&reqwest::Method::GET, "/api/v1/documents/x")).await;
    assert_eq!((&kept.body["type"], &kept.body["n"]), (&json!("a"), &json!(1)));
    app.stop().await;
}
