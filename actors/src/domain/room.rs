//! Rooms: where people talk.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use super::{Invalid, RoomEpoch, Timestamp, UserId};

/// What the names of direct rooms begin with; nobody else may take such a name.
const DIRECT_PREFIX: &str = "dm-";

/// The name of a room: 1 to 64 characters of `a-z 0-9 _ -`, the first a letter or a digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomName(Arc<str>);

impl RoomName {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 64;

    /// Checks and takes a name.
    ///
    /// # Errors
    /// When it is empty, too long, or has another character than the allowed ones.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        let begins = text.bytes().next().is_some_and(plain);
        if !begins || text.len() > Self::MAX_CHARS || !text.bytes().all(|c| plain(c) || c == b'_' || c == b'-') {
            return Err(Invalid("must be 1 to 64 characters of a-z 0-9 _ -, the first a letter or a digit".into()));
        }
        Ok(Self(text.into()))
    }

    /// Checks and takes the name of a new group.
    ///
    /// # Errors
    /// When it is no name, or one that direct rooms have.
    pub fn parse_group(text: &str) -> Result<Self, Invalid> {
        let name = Self::parse(text)?;
        if name.is_direct() {
            return Err(Invalid(format!("must not begin with {DIRECT_PREFIX}: so begin the names of direct rooms")));
        }
        Ok(name)
    }

    /// A fresh name for a direct room.
    #[must_use]
    pub fn direct(random: Uuid) -> Self {
        Self(format!("{DIRECT_PREFIX}{}", random.simple()).into())
    }

    /// Whether direct rooms have such names.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        self.0.starts_with(DIRECT_PREFIX)
    }

    /// The text of the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a room is about, in a line: up to 200 characters.
pub const TOPIC_MAX_CHARS: usize = 200;

/// Who a room is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoomKind {
    /// Everybody who is signed in.
    Group,
    /// These two alone; for everybody else it does not exist. The smaller id comes first.
    Direct(UserId, UserId),
}

impl RoomKind {
    /// The kind of the direct room of two people, or with oneself.
    #[must_use]
    pub fn direct(one: UserId, other: UserId) -> Self {
        Self::Direct(one.min(other), one.max(other))
    }

    /// Whether this person may know of the room.
    #[must_use]
    pub fn admits(self, user: UserId) -> bool {
        match self {
            Self::Group => true,
            Self::Direct(first, second) => user == first || user == second,
        }
    }

    /// The other one, in a direct room.
    #[must_use]
    pub fn other_than(self, user: UserId) -> Option<UserId> {
        match self {
            Self::Group => None,
            Self::Direct(first, second) => Some(if user == first { second } else { first }),
        }
    }

    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Direct(..) => "direct",
        }
    }
}

/// What is kept of what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum History {
    /// Everything, acknowledged after it is stored.
    Durable,
    /// Nothing: pure fan-out to those who are there.
    None,
}

impl History {
    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Durable => "durable",
            Self::None => "none",
        }
    }

    /// From the word of the API.
    ///
    /// # Errors
    /// When it is another word.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "durable" => Ok(Self::Durable),
            "none" => Ok(Self::None),
            _ => Err(Invalid("must be durable or none".into())),
        }
    }
}

/// A room as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its name, which no other has.
    pub name: RoomName,
    /// Who it is for.
    pub kind: RoomKind,
    /// What it is about; may be empty.
    pub topic: String,
    /// What is kept.
    pub history: History,
    /// Who made it; nobody in particular where the installation did.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Timestamp,
    /// Which counting `seq` belongs to.
    pub epoch: RoomEpoch,
    /// The number of the last message or change; 0 before the first.
    pub seq: u64,
}

/// A place in the numbers of a room, for resuming.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamPosition {
    /// Which counting.
    pub epoch: RoomEpoch,
    /// The last number that was seen.
    pub seq: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_slugs_and_those_of_direct_rooms_are_reserved() {
        let longest = "x".repeat(64);
        for good in ["a", "0", "incident-1_b", &longest] {
            assert!(RoomName::parse_group(good).is_ok(), "{good}");
        }
        let long = "x".repeat(65);
        for bad in ["", "-a", "_a", "A", "a b", "ä", "a/b", "a\n", &long] {
            assert!(RoomName::parse(bad).is_err(), "{bad}");
        }
        assert!(RoomName::parse_group("dm-x").is_err());
        assert!(RoomName::parse(RoomName::direct(Uuid::nil()).as_str()).is_ok());
    }

    #[test]
    fn a_direct_room_admits_its_two_and_is_the_same_from_both_sides() {
        let [ada, bob, eve] = [1, 2, 3].map(|n| UserId::from(Uuid::from_u128(n)));
        let kind = RoomKind::direct(bob, ada);
        assert_eq!(kind, RoomKind::direct(ada, bob));
        assert!(kind.admits(ada) && kind.admits(bob) && !kind.admits(eve));
        assert_eq!((kind.other_than(ada), kind.other_than(bob)), (Some(bob), Some(ada)));
        assert!(RoomKind::Group.admits(eve));
    }
}
