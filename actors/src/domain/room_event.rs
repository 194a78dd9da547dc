//! What those who are in rooms are told, and what they are answered.

use super::{ChatMessage, ConnectionId, History, Person, RoomChange, RoomEpoch, RoomKind, RoomName, Timestamp, UserId};

/// News of a room, in the past tense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomEvent {
    /// This connection is signed in.
    Welcome {
        /// As whom.
        user: Person,
        /// What this connection is called in the log.
        connection: ConnectionId,
    },
    /// Somebody said something.
    Said {
        /// Where.
        room: RoomName,
        /// What.
        message: ChatMessage,
    },
    /// A message changed.
    Changed {
        /// Where.
        room: RoomName,
        /// How.
        change: RoomChange,
    },
    /// The first connection of a person came.
    Joined {
        /// Where.
        room: RoomName,
        /// Who.
        user: Person,
    },
    /// The last connection of a person went.
    Left {
        /// Where.
        room: RoomName,
        /// Who.
        user: Person,
    },
    /// In a room of many: how many came and went lately.
    MembersChanged {
        /// Where.
        room: RoomName,
        /// Members now.
        members: usize,
        /// Of those, present now.
        online: usize,
        /// Came since the last of these.
        joined: u32,
        /// Went since the last of these.
        left: u32,
    },
    /// Somebody types, or does not any more.
    Typing {
        /// Where.
        room: RoomName,
        /// Who.
        user: Person,
        /// Whether they do.
        typing: bool,
    },
    /// A member has a connection now, or none any more.
    Presence {
        /// Who.
        user: Person,
        /// Whether they have.
        online: bool,
    },
    /// There is a new room.
    Created {
        /// Its name.
        room: RoomName,
        /// Who it is for.
        kind: RoomKind,
        /// What it is about.
        topic: String,
        /// Who made it.
        by: Person,
        /// The other one, in a direct room, as the receiver sees it.
        with: Option<Person>,
    },
    /// A room is about something else.
    TopicChanged {
        /// Which.
        room: RoomName,
        /// About what.
        topic: String,
        /// Who changed it.
        by: Person,
    },
    /// Somebody has read up to here.
    Read {
        /// Where.
        room: RoomName,
        /// Who.
        user: Person,
        /// Up to this place.
        seq: u64,
    },
    /// Something may have been missed: join again, with `since`.
    Resync {
        /// Where.
        room: RoomName,
    },
}

impl RoomEvent {
    /// Whether a slow reader may miss it.
    #[must_use]
    pub fn is_droppable(&self) -> bool {
        matches!(self, Self::Typing { .. } | Self::Presence { .. } | Self::MembersChanged { .. } | Self::Read { .. })
    }
}

/// Which of a client's requests an answer belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplyTo {
    /// The JSON text of a plain frame's `id`; `null` where it had none.
    Plain(Box<str>),
    /// The number of a Socket.IO acknowledgement.
    Acknowledgement(i64),
    /// Nobody waits for it.
    Nobody,
}

impl ReplyTo {
    /// Whether the client told how it knows the answer.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        match self {
            Self::Plain(id) => &**id != "null",
            Self::Acknowledgement(_) => true,
            Self::Nobody => false,
        }
    }
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// A stable slug.
    pub code: &'static str,
    /// A sentence that says what to do.
    pub detail: String,
    /// Where the fault lies, as a JSON pointer (RFC 6901).
    pub path: Option<String>,
}

impl Refusal {
    /// A refusal that is about the request as a whole.
    #[must_use]
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), path: None }
    }

    /// For a room that there is not, or not for whoever asks.
    #[must_use]
    pub fn unknown_room() -> Self {
        Self::new("unknown_room", "There is no such room. Create it, or choose one of the list.")
    }
}

/// One of a person's rooms, in their list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomSummary {
    /// The room.
    pub name: RoomName,
    /// Who it is for.
    pub kind: RoomKind,
    /// What it is about.
    pub topic: String,
    /// What is kept.
    pub history: History,
    /// Which counting.
    pub epoch: RoomEpoch,
    /// The last number.
    pub seq: u64,
    /// Up to where this person has read.
    pub read_seq: u64,
    /// Messages of others after that; counting stops at [`RoomSummary::UNREAD_MAX`].
    pub unread: u64,
    /// When something was last said.
    pub last_at: Option<Timestamp>,
    /// The other one, in a direct room.
    pub with: Option<Person>,
}

impl RoomSummary {
    /// Where counting of unread messages stops.
    pub const UNREAD_MAX: u64 = 1_000;
}

/// What a request came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nothing more to say.
    Done,
    /// This room.
    Room {
        /// Which.
        room: RoomName,
    },
    /// A room was made.
    Created {
        /// Which.
        room: RoomName,
        /// What is kept.
        history: History,
        /// Which counting.
        epoch: RoomEpoch,
    },
    /// In the room from now on.
    Joined(Box<Joined>),
    /// It was stored, or was there already.
    Posted {
        /// The message.
        message: ChatMessage,
    },
    /// It was changed.
    Changed {
        /// The place of the change; `None` when nothing was different.
        seq: Option<u64>,
        /// When.
        at: Timestamp,
    },
    /// Messages, in their order.
    History {
        /// They.
        messages: Vec<ChatMessage>,
    },
    /// Who is there.
    Online {
        /// They.
        online: Vec<Person>,
    },
    /// The topic as it is now.
    Topic {
        /// It.
        topic: String,
    },
    /// The rooms of whoever asks.
    Rooms {
        /// They.
        rooms: Vec<RoomSummary>,
    },
}

/// What a joiner needs to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The room.
    pub room: RoomName,
    /// Who it is for.
    pub kind: RoomKind,
    /// What it is about.
    pub topic: String,
    /// What is kept.
    pub history: History,
    /// Which counting.
    pub epoch: RoomEpoch,
    /// Everything up to here is in this answer or in the history; everything after comes as events.
    pub seq: u64,
    /// Up to where this person has read.
    pub read_seq: u64,
    /// The first of the members, by name.
    pub members: Vec<Person>,
    /// How many there are.
    pub member_count: usize,
    /// How many of them are present.
    pub online_count: usize,
    /// What was missed, when the joiner said what it saw last.
    pub replay: Option<Replay>,
}

/// What a joiner missed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replay {
    /// Whether this is all of it. If not, there is nothing here: read the history instead.
    pub recovered: bool,
    /// What was said.
    pub messages: Vec<ChatMessage>,
    /// What changed.
    pub changes: Vec<RoomChange>,
}

/// Who is meant, of those in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// All.
    All,
    /// All but this person.
    Others(UserId),
    /// This person alone.
    Only(UserId),
}
