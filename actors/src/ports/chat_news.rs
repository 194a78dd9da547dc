//! News of chat between the servers of one installation.

use std::fmt;
use std::sync::Arc;

use crate::domain::RoomName;

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
/// it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatNews {
    /// The messages and changes of a room are stored up to here.
    Stored {
        /// Which room.
        room: RoomName,
        /// Up to this number.
        seq: u64,
    },
}
