//! Rooms and people on the wire.

use serde::{Deserialize, Serialize};
use tocsin_actors::chat::Chat;
use tocsin_actors::domain::{Person, Room, RoomSummary};
use tocsin_actors::ports;
use utoipa::{IntoParams, ToSchema};

/// Which rooms.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ListQuery {
    /// Those with this in the name or the topic, without regard to case.
    pub(super) search: Option<String>,
    /// One's own rooms, direct ones too, with what is unread.
    pub(super) mine: Option<bool>,
    /// At most so many, 1 to 1000.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 1000, default = 100)]
    pub(super) limit: Option<String>,
    /// `next_cursor` of the page before, with the same other parameters.
    pub(super) cursor: Option<String>,
}

/// Which people.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct PeopleQuery {
    /// Those with this in the name, without regard to case.
    pub(super) search: Option<String>,
    /// At most so many, 1 to 1000.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 1000, default = 100)]
    pub(super) limit: Option<String>,
    /// `next_cursor` of the page before, with the same other parameters.
    pub(super) cursor: Option<String>,
}

/// A group that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewRoom {
    /// 1 to 64 of `a-z 0-9 _ -`, the first a letter or a digit; not beginning with `dm-`.
    #[schema(example = "ops")]
    pub(super) name: Option<String>,
    /// Another word for `name`, as sockets have it.
    pub(super) room: Option<String>,
    /// What it is about, up to 200 characters.
    pub(super) topic: Option<String>,
    /// `durable`, or `none` to keep nothing.
    #[schema(example = "durable")]
    pub(super) history: Option<String>,
}

/// What is to become of a room.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct RoomPatch {
    /// What it is about, up to 200 characters.
    pub(super) topic: String,
}

/// A topic.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Topic {
    /// What the room is about.
    pub(super) topic: String,
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Somebody)]
pub(in crate::http) struct Somebody {
    /// Who.
    #[schema(format = Uuid)]
    pub(super) id: String,
    /// What others see.
    pub(super) name: String,
    /// Whether they have a connection to chat.
    pub(super) online: bool,
}

/// A room.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Room)]
pub(in crate::http) struct RoomBody {
    /// Its name.
    #[schema(example = "ops")]
    name: String,
    /// Its name, as sockets call it.
    room: String,
    /// `group` or `direct`.
    kind: &'static str,
    /// What it is about.
    topic: String,
    /// `durable` or `none`.
    history: &'static str,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    created_at: Option<String>,
    /// Which counting `seq` belongs to.
    epoch: String,
    /// The number of the last message or change.
    seq: u64,
    /// People who are there now.
    online_count: usize,
    /// Up to where whoever asks has read.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_seq: Option<u64>,
    /// Messages of others after that; counting stops at 1000.
    #[serde(skip_serializing_if = "Option::is_none")]
    unread: Option<u64>,
    /// When something was last said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    last_at: Option<String>,
    /// The other one, in a direct room.
    #[serde(skip_serializing_if = "Option::is_none")]
    with: Option<Somebody>,
}

impl RoomBody {
    pub(super) fn of(room: &Room, chat: &Chat) -> Self {
        Self {
            name: room.name.to_string(),
            room: room.name.to_string(),
            kind: room.kind.as_str(),
            topic: room.topic.clone(),
            history: room.history.as_str(),
            created_at: Some(room.created_at.to_string()),
            epoch: room.epoch.to_string(),
            seq: room.seq,
            online_count: chat.rooms.living(&room.name).map_or(0, |(_, hub)| hub.people().len()),
            read_seq: None,
            unread: None,
            last_at: None,
            with: None,
        }
    }

    pub(super) fn of_mine(room: &RoomSummary, chat: &Chat) -> Self {
        let somebody = |person: &Person| Somebody {
            id: person.id.to_string(),
            name: person.name.to_string(),
            online: chat.people.is_online(person.id),
        };
        Self {
            name: room.name.to_string(),
            room: room.name.to_string(),
            kind: room.kind.as_str(),
            topic: room.topic.clone(),
            history: room.history.as_str(),
            created_at: None,
            epoch: room.epoch.to_string(),
            seq: room.seq,
            online_count: chat.rooms.living(&room.name).map_or(0, |(_, hub)| hub.people().len()),
            read_seq: Some(room.read_seq),
            unread: Some(room.unread),
            last_at: room.last_at.map(|at| at.to_string()),
            with: room.with.as_ref().map(somebody),
        }
    }

    pub(super) fn key(&self) -> String {
        self.name.clone()
    }
}

/// Somebody who belongs to a room.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Member)]
pub(in crate::http) struct Member {
    /// Who.
    #[schema(format = Uuid)]
    id: String,
    /// What others see.
    name: String,
    /// Whether they are in the room now.
    online: bool,
    /// Since when they belong to it.
    #[schema(format = DateTime)]
    joined_at: String,
}

impl Member {
    pub(super) fn of(member: &ports::Member, online: bool) -> Self {
        Self {
            id: member.person.id.to_string(),
            name: member.person.name.to_string(),
            online,
            joined_at: member.joined_at.to_string(),
        }
    }

    pub(super) fn key(&self) -> String {
        self.id.clone()
    }
}
