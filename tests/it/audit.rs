//! What happened to accounts and sign-ins can be looked up, by those who look after them.

mod accounts;

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::support::app::{PASSWORD, TestApp};

async fn audit(app: &TestApp, query: &str) -> Vec<Value> {
    let (status, page) = app.ask(Method::GET, &format!("/api/v1/audit?{query}"), None).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page["items"].as_array().unwrap().clone()
}

fn events(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["event"].as_str().unwrap()).collect()
}

#[actix_rt::test]
async fn every_event_is_there_with_its_request_and_address() {
    let app = TestApp::start().await;
    let login = |password: &str| json!({"email": "ada@example.org", "password": password});
    let wrong = [("x-request-id", "wrong-password-1")];
    let body = ("application/json", login("not the password").to_string());
    let (status, _) = app.ask_raw(Method::POST, "/api/v1/auth/login", Some(body), &wrong).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (_, session) = app.ask(Method::POST, "/api/v1/auth/login", Some(login(PASSWORD))).await;
    let refresh = json!({"refresh_token": session["refresh_token"]});
    assert_eq!(app.ask(Method::POST, "/api/v1/auth/refresh", Some(refresh.clone())).await.0, StatusCode::OK);
    app.advance(Duration::from_millis(10_001));
    assert_eq!(app.ask(Method::POST, "/api/v1/auth/refresh", Some(refresh)).await.0, StatusCode::UNAUTHORIZED);
    app.api_key(&["documents:read"]).await;

    let all = audit(&app, "").await;
    let expected = [
        "api_key_made",
        "refresh_token_reused",
        "signed_in",
        "sign_in_failed",
        "signed_in",
        "account_made",
        "api_key_made",
    ];
    assert_eq!(events(&all), expected, "the last is the key of the command line");
    let failed = &all[3];
    assert_eq!((&failed["request_id"], &failed["ip"]), (&json!("wrong-password-1"), &json!("127.0.0.1")));
    assert_eq!(failed["user_id"], all[2]["user_id"]);
    let text = serde_json::to_string(&all).unwrap();
    assert!(!text.contains(PASSWORD) && !text.contains("not the password") && !text.contains("tcr_"));

    assert_eq!(events(&audit(&app, "event=sign_in_failed").await), ["sign_in_failed"]);
    let (_, first) = app.ask(Method::GET, "/api/v1/audit?limit=5", None).await;
    let rest = audit(&app, &format!("limit=5&cursor={}", first["next_cursor"].as_str().unwrap())).await;
    assert_eq!([first["items"].as_array().unwrap().clone(), rest].concat(), all);
    for bad in ["event=x", "user_id=x", "cursor=x", "limit=0"] {
        assert_eq!(
            app.ask(Method::GET, &format!("/api/v1/audit?{bad}"), None).await.0,
            StatusCode::BAD_REQUEST,
            "{bad}"
        );
    }
    app.stop().await;
}

#[actix_rt::test]
async fn members_and_services_do_not_read_it() {
    let mut app = TestApp::start().await;
    let key = app.api_key(&["documents:read", "alerts:read"]).await;
    let body = json!({"email": "eve@example.org", "password": PASSWORD, "name": "Eve"});
    let (_, eve) = app.ask(Method::POST, "/api/v1/auth/register", Some(body)).await;
    for (token, code) in [(eve["access_token"].as_str().unwrap(), "admin_required"), (key.as_str(), "person_required")]
    {
        app.token = token.to_owned();
        let (status, problem) = app.ask(Method::GET, "/api/v1/audit", None).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!(code)));
    }
    app.stop().await;
}
