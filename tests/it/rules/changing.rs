//! Rules that change while documents come in.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::support::app::TestApp;
use super::{incidents, make, orders, post};

fn path(rule: &Value) -> String {
    format!("/api/v1/rules/{}", rule["id"].as_str().unwrap())
}

async fn change(app: &TestApp, rule: &Value, patch: Value) -> Value {
    let (status, changed) = app.ask(Method::PATCH, &path(rule), Some(patch)).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    changed
}

#[actix_rt::test]
async fn a_new_rule_counts_what_is_stored() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    post(&app, &orders(11)).await;
    let rule = make(&app, &json!({})).await;
    let incident = viewer.alert("firing").await;
    assert_eq!((&incident["rule_id"], &incident["value"]), (&rule["id"], &json!(11)));
    app.stop().await;
}

#[actix_rt::test]
async fn a_changed_rule_takes_over_from_what_is_stored() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    let rule = make(&app, &json!({"threshold": 100})).await;
    post(&app, &orders(20)).await;
    change(&app, &rule, json!({"threshold": 19})).await;
    let incident = viewer.alert("firing").await;
    assert_eq!((&incident["value"], &incident["threshold"]), (&json!(20), &json!(19)));
    // A line that is still crossed is the same incident; one that is not ends it.
    change(&app, &rule, json!({"threshold": 15})).await;
    viewer.until("the new line", |frame| frame["type"] == "rule" && frame["rule"]["threshold"] == 15).await;
    assert_eq!(incidents(&app, &rule).await.len(), 1);
    change(&app, &rule, json!({"threshold": 50})).await;
    assert_eq!(viewer.alert("resolved").await["id"], incident["id"]);
    change(&app, &rule, json!({"window_seconds": 3_600, "threshold": 19})).await;
    assert_ne!(viewer.alert("firing").await["id"], incident["id"]);
    change(&app, &rule, json!({"type": "refund"})).await;
    viewer.alert("resolved").await;
    app.stop().await;
}

#[actix_rt::test]
async fn what_is_open_ends_with_its_rule() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    let rule = make(&app, &json!({"notify": {"emails": ["@admins"]}})).await;
    post(&app, &orders(11)).await;
    let first = viewer.alert("firing").await;
    change(&app, &rule, json!({"enabled": false})).await;
    viewer.until("the rule gone", |frame| frame["type"] == "rule_removed" && frame["rule_id"] == rule["id"]).await;
    let ended = incidents(&app, &rule).await;
    assert_eq!((&ended[0]["id"], &ended[0]["state"]), (&first["id"], &json!("resolved")));
    change(&app, &rule, json!({"enabled": true})).await;
    let again = viewer.alert("firing").await;
    assert_ne!(again["id"], first["id"]);
    let (status, _) = app.ask(Method::DELETE, &path(&rule), None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let states: Vec<_> = incidents(&app, &rule).await.iter().map(|incident| incident["state"].clone()).collect();
    assert_eq!(states, ["resolved", "resolved"], "they stay to be read");
    post(&app, &orders(11)).await;
    viewer.settled().await;
    assert_eq!(incidents(&app, &rule).await.len(), 2, "nobody watches any more");
    let newcomer = app.viewer().await;
    let snapshot = newcomer.seen.iter().find(|frame| frame["type"] == "snapshot").unwrap();
    assert_eq!(snapshot["rules"].as_array().unwrap().len(), 1, "{snapshot}");
    app.stop().await;
}

#[actix_rt::test]
async fn groups_that_are_no_groups_any_more_end() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    let rule = make(&app, &json!({"group_by": "city", "threshold": 1, "comparison": "<"})).await;
    post(&app, &[json!({"type": "order", "city": "Lyon"})]).await;
    app.advance(Duration::from_secs(60));
    assert_eq!(viewer.alert("firing").await["group"], "Lyon", "less than one");
    change(&app, &rule, json!({"group_by": null})).await;
    assert_eq!(viewer.alert("resolved").await["group"], "Lyon");
    assert_eq!(viewer.alert("firing").await["group"], Value::Null);
    app.stop().await;
}

/// Four services post while the rule is changed again and again: in the end it counts every document once.
#[actix_rt::test]
async fn no_document_is_missed_or_counted_twice_while_rules_change() {
    let app = Arc::new(TestApp::start().await);
    let rule = make(&app, &json!({"threshold": 1e6})).await;
    let stop = Arc::new(AtomicBool::new(false));
    let services = (0..4).map(|_| {
        let (app, stop) = (Arc::clone(&app), Arc::clone(&stop));
        actix_rt::spawn(async move {
            let mut posted = 0_u64;
            while !stop.load(Ordering::Relaxed) {
                post(&app, &orders(3)).await;
                posted += 3;
            }
            posted
        })
    });
    let services: Vec<_> = services.collect();
    let mut viewer = app.viewer().await;
    for round in 0..25 {
        change(&app, &rule, json!({"threshold": 1e6 + f64::from(round)})).await;
    }
    stop.store(true, Ordering::Relaxed);
    let posted: u64 = join_all(services).await.into_iter().map(Result::unwrap).sum();
    assert!(posted > 0);
    app.until_value(&mut viewer, &rule["id"], &json!(posted)).await;
    app.advance(Duration::from_millis(100));
    viewer.settled().await;
    app.until_value(&mut viewer, &rule["id"], &json!(posted)).await;
    Arc::into_inner(app).unwrap().stop().await;
}
