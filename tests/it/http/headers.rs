//! The headers of answers, and the pages.

use reqwest::Method;

use crate::support::answer::{answer, by_hand, to_the_end};
use crate::support::app::TestApp;

#[actix_rt::test]
async fn a_sane_request_id_is_kept_and_another_is_replaced() {
    let app = TestApp::start().await;
    let asked = |id: String| answer(app.request(&Method::GET, "/livez").header("X-Request-Id", id));
    for kept in ["abc-1.2_3".to_owned(), "x".repeat(64), "0199d0a0-0000-7000-8000-000000000000".to_owned()] {
        assert_eq!(asked(kept.clone()).await.header("x-request-id"), kept);
    }
    for hostile in ["a b", "a\tb", "<script>", "a,b", &"x".repeat(65), &"x".repeat(10_000)] {
        let answered = asked(hostile.to_owned()).await;
        assert_eq!((answered.status, answered.header("x-request-id").len()), (200, 36), "{hostile}");
    }
    let said = to_the_end(
        by_hand(app.addr, b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\xe9\xff\r\nConnection: close\r\n\r\n")
            .await,
    )
    .await;
    assert!(said.starts_with("HTTP/1.1 200") && !said.contains("a\u{fffd}"), "{said}");
    let first = answer(app.request(&Method::GET, "/livez")).await;
    let second = answer(app.request(&Method::GET, "/livez")).await;
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
    app.stop().await;
}

#[actix_rt::test]
async fn every_kind_of_answer_has_the_headers_of_safety() {
    let app = TestApp::start().await;
    for (method, path, status) in [
        (Method::GET, "/", 200),
        (Method::HEAD, "/", 200),
        (Method::GET, "/livez", 200),
        (Method::GET, "/readyz", 200),
        (Method::GET, "/metrics", 200),
        (Method::GET, "/api/docs", 200),
        (Method::GET, "/api/openapi.json", 200),
        (Method::GET, "/.well-known/jwks.json", 200),
        (Method::GET, "/api/v1/documents", 200),
        (Method::HEAD, "/api/v1/documents", 200),
        (Method::POST, "/api/v1/auth/login", 415),
        (Method::GET, "/api/nope", 404),
        (Method::DELETE, "/livez", 405),
        (Method::GET, "/ws/alerts", 400),
    ] {
        let answered = answer(app.mine(&method, path)).await;
        assert_eq!(answered.status, status, "{method} {path}: {answered:?}");
        answered.dressed();
        if path.starts_with("/api/v1") {
            assert_eq!(answered.header("cache-control"), "no-store", "{method} {path}");
        }
    }
    app.stop().await;
}

#[actix_rt::test]
async fn pages_are_for_browsers_and_problems_for_programs() {
    let app = TestApp::start().await;
    let asked = |path: &str, accept: &str| answer(app.request(&Method::GET, path).header("Accept", accept));
    let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    for (path, accept) in [("/", "*/*"), ("/", browser), ("/keys", browser), ("/incidents/4711?x=y", browser)] {
        let page = asked(path, accept).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        assert_eq!(page.header("cache-control"), "no-cache");
        page.dressed();
    }
    for (path, accept) in [
        ("/keys", "application/json"),
        ("/assets/nope.js", "*/*"),
        ("/assets/nope.js", browser),
        ("/api/nope", browser),
        ("/api/v1/nope", browser),
        ("/.well-known/nope", browser),
    ] {
        assert_eq!(asked(path, accept).await.problem(), (404, "unknown_route"), "{path} {accept}");
    }
    // A client library would take these apart before it sends them.
    for path in [
        "/assets/../../../Cargo.toml",
        "/assets/%2e%2e/%2e%2e/%2e%2e/Cargo.toml",
        "/..%2f..%2fCargo.toml",
        "//Cargo.toml",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let said = to_the_end(by_hand(app.addr, request.as_bytes()).await).await;
        assert!(said.starts_with("HTTP/1.1 404") && !said.contains("[workspace]"), "{path}: {said}");
    }
    app.stop().await;
}
