//! People at two servers talk as at one.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Two, metric};
use crate::support::app::TestApp;
use crate::support::chatter::{Chatter, rest};
use crate::support::redis::RedisServer;

const FAST: [(&str, &str); 2] =
    [("limits.messages_per_second", "1000"), ("limits.messages_per_second_of_user", "1000")];

/// Ann at the first server, Bob at the second; both in a group.
async fn both(two: &Two) -> [Chatter; 2] {
    let mut ann = Chatter::new(&two.one, "Ann").await;
    let mut bob = Chatter::new(&two.other, "Bob").await;
    ann.open("ops").await;
    let made = bob.event("room_created").await;
    assert_eq!((&made["room"], &made["by"]), (&json!("ops"), &ann.who.shown()));
    bob.join("ops").await;
    assert_eq!(ann.event("joined").await["user"], bob.who.shown());
    [ann, bob]
}

fn is_numbered(frame: &Value) -> bool {
    frame["type"] != "reply" && frame["type"] != "read" && frame["seq"].is_u64()
}

/// Everything that has a number, from the first to this one: each once, in its order.
async fn story(chatter: &mut Chatter, upto: u64) -> Vec<Value> {
    let mut all = Vec::new();
    for seq in 1..=upto {
        let event = chatter.until(&format!("number {seq} of {upto}"), is_numbered).await;
        assert_eq!(event["seq"], seq, "{}: {event}; before it: {:?}", chatter.who.name, all.last());
        all.push(event);
    }
    all
}

/// Both saw the same, and nothing more.
async fn same_story(people: &mut [Chatter; 2], upto: u64) -> Vec<Value> {
    let [ann, bob] = people;
    let (one, other) = (story(ann, upto).await, story(bob, upto).await);
    assert_eq!(one, other);
    for chatter in people {
        let more: Vec<Value> = chatter.rest().await.into_iter().filter(is_numbered).collect();
        assert!(more.is_empty(), "{more:?}");
    }
    one
}

#[actix_rt::test]
async fn a_group_is_the_same_at_both_with_everything_that_becomes_of_a_message() {
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::from_secs(5), &[]).await;
    let mut people = both(&two).await;
    let [ann, bob] = &mut people;
    let first = ann.say("ops", "helo").await["message_id"].clone();
    bob.until("hello", |frame| frame["message"]["text"] == "helo").await;
    let second = bob.say("ops", "hi").await["message_id"].clone();
    ann.done("edit", json!({"room": "ops", "message_id": first, "text": "hello"})).await;
    bob.done("react", json!({"room": "ops", "message_id": first, "emoji": "👍", "on": true})).await;
    assert_eq!(ann.refused("delete", json!({"room": "ops", "message_id": second})).await, "not_yours");
    bob.done("delete", json!({"room": "ops", "message_id": second})).await;
    let whole = [ann.done("history", json!({"room": "ops"})).await, bob.done("history", json!({"room": "ops"})).await];
    assert_eq!(whole[0]["messages"], whole[1]["messages"]);
    // What Bob waited for above.
    let seen: Vec<Value> = story(ann, 5).await.iter().map(|event| event["type"].clone()).collect();
    assert_eq!(seen, ["message", "message", "message_edited", "reaction", "message_deleted"]);
    for kind in ["message", "message_edited", "reaction", "message_deleted"] {
        bob.event(kind).await;
    }
    two.stop().await;
}

#[actix_rt::test]
async fn a_direct_room_opens_at_both() {
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &[]).await;
    let mut people = [Chatter::new(&two.one, "Ann").await, Chatter::new(&two.other, "Bob").await];
    let [ann, bob] = &mut people;
    let room = ann.done("direct", json!({"user": bob.who.id})).await["room"].clone();
    let made = bob.event("room_created").await;
    assert_eq!((&made["room"], &made["kind"], &made["with"]), (&room, &json!("direct"), &ann.who.shown()));
    assert_eq!(ann.event("room_created").await["with"], bob.who.shown());
    let mut eve = Chatter::new(&two.other, "Eve").await;
    let name = room.as_str().unwrap();
    assert_eq!(eve.refused("join", json!({"room": room})).await, "unknown_room");
    bob.join(name).await;
    for n in 0..4 {
        ann.say(name, &format!("a{n}")).await;
        bob.say(name, &format!("b{n}")).await;
    }
    same_story(&mut people, 8).await;
    assert!(!eve.rest_types().await.iter().any(|kind| kind == "message" || kind == "room_created"));
    two.stop().await;
}

#[actix_rt::test]
async fn one_right_after_the_other_is_one_order_at_both() {
    const ROUNDS: u64 = 100;
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &FAST).await;
    let mut people = both(&two).await;
    for n in 0..ROUNDS {
        let [ann, bob] = &mut people;
        let (a, b) = (format!("a{n}"), format!("b{n}"));
        // Bob is answered before Ann begins, in every second round; else they race.
        if n % 2 == 0 {
            bob.say("ops", &b).await;
            ann.say("ops", &a).await;
        } else {
            tokio::join!(ann.say("ops", &a), bob.say("ops", &b));
        }
    }
    let told = same_story(&mut people, 2 * ROUNDS).await;
    let texts: Vec<&str> = told.iter().map(|event| event["message"]["text"].as_str().unwrap()).collect();
    for n in (0..ROUNDS).step_by(2) {
        let at = |text: &str| texts.iter().position(|other| *other == text).unwrap();
        assert_eq!(at(&format!("a{n}")), at(&format!("b{n}")) + 1);
    }
    two.stop().await;
}

#[actix_rt::test]
async fn many_at_once_at_both_are_one_order_without_a_gap() {
    const EACH: u64 = 100;
    let redis = RedisServer::start();
    let sets: Vec<(&str, &str)> = FAST.into_iter().chain([("chat.requests_waiting", "1000")]).collect();
    let two = Two::start(&redis, Duration::ZERO, &sets).await;
    let mut people = both(&two).await;
    for n in 0..EACH {
        for chatter in &mut people {
            let text = format!("{}-{n}", chatter.who.name);
            chatter.send("send", json!({"room": "ops", "text": text})).await;
        }
    }
    same_story(&mut people, 2 * EACH).await;
    two.stop().await;
}

#[actix_rt::test]
async fn what_is_written_while_redis_is_away_is_told_once() {
    let mut redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &FAST).await;
    let mut people = both(&two).await;
    let speak = async |people: &mut [Chatter; 2], words: &str| {
        for n in 0..10 {
            for chatter in people.iter_mut() {
                chatter.say("ops", &format!("{words} {n}")).await;
            }
        }
    };
    speak(&mut people, "before").await;
    redis.kill();
    speak(&mut people, "as it goes").await;
    for app in [&two.one, &two.other] {
        metric(app, "tocsin_news_listening 0.0").await;
    }
    speak(&mut people, "away").await;
    // Heard while it is away, by looking.
    let last = |frame: &Value| frame["message"]["text"] == "away 9" && frame["seq"] == 60;
    for chatter in &mut people {
        let mut seen = Vec::new();
        while !seen.last().is_some_and(last) {
            let event = chatter.event("message").await;
            assert_eq!(event["seq"], seen.len() + 1);
            seen.push(event);
        }
    }
    redis.start_again();
    speak(&mut people, "as it comes").await;
    for app in [&two.one, &two.other] {
        metric(app, "tocsin_news_listening 1.0").await;
    }
    speak(&mut people, "after").await;
    for chatter in &mut people {
        for seq in 61..=100 {
            assert_eq!(chatter.event("message").await["seq"], seq);
        }
        assert!(!chatter.rest_types().await.contains(&"message".to_owned()));
    }
    two.stop().await;
}

#[actix_rt::test]
async fn who_has_seen_more_at_the_other_server_resumes_there() {
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &FAST).await;
    let [mut ann, mut bob] = both(&two).await;
    for n in 0..20 {
        let said = ann.say("ops", &format!("m{n}")).await;
        // She goes to the other server, which may not have heard of it yet, and has missed nothing.
        let mut again = Chatter::connect(two.other.addr, &ann.who).await;
        let epoch = bob.join("ops").await["epoch"].clone();
        let since = json!({"epoch": epoch, "seq": said["seq"]});
        let joined = again.done("join", json!({"room": "ops", "since": since})).await;
        assert_eq!((&joined["recovered"], &joined["messages"]), (&json!(true), &json!([])), "{n}: {joined}");
        assert_eq!(joined["seq"], said["seq"]);
    }
    two.stop().await;
}

#[actix_rt::test]
async fn who_joined_at_one_server_may_speak_at_the_other_at_once() {
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &[]).await;
    let [_ann, mut bob] = both(&two).await;
    for n in 0..10 {
        let mut one = Chatter::new(&two.one, &format!("P{n}")).await;
        one.join("ops").await;
        let path = "/api/v1/rooms/ops/messages";
        let said = rest(&two.other, &one.who.token, Method::POST, path, Some(json!({"text": "hi"}))).await;
        assert_eq!(said.0.as_u16(), 201, "{n}: {}", said.1);
        let from = |frame: &Value| frame["type"] == "message" && frame["message"]["author"] == one.who.shown();
        bob.until("what they said", from).await;
    }
    let stranger = Chatter::new(&two.one, "Eve").await;
    let path = "/api/v1/rooms/ops/messages";
    let refused = rest(&two.other, &stranger.who.token, Method::POST, path, Some(json!({"text": "hi"}))).await;
    assert_eq!(refused.1["code"], "not_joined");
    two.stop().await;
}

#[actix_rt::test]
async fn a_room_that_keeps_nothing_is_heard_at_both_with_numbers_of_its_own() {
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &FAST).await;
    let [mut ann, mut bob] = [Chatter::new(&two.one, "Ann").await, Chatter::new(&two.other, "Bob").await];
    ann.done("create_room", json!({"room": "stream", "history": "none"})).await;
    ann.join("stream").await;
    bob.join("stream").await;
    ann.event("joined").await;
    let long = "x".repeat(8_000);
    for n in 0..20 {
        let fields = json!({"room": "stream", "text": format!("{n} {}", &long[..7_900]), "client_id": format!("c{n}")});
        ann.send("send", fields).await;
    }
    for n in 1..=20 {
        let event = bob.event("message").await;
        assert_eq!((&event["seq"], &event["message"]["client_id"]), (&json!(n), &json!(format!("c{}", n - 1))));
    }
    assert_eq!(bob.done("send", json!({"room": "stream", "text": "b", "client_id": "b"})).await["seq"], 21);
    let heard = |frame: &Value| frame["message"]["client_id"] == "b";
    assert_eq!(ann.until("what Bob said", heard).await["seq"], 21);
    // The same again, at the other server, is not said again.
    let mut again = Chatter::connect(two.other.addr, &ann.who).await;
    again.join("stream").await;
    let fields = json!({"room": "stream", "text": "again", "client_id": "c3"});
    assert_eq!(again.done("send", fields).await["seq"], 4);
    assert_eq!(bob.rest_types().await.iter().filter(|kind| *kind == "message").count(), 1, "his own");
    two.stop().await;
}

/// Asks until it is so.
async fn until_online(chatter: &mut Chatter, who: &[&Value]) {
    crate::support::soon("who is there", async {
        while chatter.done("presence", json!({"room": "ops"})).await["online"] != json!(who) {}
    })
    .await;
}

#[actix_rt::test]
async fn who_comes_goes_types_and_reads_is_told_at_both() {
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &FAST).await;
    let [mut ann, mut bob] = both(&two).await;
    let (ann_shown, bob_shown) = (ann.who.shown(), bob.who.shown());
    for chatter in [&mut ann, &mut bob] {
        until_online(chatter, &[&ann_shown, &bob_shown]).await;
    }
    bob.done("typing", json!({"room": "ops", "typing": true})).await;
    let typing = |on: bool| json!({"type": "typing", "room": "ops", "user": bob_shown, "typing": on});
    assert_eq!(ann.event("typing").await, typing(true));
    bob.say("ops", "said it").await;
    assert_eq!(ann.event("typing").await, typing(false));
    ann.until("it", |frame| frame["message"]["text"] == "said it").await;
    ann.done("read", json!({"room": "ops", "seq": 1})).await;
    assert_eq!(bob.event("read").await, json!({"type": "read", "room": "ops", "user": ann_shown, "seq": 1}));
    bob.done("set_topic", json!({"room": "ops", "topic": "db down"})).await;
    let told = ann.event("room_changed").await;
    assert_eq!((&told["topic"], &told["by"]), (&json!("db down"), &bob_shown));
    assert_eq!(ann.join("ops").await["topic"], "db down");

    // With a tab at each server he is one person.
    let mut second = Chatter::connect(two.one.addr, &bob.who).await;
    assert_eq!(second.join("ops").await["online_count"], 2);
    second.done("leave", json!({"room": "ops"})).await;
    bob.say("ops", "still here").await;
    ann.until("him", |frame| frame["message"]["text"] == "still here").await;
    let noticed = ann.rest_types().await;
    assert!(!noticed.iter().any(|kind| kind == "left" || kind == "joined"), "{noticed:?}");
    second.join("ops").await;
    // Everywhere is everywhere.
    second.done("leave", json!({"room": "ops", "everywhere": true})).await;
    assert_eq!(bob.event("left").await["user"], bob_shown);
    assert_eq!(ann.event("left").await["user"], bob_shown);
    assert_eq!(bob.refused("send", json!({"room": "ops", "text": "x"})).await, "not_joined");
    bob.join("ops").await;
    ann.event("joined").await;
    bob.done("leave", json!({"room": "ops"})).await;
    ann.event("left").await;
    until_online(&mut ann, &[&ann_shown]).await;
    two.stop().await;
}

#[actix_rt::test]
async fn who_is_there_is_known_where_a_room_comes_to_life_later() {
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &FAST).await;
    let mut ann = Chatter::new(&two.one, "Ann").await;
    ann.open("ops").await;
    let mut bob = Chatter::new(&two.other, "Bob").await;
    bob.join("ops").await;
    let shown = [ann.who.shown(), bob.who.shown()];
    until_online(&mut bob, &[&shown[0], &shown[1]]).await;
    let members =
        async |app: &TestApp| rest(app, &bob.who.token, Method::GET, "/api/v1/rooms/ops/members", None).await.1;
    let online = |page: &Value| page["items"].as_array().unwrap().iter().all(|member| member["online"] == true);
    assert!(online(&members(&two.one).await) && online(&members(&two.other).await));
    two.stop().await;
}
