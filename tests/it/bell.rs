//! The main job: from errors to people who know, at the exact edges of the window.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::support::app::TestApp;

fn firing(app_incidents: &[serde_json::Value]) -> usize {
    app_incidents.iter().filter(|incident| incident["state"] == "firing").count()
}

#[actix_rt::test]
async fn fifty_do_not_ring_and_the_fifty_first_does_once() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    app.errors(50).await;
    // A rule reports at most every 100 ms.
    app.advance(Duration::from_millis(100));
    let frame = viewer.until("the value 50", |frame| frame["type"] == "metric" && frame["value"] == 50).await;
    assert_eq!(frame["threshold"], 50);
    assert_eq!(app.incidents().await.len(), 0);

    app.errors(1).await;
    let incident = viewer.alert("firing").await;
    assert_eq!((&incident["value"], &incident["threshold"]), (&json!(51), &json!(50)));
    assert_eq!(incident["rule_name"], "errors-last-minute");

    app.errors(10).await;
    app.until_value(&mut viewer, &incident["rule_id"], &json!(61)).await;
    let incidents = app.incidents().await;
    assert_eq!((incidents.len(), firing(&incidents)), (1, 1), "{incidents:?}");
    assert_eq!((&incidents[0]["value"], &incidents[0]["peak"]), (&json!(61), &json!(61)), "the value is live");
    app.stop().await;
}

#[actix_rt::test]
async fn who_watches_hears_of_the_alert_before_the_value_that_led_to_it() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    app.errors(51).await;
    loop {
        let frame = viewer.next().await.unwrap();
        assert_ne!(frame["value"], 51, "{frame}");
        if frame["type"] == "alert" {
            break;
        }
    }
    viewer.until("the value 51", |frame| frame["type"] == "metric" && frame["value"] == 51).await;
    app.stop().await;
}

#[actix_rt::test]
async fn it_resolves_by_itself_when_the_window_empties() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    app.errors(51).await;
    let started = viewer.alert("firing").await;
    app.advance(Duration::from_millis(59_999));
    viewer.settled().await;
    assert_eq!(firing(&app.incidents().await), 1);
    app.advance(Duration::from_millis(1));
    let resolved = viewer.alert("resolved").await;
    assert_eq!(resolved["id"], started["id"]);
    assert_eq!((&resolved["peak"], &resolved["value"]), (&json!(51), &json!(0)));
    assert_eq!(resolved["resolved_at"], "2026-11-24T08:01:30.000Z");
    app.stop().await;
}

#[actix_rt::test]
async fn two_bursts_a_minute_apart_do_not_ring() {
    let app = TestApp::start().await;
    app.errors(26).await;
    app.advance(Duration::from_secs(60));
    app.errors(26).await;
    assert_eq!(app.incidents().await.len(), 0);
    app.stop().await;
}

#[actix_rt::test]
async fn the_turn_of_a_clock_minute_does_not_matter() {
    let app = TestApp::start().await;
    app.advance(Duration::from_millis(29_500));
    app.errors(30).await;
    app.advance(Duration::from_secs(1));
    let mut viewer = app.viewer().await;
    app.errors(30).await;
    assert_eq!(viewer.alert("firing").await["value"], 60);
    app.stop().await;
}

#[actix_rt::test]
async fn times_of_the_sender_are_respected() {
    let app = TestApp::start().await;
    let now = tocsin_actors::ports::Clock::now(&*app.clock);
    let mut viewer = app.viewer().await;
    app.errors_at(100, now.minus(Duration::from_secs(60))).await;
    app.errors_at(100, now.plus(Duration::from_millis(5_001))).await;
    app.errors_at(50, now.minus(Duration::from_millis(59_999))).await;
    viewer.settled().await;
    assert_eq!(app.incidents().await.len(), 0, "too old and too far ahead are stored, not counted");
    app.errors_at(1, now.plus(Duration::from_secs(5))).await;
    assert_eq!(viewer.alert("firing").await["value"], 51, "a little ahead counts as now");
    app.stop().await;
}

#[actix_rt::test]
async fn a_restart_neither_rings_again_nor_forgets() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    app.errors(51).await;
    let incident = viewer.alert("firing").await;
    let (dir, clock, token) = app.stop().await;

    clock.advance(Duration::from_secs(30));
    let mut app = TestApp::on(Arc::clone(&dir), clock, &[]).await;
    app.token = token;
    let mut viewer = app.viewer().await;
    app.errors(1).await;
    app.advance(Duration::from_millis(100));
    viewer.until("the value 52", |frame| frame["type"] == "metric" && frame["value"] == 52).await;
    assert_eq!(app.incidents().await.len(), 1);
    app.advance(Duration::from_millis(29_900));
    let resolved = viewer.alert("resolved").await;
    assert_eq!((&resolved["id"], &resolved["peak"]), (&incident["id"], &json!(52)));
    app.stop().await;
}
