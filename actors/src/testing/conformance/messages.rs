use std::sync::Arc;

use futures_util::future::join_all;

use super::at;
use super::chatting::{group, message, person};
use crate::domain::{Author, Changed, ChatMessage, MessageId, Person, RoomName};
use crate::ports::{Messages, NewChange, Page, Rooms, Write, Written};

/// What [`Messages`] promises. The rooms are those it speaks of.
///
/// # Panics
/// Where a promise is broken.
pub async fn messages(make: impl AsyncFn() -> (Arc<dyn Rooms>, Arc<dyn Messages>)) {
    let fresh = async || {
        let (rooms, messages) = make().await;
        rooms.create(group("ops"), 10).await.unwrap();
        rooms.create(group("dev"), 10).await.unwrap();
        (rooms, messages)
    };
    numbers_rise_by_one_whoever_writes(&*fresh().await.1).await;
    a_client_id_is_one_message_for_good(&*fresh().await.1).await;
    changes_take_numbers_and_show_in_the_message(&*fresh().await.1).await;
    only_the_author_changes_a_message(&*fresh().await.1).await;
    what_was_taken_back_is_gone(&*fresh().await.1).await;
    pages_and_what_was_missed(&*fresh().await.1).await;
    let (rooms, messages) = fresh().await;
    let nowhere = RoomName::parse("nowhere").unwrap();
    assert_eq!(messages.write(nowhere.clone(), vec![]).await.unwrap(), None);
    assert_eq!(messages.page(nowhere, Page::Latest, 9).await.unwrap(), []);
    assert_eq!(rooms.get(ops()).await.unwrap().unwrap().seq, 0);
}

fn ops() -> RoomName {
    RoomName::parse("ops").unwrap()
}

async fn write(store: &dyn Messages, writes: Vec<Write>) -> Vec<Written> {
    store.write(ops(), writes).await.unwrap().unwrap()
}

async fn say(store: &dyn Messages, by: &Person, text: &str) -> ChatMessage {
    match write(store, vec![Write::Post(message(by, text, None))]).await.remove(0) {
        Written::Posted(message) => message,
        other => panic!("{other:?}"),
    }
}

async fn change(store: &dyn Messages, by: &Person, id: MessageId, what: Changed, moderates: bool) -> Written {
    let change = NewChange { message_id: id, by: by.clone(), moderates, at: at(9), what };
    write(store, vec![Write::Change(change)]).await.remove(0)
}

fn react(emoji: &str, on: bool) -> Changed {
    Changed::Reacted { emoji: emoji.into(), on }
}

fn edit(text: &str) -> Changed {
    Changed::Edited { text: text.into() }
}

async fn now(store: &dyn Messages) -> Vec<ChatMessage> {
    store.page(ops(), Page::Latest, 100).await.unwrap()
}

async fn numbers_rise_by_one_whoever_writes(store: &dyn Messages) {
    let ada = person("ada");
    let batches = (0..20).map(|n| {
        let batch = (0..5).map(|m| Write::Post(message(&ada, &format!("{n} {m}"), None)));
        store.write(ops(), batch.collect())
    });
    let mut all: Vec<ChatMessage> = Vec::new();
    for written in join_all(batches).await {
        let posted: Vec<ChatMessage> = written
            .unwrap()
            .unwrap()
            .into_iter()
            .map(|written| match written {
                Written::Posted(message) => message,
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(posted.windows(2).all(|pair| pair[1].seq == pair[0].seq + 1), "a batch keeps its order");
        all.extend(posted);
    }
    all.sort_by_key(|message| message.seq);
    assert_eq!(all.iter().map(|message| message.seq).collect::<Vec<_>>(), (1..=100).collect::<Vec<_>>());
    assert_eq!(now(store).await, all, "what was answered is what is stored");
}

async fn a_client_id_is_one_message_for_good(store: &dyn Messages) {
    let (ada, bob) = (person("ada"), person("bob"));
    let post = |by: &Person, text: &str| Write::Post(message(by, text, Some("c")));
    let raced = join_all((0..8).map(|n| store.write(ops(), vec![post(&ada, &format!("try {n}"))]))).await;
    let raced: Vec<Written> = raced.into_iter().map(|written| written.unwrap().unwrap().remove(0)).collect();
    let first = raced.iter().find_map(|written| match written {
        Written::Posted(message) => Some(message.clone()),
        _ => None,
    });
    let first = first.unwrap();
    assert_eq!(raced.iter().filter(|written| **written == Written::Repeated(first.clone())).count(), 7);
    let same_batch = write(store, vec![post(&ada, "x"), post(&bob, "mine"), post(&bob, "again")]).await;
    assert!(matches!(&same_batch[..], [Written::Repeated(_), Written::Posted(_), Written::Repeated(_)]));
    let elsewhere = RoomName::parse("dev").unwrap();
    let written = store.write(elsewhere, vec![post(&ada, "x")]).await.unwrap().unwrap();
    assert!(matches!(written[0], Written::Posted(ref message) if message.seq == 1), "rooms count for themselves");
    let system = Write::Post(crate::ports::NewMessage { author: Author::System, ..message(&ada, "x", Some("c")) });
    assert!(matches!(write(store, vec![system.clone(), system]).await[..], [Written::Posted(_), Written::Repeated(_)]));
    assert_eq!(now(store).await.iter().map(|message| message.seq).collect::<Vec<_>>(), [1, 2, 3]);
}

async fn changes_take_numbers_and_show_in_the_message(store: &dyn Messages) {
    let (ada, bob) = (person("ada"), person("bob"));
    let said = say(store, &ada, "helo").await;
    let Written::Changed(edited) = change(store, &ada, said.id, edit("hello"), false).await else { panic!() };
    assert_eq!((edited.seq, &edited.by, edited.message_id), (2, &ada, said.id));
    assert_eq!(change(store, &ada, said.id, edit("hello"), false).await, Written::Unchanged);
    for (by, emoji) in [(&ada, "👍"), (&bob, "🔥"), (&bob, "👍")] {
        assert!(matches!(change(store, by, said.id, react(emoji, true), false).await, Written::Changed(_)));
    }
    assert_eq!(change(store, &bob, said.id, react("👍", true), false).await, Written::Unchanged);
    assert!(matches!(change(store, &bob, said.id, react("🔥", false), false).await, Written::Changed(_)));
    assert_eq!(change(store, &bob, said.id, react("🔥", false), false).await, Written::Unchanged);
    let message = now(store).await.remove(0);
    assert_eq!((message.seq, &*message.text, message.edited_at), (1, "hello", Some(at(9))));
    assert_eq!(message.reactions.len(), 1);
    assert_eq!((&*message.reactions[0].emoji, &message.reactions[0].people), ("👍", &vec![ada.clone(), bob]));
    assert_eq!(say(store, &ada, "next").await.seq, 7);
    for n in 0..49 {
        change(store, &ada, said.id, react(&format!("e{n}"), true), false).await;
    }
    assert_eq!(change(store, &ada, said.id, react("one more", true), false).await, Written::TooManyReactions);
}

async fn only_the_author_changes_a_message(store: &dyn Messages) {
    let (ada, bob) = (person("ada"), person("bob"));
    let said = say(store, &ada, "mine").await;
    assert_eq!(change(store, &bob, said.id, edit("x"), false).await, Written::NotYours);
    assert_eq!(
        change(store, &bob, said.id, edit("x"), true).await,
        Written::NotYours,
        "who moderates puts in no words"
    );
    assert_eq!(change(store, &bob, said.id, Changed::Deleted, false).await, Written::NotYours);
    assert_eq!(change(store, &ada, MessageId::new(at(0)), edit("x"), false).await, Written::UnknownMessage);
    let elsewhere = RoomName::parse("dev").unwrap();
    let stray = NewChange { message_id: said.id, by: ada, moderates: false, at: at(9), what: Changed::Deleted };
    let written = store.write(elsewhere, vec![Write::Change(stray)]).await.unwrap().unwrap();
    assert_eq!(written, [Written::UnknownMessage], "it is of another room");
    assert!(matches!(change(store, &bob, said.id, Changed::Deleted, true).await, Written::Changed(_)));
}

async fn what_was_taken_back_is_gone(store: &dyn Messages) {
    let ada = person("ada");
    let said = say(store, &ada, "secret").await;
    change(store, &ada, said.id, edit("still secret"), false).await;
    change(store, &ada, said.id, react("👍", true), false).await;
    assert!(matches!(change(store, &ada, said.id, Changed::Deleted, false).await, Written::Changed(_)));
    assert_eq!(change(store, &ada, said.id, Changed::Deleted, false).await, Written::Unchanged);
    for what in [edit("x"), react("👍", true)] {
        assert_eq!(change(store, &ada, said.id, what, false).await, Written::UnknownMessage);
    }
    let message = now(store).await.remove(0);
    assert!(message.deleted && message.text.is_empty() && message.reactions.is_empty());
    let missed = store.missed(ops(), 0, 9, 10).await.unwrap().unwrap();
    assert!(!format!("{missed:?}").contains("secret"), "nor does a replay tell it: {missed:?}");
}

async fn pages_and_what_was_missed(store: &dyn Messages) {
    let ada = person("ada");
    for n in 1..=5 {
        let said = say(store, &ada, &format!("m{n}")).await;
        if n == 3 {
            change(store, &ada, said.id, edit("three"), false).await;
        }
    }
    let seqs = async |page, limit| {
        let page = store.page(ops(), page, limit).await.unwrap();
        page.iter().map(|message| message.seq).collect::<Vec<_>>()
    };
    assert_eq!(seqs(Page::Latest, 2).await, [5, 6]);
    assert_eq!(seqs(Page::Before(5), 2).await, [2, 3]);
    assert_eq!(seqs(Page::Before(1), 2).await, [0; 0]);
    assert_eq!(seqs(Page::After(3), 9).await, [5, 6], "4 was a change");
    let missed = store.missed(ops(), 2, 5, 3).await.unwrap().unwrap();
    let texts: Vec<&str> = missed.messages.iter().map(|message| &*message.text).collect();
    assert_eq!((texts, missed.changes.len(), missed.changes[0].seq), (vec!["three", "m4"], 1, 4));
    assert_eq!(store.missed(ops(), 1, 5, 3).await.unwrap(), None, "four are too many");
    assert_eq!(store.missed(ops(), 6, 6, 3).await.unwrap(), Some(Default::default()));
}
