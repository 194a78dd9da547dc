//! Keys for services, and the key of this machine's own command line.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{TestApp, text};

const KEYS: &str = "/api/v1/api-keys";
const DOCUMENTS: &str = "/api/v1/documents";

async fn with_key(app: &TestApp, key: &str, method: Method, path: &str) -> StatusCode {
    let request = app.http.request(method.clone(), format!("http://{}{path}", app.addr)).bearer_auth(key);
    let request = if method == Method::POST { request.json(&json!({"type": "order"})) } else { request };
    request.send().await.unwrap().status()
}

#[actix_rt::test]
async fn a_key_may_do_what_it_was_made_for_until_it_is_deleted() {
    let app = TestApp::start().await;
    let body = json!({"name": "checkout", "scopes": ["documents:write"]});
    let (status, made) = app.ask(Method::POST, KEYS, Some(body)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let key = text(&made, "key");
    assert!(key.starts_with("tcs_") && key.starts_with(&text(&made, "prefix")));
    assert_eq!(with_key(&app, &key, Method::POST, DOCUMENTS).await, StatusCode::CREATED);
    for path in [DOCUMENTS, "/api/v1/rules", KEYS, super::ME] {
        assert_eq!(with_key(&app, &key, Method::GET, path).await, StatusCode::FORBIDDEN, "{path}");
    }
    let (_, list) = app.ask(Method::GET, KEYS, None).await;
    let listed = &list["items"][0];
    assert_eq!((&listed["id"], &listed["scopes"]), (&made["id"], &json!(["documents:write"])));
    assert!(listed["last_used_at"].is_string() && !list.to_string().contains(&key), "{list}");

    let path = format!("{KEYS}/{}", text(&made, "id"));
    assert_eq!(app.ask(Method::DELETE, &path, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(with_key(&app, &key, Method::POST, DOCUMENTS).await, StatusCode::UNAUTHORIZED);
    assert_eq!(app.ask(Method::DELETE, &path, None).await.0, StatusCode::NOT_FOUND);
    app.stop().await;
}

#[actix_rt::test]
async fn a_key_expires_and_nobody_touches_anothers() {
    let mut app = TestApp::start().await;
    let body = json!({"name": "k", "scopes": ["documents:write"], "expires_at": "2026-11-24T08:01:00Z"});
    let (_, made) = app.ask(Method::POST, KEYS, Some(body)).await;
    let key = text(&made, "key");
    let bob = app.ask(Method::POST, super::REGISTER, Some(super::newcomer("bob@example.org"))).await.1;
    let ada = std::mem::replace(&mut app.token, text(&bob, "access_token"));
    let path = format!("{KEYS}/{}", text(&made, "id"));
    assert_eq!(app.ask(Method::DELETE, &path, None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(app.ask(Method::GET, KEYS, None).await.1["items"], json!([]));
    app.token = ada;
    app.advance(Duration::from_millis(29_999));
    assert_eq!(with_key(&app, &key, Method::POST, DOCUMENTS).await, StatusCode::CREATED);
    app.advance(Duration::from_millis(1));
    assert_eq!(with_key(&app, &key, Method::POST, DOCUMENTS).await, StatusCode::UNAUTHORIZED);

    for bad in [
        json!({"name": "k", "scopes": []}),
        json!({"name": "", "scopes": ["documents:write"]}),
        json!({"name": "k", "scopes": ["everything"]}),
        json!({"name": "k", "scopes": ["documents:write"], "expires_at": "2026-11-24T08:00:00Z"}),
    ] {
        let (status, problem) = app.ask(Method::POST, KEYS, Some(bad.clone())).await;
        assert_eq!((status, problem["errors"].is_array()), (StatusCode::UNPROCESSABLE_ENTITY, true), "{bad}");
    }
    app.stop().await;
}

#[actix_rt::test]
async fn a_lost_key_of_the_command_line_is_refused_once_there_is_a_new_one() {
    let app = TestApp::start().await;
    let file = app.dir.path().join("keys/local.key");
    let read = || std::fs::read_to_string(&file).unwrap().trim().to_owned();
    let lost = read();
    assert_eq!(with_key(&app, &lost, Method::POST, DOCUMENTS).await, StatusCode::CREATED);
    let (dir, clock, _) = app.stop().await;
    let app = TestApp::on(dir, clock, &[]).await;
    assert_eq!(read(), lost, "kept as long as it is there");
    let (dir, clock, _) = app.stop().await;
    std::fs::remove_file(&file).unwrap();
    let app = TestApp::on(dir, clock, &[]).await;
    assert_eq!(with_key(&app, &read(), Method::POST, DOCUMENTS).await, StatusCode::CREATED);
    assert_eq!(with_key(&app, &lost, Method::POST, DOCUMENTS).await, StatusCode::UNAUTHORIZED);
    app.stop().await;
}
