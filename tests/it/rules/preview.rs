//! A rule is tried on what is stored before it is switched on.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tocsin_actors::ports::Clock as _;

use super::super::support::app::TestApp;
use super::{make, post};

async fn preview(app: &TestApp, rule: Value, minutes: i64) -> Value {
    let now = app.clock.now().as_millis();
    let body = json!({"rule": rule, "from": now - minutes * 60_000, "to": now});
    let (status, answer) = app.ask(Method::POST, "/api/v1/rules/preview", Some(body)).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

fn rule(threshold: i64) -> Value {
    json!({"name": "try", "type": "order", "threshold": threshold})
}

#[actix_rt::test]
async fn it_shows_the_incidents_there_would_have_been_and_rings_none() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    let now = app.clock.now().as_millis();
    let burst = |seconds_ago: i64, count: usize| vec![json!({"type": "order", "at": now - seconds_ago * 1_000}); count];
    post(&app, &[burst(600, 11), burst(300, 10), burst(240, 1), burst(30, 12)].concat()).await;
    let answer = preview(&app, rule(10), 15).await;
    let found = answer["incidents"].as_array().unwrap();
    assert_eq!((found.len(), &answer["total"], &answer["counted"]), (2, &json!(2), &json!(34)), "{answer}");
    assert_eq!(found[0]["started_at"], "2026-11-24T07:50:30.000Z");
    assert_eq!(found[0]["resolved_at"], "2026-11-24T07:51:30.000Z");
    assert_eq!(
        (&found[0]["peak"], &found[1]["peak"], &found[1]["resolved_at"]),
        (&json!(11), &json!(12), &Value::Null)
    );
    let series = answer["series"].as_array().unwrap();
    assert_eq!((series.len(), &answer["step_ms"]), (601, &json!(1_500)));
    assert_eq!(series.iter().map(|point| point["value"].as_u64().unwrap()).max(), Some(12));
    viewer.settled().await;
    assert_eq!(app.incidents().await, Vec::<Value>::new(), "nobody is called");
    app.stop().await;
}

/// The window that an event completes has passed when it comes: it rings nobody, and the preview knows of it.
#[actix_rt::test]
async fn what_came_too_late_to_ring_is_in_the_preview() {
    let app = TestApp::start().await;
    make(&app, &json!({"name": "live"})).await;
    let mut viewer = app.viewer().await;
    let now = app.clock.now().as_millis();
    let of = |count: usize| vec![json!({"type": "order", "at": now - 120_000}); count];
    post(&app, &of(10)).await;
    post(&app, &of(1)).await;
    viewer.settled().await;
    assert_eq!(app.incidents().await, Vec::<Value>::new());
    let answer = preview(&app, rule(10), 10).await;
    assert_eq!((&answer["total"], &answer["incidents"][0]["peak"]), (&json!(1), &json!(11)), "{answer}");
    let (_, metrics) = app.ask(Method::GET, "/metrics", None).await;
    assert!(metrics.as_str().unwrap().contains("tocsin_rule_samples_late_total 11"), "{metrics}");
    app.stop().await;
}

#[actix_rt::test]
async fn it_measures_fields_conditions_and_groups() {
    let app = TestApp::start().await;
    let order =
        |city: &str, amount: f64| json!({"type": "order", "city": city, "amount": amount, "paid": amount > 1.0});
    post(&app, &[order("Lyon", 60.5), order("Nice", 60.5), order("Lyon", 40.0), order("Nice", 0.5)]).await;
    let asked = json!({"name": "try", "type": "order", "threshold": 100, "group_by": "city",
        "measure": {"kind": "sum", "field": "amount"}, "where": [{"field": "paid", "op": "=", "value": true}]});
    let answer = preview(&app, asked, 1).await;
    let found = &answer["incidents"];
    assert_eq!((&answer["total"], &found[0]["group"], &found[0]["peak"]), (&json!(1), &json!("Lyon"), &json!(100.5)));
    assert_eq!(answer["counted"], 3);
    app.stop().await;
}

#[actix_rt::test]
async fn bad_questions_are_refused() {
    let app = TestApp::start().await;
    let now = app.clock.now().as_millis();
    for (body, path) in [
        (json!({"rule": {"name": "t", "type": "a b", "threshold": 1}, "from": now - 1}), "/rule/type"),
        (json!({"rule": rule(1), "from": now + 1}), "/from"),
        (json!({"rule": rule(1), "from": now - 32 * 86_400_000_i64}), "/from"),
        (json!({"rule": rule(1), "from": "yesterday"}), "/from"),
        (json!({"rule": rule(1), "from": now - 1, "to": "x"}), "/to"),
    ] {
        let (status, problem) = app.ask(Method::POST, "/api/v1/rules/preview", Some(body)).await;
        assert_eq!(
            (status, &problem["errors"][0]["path"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(path)),
            "{problem}"
        );
    }
    app.stop().await;
}
