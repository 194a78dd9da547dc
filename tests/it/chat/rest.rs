//! Rooms by REST: lists, pages, bad input, and who may.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::chatter::{Account, Chatter, rest};

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|room| room["name"].as_str().unwrap()).collect()
}

#[actix_rt::test]
async fn rooms_are_made_found_and_listed_by_the_page() {
    let app = TestApp::start().await;
    let ask = async |method, path: &str, body| rest(&app, &app.token, method, path, body).await;
    for (name, topic) in [("ops", "What BURNS"), ("dev", ""), ("ops-night", "")] {
        let body = json!({"name": name, "topic": topic});
        let (status, made) = ask(Method::POST, "/api/v1/rooms", Some(body)).await;
        assert_eq!((status.as_u16(), &made["room"], &made["topic"]), (201, &json!(name), &json!(topic)), "{made}");
    }
    let (_, first) = ask(Method::GET, "/api/v1/rooms?limit=2", None).await;
    assert_eq!(names(&first), ["dev", "ops"]);
    let path = format!("/api/v1/rooms?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    let (_, second) = ask(Method::GET, &path, None).await;
    assert_eq!((names(&second), &second["next_cursor"]), (vec!["ops-night"], &Value::Null));
    let (_, found) = ask(Method::GET, "/api/v1/rooms?search=burns", None).await;
    assert_eq!(names(&found), ["ops"]);
    let (_, mine) = ask(Method::GET, "/api/v1/rooms?mine=true", None).await;
    assert_eq!(names(&mine), [""; 0]);

    let mut ann = Chatter::new(&app, "Ann").await;
    ann.join("ops").await;
    let (status, changed) = ask(Method::PATCH, "/api/v1/rooms/ops", Some(json!({"topic": "db down"}))).await;
    assert_eq!((status.as_u16(), &changed), (200, &json!({"topic": "db down"})));
    assert_eq!(ann.event("room_changed").await["topic"], "db down");
    let (_, room) = ask(Method::GET, "/api/v1/rooms/ops", None).await;
    assert_eq!((&room["topic"], &room["online_count"], &room["seq"]), (&json!("db down"), &json!(1), &json!(0)));
    let (_, members) = ask(Method::GET, "/api/v1/rooms/ops/members", None).await;
    let member = &members["items"][0];
    assert_eq!((&member["name"], &member["online"]), (&json!("Ann"), &json!(true)), "{members}");
    let (_, people) = ask(Method::GET, "/api/v1/people?search=AN", None).await;
    assert_eq!(people["items"], json!([{"id": ann.who.id, "name": "Ann", "online": true}]));
    let (_, nobody) = ask(Method::GET, "/api/v1/people?search=example.com", None).await;
    assert_eq!(nobody["items"], json!([]), "addresses are nobody's business");
    app.stop().await;
}

#[actix_rt::test]
async fn messages_are_read_by_the_page_and_said_once() {
    let app = TestApp::start().await;
    let mut ann = Chatter::new(&app, "Ann").await;
    ann.open("ops").await;
    let path = "/api/v1/rooms/ops/messages";
    let said = async |token: &str, body| rest(&app, token, Method::POST, path, Some(body)).await;
    let (status, problem) = said(&app.token, json!({"text": "x"})).await;
    assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("not_joined")));
    for n in 1..=5 {
        let (status, posted) = said(&ann.who.token, json!({"text": format!("m{n}")})).await;
        assert_eq!((status.as_u16(), &posted["seq"]), (201, &json!(n)));
        assert_eq!(ann.heard().await, format!("m{n}"));
    }
    let page = async |query: &str| {
        let (_, page) = rest(&app, &app.token, Method::GET, &format!("{path}{query}"), None).await;
        let seqs: Vec<u64> = page["items"].as_array().unwrap().iter().map(|one| one["seq"].as_u64().unwrap()).collect();
        (seqs, page["next_cursor"].as_str().map(str::to_owned))
    };
    assert_eq!(page("?limit=2").await, (vec![4, 5], Some("4".into())));
    assert_eq!(page("?limit=2&cursor=4").await, (vec![2, 3], Some("2".into())));
    assert_eq!(page("?limit=2&before=2").await, (vec![1], None));
    assert_eq!(page("?after=3").await, (vec![4, 5], None));
    app.stop().await;
}

#[actix_rt::test]
async fn what_is_wrong_is_named() {
    let app = TestApp::start().await;
    let bob = Account::register(app.addr, "Bob").await;
    let ask = async |method: &Method, path: &str, body| rest(&app, &bob.token, method.clone(), path, body).await;
    ask(&Method::POST, "/api/v1/rooms", Some(json!({"name": "ops"}))).await;
    let long = "x".repeat(8_001);
    for (method, path, body, expected) in [
        (Method::POST, "/api/v1/rooms", json!({}), (422, "invalid_input", "/name")),
        (Method::POST, "/api/v1/rooms", json!({"name": "dm-x"}), (422, "invalid_input", "/name")),
        (Method::POST, "/api/v1/rooms", json!({"name": "a", "history": "some"}), (422, "invalid_input", "/history")),
        (
            Method::POST,
            "/api/v1/rooms",
            json!({"name": "a", "topic": "x".repeat(201)}),
            (422, "invalid_input", "/topic"),
        ),
        (Method::POST, "/api/v1/rooms", json!({"name": "ops"}), (409, "room_exists", "")),
        (Method::POST, "/api/v1/rooms/ops/messages", json!({"text": " "}), (422, "invalid_input", "/text")),
        (Method::POST, "/api/v1/rooms/ops/messages", json!({"text": long}), (422, "invalid_input", "/text")),
        (
            Method::POST,
            "/api/v1/rooms/ops/messages",
            json!({"text": "x", "mentions": ["bob"]}),
            (422, "invalid_input", "/mentions/0"),
        ),
        (Method::POST, "/api/v1/rooms/nowhere/messages", json!({"text": "x"}), (404, "unknown_room", "")),
        (Method::PATCH, "/api/v1/rooms/Nowhere", json!({"topic": "x"}), (404, "unknown_room", "")),
    ] {
        let (status, problem) = ask(&method, path, Some(body.clone())).await;
        let named = problem["errors"][0]["path"].as_str().unwrap_or_default();
        let code = problem["code"].as_str().unwrap_or_default();
        assert_eq!((status.as_u16(), code, named), expected, "{method} {path} {body}");
    }
    for path in ["/api/v1/rooms?limit=0", "/api/v1/rooms/ops/messages?limit=201", "/api/v1/rooms/ops/messages?before=x"]
    {
        assert_eq!(ask(&Method::GET, path, None).await.0, 400, "{path}");
    }
    let key = app.api_key(&["chat:read"]).await;
    for (method, path, code) in [
        (Method::GET, "/api/v1/rooms?mine=true", "person_required"),
        (Method::GET, "/api/v1/people", "person_required"),
        (Method::PATCH, "/api/v1/rooms/ops", "person_required"),
        (Method::POST, "/api/v1/rooms", "missing_scope"),
    ] {
        let (status, problem) = rest(&app, &key, method, path, Some(json!({"topic": "x"}))).await;
        assert_eq!((status.as_u16(), &problem["code"]), (403, &json!(code)), "{path}");
    }
    app.stop().await;
}
