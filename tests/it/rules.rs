//! Rules by the API: what they measure, who may change them, and that a change loses nothing.

mod changing;
mod managing;
mod measures;
mod preview;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::support::app::TestApp;

/// Makes a rule: more than 10 documents of type `order` within a minute, and this.
pub(crate) async fn make(app: &TestApp, changes: &Value) -> Value {
    let mut rule = json!({"name": "orders", "type": "order", "threshold": 10});
    for (key, value) in changes.as_object().unwrap() {
        rule[key] = value.clone();
    }
    let (status, made) = app.ask(Method::POST, "/api/v1/rules", Some(rule)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made
}

/// Posts documents.
pub(crate) async fn post(app: &TestApp, documents: &[Value]) -> Value {
    let (status, answer) = app.ask(Method::POST, "/api/v1/documents", Some(json!(documents))).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    answer
}

pub(crate) fn orders(count: usize) -> Vec<Value> {
    vec![json!({"type": "order"}); count]
}

fn amounts(amounts: &[&str]) -> Vec<Value> {
    let one = |amount: &&str| serde_json::from_str(&format!(r#"{{"type":"order","amount":{amount}}}"#)).unwrap();
    amounts.iter().map(one).collect()
}

/// The incidents of a rule, newest first: state, value and group.
pub(crate) async fn incidents(app: &TestApp, rule: &Value) -> Vec<Value> {
    app.incidents().await.into_iter().filter(|incident| incident["rule_id"] == rule["id"]).collect()
}
