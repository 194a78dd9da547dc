//! Rooms and messages, as REST, websockets and Socket.IO show them.

use serde::Serialize;
use tocsin_actors::domain::{Author, Changed, ChatMessage, Person, RoomChange, RoomSummary};
use utoipa::ToSchema;

/// A person as others see them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub(crate) struct PersonBody<'a> {
    /// Who.
    #[schema(format = Uuid)]
    id: String,
    /// What others see.
    #[schema(example = "Ada")]
    name: &'a str,
}

impl<'a> From<&'a Person> for PersonBody<'a> {
    fn from(person: &'a Person) -> Self {
        Self { id: person.id.to_string(), name: &person.name }
    }
}

/// Who said something.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Author)]
pub(crate) struct AuthorBody<'a> {
    /// A user, or the API key of a service; empty for the system.
    id: String,
    /// What others see.
    #[schema(example = "Ada")]
    name: &'a str,
}

impl<'a> From<&'a Author> for AuthorBody<'a> {
    fn from(author: &'a Author) -> Self {
        Self { id: author.id(), name: author.name() }
    }
}

/// Who reacted with what.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reaction)]
pub(crate) struct ReactionBody<'a> {
    /// With what.
    #[schema(example = "👍")]
    emoji: &'a str,
    /// Who, the first one first.
    users: Vec<PersonBody<'a>>,
}

/// A message as it is now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Message)]
pub(crate) struct MessageBody<'a> {
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
    /// Who said it.
    author: AuthorBody<'a>,
    /// What; empty once it was taken back.
    text: &'a str,
    /// When it was stored.
    #[schema(format = DateTime)]
    at: String,
    /// What its sender calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    /// Whom it calls.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<String>,
    /// When its text was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    edited_at: Option<String>,
    /// Whether it was taken back.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deleted: bool,
    /// Reactions, those first that came first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reactions: Vec<ReactionBody<'a>>,
    /// `service` or `system`, where no person speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
}

impl<'a> From<&'a ChatMessage> for MessageBody<'a> {
    fn from(message: &'a ChatMessage) -> Self {
        let reaction = |reaction: &'a tocsin_actors::domain::Reaction| ReactionBody {
            emoji: &reaction.emoji,
            users: reaction.people.iter().map(PersonBody::from).collect(),
        };
        Self {
            id: message.id.to_string(),
            author: (&message.author).into(),
            text: &message.text,
            at: message.at.to_string(),
            client_id: message.client_id.as_deref(),
            mentions: message.mentions.iter().map(ToString::to_string).collect(),
            edited_at: message.edited_at.map(|at| at.to_string()),
            deleted: message.deleted,
            reactions: message.reactions.iter().map(reaction).collect(),
            kind: (!matches!(message.author, Author::Person(_))).then(|| message.author.kind()),
        }
    }
}

/// A message and its place.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlacedMessage)]
pub(crate) struct PlacedBody<'a> {
    /// Its place in the room.
    seq: u64,
    /// The message.
    message: MessageBody<'a>,
}

impl<'a> From<&'a ChatMessage> for PlacedBody<'a> {
    fn from(message: &'a ChatMessage) -> Self {
        Self { seq: message.seq, message: message.into() }
    }
}

/// A change to a message.
#[derive(Debug, Serialize)]
pub(crate) struct ChangeBody<'a> {
    seq: u64,
    message_id: String,
    user: PersonBody<'a>,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<bool>,
}

impl<'a> From<&'a RoomChange> for ChangeBody<'a> {
    fn from(change: &'a RoomChange) -> Self {
        let (text, emoji, on) = match &change.what {
            Changed::Edited { text } => (Some(text.as_str()), None, None),
            Changed::Deleted => (None, None, None),
            Changed::Reacted { emoji, on } => (None, Some(emoji.as_str()), Some(*on)),
        };
        Self {
            seq: change.seq,
            message_id: change.message_id.to_string(),
            user: (&change.by).into(),
            at: change.at.to_string(),
            text,
            emoji,
            on,
        }
    }
}

/// What a change is called.
pub(crate) fn change_name(change: &RoomChange) -> &'static str {
    match change.what {
        Changed::Edited { .. } => "message_edited",
        Changed::Deleted => "message_deleted",
        Changed::Reacted { .. } => "reaction",
    }
}

/// One of a person's rooms.
#[derive(Debug, Serialize)]
pub(crate) struct SummaryBody<'a> {
    room: &'a str,
    kind: &'static str,
    topic: &'a str,
    history: &'static str,
    epoch: String,
    seq: u64,
    read_seq: u64,
    unread: u64,
    last_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    with: Option<PersonBody<'a>>,
}

impl<'a> From<&'a RoomSummary> for SummaryBody<'a> {
    fn from(room: &'a RoomSummary) -> Self {
        Self {
            room: room.name.as_str(),
            kind: room.kind.as_str(),
            topic: &room.topic,
            history: room.history.as_str(),
            epoch: room.epoch.to_string(),
            seq: room.seq,
            read_seq: room.read_seq,
            unread: room.unread,
            last_at: room.last_at.map(|at| at.to_string()),
            with: room.with.as_ref().map(PersonBody::from),
        }
    }
}
