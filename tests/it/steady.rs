//! Rules whose value must be steady: where it recovers, how long it must be over the line, how long it goes on ringing.

use std::time::Duration;

use serde_json::{Value, json};

use super::support::app::TestApp;

/// More than 50 errors within a minute, and this.
async fn with(more: &str) -> TestApp {
    let rules = format!(
        "[{{ name = 'errors-last-minute', type = 'error', measure = {{ kind = 'count' }}, window_seconds = 60, \
         comparison = '>', threshold = 50, notify = {{ emails = ['@admins'] }}, {more} }}]"
    );
    TestApp::with(&[("alerts.default_rules", &rules)]).await
}

fn states(incidents: &[Value]) -> Vec<&str> {
    incidents.iter().map(|incident| incident["state"].as_str().unwrap()).collect()
}

#[actix_rt::test]
async fn a_rule_with_recover_at_ends_there_and_not_before() {
    let app = with("recover_at = 40").await;
    let mut viewer = app.viewer().await;
    app.errors(6).await;
    app.advance(Duration::from_secs(1));
    app.errors(5).await;
    app.advance(Duration::from_secs(1));
    app.errors(40).await;
    viewer.alert("firing").await;
    app.advance(Duration::from_secs(58));
    viewer.until("the value 45", |frame| frame["type"] == "metric" && frame["value"] == 45).await;
    let incidents = app.incidents().await;
    assert_eq!((states(&incidents), &incidents[0]["value"]), (vec!["firing"], &json!(45)), "below the line, above 40");
    app.advance(Duration::from_secs(1));
    assert_eq!(viewer.alert("resolved").await["value"], 40);
    app.stop().await;
}

#[actix_rt::test]
async fn a_rule_with_for_seconds_waits_and_says_that_it_does() {
    let app = with("for_seconds = 30").await;
    let mut viewer = app.viewer().await;
    app.errors(51).await;
    app.advance(Duration::from_secs(29));
    viewer.settled().await;
    assert_eq!(states(&app.incidents().await), Vec::<&str>::new());
    let newcomer = app.viewer().await;
    let snapshot = newcomer.seen.iter().find(|frame| frame["type"] == "snapshot").unwrap();
    assert_eq!(snapshot["rules"][0]["state"], "pending");
    app.advance(Duration::from_secs(1));
    let incident = viewer.alert("firing").await;
    assert_eq!((&incident["value"], &incident["started_at"]), (&json!(51), &json!("2026-11-24T08:01:00.000Z")));
    app.stop().await;
}

#[actix_rt::test]
async fn a_rule_with_keep_firing_seconds_makes_one_incident_of_many_swings() {
    let app = with("keep_firing_seconds = 60").await;
    let mut viewer = app.viewer().await;
    app.errors(51).await;
    let first = viewer.alert("firing").await;
    // Over the line every minute, and at nothing in between.
    for _ in 0..5 {
        app.advance(Duration::from_secs(90));
        app.errors(51).await;
    }
    viewer.settled().await;
    assert_eq!(states(&app.incidents().await), ["firing"]);
    app.advance(Duration::from_secs(120));
    assert_eq!(viewer.alert("resolved").await["id"], first["id"]);
    assert_eq!(states(&app.incidents().await), ["resolved"]);
    app.stop().await;
}
