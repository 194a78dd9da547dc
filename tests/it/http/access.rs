//! Who may call what: every operation of the description, with every kind of credential that is not enough.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use crate::support::answer::answer;
use crate::support::app::TestApp;

/// Every operation: method, path, and whether it needs a credential.
fn operations() -> Vec<(Method, String, bool)> {
    let described: Value = serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap();
    let mut found = Vec::new();
    for (path, item) in described["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let is_open = operation["security"] == serde_json::json!([{}]);
            found.push((method, path.replace("{id}", "0199d0a0-0000-7000-8000-000000000000"), !is_open));
        }
    }
    assert!(found.len() > 20);
    found
}

#[actix_rt::test]
async fn without_a_good_credential_there_is_no_way_in() {
    let mut app = TestApp::start().await;
    let key = app.api_key(&["documents:read"]).await;
    let (head, _) = app.token.rsplit_once('.').unwrap();
    let mut credentials: Vec<Option<String>> = vec![None];
    for bad in ["Bearer", "Bearer ", "Bearer x", "Basic YWRhOng=", "Bearer tcs_nope", "Bearer a.b.c"] {
        credentials.push(Some(bad.to_owned()));
    }
    credentials.push(Some(format!("Bearer {head}.")));
    credentials.push(Some(format!("Bearer {head}.AAAA")));
    credentials.push(Some(format!("Bearer {key}x")));
    credentials.push(Some(app.token.clone()));
    for (method, path, guarded) in operations() {
        for credential in &credentials {
            let mut request = app.request(&method, &path);
            if let Some(credential) = credential {
                request = request.header("Authorization", credential);
            }
            let refused = answer(request).await;
            let told = format!("{method} {path} {credential:?}: {refused:?}");
            if !guarded {
                assert!(!matches!(refused.body["code"].as_str(), Some("unauthenticated" | "invalid_token")), "{told}");
                break;
            }
            let (status, code) = refused.problem();
            assert!(status == 401 && matches!(code, "unauthenticated" | "invalid_token"), "{told}");
            assert!(refused.header("www-authenticate").starts_with("Bearer realm="), "{told}");
        }
    }
    app.advance(Duration::from_secs(10 * 60 + 120));
    for (method, path, _) in operations().into_iter().filter(|(_, _, guarded)| *guarded) {
        assert_eq!(answer(app.mine(&method, &path)).await.problem(), (401, "invalid_token"), "{method} {path}");
    }
    app.token.clear();
    app.stop().await;
}

#[actix_rt::test]
async fn a_key_does_what_its_scopes_say_and_nothing_else() {
    let app = TestApp::start().await;
    let scopes = ["documents:write", "documents:read", "exports", "alerts:read", "alerts:write", "rules:write"];
    let mut keys = Vec::new();
    for scope in scopes {
        keys.push(app.api_key(&[scope]).await);
    }
    for (method, path, _) in operations().into_iter().filter(|(_, _, guarded)| *guarded) {
        let mut admitted = Vec::new();
        for (scope, key) in scopes.iter().zip(&keys) {
            let answered = answer(app.request(&method, &path).bearer_auth(key)).await;
            if answered.status != 403 {
                admitted.push(*scope);
                continue;
            }
            let (_, code) = answered.problem();
            assert!(matches!(code, "missing_scope" | "person_required"), "{method} {path}: {answered:?}");
            let challenge = answered.header("www-authenticate");
            assert_eq!(challenge.contains("insufficient_scope"), code == "missing_scope", "{method} {path}");
        }
        let expected: &[&str] = match (path.split('/').nth(3).unwrap(), method == Method::GET) {
            ("documents", true) => &["documents:read"],
            ("documents", false) => &["documents:write"],
            ("exports", _) => &["exports"],
            ("rules" | "incidents" | "silences", true) => &["alerts:read"],
            ("rules", false) if path.ends_with("/preview") => &["alerts:read"],
            ("rules" | "silences", false) => &["rules:write"],
            ("incidents", false) if path.ends_with("/retry") => &["rules:write"],
            ("incidents", false) => &["alerts:write"],
            _ => &[],
        };
        assert_eq!(admitted, expected, "{method} {path}");
    }
    assert_eq!(app.stored().await, 0);
    app.stop().await;
}

#[actix_rt::test]
async fn a_deleted_key_is_of_no_use() {
    let app = TestApp::start().await;
    let key = app.api_key(&["documents:read"]).await;
    let list = || answer(app.request(&Method::GET, "/api/v1/documents").bearer_auth(&key));
    assert_eq!(list().await.status, 200);
    let keys = answer(app.mine(&Method::GET, "/api/v1/api-keys")).await;
    let path = format!("/api/v1/api-keys/{}", keys.body["items"][0]["id"].as_str().unwrap());
    assert_eq!(answer(app.mine(&Method::DELETE, &path)).await.status, 204);
    assert_eq!(list().await.problem(), (401, "invalid_token"));
    app.stop().await;
}
