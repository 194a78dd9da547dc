//! Who belongs to which room, whether they are there or not.

use async_trait::async_trait;

use super::PortError;
use crate::domain::{Person, RoomName, Timestamp, UserId};

/// Somebody who belongs to a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who; the name as it was when they last joined.
    pub person: Person,
    /// Since when.
    pub joined_at: Timestamp,
}

/// Room membership.
#[async_trait]
pub trait Membership: Send + Sync + 'static {
    /// Adds a member; one who is there already keeps `joined_at` and gets the name. Whether they are new.
    async fn add(&self, room: RoomName, member: Member) -> Result<bool, PortError>;

    /// Removes a member; whether there was one.
    async fn remove(&self, room: RoomName, user: UserId) -> Result<bool, PortError>;

    /// Whether this person belongs to a room.
    async fn has(&self, room: RoomName, user: UserId) -> Result<bool, PortError>;

    /// The members of a room, at most so many, in no order.
    async fn members(&self, room: RoomName, limit: usize) -> Result<Vec<Member>, PortError>;

    /// The rooms of a person, at most so many, by name.
    async fn rooms_of(&self, user: UserId, limit: usize) -> Result<Vec<RoomName>, PortError>;
}
