//! People, groups and messages for the suites about chat.

use super::at;
use crate::domain::{Author, History, MessageId, Person, Room, RoomEpoch, RoomKind, RoomName, UserId};
use crate::ports::NewMessage;

/// Somebody new.
pub(super) fn person(name: &str) -> Person {
    Person { id: UserId::new(at(0)), name: name.into() }
}

/// A group that is to be made.
pub(super) fn group(name: &str) -> Room {
    Room {
        name: RoomName::parse(name).unwrap(),
        kind: RoomKind::Group,
        topic: String::new(),
        history: History::Durable,
        created_by: Some(UserId::new(at(0))),
        created_at: at(0),
        epoch: RoomEpoch::new(at(0)),
        seq: 0,
    }
}

/// A message that is to be stored.
pub(super) fn message(by: &Person, text: &str, client_id: Option<&str>) -> NewMessage {
    NewMessage {
        id: MessageId::new(at(0)),
        author: Author::Person(by.clone()),
        text: text.into(),
        at: at(0),
        client_id: client_id.map(str::to_owned),
        mentions: Vec::new(),
    }
}
