//! What a chat session accepts from its carrier.

use std::time::Instant;

use actix::Message;

use crate::domain::{Changed, History, MessageId, Refusal, ReplyTo, RoomName, StreamPosition, UserId};
use crate::ports::Page;

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Make a group.
    CreateRoom {
        /// Its name.
        room: RoomName,
        /// What it is about.
        topic: String,
        /// What is kept.
        history: History,
    },
    /// Be in a room, with this connection.
    Join {
        /// Which.
        room: RoomName,
        /// What was seen last.
        since: Option<StreamPosition>,
    },
    /// Leave a room.
    Leave {
        /// Which.
        room: RoomName,
        /// With all connections of this person.
        everywhere: bool,
    },
    /// Open the direct room with somebody.
    Direct {
        /// Whom.
        user: UserId,
    },
    /// Say something.
    Send {
        /// Where.
        room: RoomName,
        /// What.
        text: String,
        /// What the client calls it.
        client_id: Option<String>,
        /// Whom it calls.
        mentions: Vec<UserId>,
    },
    /// Change something that was said.
    Change {
        /// Where.
        room: RoomName,
        /// Which message.
        message_id: MessageId,
        /// How.
        what: Changed,
    },
    /// Typing, or not any more.
    Typing {
        /// Where.
        room: RoomName,
        /// Whether.
        typing: bool,
    },
    /// Read what was said.
    History {
        /// Where.
        room: RoomName,
        /// Which part.
        page: Page,
        /// At most so many.
        limit: usize,
    },
    /// "I have read up to here."
    Read {
        /// Where.
        room: RoomName,
        /// Up to this place.
        seq: u64,
    },
    /// Who is there?
    Presence {
        /// Where.
        room: RoomName,
    },
    /// Let the room be about something else.
    SetTopic {
        /// Which.
        room: RoomName,
        /// About what.
        topic: String,
    },
    /// Which rooms are mine?
    Rooms,
    /// Are you there?
    Ping,
}

impl Command {
    /// Whether only a refusal is answered, unless the client waits for an answer.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        matches!(self, Self::Typing { .. })
    }
}

/// A client's request, decoded, or why it could not be.
#[derive(Debug, Clone, Message)]
#[rtype(result = "()")]
pub struct Request {
    /// What the answer belongs to.
    pub to: ReplyTo,
    /// What is asked for.
    pub command: Result<Command, Refusal>,
    /// When it came.
    pub accepted_at: Instant,
}
