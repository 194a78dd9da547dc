//! What is said arrives once, in one order, and can be read again.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::chatter::{Chatter, rest};

#[actix_rt::test]
async fn a_message_reaches_everybody_with_the_names_of_the_contract() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (Chatter::new(&app, "Ann").await, Chatter::new(&app, "Bob").await);
    let made = ada.done("create_room", json!({"room": "ops", "topic": "what burns"})).await;
    assert_eq!((&made["room"], &made["history"]), (&json!("ops"), &json!("durable")));
    let told = bob.event("room_created").await;
    assert_eq!((&told["room"], &told["by"]), (&json!("ops"), &ada.who.shown()));
    assert_eq!(ada.refused("create_room", json!({"room": "ops"})).await, "room_exists");

    let first = ada.join("ops").await;
    assert_eq!((&first["seq"], &first["members"]), (&json!(0), &json!([ada.who.shown()])));
    let second = bob.join("ops").await;
    assert_eq!(second["members"], json!([ada.who.shown(), bob.who.shown()]));
    assert_eq!((&second["topic"], &second["epoch"]), (&json!("what burns"), &first["epoch"]));
    assert_eq!(ada.event("joined").await, json!({"type": "joined", "room": "ops", "user": bob.who.shown()}));

    let sent = ada.done("send", json!({"room": "ops", "text": "<b>hello</b> \u{1f525}", "client_id": "c-1"})).await;
    assert_eq!(sent["seq"], 1);
    for chatter in [&mut ada, &mut bob] {
        let event = chatter.event("message").await;
        let message = json!({
            "id": sent["message_id"], "author": first["members"][0], "text": "<b>hello</b> \u{1f525}",
            "at": sent["at"], "client_id": "c-1",
        });
        assert_eq!(event, json!({"type": "message", "room": "ops", "seq": 1, "message": message}));
    }
    let again = ada.done("send", json!({"room": "ops", "text": "hello?", "client_id": "c-1"})).await;
    assert_eq!((&again["message_id"], &again["seq"], &again["at"]), (&sent["message_id"], &json!(1), &sent["at"]));
    assert_eq!(bob.done("send", json!({"room": "ops", "text": "mine", "client_id": "c-1"})).await["seq"], 2);
    assert_eq!(ada.heard().await, "mine");
    assert_eq!(bob.heard().await, "mine");
    assert_eq!(bob.rest_types().await, ["room_created"; 0]);
    app.stop().await;
}

#[actix_rt::test]
async fn everybody_sees_one_order_without_a_gap() {
    const EACH: usize = 40;
    let app =
        TestApp::with(&[("limits.messages_per_second", "1000"), ("limits.messages_per_second_of_user", "1000")]).await;
    let mut all = Vec::new();
    for name in ["Ann", "Bob", "Cid", "Dan"] {
        all.push(Chatter::new(&app, name).await);
    }
    all[0].open("ops").await;
    for chatter in &mut all[1..] {
        chatter.join("ops").await;
    }
    for n in 0..EACH {
        for chatter in &mut all {
            let text = format!("{}-{n}", chatter.who.name);
            chatter.send("send", json!({"room": "ops", "text": text})).await;
        }
    }
    let mut orders: BTreeSet<Vec<String>> = BTreeSet::new();
    for chatter in &mut all {
        let mut order = Vec::new();
        for seq in 1..=EACH * 4 {
            let event = chatter.event("message").await;
            assert_eq!(event["seq"], seq);
            order.push(event["message"]["text"].as_str().unwrap().to_owned());
        }
        orders.insert(order);
    }
    assert_eq!(orders.len(), 1);
    for name in ["Ann", "Bob", "Cid", "Dan"] {
        let mine: Vec<&String> = orders.first().unwrap().iter().filter(|text| text.starts_with(name)).collect();
        assert!(mine.iter().enumerate().all(|(n, text)| **text == format!("{name}-{n}")), "{mine:?}");
    }
    app.stop().await;
}

#[actix_rt::test]
async fn history_is_read_by_the_page_in_both_directions() {
    let app =
        TestApp::with(&[("limits.messages_per_second", "1000"), ("limits.messages_per_second_of_user", "1000")]).await;
    let mut ada = Chatter::new(&app, "Ann").await;
    ada.open("ops").await;
    for n in 1..=12 {
        ada.say("ops", &format!("m{n}")).await;
    }
    let seqs = |page: &Value| -> Vec<u64> {
        page["messages"].as_array().unwrap().iter().map(|one| one["seq"].as_u64().unwrap()).collect()
    };
    for (fields, expected) in [
        (json!({"limit": 3}), vec![10, 11, 12]),
        (json!({"before": 10, "limit": 3}), vec![7, 8, 9]),
        (json!({"before": 2}), vec![1]),
        (json!({"before": 1}), vec![]),
        (json!({"after": 0, "limit": 2}), vec![1, 2]),
        (json!({"after": 11}), vec![12]),
        (json!({"after": 12}), vec![]),
    ] {
        let mut request = fields.clone();
        request["room"] = "ops".into();
        assert_eq!(seqs(&ada.done("history", request).await), expected, "{fields}");
    }
    let whole = ada.done("history", json!({"room": "ops"})).await;
    assert_eq!(whole["messages"][11]["message"]["text"], "m12");
    assert_eq!(whole["messages"][11]["message"]["author"], ada.who.shown());
    app.stop().await;
}

#[actix_rt::test]
async fn changes_come_in_the_same_order_and_history_shows_what_they_left() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (Chatter::new(&app, "Ann").await, Chatter::new(&app, "Bob").await);
    ada.open("ops").await;
    bob.join("ops").await;
    let hello = ada.say("ops", "helo").await["message_id"].clone();
    let other = bob.done("send", json!({"room": "ops", "text": "hi @Ann", "mentions": [ada.who.id]})).await;
    assert_eq!(ada.event("message").await["seq"], 1);
    assert_eq!(ada.event("message").await["message"]["mentions"], json!([ada.who.id]));

    let edit = json!({"room": "ops", "message_id": hello, "text": "hello"});
    assert_eq!(bob.refused("edit", edit.clone()).await, "not_yours");
    assert_eq!(ada.done("edit", edit.clone()).await["seq"], 3);
    assert_eq!(ada.done("edit", edit).await["seq"], Value::Null, "nothing is different");
    let react = |on| json!({"room": "ops", "message_id": hello, "emoji": "👍", "on": on});
    assert_eq!(bob.done("react", react(true)).await["seq"], 4);
    assert_eq!(bob.done("react", react(true)).await["seq"], Value::Null);
    let delete = json!({"room": "ops", "message_id": other["message_id"]});
    assert_eq!(ada.refused("delete", delete.clone()).await, "not_yours");
    assert_eq!(bob.done("delete", delete.clone()).await["seq"], 5);
    assert_eq!(
        bob.refused("edit", json!({"room": "ops", "message_id": other["message_id"], "text": "x"})).await,
        "unknown_message"
    );
    let unknown = json!({"room": "ops", "message_id": "0199d0a0-0000-7000-8000-000000000000"});
    assert_eq!(bob.refused("delete", unknown).await, "unknown_message");

    let edited = ada.event("message_edited").await;
    assert_eq!((&edited["seq"], &edited["message_id"], &edited["text"]), (&json!(3), &hello, &json!("hello")));
    let reacted = ada.event("reaction").await;
    assert_eq!((&reacted["seq"], &reacted["emoji"], &reacted["on"]), (&json!(4), &json!("👍"), &json!(true)));
    assert_eq!(reacted["user"], bob.who.shown());
    assert_eq!(ada.event("message_deleted").await["message_id"], other["message_id"]);

    let page = bob.done("history", json!({"room": "ops"})).await;
    let first = &page["messages"][0]["message"];
    assert_eq!(
        (&first["text"], &first["reactions"]),
        (&json!("hello"), &json!([{"emoji": "👍", "users": [bob.who.shown()]}]))
    );
    assert!(first["edited_at"].is_string());
    let second = &page["messages"][1]["message"];
    assert_eq!((&second["text"], &second["deleted"]), (&json!(""), &json!(true)));
    assert_eq!(page["messages"].as_array().unwrap().len(), 2);
    app.stop().await;
}

#[actix_rt::test]
async fn a_room_without_history_fans_out_and_keeps_nothing() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (Chatter::new(&app, "Ann").await, Chatter::new(&app, "Bob").await);
    let made = ada.done("create_room", json!({"room": "stream", "history": "none"})).await;
    assert_eq!(made["history"], "none");
    let position = ada.join("stream").await;
    bob.join("stream").await;
    for n in 1..=3 {
        let sent =
            ada.done("send", json!({"room": "stream", "text": format!("m{n}"), "client_id": format!("c{n}")})).await;
        assert_eq!(sent["seq"], n);
        assert_eq!(bob.heard().await, format!("m{n}"));
    }
    let again = ada.done("send", json!({"room": "stream", "text": "m3", "client_id": "c3"})).await;
    assert_eq!(again["seq"], 3);
    assert_eq!(bob.done("history", json!({"room": "stream"})).await["messages"], json!([]));
    let since = json!({"epoch": position["epoch"], "seq": 1});
    let rejoined = bob.done("join", json!({"room": "stream", "since": since})).await;
    assert_eq!((&rejoined["recovered"], &rejoined["messages"]), (&json!(false), &json!([])));
    assert_eq!(
        bob.refused("delete", json!({"room": "stream", "message_id": again["message_id"]})).await,
        "unknown_message"
    );
    app.stop().await;
}

#[actix_rt::test]
async fn a_service_posts_with_its_key_and_an_incident_by_itself() {
    let rules = r#"[{ name = "errors", type = "error", measure = { kind = "count" }, window_seconds = 60, comparison = ">", threshold = 50, notify = { room = "incidents" } }]"#;
    let app = TestApp::with(&[("alerts.default_rules", rules)]).await;
    let mut ada = Chatter::new(&app, "Ann").await;
    ada.open("ops").await;
    let key = app.api_key(&["chat:write"]).await;
    let path = "/api/v1/rooms/ops/messages";
    let body = json!({"text": "deployed 1.2.3", "client_id": "d-1"});
    let (status, posted) = rest(&app, &key, Method::POST, path, Some(body.clone())).await;
    assert_eq!((status.as_u16(), &posted["seq"]), (201, &json!(1)), "{posted}");
    let message = ada.event("message").await["message"].clone();
    assert_eq!((&message["kind"], &message["author"]["name"]), (&json!("service"), &json!("test")));
    let (_, again) = rest(&app, &key, Method::POST, path, Some(body)).await;
    assert_eq!(again["message_id"], posted["message_id"]);
    let (status, problem) = rest(&app, &key, Method::GET, path, None).await;
    assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("missing_scope")));
    let reader = app.api_key(&["chat:read"]).await;
    let (_, page) = rest(&app, &reader, Method::GET, path, None).await;
    assert_eq!(page["items"][0]["message"]["text"], "deployed 1.2.3");

    // The room of the rule is there before it is needed, or made when it is.
    ada.open("incidents").await;
    app.errors(51).await;
    let firing = ada.event("message").await;
    let message = &firing["message"];
    assert_eq!((&firing["room"], &message["kind"]), (&json!("incidents"), &json!("system")));
    assert_eq!(message["author"]["name"], "Tocsin");
    assert!(message["text"].as_str().unwrap().starts_with("[FIRING] errors: 51 > 50"), "{message}");
    app.advance(std::time::Duration::from_secs(60));
    assert!(ada.heard().await.starts_with("[RESOLVED] errors"));
    app.stop().await;
}
