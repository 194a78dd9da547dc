//! What pages of other origins may do.

use reqwest::Method;

use crate::support::answer::{Answer, answer};
use crate::support::app::TestApp;

const FRIEND: &str = "https://app.example.com";
const STRANGERS: [&str; 4] =
    ["https://evil.example.com", "http://app.example.com", "https://app.example.com.evil", "null"];
const ORIGIN: &str = "access-control-allow-origin";
const CREDENTIALS: &str = "access-control-allow-credentials";

async fn preflight(app: &TestApp, origin: &str, path: &str, method: &str, headers: &str) -> Answer {
    let request = app.request(&Method::OPTIONS, path).header("Origin", origin);
    let request = request.header("Access-Control-Request-Method", method);
    answer(request.header("Access-Control-Request-Headers", headers)).await
}

fn varies(answered: &Answer) -> bool {
    let mut lines = answered.headers.get_all("vary").iter().filter_map(|value| value.to_str().ok());
    lines.any(|line| line.split(',').any(|name| name.trim().eq_ignore_ascii_case("origin")))
}

#[actix_rt::test]
async fn listed_origins_may_ask_and_others_are_told_nothing() {
    let app = TestApp::with(&[("server.allowed_origins", FRIEND)]).await;
    for (path, method) in
        [("/api/v1/documents", "POST"), ("/api/v1/auth/me", "PATCH"), ("/api/v1/api-keys/x", "DELETE")]
    {
        let allowed = preflight(&app, FRIEND, path, method, "authorization,content-type,idempotency-key").await;
        assert_eq!((allowed.status, allowed.header(ORIGIN)), (200, FRIEND), "{path}: {allowed:?}");
        assert_eq!(allowed.header(CREDENTIALS), "true");
        assert!(allowed.header("access-control-allow-methods").contains(method), "{allowed:?}");
        assert!(
            allowed.header("access-control-allow-headers").to_lowercase().contains("idempotency-key"),
            "{allowed:?}"
        );
        assert!(varies(&allowed));
        allowed.dressed();
        for stranger in STRANGERS {
            let refused = preflight(&app, stranger, path, method, "authorization").await;
            assert_eq!((refused.header(ORIGIN), refused.header(CREDENTIALS)), ("", ""), "{stranger}: {refused:?}");
            assert_eq!(refused.problem(), (400, "preflight_refused"), "{stranger}");
        }
    }
    let refused = preflight(&app, FRIEND, "/api/v1/documents", "POST", "x-other").await;
    assert_eq!((refused.problem(), refused.header(ORIGIN)), ((400, "preflight_refused"), ""), "{refused:?}");
    app.stop().await;
}

#[actix_rt::test]
async fn answers_and_refusals_can_be_read_by_listed_origins_only() {
    let app = TestApp::with(&[("server.allowed_origins", FRIEND)]).await;
    for path in ["/api/v1/documents", "/api/v1/documents?limit=0", "/api/nope", "/livez"] {
        for request in [app.mine(&Method::GET, path), app.request(&Method::GET, path)] {
            let own = answer(request.try_clone().unwrap()).await;
            let friend = answer(request.try_clone().unwrap().header("Origin", FRIEND)).await;
            assert_eq!((friend.header(ORIGIN), friend.header(CREDENTIALS)), (FRIEND, "true"), "{friend:?}");
            assert!(friend.header("access-control-expose-headers").to_lowercase().contains("x-request-id"));
            assert!(varies(&friend) && varies(&own), "{path}: {own:?}");
            assert_eq!((friend.status, own.header(ORIGIN)), (own.status, ""), "{own:?}");
            for stranger in STRANGERS {
                let refused = answer(request.try_clone().unwrap().header("Origin", stranger)).await;
                assert_eq!((refused.header(ORIGIN), refused.header(CREDENTIALS)), ("", ""), "{stranger}: {refused:?}");
                assert!(varies(&refused), "{path}: {refused:?}");
            }
        }
    }
    app.stop().await;
}

#[actix_rt::test]
async fn the_cookie_is_for_our_own_pages_even_then() {
    let app = TestApp::with(&[("server.allowed_origins", FRIEND)]).await;
    let refresh = app.request(&Method::POST, "/api/v1/auth/refresh").header("Origin", FRIEND);
    let refused = answer(refresh.header("Cookie", "tocsin_refresh=x").json(&serde_json::json!({}))).await;
    assert_eq!(refused.problem(), (403, "foreign_origin"));
    app.stop().await;
}
