//! One to one: one room for each pair, and for nobody else.

use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::chatter::{Chatter, rest};

#[actix_rt::test]
async fn both_find_the_same_room_whoever_opens_it_first() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (Chatter::new(&app, "Ann").await, Chatter::new(&app, "Bob").await);
    let opened = ada.done("direct", json!({"user": bob.who.id})).await;
    let room = opened["room"].as_str().unwrap().to_owned();
    assert!(room.starts_with("dm-"), "{room}");
    let told = bob.event("room_created").await;
    assert_eq!((&told["room"], &told["kind"], &told["with"]), (&json!(room), &json!("direct"), &ada.who.shown()));
    assert_eq!(ada.event("room_created").await["with"], bob.who.shown());
    assert_eq!(bob.done("direct", json!({"user": ada.who.id})).await["room"], room.as_str());
    assert_eq!(ada.event("joined").await["user"], bob.who.shown());
    bob.done("join", json!({"room": room})).await;

    bob.done("typing", json!({"room": room, "typing": true})).await;
    assert_eq!(ada.event("typing").await["user"], bob.who.shown());
    bob.say(&room, "hello").await;
    assert_eq!(ada.heard().await, "hello");
    bob.done("leave", json!({"room": room})).await;
    assert_eq!(ada.event("left").await["user"], bob.who.shown());
    ada.say(&room, "still there?").await;
    let rooms = bob.done("rooms", json!({})).await;
    assert_eq!((&rooms["rooms"][0]["room"], &rooms["rooms"][0]["unread"]), (&json!(room), &json!(1)));
    assert_eq!(rooms["rooms"][0]["with"], ada.who.shown());
    app.stop().await;
}

#[actix_rt::test]
async fn for_anybody_else_it_does_not_exist() {
    let app =
        TestApp::with(&[("limits.messages_per_second", "1000"), ("limits.messages_per_second_of_user", "1000")]).await;
    let (mut ada, bob) = (Chatter::new(&app, "Ann").await, Chatter::new(&app, "Bob").await);
    let mut eve = Chatter::new(&app, "Eve").await;
    let room = ada.done("direct", json!({"user": bob.who.id})).await["room"].clone();
    let said = ada.done("send", json!({"room": room, "text": "secret"})).await;
    let message_id = &said["message_id"];
    for (kind, fields) in [
        ("join", json!({"room": room})),
        ("join", json!({"room": room, "since": {"epoch": message_id, "seq": 0}})),
        ("send", json!({"room": room, "text": "x"})),
        ("edit", json!({"room": room, "message_id": message_id, "text": "x"})),
        ("delete", json!({"room": room, "message_id": message_id})),
        ("react", json!({"room": room, "message_id": message_id, "emoji": "x", "on": true})),
        ("typing", json!({"room": room, "typing": true})),
        ("history", json!({"room": room})),
        ("read", json!({"room": room, "seq": 1})),
        ("presence", json!({"room": room})),
        ("set_topic", json!({"room": room, "topic": "x"})),
        ("leave", json!({"room": room})),
    ] {
        let of_others = eve.ask(kind, fields.clone()).await;
        let mut absent = fields.clone();
        absent["room"] = "dm-00000000000000000000000000000000".into();
        let absent = eve.ask(kind, absent).await;
        assert_eq!(of_others["error"]["code"], "unknown_room", "{kind}");
        assert_eq!(of_others["error"], absent["error"], "{kind}");
    }
    let room = room.as_str().unwrap();
    let service = app.api_key(&["chat:read", "chat:write"]).await;
    for (token, who) in [(&eve.who.token, "a stranger"), (&app.token, "the owner"), (&service, "a service")] {
        for path in [
            format!("/api/v1/rooms/{room}"),
            format!("/api/v1/rooms/{room}/messages"),
            format!("/api/v1/rooms/{room}/members"),
        ] {
            let (status, problem) = rest(&app, token, Method::GET, &path, None).await;
            assert_eq!((status.as_u16(), &problem["code"]), (404, &json!("unknown_room")), "{who} {path}");
        }
        let path = format!("/api/v1/rooms/{room}/messages");
        let (status, _) = rest(&app, token, Method::POST, &path, Some(json!({"text": "x"}))).await;
        assert_eq!(status, 404, "{who}");
        let (_, list) = rest(&app, token, Method::GET, "/api/v1/rooms", None).await;
        assert!(!list.to_string().contains(room), "{who}");
    }
    assert_eq!(eve.rest_types().await, [""; 0]);
    assert_eq!(eve.refused("direct", json!({"user": "0199d0a0-0000-7000-8000-000000000000"})).await, "unknown_user");
    app.stop().await;
}
