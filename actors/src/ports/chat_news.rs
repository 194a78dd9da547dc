//! News of chat between the servers of one installation.

use std::fmt;
use std::sync::Arc;

use crate::domain::{ChatMessage, Person, RoomEvent, RoomName, UserId};

/// The name of one server of an installation; of one run of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerName(Arc<str>);

impl ServerName {
    /// Takes a name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }
}

impl fmt::Display for ServerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What servers tell each other about chat. What is stored is told as a number, and read from the store by whoever needs
/// it; everything else may be lost without harm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatNews {
    /// Something happened in a room, or to it.
    Room(RoomName, RoomNews),
    /// There is a new room.
    Created {
        /// [`RoomEvent::Created`].
        event: Box<RoomEvent>,
        /// Who is told; everybody, where it is a group.
        to: Option<UserId>,
    },
    /// Something about who is connected to that server, whatever rooms they are in.
    People(PeopleNews),
}

/// Who is connected to a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeopleNews {
    /// It lives.
    Alive,
    /// Somebody's first connection to it came.
    Online(Person),
    /// Their last one went.
    Offline(UserId),
    /// All who are connected to it.
    Roll(Roll),
    /// It ends.
    Ended,
}

/// What happened in a room, at another server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomNews {
    /// Messages and changes are stored up to this number.
    Stored(u64),
    /// Something was said in a room that keeps nothing. Each server numbers it for itself.
    Said(Vec<ChatMessage>),
    /// The first connection of a person to that server came to the room, or they have another name.
    Came(Person),
    /// Their last one there went.
    Went(UserId),
    /// They left of their own accord, and belong to a group no more.
    Left {
        /// Who.
        user: UserId,
        /// Also with what they have at other servers.
        everywhere: bool,
    },
    /// Who is there by a connection to that server.
    Present(Roll),
    /// A room came to life and does not know who is there.
    WhoIsPresent,
    /// Somebody types, or does not any more.
    Typing(Person, bool),
    /// Somebody has read up to this number.
    Read(Person, u64),
    /// It is about something else.
    TopicChanged {
        /// About what.
        topic: String,
        /// Who changed it.
        by: Person,
    },
}

/// A list of people, or a part of one that is too long for one piece of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roll {
    /// They.
    pub people: Vec<Person>,
    /// Whether the list begins here.
    pub is_first: bool,
    /// How many are in the whole list.
    pub total: usize,
}

impl Roll {
    /// The most people of one part.
    pub const PART: usize = 200;

    /// A list in parts; one that is empty has one.
    #[must_use]
    pub fn parts(people: &[Person]) -> Vec<Self> {
        let total = people.len();
        let first = people.get(..total.min(Self::PART)).unwrap_or_default();
        let rest = people.get(first.len()..).unwrap_or_default();
        std::iter::once(Self { people: first.to_vec(), is_first: true, total })
            .chain(rest.chunks(Self::PART).map(|part| Self { people: part.to_vec(), is_first: false, total }))
            .collect()
    }
}

/// Puts the parts of a list together.
#[derive(Debug, Default)]
pub struct Gathering(Option<Vec<Person>>);

impl Gathering {
    /// Takes in a part; the list, when that was the end of it and nothing is missing. One of more than `most` is none.
    pub fn add(&mut self, part: Roll, most: usize) -> Option<Vec<Person>> {
        let Roll { people, is_first, total } = part;
        let before = if is_first { Some(Vec::new()) } else { self.0.take() };
        let mut gathered = before.filter(|before| before.len() + people.len() <= total.min(most))?;
        gathered.extend(people);
        if gathered.len() == total {
            return Some(gathered);
        }
        self.0 = Some(gathered);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(count: usize) -> Vec<Person> {
        let person = |n: usize| Person { id: uuid::Uuid::from_u128(n as u128).into(), name: "x".into() };
        (0..count).map(person).collect()
    }

    #[test]
    fn a_list_comes_apart_and_together() {
        for (count, parts) in [(0, 1), (1, 1), (200, 1), (201, 2), (1_000, 5)] {
            let rolls = Roll::parts(&people(count));
            assert_eq!(rolls.len(), parts, "{count}");
            let mut gathering = Gathering::default();
            let mut told: Vec<_> = rolls.into_iter().map(|part| gathering.add(part, 1_000)).collect();
            assert_eq!(told.pop(), Some(Some(people(count))));
            assert!(told.iter().all(Option::is_none));
        }
    }

    #[test]
    fn a_list_with_a_hole_is_none_and_neither_is_one_that_is_too_long() {
        let parts = Roll::parts(&people(500));
        for lost in 0..3 {
            let mut gathering = Gathering::default();
            for (_, part) in parts.iter().enumerate().filter(|(at, _)| *at != lost) {
                assert_eq!(gathering.add(part.clone(), 999), None, "without {lost}");
            }
        }
        let mut gathering = Gathering::default();
        assert!(parts.into_iter().all(|part| gathering.add(part, 499).is_none()));
    }
}
