//! What is measured, at its exact edges.

use std::time::Duration;

use serde_json::{Value, json};
use tocsin_actors::ports::Clock as _;

use super::super::support::app::TestApp;
use super::{amounts, incidents, make, orders, post};

#[actix_rt::test]
async fn ten_orders_do_not_ring_and_the_eleventh_does() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    let rule = make(&app, &json!({})).await;
    post(&app, &orders(10)).await;
    app.until_value(&mut viewer, &rule["id"], &json!(10)).await;
    assert_eq!(app.incidents().await, Vec::<Value>::new());
    post(&app, &orders(1)).await;
    assert_eq!(viewer.alert("firing").await["value"], 11);
    app.stop().await;
}

#[actix_rt::test]
async fn a_sum_of_ten_thousand_does_not_ring_and_a_cent_more_does() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    let sum = json!({"measure": {"kind": "sum", "field": "amount"}, "threshold": 10_000});
    let rule = make(&app, &sum).await;
    post(&app, &amounts(&["9999.99", "0.01"])).await;
    app.until_value(&mut viewer, &rule["id"], &json!(10_000)).await;
    assert_eq!(app.incidents().await, Vec::<Value>::new());
    post(&app, &amounts(&["0.01"])).await;
    let incident = viewer.alert("firing").await;
    assert_eq!((&incident["value"], &incident["threshold"]), (&json!(10_000.01), &json!(10_000)));
    app.stop().await;
}

#[actix_rt::test]
async fn a_hundred_thousand_tenths_do_not_drift() {
    let app = TestApp::with(&[("limits.mailbox", "64")]).await;
    let mut viewer = app.viewer().await;
    // Neither side of the line may be reached by what doubles would make of it.
    let below =
        make(&app, &json!({"name": "below", "measure": {"kind": "sum", "field": "amount"}, "threshold": 10_000.1}))
            .await;
    let at = make(
        &app,
        &json!({"name": "at", "measure": {"kind": "sum", "field": "amount"}, "threshold": 10_000.1, "comparison": ">="}),
    )
    .await;
    let tenth = amounts(&["0.1"]);
    for _ in 0..10 {
        post(&app, &tenth.iter().cycle().take(10_000).cloned().collect::<Vec<_>>()).await;
    }
    app.until_value(&mut viewer, &at["id"], &json!(10_000)).await;
    assert_eq!(app.incidents().await, Vec::<Value>::new());
    post(&app, &tenth).await;
    assert_eq!(viewer.alert("firing").await["rule_id"], at["id"]);
    viewer.settled().await;
    assert_eq!(incidents(&app, &below).await, Vec::<Value>::new());
    app.stop().await;
}

#[actix_rt::test]
async fn what_is_no_number_poisons_no_sum() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    let rule = make(&app, &json!({"measure": {"kind": "sum", "field": "amount"}, "threshold": 99})).await;
    let mut documents = amounts(&["1.5", "\"12\"", "\"NaN\"", "null", "true", "[1]", "{\"a\":1}", "-0.5", "1e300"]);
    documents.push(json!({"type": "order"}));
    post(&app, &documents).await;
    app.until_value(&mut viewer, &rule["id"], &json!(1)).await;
    post(&app, &amounts(&["98.01"])).await;
    assert_eq!(viewer.alert("firing").await["value"], 99.01);
    let (_, metrics) = app.ask(reqwest::Method::GET, "/metrics", None).await;
    assert!(metrics.as_str().unwrap().contains("tocsin_rule_samples_unusable_total 8"), "{metrics}");
    app.stop().await;
}

#[actix_rt::test]
async fn averages_and_ends_are_of_what_is_in_the_window() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    let of = |kind: &str, comparison: &str, threshold: f64| json!({"name": kind, "measure": {"kind": kind, "field": "amount"}, "comparison": comparison, "threshold": threshold});
    let avg = make(&app, &of("avg", ">", 20.0)).await;
    let min = make(&app, &of("min", "<", 0.0)).await;
    let max = make(&app, &of("max", ">=", 100.0)).await;
    let p95 = make(&app, &of("p95", ">", 1_000.0)).await;
    assert_eq!((&avg["measure"]["approximate"], &p95["measure"]["approximate"]), (&json!(false), &json!(true)));
    post(&app, &amounts(&["10", "20", "30"])).await;
    for (rule, value) in [(&avg, json!(20)), (&min, json!(10)), (&max, json!(30))] {
        app.until_value(&mut viewer, &rule["id"], &value).await;
    }
    assert_eq!(app.incidents().await, Vec::<Value>::new());
    for (amount, rule) in [("20.4", &avg), ("-1", &min), ("100", &max), ("1e5", &p95)] {
        post(&app, &amounts(&[amount])).await;
        let fits = |frame: &Value| frame["type"] == "alert" && frame["incident"]["rule_id"] == rule["id"];
        let frame = viewer.until("its incident", fits).await;
        assert_eq!(frame["incident"]["state"], "firing", "{amount}");
    }
    let (_, value) = (p95, incidents(&app, &json!({"id": max["id"]})).await);
    assert_eq!(value[0]["value"], 100_000);
    app.stop().await;
}

#[actix_rt::test]
async fn conditions_choose_and_groups_ring_for_themselves() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    let rule = make(
        &app,
        &json!({"threshold": 2, "group_by": "customer.city", "where": [
            {"field": "status", "op": "in", "value": ["paid", "sent"]},
            {"field": "customer.age", "op": ">=", "value": 18},
        ]}),
    )
    .await;
    let order = |status: &str, age: u32, city: &str| json!({"type": "order", "status": status, "customer": {"age": age, "city": city}});
    let none = [order("open", 20, "Lyon"), order("paid", 17, "Lyon"), json!({"type": "order"})];
    post(&app, &none.iter().cycle().take(30).cloned().collect::<Vec<_>>()).await;
    post(
        &app,
        &[order("paid", 20, "Lyon"), order("sent", 30, "Lyon"), order("paid", 18, "Nice"), order("paid", 18, "Nice")],
    )
    .await;
    post(&app, &[order("paid", 40, "Nice")]).await;
    let incident = viewer.alert("firing").await;
    assert_eq!((&incident["group"], &incident["value"]), (&json!("Nice"), &json!(3)));
    post(&app, &[order("paid", 40, "Lyon")]).await;
    assert_eq!(viewer.alert("firing").await["group"], "Lyon");
    app.advance(Duration::from_secs(60));
    viewer.alert("resolved").await;
    viewer.alert("resolved").await;
    let states: Vec<_> = incidents(&app, &rule).await.iter().map(|incident| incident["state"].clone()).collect();
    assert_eq!(states, ["resolved", "resolved"]);
    app.stop().await;
}

#[actix_rt::test]
async fn one_id_many_times_counts_once() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    let rule = make(&app, &json!({})).await;
    let same = json!({"type": "order", "id": "o-1"});
    let answer = post(&app, &vec![same.clone(); 51]).await;
    assert_eq!((&answer["accepted"], &answer["duplicates"]), (&json!(1), &json!(50)));
    post(&app, &[same]).await;
    app.until_value(&mut viewer, &rule["id"], &json!(1)).await;
    assert_eq!(app.incidents().await, Vec::<Value>::new());
    app.stop().await;
}

#[actix_rt::test]
async fn shuffled_documents_are_judged_as_sorted_ones() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    let rule = make(&app, &json!({"measure": {"kind": "sum", "field": "amount"}, "threshold": 1e6})).await;
    let now = app.clock.now().as_millis();
    // Over two minutes in an order of its own; a step of 37 meets each of 120 once.
    let documents: Vec<Value> = (0..120)
        .map(|n| n * 37 % 120)
        .map(|second| json!({"type": "order", "amount": second, "at": now - second * 1_000}))
        .collect();
    for batch in documents.chunks(7) {
        post(&app, batch).await;
    }
    // Those of the last minute: 0 to 59.
    app.until_value(&mut viewer, &rule["id"], &json!((0..60).sum::<i64>())).await;
    app.stop().await;
}
