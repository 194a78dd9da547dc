//! Coming back: what was missed is replayed once, or it is said that it cannot be.

use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::chatter::Chatter;

fn texts(reply: &Value) -> Vec<&str> {
    reply["messages"].as_array().unwrap().iter().map(|one| one["message"]["text"].as_str().unwrap()).collect()
}

#[actix_rt::test]
async fn what_was_missed_comes_once_and_what_follows_behind_it() {
    let app = TestApp::with(&[("chat.replay", "4")]).await;
    let (mut ada, mut bob) = (Chatter::new(&app, "Ann").await, Chatter::new(&app, "Bob").await);
    ada.open("ops").await;
    let start = bob.join("ops").await;
    assert!(start.get("recovered").is_none() && start.get("messages").is_none());
    let first = ada.say("ops", "one").await;
    bob.heard().await;
    let who = bob.who.clone();
    drop(bob);
    ada.say("ops", "two").await;
    ada.done("edit", json!({"room": "ops", "message_id": first["message_id"], "text": "uno"})).await;
    ada.say("ops", "three").await;

    let mut bob = Chatter::connect(app.addr, &who).await;
    let since = |seq: u64| json!({"room": "ops", "since": {"epoch": start["epoch"], "seq": seq}});
    let back = bob.done("join", since(1)).await;
    assert_eq!((&back["recovered"], texts(&back), &back["seq"]), (&json!(true), vec!["two", "three"], &json!(4)));
    let change = &back["changes"][0];
    assert_eq!(
        (&change["type"], &change["seq"], &change["text"]),
        (&json!("message_edited"), &json!(3), &json!("uno"))
    );
    ada.say("ops", "four").await;
    assert_eq!(bob.event("message").await["seq"], 5);

    let nothing = bob.done("join", since(5)).await;
    assert_eq!((&nothing["recovered"], texts(&nothing).len()), (&json!(true), 0));
    for beyond in [since(0), since(6), json!({"room": "ops", "since": {"epoch": who.id, "seq": 5}})] {
        let lost = bob.done("join", beyond.clone()).await;
        assert_eq!((&lost["recovered"], texts(&lost).len()), (&json!(false), 0), "{beyond}");
    }
    app.stop().await;
}

#[actix_rt::test]
async fn a_restart_keeps_the_room_its_epoch_and_its_numbers() {
    let app = TestApp::start().await;
    let mut ada = Chatter::new(&app, "Ann").await;
    ada.open("ops").await;
    let sent = ada.done("send", json!({"room": "ops", "text": "before", "client_id": "c"})).await;
    let who = ada.who.clone();
    let (dir, clock, _) = app.stop().await;
    assert_eq!(ada.socket.closed().await, 1001);

    let app = TestApp::on(dir, clock, &[]).await;
    let mut ada = Chatter::connect(app.addr, &who).await;
    assert_eq!(ada.done("rooms", json!({})).await["rooms"][0]["room"], "ops");
    let back = ada.join("ops").await;
    assert_eq!(back["seq"], 1);
    let again = ada.done("send", json!({"room": "ops", "text": "before", "client_id": "c"})).await;
    assert_eq!(again["message_id"], sent["message_id"]);
    assert_eq!(ada.say("ops", "after").await["seq"], 2);
    app.stop().await;
}

#[actix_rt::test]
async fn a_room_that_nobody_is_in_retires_and_comes_back_as_it_was() {
    let app = TestApp::start().await;
    let mut ada = Chatter::new(&app, "Ann").await;
    ada.open("ops").await;
    let first = ada.say("ops", "one").await;
    ada.done("leave", json!({"room": "ops"})).await;
    for _ in 0..3 {
        app.advance(std::time::Duration::from_secs(61));
        ada.done("ping", json!({})).await;
    }
    let back = ada.join("ops").await;
    assert_eq!((&back["seq"], &first["seq"]), (&json!(1), &json!(1)));
    assert_eq!(ada.say("ops", "two").await["seq"], 2);
    app.stop().await;
}
