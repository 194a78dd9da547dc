//! Bad input, rates and sizes: an answer that says what to do, and the others notice nothing.

use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::chatter::{Account, Chatter};
use crate::support::viewer::Viewer;

#[actix_rt::test]
async fn what_is_wrong_with_a_request_is_answered_and_the_connection_stays() {
    let app = TestApp::start().await;
    let mut ada = Chatter::new(&app, "Ann").await;
    for (kind, fields, code, path) in [
        ("dance", json!({}), "unknown_type", "/type"),
        ("join", json!({}), "bad_request", "/room"),
        ("join", json!({"room": "Ops"}), "bad_request", "/room"),
        ("create_room", json!({"room": "dm-mine"}), "bad_request", "/room"),
        ("send", json!({"room": "ops"}), "bad_request", "/text"),
        ("send", json!({"room": "ops", "text": "x".repeat(8_001)}), "bad_request", "/text"),
        ("send", json!({"room": "ops", "text": 7}), "bad_request", "/text"),
        ("history", json!({"room": "ops", "limit": 1_000}), "bad_request", "/limit"),
        ("direct", json!({"user": "ada"}), "bad_request", "/user"),
    ] {
        let reply = ada.ask(kind, fields).await;
        assert_eq!((&reply["error"]["code"], &reply["error"]["path"]), (&json!(code), &json!(path)), "{kind}");
    }
    for (kind, fields) in [
        ("join", json!({"room": "nowhere"})),
        ("send", json!({"room": "nowhere", "text": "x"})),
        ("history", json!({"room": "nowhere"})),
        ("leave", json!({"room": "nowhere"})),
    ] {
        assert_eq!(ada.refused(kind, fields).await, "unknown_room", "{kind}");
    }
    ada.done("create_room", json!({"room": "ops"})).await;
    assert_eq!(ada.refused("send", json!({"room": "ops", "text": "x"})).await, "not_joined");
    ada.socket.send(json!([1])).await;
    let reply = ada.event("reply").await;
    assert_eq!((&reply["id"], &reply["error"]["code"]), (&json!(null), &json!("bad_json")));
    ada.done("ping", json!({})).await;
    app.stop().await;
}

#[actix_rt::test]
async fn who_sends_too_fast_hears_it_and_then_is_cut() {
    let app = TestApp::with(&[("limits.messages_per_second", "5")]).await;
    let mut ada = Chatter::new(&app, "Ann").await;
    for _ in 0..11 {
        ada.send("ping", json!({})).await;
    }
    let mut answers = Vec::new();
    let code = loop {
        match ada.socket.next().await {
            Ok(frame) => answers.push(frame["ok"].as_bool().unwrap()),
            Err(code) => break code,
        }
    };
    assert_eq!((answers, code), ([[true; 5], [false; 5]].concat(), 4429));
    app.stop().await;
}

#[actix_rt::test]
async fn the_connections_of_one_person_share_a_rate() {
    let app = TestApp::with(&[("limits.messages_per_second_of_user", "6")]).await;
    let mut first = Chatter::new(&app, "Ann").await;
    let mut second = Chatter::connect(app.addr, &first.who.clone()).await;
    for _ in 0..3 {
        first.done("ping", json!({})).await;
        second.done("ping", json!({})).await;
    }
    assert_eq!(first.refused("ping", json!({})).await, "too_many");
    assert_eq!(second.refused("ping", json!({})).await, "too_many");
    app.advance(std::time::Duration::from_secs(1));
    first.done("ping", json!({})).await;
    app.stop().await;
}

#[actix_rt::test]
async fn only_people_who_are_signed_in_get_in() {
    let app = TestApp::with(&[("limits.connections_per_user", "1")]).await;
    let bob = Account::register(app.addr, "Bob").await;
    let mut silent = Viewer::connect_to(app.addr, "/ws/chat", &[]).await.unwrap();
    silent.send(json!({"type": "ping"})).await;
    assert_eq!(silent.closed().await, 4401);
    let mut forged = Viewer::connect_to(app.addr, "/ws/chat", &[]).await.unwrap();
    forged.send(json!({"type": "auth", "token": "x"})).await;
    assert_eq!(forged.closed().await, 4401);
    let foreign = [("origin", "https://evil.example.org")];
    assert_eq!(Viewer::connect_to(app.addr, "/ws/chat", &foreign).await.err(), Some(403));
    let bearer = format!("Bearer {}", bob.token);
    let mut first = Viewer::connect_to(app.addr, "/ws/chat", &[("authorization", &bearer)]).await.unwrap();
    first.until("a welcome", |frame| frame["type"] == "welcome").await;
    let mut second = Viewer::connect_to(app.addr, "/ws/chat", &[("authorization", &bearer)]).await.unwrap();
    assert_eq!(second.closed().await, 4429);
    let (_, ticket) = app.ask(Method::POST, "/api/v1/auth/ws-ticket", None).await;
    let path = format!("/ws/chat?ticket={}", ticket["ticket"].as_str().unwrap());
    let mut owner = Viewer::connect_to(app.addr, &path, &[]).await.unwrap();
    let welcome = owner.until("a welcome", |frame| frame["type"] == "welcome").await;
    assert_eq!(welcome["user"]["name"], "Ada");
    let key = format!("Bearer {}", app.api_key(&["chat:read", "chat:write"]).await);
    assert_eq!(Viewer::connect_to(app.addr, "/ws/chat", &[("authorization", &key)]).await.err(), Some(403));
    app.stop().await;
}

#[actix_rt::test]
async fn the_end_of_a_sign_in_ends_its_connections_at_once() {
    let app = TestApp::start().await;
    let mut ada = Chatter::new(&app, "Ann").await;
    ada.open("ops").await;
    let mut bob = Chatter::new(&app, "Bob").await;
    bob.join("ops").await;
    let request = app.request(&Method::GET, "/api/v1/auth/sessions").bearer_auth(&bob.who.token);
    let sessions: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
    let path = format!("/api/v1/auth/sessions/{}", sessions["items"][0]["id"].as_str().unwrap());
    let ended = app.request(&Method::DELETE, &path).bearer_auth(&bob.who.token).send().await.unwrap();
    assert!(ended.status().is_success());
    assert_eq!(bob.socket.closed().await, 4401);
    ada.say("ops", "gone").await;
    app.stop().await;
}

#[actix_rt::test]
async fn who_does_not_read_is_cut_and_the_others_lose_nothing() {
    let sets = [
        ("limits.messages_per_second", "100000"),
        ("limits.messages_per_second_of_user", "100000"),
        ("limits.outbox_frames", "64"),
        ("limits.unsent_kib", "16"),
    ];
    let app = TestApp::with(&sets).await;
    let (mut ada, mut bob) = (Chatter::new(&app, "Ann").await, Chatter::new(&app, "Bob").await);
    ada.open("ops").await;
    bob.join("ops").await;
    let mut deaf = Chatter::new(&app, "Cid").await;
    let start = deaf.join("ops").await;
    let text = "x".repeat(8_000);
    let mut sent = 0;
    // As many as fit into the kernel's buffers and the outbox, whatever their size; then the reader is let go.
    let cut = async {
        loop {
            for _ in 0..50 {
                ada.say("ops", &text).await;
                sent += 1;
                bob.heard().await;
                ada.heard().await;
            }
            let online = bob.done("presence", json!({"room": "ops"})).await;
            let metrics = app.ask(Method::GET, "/metrics", None).await.1;
            let line = metrics
                .as_str()
                .unwrap()
                .lines()
                .find(|line| line.starts_with("tocsin_socket_slow_readers_cut_total "));
            if line.is_some_and(|line| line.ends_with(" 1")) {
                return online;
            }
        }
    };
    crate::support::soon("the deaf one to be cut", cut).await;
    let who = deaf.who.clone();
    let code = deaf.socket.closed().await;
    assert!(code == 4408 || code == 1006, "{code}");
    let mut back = Chatter::connect(app.addr, &who).await;
    let since = json!({"epoch": start["epoch"], "seq": sent - 10});
    let replay = back.done("join", json!({"room": "ops", "since": since})).await;
    assert_eq!(replay["messages"].as_array().unwrap().len(), 10);
    app.stop().await;
}
