//! What is said in rooms. A room's messages and changes are numbered from 1, rising by one without a gap.

use async_trait::async_trait;

use super::PortError;
use crate::domain::{Author, Changed, ChatMessage, MessageId, Person, RoomChange, RoomName, Timestamp, UserId};

/// Something that takes the next number of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Say something.
    Post(NewMessage),
    /// Change something that was said.
    Change(NewChange),
}

/// A message that is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Its identity.
    pub id: MessageId,
    /// Who says it.
    pub author: Author,
    /// What.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// The same of the same author in the same room again is the same message, for good.
    pub client_id: Option<String>,
    /// Whom it calls.
    pub mentions: Vec<UserId>,
}

/// A change that is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// Which message.
    pub message_id: MessageId,
    /// Who does it.
    pub by: Person,
    /// Whether they may take back what others said.
    pub moderates: bool,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Changed,
}

/// What became of a [`Write`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// It is stored.
    Posted(ChatMessage),
    /// It was there already, as it is now.
    Repeated(ChatMessage),
    /// The message was changed.
    Changed(RoomChange),
    /// Nothing was different: the same reaction, the same text, deleted already.
    Unchanged,
    /// There is no such message in this room, or it was taken back.
    UnknownMessage,
    /// Only whoever said it may do this.
    NotYours,
    /// The message has as many different reactions as it may have.
    TooManyReactions,
}

/// Which messages, always in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The last ones.
    Latest,
    /// The last ones before this place.
    Before(u64),
    /// The first ones after this place.
    After(u64),
}

/// What came after a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Missed {
    /// What was said, as it is now.
    pub messages: Vec<ChatMessage>,
    /// What changed.
    pub changes: Vec<RoomChange>,
}

/// The messages of rooms with [`crate::domain::History::Durable`].
#[async_trait]
pub trait Messages: Send + Sync + 'static {
    /// Stores these in their order, all or none, and answers after the commit, one answer each. `None` when there is
    /// no such room.
    async fn write(&self, room: RoomName, writes: Vec<Write>) -> Result<Option<Vec<Written>>, PortError>;

    /// Reads messages as they are now, in their order.
    async fn page(&self, room: RoomName, page: Page, limit: usize) -> Result<Vec<ChatMessage>, PortError>;

    /// Messages and changes after one place and up to another; `None` when there are more than `limit`.
    async fn missed(&self, room: RoomName, after: u64, upto: u64, limit: usize) -> Result<Option<Missed>, PortError>;
}
