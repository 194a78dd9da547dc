//! News of chat, as it is written on the channel.

use serde::{Deserialize, Serialize};
use tocsin_actors::domain::RoomName;
use tocsin_actors::ports::ChatNews;

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(super) enum ChatBody {
    Stored { room: String, seq: u64 },
}

impl ChatBody {
    pub(super) fn of(news: &ChatNews) -> Self {
        match news {
            ChatNews::Stored { room, seq } => Self::Stored { room: room.to_string(), seq: *seq },
        }
    }

    /// Nothing where it is none of ours.
    pub(super) fn news(self) -> Option<ChatNews> {
        Some(match self {
            Self::Stored { room, seq } => ChatNews::Stored { room: RoomName::parse(&room).ok()?, seq },
        })
    }
}
