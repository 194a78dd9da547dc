//! Input that is wrong is refused with a problem document, and leaves nothing behind.

use reqwest::Method;
use serde_json::json;

use crate::support::answer::{answer, by_hand, to_the_end};
use crate::support::app::TestApp;

const JSON: &str = "application/json";
const NDJSON: &str = "application/x-ndjson";

#[actix_rt::test]
async fn documents_that_are_none_are_refused_and_nothing_is_stored() {
    let app = TestApp::start().await;
    let deep = format!("{{\"type\":\"a\",\"x\":{}", "[".repeat(100_000));
    let many = format!("[{}]", vec![r#"{"type":"a"}"#; 10_001].join(","));
    let half_bad = r#"[{"type":"a"},{"type":"b"},{"type":7}]"#;
    for (kind, body, status, code) in [
        (JSON, &b"{\"type\":"[..], 400, "invalid_json"),
        (JSON, b"\xff\xfe", 400, "invalid_utf8"),
        (JSON, deep.as_bytes(), 400, "too_deep"),
        (NDJSON, deep.as_bytes(), 400, "too_deep"),
        (JSON, b"", 400, "empty_body"),
        (NDJSON, b"\r\n", 400, "empty_body"),
        (JSON, b"[]", 422, "no_documents"),
        (JSON, b"{\"x\":1}", 422, "invalid_document"),
        (JSON, half_bad.as_bytes(), 422, "invalid_document"),
        (JSON, b"{\"type\":\"a\",\"id\":[]}", 422, "invalid_document"),
        (JSON, b"{\"type\":\"a\",\"at\":{}}", 422, "invalid_document"),
        (JSON, b"{\"type\":\"a\",\"n\":NaN}", 400, "invalid_json"),
        (JSON, b"{\"type\":\"a\",\"n\":Infinity}", 400, "invalid_json"),
        (JSON, b"{\"type\":\"a\",\"n\":1e999}", 422, "invalid_document"),
        (NDJSON, b"{\"type\":\"a\"}\n{\"type\":\"b\"}\nnonsense", 400, "invalid_json"),
        (JSON, many.as_bytes(), 413, "too_many_documents"),
        ("text/plain", b"{\"type\":\"a\"}", 415, "unsupported_media_type"),
        ("application/x-www-form-urlencoded", b"type=a", 415, "unsupported_media_type"),
        ("", b"{\"type\":\"a\"}", 415, "unsupported_media_type"),
    ] {
        let refused = answer(app.post(kind, body.to_vec())).await;
        let told = String::from_utf8_lossy(&body[..body.len().min(60)]);
        assert_eq!(refused.problem(), (status, code), "{kind} {told}");
        assert_eq!(refused.body["errors"].is_array(), code == "invalid_document", "{kind} {told}");
    }
    let zipped = app.post(JSON, vec![0x1f, 0x8b, 8, 0]).header("Content-Encoding", "gzip");
    assert_eq!(answer(zipped).await.problem(), (415, "unsupported_encoding"));
    assert_eq!(app.stored().await, 0);
    assert_eq!(answer(app.post("Application/JSON; charset=utf-8", r#"{"type":"a"}"#)).await.status, 201);
    assert_eq!(app.stored().await, 1);
    app.stop().await;
}

#[actix_rt::test]
async fn the_place_of_a_mistake_is_told() {
    let app = TestApp::start().await;
    let refused = answer(app.post(JSON, r#"[{"type":"a"},{"type":"a","x/y":[1e999]},{}]"#)).await;
    let paths: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
    assert_eq!(paths, ["/2/type", "/1/x~1y/0"]);
    let refused = answer(app.post(NDJSON, "{\"type\":\"a\"}\r\n\r\n{\"type\" 1}")).await;
    assert!(refused.body["detail"].as_str().unwrap().starts_with("Line 3, column 9"), "{refused:?}");
    app.stop().await;
}

#[actix_rt::test]
async fn other_bodies_that_are_wrong_are_refused_likewise() {
    let app = TestApp::start().await;
    let long = json!({"email": "x".repeat(70_000), "password": "x"}).to_string();
    let deep = format!("{{\"x\":{}", "[".repeat(60_000));
    for (kind, body, status, code) in [
        (JSON, "", 400, "invalid_json"),
        (JSON, "{", 400, "invalid_json"),
        (JSON, &*deep, 400, "invalid_json"),
        (JSON, r#"{"email": 7, "password": "x"}"#, 422, "invalid_body"),
        (JSON, r#"{"email": "ada@example.org"}"#, 422, "invalid_body"),
        (JSON, "[]", 422, "invalid_body"),
        (JSON, &*long, 413, "body_too_large"),
        ("text/plain", "{}", 415, "unsupported_media_type"),
    ] {
        let login = app.request(&Method::POST, "/api/v1/auth/login").header("Content-Type", kind);
        let refused = answer(login.body(body.to_owned())).await;
        assert_eq!(refused.problem(), (status, code), "{}", body.chars().take(40).collect::<String>());
    }
    app.stop().await;
}

#[actix_rt::test]
async fn unknown_routes_and_wrong_methods_are_problems_too() {
    let app = TestApp::start().await;
    for path in ["/api", "/api/nope", "/api/v1/documents/", "/api/v2/documents", "/d/x/y", "/socket.iox", "/ws/nope"] {
        assert_eq!(answer(app.mine(&Method::GET, path)).await.problem(), (404, "unknown_route"), "{path}");
    }
    for path in ["/api/v1/documents/none", "/api/v1/documents/%FF", "/api/v1/rules/x", "/api/v1/incidents/%00"] {
        assert_eq!(answer(app.mine(&Method::GET, path)).await.problem().0, 404, "{path}");
    }
    for (method, path, allow) in [
        (Method::DELETE, "/api/v1/documents", "POST, GET, HEAD"),
        (Method::PUT, "/api/v1/auth/me", "GET, HEAD, PATCH"),
        (Method::GET, "/api/v1/auth/login", "POST"),
        (Method::POST, "/api/v1/documents/types", "GET, HEAD"),
        (Method::POST, "/livez", "GET, HEAD"),
        (Method::POST, "/ws/alerts", "GET"),
        (Method::from_bytes(b"BREW").unwrap(), "/api/v1/rules", "GET, HEAD, POST"),
    ] {
        let refused = answer(app.mine(&method, path)).await;
        assert_eq!(refused.problem(), (405, "method_not_allowed"), "{method} {path}");
        assert_eq!(refused.header("allow"), allow, "{method} {path}");
    }
    for query in ["?nope=1", "?limit=1&limit=2", "?from=yesterday", "?order=up", "?type=a%20b", "?from=%FF"] {
        let path = format!("/api/v1/documents{query}");
        assert_eq!(answer(app.mine(&Method::GET, &path)).await.problem().0, 400, "{query}");
    }
    app.stop().await;
}

#[actix_rt::test]
async fn what_is_no_http_is_refused_and_harms_nobody() {
    let app = TestApp::start().await;
    for bytes in [
        &b"nonsense\r\n\r\n"[..],
        b"GET / HTTP/1.1\r\nX-Request-Id: a\x01b\r\n\r\n",
        b"POST /api/v1/documents HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /api/v1/documents HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/v1/documents HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n",
    ] {
        let said = to_the_end(by_hand(app.addr, bytes).await).await;
        assert!(said.starts_with("HTTP/1.1 4") || said.is_empty(), "{}: {said}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(answer(app.request(&Method::GET, "/livez")).await.status, 200);
    app.stop().await;
}
