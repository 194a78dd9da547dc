//! What a room accepts, and what it answers.

use std::sync::Arc;
use std::time::Instant;

use actix::Message;

use crate::domain::{
    Answer, Broadcast, Changed, ChatMessage, ConnectionId, Event, MessageId, Person, Refusal, ReplyTo, StreamPosition,
    Timestamp, UserId,
};
use crate::ports::NewMessage;
use crate::session::outbox::Outbox;

/// Why a room did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomError {
    /// It may not, or cannot be done.
    Refused(Refusal),
    /// This actor has retired: ask the one that lives now.
    Retired,
}

impl From<Refusal> for RoomError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Let a connection in. The answer goes into its outbox, before any event that is not in it.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<(), RoomError>")]
pub struct Join {
    /// Which connection.
    pub connection: ConnectionId,
    /// Whose.
    pub person: Person,
    /// Where its events go.
    pub outbox: Arc<Outbox>,
    /// What it saw last.
    pub since: Option<StreamPosition>,
    /// Which request this is.
    pub to: ReplyTo,
}

/// A person leaves of their own accord.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<(), RoomError>")]
pub struct Leave {
    /// With which connection.
    pub connection: ConnectionId,
    /// Who.
    pub user: UserId,
    /// With all their connections.
    pub everywhere: bool,
}

/// A connection is gone.
#[derive(Debug, Clone, Copy, Message)]
#[rtype(result = "()")]
pub struct Gone {
    /// Which.
    pub connection: ConnectionId,
    /// Whose.
    pub user: UserId,
}

/// Say something.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<ChatMessage, RoomError>")]
pub struct Post {
    /// What.
    pub message: NewMessage,
    /// When the request was accepted.
    pub accepted_at: Instant,
    /// Who is answered by the room itself once it is said: just before the event, so that both go in one write.
    pub receipt: Option<Receipt>,
}

/// Where a room answers that something was said. Refusals are left to whoever asked the room.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The outbox of the connection.
    pub outbox: Arc<Outbox>,
    /// What the answer belongs to.
    pub to: ReplyTo,
}

impl Receipt {
    /// Answers.
    pub(super) fn give(self, message: &ChatMessage) {
        if self.to == ReplyTo::Nobody {
            return;
        }
        let result = Ok(Answer::Posted { message: message.clone() });
        // A closed outbox means that the connection is going; its session tells.
        let _ = self.outbox.push(Broadcast::new(Event::Reply { to: self.to, result }, None));
    }
}

/// Change something that was said.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<(Option<u64>, Timestamp), RoomError>")]
pub struct Change {
    /// Which message.
    pub message_id: MessageId,
    /// Who does it.
    pub by: Person,
    /// Whether they may take back what others said.
    pub moderates: bool,
    /// What.
    pub what: Changed,
}

/// Somebody types, or stops.
#[derive(Debug, Clone, Copy, Message)]
#[rtype(result = "Result<(), RoomError>")]
pub struct Typing {
    /// With which connection.
    pub connection: ConnectionId,
    /// Who.
    pub user: UserId,
    /// Whether they do.
    pub typing: bool,
}

/// Somebody has read up to here.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<(), RoomError>")]
pub struct Read {
    /// Who.
    pub person: Person,
    /// Up to where.
    pub seq: u64,
}

/// A member has a connection to the server now, or none any more.
#[derive(Debug, Clone, Message)]
#[rtype(result = "()")]
pub struct Presence {
    /// Who.
    pub person: Person,
    /// Whether they have.
    pub online: bool,
}

/// The room is to be about something else.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<(), RoomError>")]
pub struct SetTopic {
    /// About what.
    pub topic: String,
    /// Who wants it.
    pub by: Person,
}

/// Who is there?
#[derive(Debug, Clone, Copy, Message)]
#[rtype(result = "Result<Vec<Person>, RoomError>")]
pub struct WhoIsThere;

/// Whether this person belongs to the room.
#[derive(Debug, Clone, Copy, Message)]
#[rtype(result = "Result<bool, RoomError>")]
pub struct IsMember(pub UserId);
