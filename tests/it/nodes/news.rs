//! What is done at one server takes effect at the other, at once.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tocsin_actors::ports::Clock as _;

use super::{Two, incidents};
use crate::rules::{make, orders, post};
use crate::support::app::TestApp;
use crate::support::hook::Hook;
use crate::support::redis::RedisServer;
use crate::support::soon;

/// What a dashboard begins with.
async fn snapshot(app: &TestApp) -> Value {
    Box::pin(app.viewer()).await.seen[0].clone()
}

async fn change(app: &TestApp, rule: &Value, patch: Value) {
    let path = format!("/api/v1/rules/{}", rule["id"].as_str().unwrap());
    let (status, changed) = app.ask(Method::PATCH, &path, Some(patch)).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
}

#[actix_rt::test]
async fn rules_are_made_changed_and_removed_at_the_server_that_does_not_ring() {
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &[]).await;
    let mut viewers = [two.one.viewer().await, two.other.viewer().await];
    post(&two.other, &orders(11)).await;
    let rule = make(&two.other, &json!({"threshold": 100})).await;
    let of_rule = |frame: &Value, kind: &str| frame["type"] == kind && frame["rule"]["rule_id"] == rule["id"];
    for viewer in &mut viewers {
        viewer.until("the new rule", |frame| of_rule(frame, "rule")).await;
    }
    change(&two.other, &rule, json!({"threshold": 10})).await;
    let mut began = Vec::new();
    for viewer in &mut viewers {
        viewer.until("its new line", |frame| of_rule(frame, "rule") && frame["rule"]["threshold"] == 10).await;
        // The alert is told before the value that led to it, which has the new line.
        let rang = |frame: &&Value| frame["incident"]["state"] == "firing";
        began.push(match viewer.seen.iter().find(rang) {
            Some(frame) => frame["incident"].clone(),
            None => viewer.alert("firing").await,
        });
    }
    assert_eq!((&began[0]["id"], &began[0]["value"]), (&began[1]["id"], &json!(11)));
    let path = format!("/api/v1/rules/{}", rule["id"].as_str().unwrap());
    assert_eq!(two.other.ask(Method::DELETE, &path, None).await.0, StatusCode::NO_CONTENT);
    for viewer in &mut viewers {
        viewer.alert("resolved").await;
        let gone = |frame: &Value| frame["type"] == "rule_removed" && frame["rule_id"] == rule["id"];
        if !viewer.seen.iter().any(gone) {
            viewer.until("its end", gone).await;
        }
    }
    two.stop().await;
}

#[actix_rt::test]
async fn a_silence_of_the_other_server_silences_and_its_end_rings() {
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &[]).await;
    let mut viewer = two.other.viewer().await;
    let until = two.one.clock.now().plus(Duration::from_secs(3_600)).to_string();
    let (status, silence) = two.other.ask(Method::POST, "/api/v1/silences", Some(json!({"until": until}))).await;
    assert_eq!(status, StatusCode::CREATED, "{silence}");
    soon("the silence at the other", async {
        while two.one.ask(Method::GET, "/api/v1/silences", None).await.1["items"].as_array().unwrap().is_empty() {}
    })
    .await;
    two.other.errors(51).await;
    let began = viewer.alert("firing").await;
    assert_eq!((&began["silenced"], &began["notifications"]), (&json!(true), &json!([])));
    let path = format!("/api/v1/silences/{}", silence["id"].as_str().unwrap());
    assert_eq!(two.other.ask(Method::DELETE, &path, None).await.0, StatusCode::NO_CONTENT);
    viewer.told().await;
    let all = two.one.incidents().await;
    assert_eq!((all.len(), &all[0]["silenced"]), (1, &json!(false)));
    two.stop().await;
}

#[actix_rt::test]
async fn who_is_on_it_and_what_is_sent_again_is_known_at_both() {
    let mut hook = Hook::start(&["404 Not Found", "200 OK"]).await;
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &[("alerts.webhook_networks", "127.0.0.0/8")]).await;
    make(&two.other, &json!({"notify": {"webhook": hook.url()}})).await;
    let mut viewers = [two.one.viewer().await, two.other.viewer().await];
    post(&two.other, &orders(11)).await;
    let dead = |frame: &Value| frame["incident"]["notifications"][0]["state"] == "dead";
    let incident = viewers[1].until("a message that is given up", dead).await["incident"].clone();
    let path = format!("/api/v1/incidents/{}", incident["id"].as_str().unwrap());
    assert_eq!(two.other.ask(Method::POST, &format!("{path}/ack"), None).await.0, StatusCode::OK);
    for viewer in &mut viewers {
        viewer.until("who is on it", |frame| frame["incident"]["acknowledged_by"] == "Ada").await;
    }
    hook.called().await;
    let message = incident["notifications"][0]["id"].as_str().unwrap();
    let again = format!("{path}/notifications/{message}/retry");
    assert_eq!(two.other.ask(Method::POST, &again, None).await.0, StatusCode::OK);
    hook.called().await;
    for viewer in &mut viewers {
        viewer.told().await;
    }
    two.stop().await;
}

#[actix_rt::test]
async fn dashboards_of_both_show_the_same() {
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &[]).await;
    two.one.errors(20).await;
    two.other.errors(20).await;
    let seen = async |app: &TestApp| {
        // A rule reports ten times a second by the clock.
        soon("the value 40 in a snapshot", async {
            loop {
                two.advance(Duration::from_millis(100));
                let snapshot = snapshot(app).await;
                if snapshot["rules"][0]["value"] == 40 {
                    return snapshot;
                }
            }
        })
        .await
    };
    let (one, other) = (seen(&two.one).await, seen(&two.other).await);
    assert_eq!((&one["rules"], &one["incidents"]), (&other["rules"], &other["incidents"]));
    assert_eq!(other["rules"][0]["state"], "ok");

    let mut viewer = two.other.viewer().await;
    two.other.errors(11).await;
    let rule = viewer.until("that it fires", |frame| frame["type"] == "rule").await;
    assert_eq!((&rule["rule"]["state"], &rule["rule"]["value"]), (&json!("firing"), &json!(51)));
    two.one.errors(9).await;
    soon("the live value", async {
        loop {
            two.advance(Duration::from_millis(100));
            if incidents(&two.other, "an incident", |all| all.len() == 1).await[0]["value"] == 60 {
                return;
            }
        }
    })
    .await;
    viewer.until("the value 60", |frame| frame["type"] == "metric" && frame["value"] == 60).await;
    two.stop().await;
}

#[actix_rt::test]
async fn a_server_that_comes_later_hears_how_everything_stands() {
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &[]).await;
    two.one.errors(51).await;
    two.one.viewer().await;
    let sets = [("redis.url", redis.url())];
    let sets: Vec<(&str, &str)> = sets.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut third = TestApp::on(two.one.dir.clone(), two.one.clock.clone(), &sets).await;
    third.token.clone_from(&two.one.token);
    soon("a snapshot with the rule and the incident", async {
        loop {
            let snapshot = snapshot(&third).await;
            if snapshot["rules"][0]["state"] == "firing" && snapshot["incidents"][0]["state"] == "firing" {
                return;
            }
        }
    })
    .await;
    third.stop().await;
    two.stop().await;
}
