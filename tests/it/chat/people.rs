//! Joining, leaving, typing, presence: tabs are one person, short absences are none.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::chatter::Chatter;

#[actix_rt::test]
async fn three_tabs_join_once_and_leave_with_the_last() {
    let app = TestApp::start().await;
    let mut ada = Chatter::new(&app, "Ann").await;
    ada.open("ops").await;
    let mut tabs = vec![Chatter::new(&app, "Bob").await];
    let bob = tabs[0].who.clone();
    for _ in 0..2 {
        tabs.push(Chatter::connect(app.addr, &bob).await);
    }
    for tab in &mut tabs {
        tab.join("ops").await;
    }
    assert_eq!(ada.event("joined").await["user"], bob.shown());
    assert_eq!(ada.done("presence", json!({"room": "ops"})).await["online"], json!([ada.who.shown(), bob.shown()]));
    tabs[0].done("leave", json!({"room": "ops"})).await;
    assert_eq!(tabs[0].refused("typing", json!({"room": "ops", "typing": true})).await, "not_joined");
    tabs[1].say("ops", "still here").await;
    assert_eq!(ada.heard().await, "still here");
    assert_eq!(tabs[2].heard().await, "still here");
    assert!(!tabs[0].rest_types().await.contains(&"message".to_owned()), "that tab has left");
    tabs[1].done("leave", json!({"room": "ops"})).await;
    assert!(!ada.rest_types().await.iter().any(|kind| kind == "left" || kind == "joined"));
    tabs[2].done("leave", json!({"room": "ops"})).await;
    assert_eq!(ada.event("left").await, json!({"type": "left", "room": "ops", "user": bob.shown()}));
    assert_eq!(tabs[2].refused("send", json!({"room": "ops", "text": "x"})).await, "not_joined");
    app.stop().await;
}

#[actix_rt::test]
async fn who_leaves_everywhere_hears_it_in_every_tab() {
    let app = TestApp::start().await;
    let mut ada = Chatter::new(&app, "Ann").await;
    ada.open("ops").await;
    let mut first = Chatter::new(&app, "Bob").await;
    let mut second = Chatter::connect(app.addr, &first.who).await;
    first.join("ops").await;
    second.join("ops").await;
    first.done("leave", json!({"room": "ops", "everywhere": true})).await;
    let left = json!({"type": "left", "room": "ops", "user": first.who.shown()});
    assert_eq!(second.event("left").await, left);
    assert_eq!(ada.event("left").await, left);
    assert_eq!(second.refused("send", json!({"room": "ops", "text": "x"})).await, "not_joined");
    ada.say("ops", "alone").await;
    for tab in [&mut first, &mut second] {
        assert!(!tab.rest_types().await.iter().any(|kind| kind == "message" || kind == "left"));
    }
    app.stop().await;
}

#[actix_rt::test]
async fn a_reconnect_is_silent_and_a_longer_absence_is_told() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (Chatter::new(&app, "Ann").await, Chatter::new(&app, "Bob").await);
    ada.open("ops").await;
    bob.join("ops").await;
    ada.event("joined").await;
    let who = bob.who.clone();
    drop(bob);
    let mut bob = Chatter::connect(app.addr, &who).await;
    bob.join("ops").await;
    app.advance(Duration::from_secs(5));
    bob.say("ops", "back").await;
    assert_eq!(ada.heard().await, "back");
    let noticed = ada.rest_types().await;
    assert!(!noticed.iter().any(|kind| ["joined", "left", "presence"].contains(&kind.as_str())), "{noticed:?}");
    drop(bob);
    // When the server sees the end of the connection is the network's matter; so the clock moves on until it is told.
    let told = async {
        let mut frames = Vec::new();
        let has = |frames: &[Value], fits: &dyn Fn(&Value) -> bool| frames.iter().any(fits);
        let left = |frame: &Value| frame["type"] == "left" && frame["user"] == who.shown();
        let offline = |frame: &Value| frame["type"] == "presence" && frame["online"] == false;
        while !has(&frames, &left) || !has(&frames, &offline) {
            app.advance(Duration::from_secs(2));
            frames.extend(ada.rest().await);
        }
    };
    crate::support::soon("a leave", told).await;
    assert_eq!(ada.done("presence", json!({"room": "ops"})).await["online"], json!([ada.who.shown()]));
    let bob = Chatter::connect(app.addr, &who).await;
    let is_back = |frame: &Value| frame["type"] == "presence" && frame["online"] == true;
    assert_eq!(ada.until("Bob to be back", is_back).await["user"], bob.who.shown());
    app.stop().await;
}

#[actix_rt::test]
async fn typing_is_told_to_the_others_and_ends_by_itself() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (Chatter::new(&app, "Ann").await, Chatter::new(&app, "Bob").await);
    ada.open("ops").await;
    bob.join("ops").await;
    for _ in 0..3 {
        bob.done("typing", json!({"room": "ops", "typing": true})).await;
    }
    let typing = |on: bool| json!({"type": "typing", "room": "ops", "user": bob.who.shown(), "typing": on});
    let (on, off) = (typing(true), typing(false));
    assert_eq!(ada.event("typing").await, on);
    app.advance(Duration::from_millis(5_999));
    assert!(!ada.rest_types().await.contains(&"typing".to_owned()), "told once, and not over");
    app.advance(Duration::from_millis(1));
    assert_eq!(ada.event("typing").await, off);
    bob.done("typing", json!({"room": "ops", "typing": true})).await;
    assert_eq!(ada.event("typing").await, on);
    bob.say("ops", "said it").await;
    assert_eq!(ada.event("typing").await, off, "who has said it types no more");
    assert!(!bob.rest_types().await.contains(&"typing".to_owned()));
    app.stop().await;
}

#[actix_rt::test]
async fn unread_counts_and_read_marks_follow_each_other() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (Chatter::new(&app, "Ann").await, Chatter::new(&app, "Bob").await);
    ada.open("ops").await;
    ada.say("ops", "before").await;
    bob.join("ops").await;
    let unread = |rooms: &Value| (rooms["rooms"][0]["unread"].clone(), rooms["rooms"][0]["read_seq"].clone());
    assert_eq!(unread(&bob.done("rooms", json!({})).await), (json!(0), json!(1)), "what came before is not unread");
    for text in ["one", "two"] {
        ada.say("ops", text).await;
    }
    assert_eq!(unread(&bob.done("rooms", json!({})).await), (json!(2), json!(1)));
    bob.done("read", json!({"room": "ops", "seq": 2})).await;
    assert_eq!(ada.event("read").await, json!({"type": "read", "room": "ops", "user": bob.who.shown(), "seq": 2}));
    assert_eq!(unread(&bob.done("rooms", json!({})).await), (json!(1), json!(2)));
    bob.done("read", json!({"room": "ops", "seq": 1})).await;
    bob.done("read", json!({"room": "ops", "seq": 99})).await;
    assert_eq!(ada.event("read").await["seq"], 3, "not back, and no further than there is");
    assert_eq!(unread(&bob.done("rooms", json!({})).await), (json!(0), json!(3)));
    app.stop().await;
}

#[actix_rt::test]
async fn a_crowd_is_told_in_numbers() {
    let app = TestApp::with(&[("chat.crowd", "2")]).await;
    let mut ada = Chatter::new(&app, "Ann").await;
    ada.open("ops").await;
    let mut others = Vec::new();
    for name in ["Bob", "Cid", "Dan", "Eli"] {
        let mut other = Chatter::new(&app, name).await;
        other.join("ops").await;
        others.push(other);
    }
    app.advance(Duration::from_secs(1));
    let told = ada.event("members_changed").await;
    let expected = json!({"type": "members_changed", "room": "ops", "members": 5, "online": 5, "joined": 3, "left": 0});
    assert_eq!(told, expected);
    let joined: Vec<Value> = ada.rest().await.into_iter().filter(|frame| frame["type"] == "joined").collect();
    assert_eq!(joined.len(), 1, "{joined:?}");
    app.stop().await;
}

#[actix_rt::test]
async fn a_topic_is_told_and_kept() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (Chatter::new(&app, "Ann").await, Chatter::new(&app, "Bob").await);
    ada.open("ops").await;
    bob.join("ops").await;
    ada.done("set_topic", json!({"room": "ops", "topic": "db down"})).await;
    let told = bob.event("room_changed").await;
    assert_eq!((&told["topic"], &told["by"]), (&json!("db down"), &ada.who.shown()));
    assert_eq!(bob.join("ops").await["topic"], "db down");
    app.stop().await;
}
