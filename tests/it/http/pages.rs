//! Lists by pages.

use reqwest::Method;
use serde_json::json;
use tocsin_actors::ports::Clock as _;

use crate::support::answer::answer;
use crate::support::app::TestApp;

/// Posts documents `first..last`, several of them at each instant, up to now.
async fn post(app: &TestApp, first: i64, last: i64) {
    let now = app.clock.now().as_millis();
    let one = |n: i64| json!({"type": "a", "id": format!("d{n}"), "at": now - (n * 7_919) % 40}).to_string();
    let body: Vec<String> = (first..last).map(one).collect();
    assert_eq!(answer(app.post("application/x-ndjson", body.join("\n"))).await.status, 201);
}

#[actix_rt::test]
async fn a_walk_shows_each_old_document_once_while_new_ones_arrive() {
    let app = TestApp::start().await;
    post(&app, 0, 250).await;
    let mut next = 250;
    for order in ["asc", "desc"] {
        let old: Vec<String> = (0..next).map(|n| format!("d{n}")).collect();
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/documents?type=a&order={order}&limit=30{cursor}");
            let page = answer(app.mine(&Method::GET, &path)).await;
            assert_eq!(page.status, 200, "{page:?}");
            let items = page.body["items"].as_array().unwrap();
            assert!(items.len() <= 30);
            let times: Vec<&str> = items.iter().map(|item| item["at"].as_str().unwrap()).collect();
            assert!(times.is_sorted_by(|a, b| if order == "asc" { a <= b } else { a >= b }), "{order} {times:?}");
            seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            let Some(more) = page.body["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={more}");
            if next < 330 || (order == "desc" && next < 400) {
                post(&app, next, next + 10).await;
                next += 10;
            }
        }
        let mut old_seen: Vec<&String> = seen.iter().filter(|id| old.contains(id)).collect();
        old_seen.sort_unstable();
        let mut all: Vec<&String> = old.iter().collect();
        all.sort_unstable();
        assert_eq!(old_seen, all, "{order}");
        seen.sort_unstable();
        assert!(seen.windows(2).all(|pair| pair[0] != pair[1]), "{order}: shown twice");
    }
    app.stop().await;
}

#[actix_rt::test]
async fn limits_and_cursors_that_are_wrong_are_refused() {
    let app = TestApp::start().await;
    post(&app, 0, 3).await;
    let first = answer(app.mine(&Method::GET, "/api/v1/documents?limit=1")).await;
    let cursor = first.body["next_cursor"].as_str().unwrap();
    for list in ["documents", "documents/types", "rules", "incidents"] {
        for limit in ["0", "1001", "abc", "-1", "1.5", "", "99999999999999999999"] {
            let refused = answer(app.mine(&Method::GET, &format!("/api/v1/{list}?limit={limit}"))).await;
            assert_eq!(refused.problem(), (400, "invalid_parameter"), "{list} {limit}");
            assert_eq!(refused.body["errors"][0]["path"], "limit");
        }
        for made_up in ["", "x", "AAAAAAAAAAAAAAAA", "%00", "../../etc/passwd", "0", &"A".repeat(5_000)] {
            let refused = answer(app.mine(&Method::GET, &format!("/api/v1/{list}?cursor={made_up}"))).await;
            assert_eq!(refused.problem(), (400, "invalid_cursor"), "{list} {made_up}");
        }
        assert_eq!(answer(app.mine(&Method::GET, &format!("/api/v1/{list}?limit=1000"))).await.status, 200);
    }
    // A cursor is of its own list, filters and order included.
    for path in
        ["documents?type=a", "documents?order=asc", "rules?limit=1", "incidents?limit=1", "documents/types?limit=1"]
    {
        let join = if path.contains('?') { '&' } else { '?' };
        let refused = answer(app.mine(&Method::GET, &format!("/api/v1/{path}{join}cursor={cursor}"))).await;
        assert_eq!(refused.problem(), (400, "invalid_cursor"), "{path}");
    }
    app.stop().await;
}
