use std::sync::Arc;

use futures_util::future::join_all;

use super::at;
use super::chatting::{group, message, person};
use crate::domain::{Room, RoomKind, RoomName, UserId};
use crate::ports::{ListRooms, Messages, PortError, Rooms, Write};

/// What [`Rooms`] promises. The messages are of the same store.
///
/// # Panics
/// Where a promise is broken.
pub async fn rooms(make: impl AsyncFn() -> (Arc<dyn Rooms>, Arc<dyn Messages>)) {
    groups_have_names_of_their_own(&*make().await.0).await;
    there_are_so_many_groups_and_no_more(&*make().await.0).await;
    two_people_have_one_room(&*make().await.0).await;
    groups_are_listed_by_name_and_found_by_what_they_contain(&*make().await.0).await;
    several_are_read_at_once(&*make().await.0).await;
    marks_only_go_forward(&*make().await.0).await;
    let (rooms, messages) = make().await;
    unread_is_what_others_said_since(&*rooms, &*messages).await;
}

fn direct(one: UserId, other: UserId) -> Room {
    let random = crate::domain::MessageId::new(at(0)).uuid();
    Room { name: RoomName::direct(random), kind: RoomKind::direct(one, other), ..group("x") }
}

async fn groups_have_names_of_their_own(store: &dyn Rooms) {
    let room = group("ops");
    store.create(room.clone(), 10).await.unwrap();
    assert_eq!(store.get(room.name.clone()).await.unwrap(), Some(room.clone()), "every field is kept");
    assert_eq!(store.create(group("ops"), 10).await, Err(PortError::Conflict("room_exists")));
    let made = join_all((0..6).map(|_| store.create(group("raced"), 10))).await;
    assert_eq!(made.into_iter().filter(Result::is_ok).count(), 1);
    assert_eq!(store.get(RoomName::parse("nowhere").unwrap()).await.unwrap(), None);
    assert!(store.set_topic(room.name.clone(), "on fire".into()).await.unwrap());
    assert_eq!(store.get(room.name).await.unwrap().unwrap().topic, "on fire");
    assert!(!store.set_topic(RoomName::parse("nowhere").unwrap(), "x".into()).await.unwrap());
}

async fn there_are_so_many_groups_and_no_more(store: &dyn Rooms) {
    store.direct(direct(person("a").id, person("b").id)).await.unwrap();
    store.create(group("one"), 2).await.unwrap();
    store.create(group("two"), 2).await.unwrap();
    assert_eq!(store.create(group("three"), 2).await, Err(PortError::Conflict("too_many_rooms")));
    assert_eq!(store.get(RoomName::parse("three").unwrap()).await.unwrap(), None, "nothing of it is left");
}

async fn two_people_have_one_room(store: &dyn Rooms) {
    let (ada, bob, eve) = (person("ada").id, person("bob").id, person("eve").id);
    let opened = join_all((0..6).map(|n| {
        let (one, other) = if n % 2 == 0 { (ada, bob) } else { (bob, ada) };
        store.direct(direct(one, other))
    }));
    let opened: Vec<(Room, bool)> = opened.await.into_iter().map(Result::unwrap).collect();
    assert_eq!(opened.iter().filter(|(_, is_new)| *is_new).count(), 1);
    assert!(opened.iter().all(|(room, _)| room.name == opened[0].0.name));
    assert_eq!(store.get(opened[0].0.name.clone()).await.unwrap().unwrap().kind, RoomKind::direct(ada, bob));
    let (other, is_new) = store.direct(direct(ada, eve)).await.unwrap();
    assert!(is_new && other.name != opened[0].0.name);
    let (alone, is_new) = store.direct(direct(ada, ada)).await.unwrap();
    assert!(is_new && alone.kind == RoomKind::direct(ada, ada), "a room with oneself");
}

async fn groups_are_listed_by_name_and_found_by_what_they_contain(store: &dyn Rooms) {
    for (name, topic) in [("b", "ÄRGER"), ("c", ""), ("a-b", "")] {
        store.create(Room { topic: topic.into(), ..group(name) }, 10).await.unwrap();
    }
    store.direct(direct(person("a").id, person("b").id)).await.unwrap();
    let list = async |containing: &str, after: Option<&str>, limit| {
        let after = after.map(|name| RoomName::parse(name).unwrap());
        let found = store.list(ListRooms { containing: containing.into(), after, limit }).await.unwrap();
        found.into_iter().map(|room| room.name.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(list("", None, 9).await, ["a-b", "b", "c"]);
    assert_eq!(list("", Some("a-b"), 1).await, ["b"]);
    assert_eq!(list("B", None, 9).await, ["a-b", "b"]);
    assert_eq!(list("ärger", None, 9).await, ["b"], "upper and lower case are alike");
}

async fn several_are_read_at_once(store: &dyn Rooms) {
    let rooms = ["a", "b", "c"].map(group);
    for room in &rooms {
        store.create(room.clone(), 10).await.unwrap();
    }
    let names = ["c", "nowhere", "a"].map(|name| RoomName::parse(name).unwrap());
    let mut found = store.several(names.to_vec()).await.unwrap();
    found.sort_by(|one, other| one.name.cmp(&other.name));
    let [a, _, c] = rooms;
    assert_eq!(found, [a, c]);
    assert_eq!(store.several(Vec::new()).await.unwrap(), []);
}

async fn marks_only_go_forward(store: &dyn Rooms) {
    let (room, ada) = (group("ops"), person("ada").id);
    store.create(room.clone(), 10).await.unwrap();
    assert_eq!(store.read_mark(room.name.clone(), ada).await.unwrap(), 0);
    assert_eq!(store.mark_read(room.name.clone(), ada, 7).await.unwrap(), 7);
    assert_eq!(store.mark_read(room.name.clone(), ada, 3).await.unwrap(), 7);
    assert_eq!(store.read_mark(room.name.clone(), ada).await.unwrap(), 7);
    assert_eq!(store.read_mark(room.name, person("bob").id).await.unwrap(), 0);
}

async fn unread_is_what_others_said_since(rooms: &dyn Rooms, messages: &dyn Messages) {
    let (room, ada, bob) = (group("ops"), person("ada"), person("bob"));
    rooms.create(room.clone(), 10).await.unwrap();
    let said = [&bob, &ada, &bob, &bob].map(|who| Write::Post(message(who, "x", None)));
    messages.write(room.name.clone(), said.to_vec()).await.unwrap().unwrap();
    let nowhere = RoomName::parse("nowhere").unwrap();
    let read = rooms.read_by(ada.id, vec![room.name.clone(), nowhere]).await.unwrap();
    assert_eq!(read.len(), 1, "what does not exist is left out");
    assert_eq!((read[0].unread, read[0].read_seq, read[0].room.seq), (3, 0, 4));
    assert_eq!(read[0].last_at, Some(at(0)));
    rooms.mark_read(room.name.clone(), ada.id, 3).await.unwrap();
    assert_eq!(rooms.read_by(ada.id, vec![room.name]).await.unwrap()[0].unread, 1);
}
