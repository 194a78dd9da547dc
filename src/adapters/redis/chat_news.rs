//! News of chat, as it is written on the channel.

use serde::{Deserialize, Serialize};
use tocsin_actors::domain::{Author, ChatMessage, Person, RoomEvent, RoomKind, RoomName, Timestamp, UserId};
use tocsin_actors::ports::{ChatNews, PeopleNews, Roll, RoomNews};

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(super) enum ChatBody {
    Stored {
        room: String,
        seq: u64,
    },
    Said {
        room: String,
        messages: Vec<Said>,
    },
    Came {
        room: String,
        person: Somebody,
    },
    Went {
        room: String,
        user: String,
    },
    Left {
        room: String,
        user: String,
        everywhere: bool,
    },
    Present {
        room: String,
        people: Vec<Somebody>,
        first: bool,
        total: usize,
    },
    WhoIsPresent {
        room: String,
    },
    Alive,
    Online {
        person: Somebody,
    },
    Offline {
        user: String,
    },
    People {
        people: Vec<Somebody>,
        first: bool,
        total: usize,
    },
    Ended,
    Typing {
        room: String,
        person: Somebody,
        typing: bool,
    },
    Read {
        room: String,
        person: Somebody,
        seq: u64,
    },
    Topic {
        room: String,
        topic: String,
        by: Somebody,
    },
    Created {
        room: String,
        pair: Option<(String, String)>,
        topic: String,
        by: Somebody,
        with: Option<Somebody>,
        to: Option<String>,
    },
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Somebody {
    id: String,
    name: String,
}

/// A message of a room that keeps nothing: nothing became of it yet.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Said {
    id: String,
    seq: u64,
    by: By,
    text: String,
    at: i64,
    client_id: Option<String>,
    mentions: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    Person(Somebody),
    Service(Somebody),
    System,
}

impl ChatBody {
    /// Nothing where it is no news.
    pub(super) fn of(news: &ChatNews) -> Option<Self> {
        Some(match news {
            ChatNews::Room(room, news) => Self::of_room(room.to_string(), news),
            ChatNews::Created { event, to } => Self::of_new(event, *to)?,
            ChatNews::People(PeopleNews::Alive) => Self::Alive,
            ChatNews::People(PeopleNews::Online(person)) => Self::Online { person: person.into() },
            ChatNews::People(PeopleNews::Offline(user)) => Self::Offline { user: user.to_string() },
            ChatNews::People(PeopleNews::Roll(Roll { people, is_first, total })) => {
                Self::People { people: somebodies(people), first: *is_first, total: *total }
            }
            ChatNews::People(PeopleNews::Ended) => Self::Ended,
        })
    }

    fn of_new(event: &RoomEvent, to: Option<UserId>) -> Option<Self> {
        let RoomEvent::Created { room, kind, topic, by, with } = event else { return None };
        Some(Self::Created {
            room: room.to_string(),
            pair: match kind {
                RoomKind::Group => None,
                RoomKind::Direct(first, second) => Some((first.to_string(), second.to_string())),
            },
            topic: topic.clone(),
            by: by.into(),
            with: with.as_ref().map(Somebody::from),
            to: to.map(|to| to.to_string()),
        })
    }

    fn of_room(room: String, news: &RoomNews) -> Self {
        match news {
            RoomNews::Stored(seq) => Self::Stored { room, seq: *seq },
            RoomNews::Said(messages) => Self::Said { room, messages: messages.iter().map(Said::from).collect() },
            RoomNews::Came(person) => Self::Came { room, person: person.into() },
            RoomNews::Went(user) => Self::Went { room, user: user.to_string() },
            RoomNews::Left { user, everywhere } => Self::Left { room, user: user.to_string(), everywhere: *everywhere },
            RoomNews::Present(Roll { people, is_first, total }) => {
                Self::Present { room, people: somebodies(people), first: *is_first, total: *total }
            }
            RoomNews::WhoIsPresent => Self::WhoIsPresent { room },
            RoomNews::Typing(person, typing) => Self::Typing { room, person: person.into(), typing: *typing },
            RoomNews::Read(person, seq) => Self::Read { room, person: person.into(), seq: *seq },
            RoomNews::TopicChanged { topic, by } => Self::Topic { room, topic: topic.clone(), by: by.into() },
        }
    }

    /// Nothing where it is none of ours.
    pub(super) fn news(self) -> Option<ChatNews> {
        let of = |room: String, news| Some(ChatNews::Room(RoomName::parse(&room).ok()?, news));
        let people = |news| Some(ChatNews::People(news));
        match self {
            Self::Stored { room, seq } => of(room, RoomNews::Stored(seq)),
            Self::Said { room, messages } => {
                of(room, RoomNews::Said(messages.into_iter().map(Said::message).collect::<Option<_>>()?))
            }
            Self::Came { room, person } => of(room, RoomNews::Came(person.person()?)),
            Self::Went { room, user } => of(room, RoomNews::Went(user.parse().ok()?)),
            Self::Left { room, user, everywhere } => of(room, RoomNews::Left { user: user.parse().ok()?, everywhere }),
            Self::Present { room, people, first, total } => of(room, RoomNews::Present(roll(people, first, total)?)),
            Self::WhoIsPresent { room } => of(room, RoomNews::WhoIsPresent),
            Self::Typing { room, person, typing } => of(room, RoomNews::Typing(person.person()?, typing)),
            Self::Read { room, person, seq } => of(room, RoomNews::Read(person.person()?, seq)),
            Self::Topic { room, topic, by } => of(room, RoomNews::TopicChanged { topic, by: by.person()? }),
            Self::Alive => people(PeopleNews::Alive),
            Self::Online { person } => people(PeopleNews::Online(person.person()?)),
            Self::Offline { user } => people(PeopleNews::Offline(user.parse().ok()?)),
            Self::People { people: all, first, total } => people(PeopleNews::Roll(roll(all, first, total)?)),
            Self::Ended => people(PeopleNews::Ended),
            Self::Created { room, pair, topic, by, with, to } => {
                let event = RoomEvent::Created {
                    room: RoomName::parse(&room).ok()?,
                    kind: match pair {
                        None => RoomKind::Group,
                        Some((first, second)) => RoomKind::direct(first.parse().ok()?, second.parse().ok()?),
                    },
                    topic,
                    by: by.person()?,
                    with: with.map(|with| with.person().ok_or(())).transpose().ok()?,
                };
                let to = to.map(|to| to.parse::<UserId>()).transpose().ok()?;
                Some(ChatNews::Created { event: Box::new(event), to })
            }
        }
    }
}

fn somebodies(people: &[Person]) -> Vec<Somebody> {
    people.iter().map(Somebody::from).collect()
}

fn roll(people: Vec<Somebody>, is_first: bool, total: usize) -> Option<Roll> {
    let people = people.into_iter().map(Somebody::person).collect::<Option<_>>()?;
    Some(Roll { people, is_first, total })
}

impl From<&Person> for Somebody {
    fn from(person: &Person) -> Self {
        Self { id: person.id.to_string(), name: person.name.to_string() }
    }
}

impl Somebody {
    fn person(self) -> Option<Person> {
        Some(Person { id: self.id.parse().ok()?, name: self.name.into() })
    }
}

impl From<&ChatMessage> for Said {
    fn from(message: &ChatMessage) -> Self {
        Self {
            id: message.id.to_string(),
            seq: message.seq,
            by: match &message.author {
                Author::Person(person) => By::Person(person.into()),
                Author::Service { key_id, name } => {
                    By::Service(Somebody { id: key_id.to_string(), name: name.to_string() })
                }
                Author::System => By::System,
            },
            text: message.text.clone(),
            at: message.at.as_millis(),
            client_id: message.client_id.clone(),
            mentions: message.mentions.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Said {
    fn message(self) -> Option<ChatMessage> {
        Some(ChatMessage {
            id: self.id.parse().ok()?,
            seq: self.seq,
            author: match self.by {
                By::Person(person) => Author::Person(person.person()?),
                By::Service(Somebody { id, name }) => Author::Service { key_id: id.parse().ok()?, name: name.into() },
                By::System => Author::System,
            },
            text: self.text,
            at: Timestamp::clamped(self.at),
            client_id: self.client_id,
            mentions: self.mentions.iter().map(|user| user.parse()).collect::<Result<_, _>>().ok()?,
            edited_at: None,
            deleted: false,
            reactions: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use tocsin_actors::domain::{ApiKeyId, MessageId};

    use super::*;

    #[test]
    fn what_is_told_of_chat_is_heard() {
        let now = Timestamp::clamped(1_764_000_000_123);
        let room = RoomName::parse("ops").unwrap();
        let [ada, bob] = ["Ada \"A\" Ü", ""].map(|name| Person { id: UserId::new(now), name: name.into() });
        let said = ChatMessage {
            id: MessageId::new(now),
            seq: 7,
            author: Author::Person(ada.clone()),
            text: "\u{1f525}\n".into(),
            at: now,
            client_id: Some("c".into()),
            mentions: vec![bob.id],
            edited_at: None,
            deleted: false,
            reactions: Vec::new(),
        };
        let by_service = ChatMessage {
            author: Author::Service { key_id: ApiKeyId::new(now), name: "key".into() },
            client_id: None,
            mentions: Vec::new(),
            ..said.clone()
        };
        let by_system = ChatMessage { author: Author::System, ..by_service.clone() };
        let created = |kind, with| RoomEvent::Created {
            room: room.clone(),
            kind,
            topic: "what burns".into(),
            by: ada.clone(),
            with,
        };
        let of_room = [
            RoomNews::Stored(u64::MAX),
            RoomNews::Said(vec![said, by_service, by_system]),
            RoomNews::Came(ada.clone()),
            RoomNews::Went(ada.id),
            RoomNews::Left { user: ada.id, everywhere: true },
            RoomNews::Present(Roll { people: vec![ada.clone(), bob.clone()], is_first: true, total: 9 }),
            RoomNews::WhoIsPresent,
            RoomNews::Typing(bob.clone(), false),
            RoomNews::Read(ada.clone(), 7),
            RoomNews::TopicChanged { topic: String::new(), by: bob.clone() },
        ];
        let all = of_room.map(|news| ChatNews::Room(room.clone(), news)).into_iter().chain([
            ChatNews::Created { event: Box::new(created(RoomKind::Group, None)), to: None },
            ChatNews::Created {
                event: Box::new(created(RoomKind::direct(ada.id, bob.id), Some(bob.clone()))),
                to: Some(ada.id),
            },
        ]);
        let of_people = [
            PeopleNews::Alive,
            PeopleNews::Online(ada.clone()),
            PeopleNews::Offline(ada.id),
            PeopleNews::Roll(Roll { people: vec![bob], is_first: false, total: 1 }),
            PeopleNews::Ended,
        ];
        for news in all.chain(of_people.map(ChatNews::People)) {
            let text = serde_json::to_string(&ChatBody::of(&news).unwrap()).unwrap();
            assert_eq!(serde_json::from_str::<ChatBody>(&text).unwrap().news(), Some(news), "{text}");
        }
    }

    #[test]
    fn what_no_server_would_say_is_nothing() {
        for text in [
            r#"{"what":"stored","room":"No Room","seq":1}"#,
            r#"{"what":"came","room":"ops","person":{"id":"x","name":"Ada"}}"#,
            r#"{"what":"left","room":"ops","user":"","everywhere":false}"#,
        ] {
            assert_eq!(serde_json::from_str::<ChatBody>(text).unwrap().news(), None, "{text}");
        }
    }
}
