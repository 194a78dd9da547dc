//! Making, reading, changing and removing rules, and who may.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::support::app::TestApp;
use super::make;

#[actix_rt::test]
async fn a_rule_comes_back_as_it_was_made() {
    let app = TestApp::start().await;
    let asked = json!({
        "name": "big orders of Lyon", "type": "order",
        "where": [{"field": "customer.city", "op": "==", "value": "Lyon"}],
        "measure": {"kind": "sum", "field": "amount"}, "window_seconds": 300, "comparison": ">=", "threshold": 1234.5,
        "recover_at": 1000, "for_seconds": 30, "keep_firing_seconds": 60, "group_by": "customer.id",
        "notify": {"emails": ["@admins", "ops@example.org"], "room": "incidents", "webhook": "https://example.org/hook?k=1"},
        "repeat_seconds": 600, "enabled": false,
    });
    let (status, made) = app.ask(Method::POST, "/api/v1/rules", Some(asked.clone())).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let path = format!("/api/v1/rules/{}", made["id"].as_str().unwrap());
    let (_, read) = app.ask(Method::GET, &path, None).await;
    assert_eq!(read, made);
    for (key, value) in asked.as_object().unwrap() {
        match key.as_str() {
            "where" => assert_eq!(made["where"][0]["op"], "=", "as the docs write it"),
            "measure" => assert_eq!(made[key]["field"], value["field"]),
            _ => assert_eq!(made[key], *value, "{key}"),
        }
    }
    let (_, page) = app.ask(Method::GET, "/api/v1/rules", None).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 2, "{page}");

    let (status, changed) = app
        .ask(Method::PATCH, &path, Some(json!({"notify": {"room": null}, "recover_at": null, "name": "renamed"})))
        .await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    assert_eq!((&changed["notify"]["room"], &changed["recover_at"]), (&Value::Null, &Value::Null));
    assert_eq!(changed["notify"]["emails"], asked["notify"]["emails"], "what is left out stays");
    let (status, whole) = app.ask(Method::PATCH, &path, Some(changed.clone())).await;
    assert_eq!((status, whole), (StatusCode::OK, changed), "a rule that was read can be written");

    let (status, _) = app.ask(Method::DELETE, &path, None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    for (method, body) in [(Method::GET, None), (Method::DELETE, None), (Method::PATCH, Some(json!({"threshold": 1})))]
    {
        let (status, problem) = app.ask(method, &path, body).await;
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
    }
    let (_, audit) = app.ask(Method::GET, "/api/v1/audit?limit=4", None).await;
    let events: Vec<_> = audit["items"].as_array().unwrap().iter().map(|entry| entry["event"].clone()).collect();
    assert_eq!(events, ["rule_removed", "rule_changed", "rule_changed", "rule_made"], "{audit}");
    app.stop().await;
}

#[actix_rt::test]
async fn bad_rules_are_refused_field_by_field() {
    let app = TestApp::with(&[("alerts.max_rules", "2")]).await;
    let rule = json!({"name": "r", "type": "order", "threshold": 1});
    let with = |changes: Value| {
        let mut rule = rule.clone();
        changes.as_object().unwrap().iter().for_each(|(key, value)| rule[key] = value.clone());
        rule
    };
    for (body, path) in [
        (with(json!({"name": ""})), "/name"),
        (with(json!({"type": "a b"})), "/type"),
        (with(json!({"measure": {"kind": "sum"}})), "/measure/field"),
        (with(json!({"where": [{"field": "a", "op": "like", "value": 1}]})), "/where/0/op"),
        (with(json!({"where": [{"field": "a", "op": ">", "value": true}]})), "/where/0/value"),
        (with(json!({"window_seconds": 3_601})), "/window_seconds"),
        (with(json!({"recover_at": 2})), "/recover_at"),
        (with(json!({"notify": {"emails": ["nobody"]}})), "/notify/emails/0"),
    ] {
        let (status, problem) = app.ask(Method::POST, "/api/v1/rules", Some(body.clone())).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid_input")), "{body}");
        assert_eq!(problem["errors"][0]["path"], path, "{problem}");
    }
    for body in [json!({}), json!([]), with(json!({"colour": "red"})), with(json!({"threshold": "many"}))] {
        let (status, problem) = app.ask(Method::POST, "/api/v1/rules", Some(body.clone())).await;
        assert!(status.is_client_error() && status != StatusCode::NOT_FOUND, "{body}: {problem}");
    }
    let made = make(&app, &json!({"name": "r"})).await;
    let path = format!("/api/v1/rules/{}", made["id"].as_str().unwrap());
    for (patch, wrong) in [(json!({"threshold": null}), ""), (json!({"colour": 1}), ""), (json!({"id": "x"}), "/id")] {
        let (status, problem) = app.ask(Method::PATCH, &path, Some(patch)).await;
        assert_eq!((status, &problem["errors"][0]["path"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(wrong)));
    }
    let taken = app.ask(Method::PATCH, &path, Some(json!({"name": "errors-last-minute"}))).await;
    assert_eq!((taken.0, &taken.1["code"]), (StatusCode::CONFLICT, &json!("rule_name_taken")));
    let (status, problem) = app.ask(Method::POST, "/api/v1/rules", Some(with(json!({"name": "third"})))).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("too_many_rules")));
    app.stop().await;
}

#[actix_rt::test]
async fn only_owners_admins_and_their_keys_change_rules() {
    let app = TestApp::start().await;
    let body = json!({"email": "bob@example.org", "password": "correct horse battery", "name": "Bob"});
    let (_, bob) = app.ask(Method::POST, "/api/v1/auth/register", Some(body)).await;
    let bob = bob["access_token"].as_str().unwrap().to_owned();
    let writes = app.api_key(&["rules:write", "alerts:read"]).await;
    let reads = app.api_key(&["alerts:read", "alerts:write"]).await;
    let rule = json!({"name": "r", "type": "order", "threshold": 1}).to_string();
    let as_who = async |who: &str, method: Method, path: &str, body: Option<&str>| {
        let url = format!("http://{}{path}", app.addr);
        let mut request = reqwest::Client::new().request(method, url).bearer_auth(who);
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_owned());
        }
        let answer = request.send().await.unwrap();
        (answer.status(), answer.json::<Value>().await.unwrap_or_default())
    };
    for (who, code) in [(&bob, "admin_required"), (&reads, "missing_scope")] {
        let (status, problem) = as_who(who, Method::POST, "/api/v1/rules", Some(&rule)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!(code)), "{problem}");
    }
    let (status, made) = as_who(&writes, Method::POST, "/api/v1/rules", Some(&rule)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let path = format!("/api/v1/rules/{}", made["id"].as_str().unwrap());
    for method in [Method::PATCH, Method::DELETE] {
        let (status, _) = as_who(&bob, method, &path, Some("{}")).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
    assert_eq!(as_who(&bob, Method::GET, &path, None).await.0, StatusCode::OK, "everybody may look");
    let key = json!({"name": "k", "scopes": ["rules:write"]}).to_string();
    let (status, problem) = as_who(&bob, Method::POST, "/api/v1/api-keys", Some(&key)).await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("admin_required")));
    app.stop().await;
}
