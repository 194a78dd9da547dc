//! Rooms, and up to where people have read in them.

use async_trait::async_trait;

use super::PortError;
use crate::domain::{Room, RoomName, Timestamp, UserId};

/// Which groups, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListRooms {
    /// Those with this in the name or the topic, without regard to case; all when empty.
    pub containing: String,
    /// After this one.
    pub after: Option<RoomName>,
    /// At most so many.
    pub limit: usize,
}

/// A room as one of its members finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRoom {
    /// The room.
    pub room: Room,
    /// Up to where they have read.
    pub read_seq: u64,
    /// Messages of others after that which were not taken back; counting stops at
    /// [`crate::domain::RoomSummary::UNREAD_MAX`].
    pub unread: u64,
    /// When something was last said.
    pub last_at: Option<Timestamp>,
}

/// Rooms.
#[async_trait]
pub trait Rooms: Send + Sync + 'static {
    /// Makes a group. [`PortError::Conflict`] `room_exists` when the name is taken, `too_many_rooms` when there are
    /// `at_most` groups already.
    async fn create(&self, room: Room, at_most: u64) -> Result<(), PortError>;

    /// The direct room of the two in `room.kind`: the one there is, or else this one; whether it is new.
    async fn direct(&self, room: Room) -> Result<(Room, bool), PortError>;

    /// A room as it is now.
    async fn get(&self, name: RoomName) -> Result<Option<Room>, PortError>;

    /// These rooms as they are now, in no order; those that do not exist are left out.
    async fn several(&self, names: Vec<RoomName>) -> Result<Vec<Room>, PortError>;

    /// Groups, by name.
    async fn list(&self, query: ListRooms) -> Result<Vec<Room>, PortError>;

    /// These rooms as this person finds them; those that do not exist are left out.
    async fn read_by(&self, reader: UserId, names: Vec<RoomName>) -> Result<Vec<ReadRoom>, PortError>;

    /// Sets what a room is about; `false` when there is no such room.
    async fn set_topic(&self, name: RoomName, topic: String) -> Result<bool, PortError>;

    /// Notes that this person has read up to here, and never takes it back; up to where they have now.
    async fn mark_read(&self, name: RoomName, reader: UserId, seq: u64) -> Result<u64, PortError>;

    /// Up to where this person has read; 0 when nothing is known.
    async fn read_mark(&self, name: RoomName, reader: UserId) -> Result<u64, PortError>;
}
