//! What is said in rooms, and what becomes of it.

use std::sync::Arc;

use super::{ApiKeyId, MessageId, Timestamp, UserId};

/// The longest text, in characters.
pub const TEXT_MAX_CHARS: usize = 8_000;
/// The longest `client_id`, in characters.
pub const CLIENT_ID_MAX_CHARS: usize = 64;
/// The longest emoji, in characters: some are many joined ones.
pub const EMOJI_MAX_CHARS: usize = 16;
/// The most people that one message mentions.
pub const MENTIONS_MAX: usize = 50;

/// A person as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// What others see.
    pub name: Arc<str>,
}

/// Who said something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    /// A person.
    Person(Person),
    /// A service, by its API key.
    Service {
        /// Which key.
        key_id: ApiKeyId,
        /// The key's name.
        name: Arc<str>,
    },
    /// Tocsin itself.
    System,
}

impl Author {
    /// What the system is called.
    pub const SYSTEM_NAME: &'static str = "Tocsin";

    /// What others see.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person(person) => &person.name,
            Self::Service { name, .. } => name,
            Self::System => Self::SYSTEM_NAME,
        }
    }

    /// The word of the API.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Service { .. } => "service",
            Self::System => "system",
        }
    }

    /// What tells this author from every other: an id, or nothing for the system.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::Person(person) => person.id.to_string(),
            Self::Service { key_id, .. } => key_id.to_string(),
            Self::System => String::new(),
        }
    }

    /// Whether this person said it.
    #[must_use]
    pub fn is(&self, user: UserId) -> bool {
        matches!(self, Self::Person(person) if person.id == user)
    }
}

/// Who reacted with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// With what.
    pub emoji: String,
    /// Who, in the order in which they did.
    pub people: Vec<Person>,
}

/// A message as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatMessage {
    /// Its identity.
    pub id: MessageId,
    /// Its place in the room.
    pub seq: u64,
    /// Who said it.
    pub author: Author,
    /// What; empty once it was deleted.
    pub text: String,
    /// When it was stored.
    pub at: Timestamp,
    /// What the sender calls it: the same again is the same message.
    pub client_id: Option<String>,
    /// Whom it calls.
    pub mentions: Vec<UserId>,
    /// When its text was last changed.
    pub edited_at: Option<Timestamp>,
    /// Whether it was taken back.
    pub deleted: bool,
    /// Reactions, those first that came first.
    pub reactions: Vec<Reaction>,
}

/// What happened to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// It has another text.
    Edited {
        /// The text.
        text: String,
    },
    /// It was taken back.
    Deleted,
    /// Somebody reacted, or does not any more.
    Reacted {
        /// With what.
        emoji: String,
        /// Whether they do.
        on: bool,
    },
}

/// A change to a message, with a place of its own in the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomChange {
    /// Its place in the room.
    pub seq: u64,
    /// Which message.
    pub message_id: MessageId,
    /// Who did it.
    pub by: Person,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Changed,
}
