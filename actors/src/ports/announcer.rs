//! Saying something in a room in the name of the installation.

use async_trait::async_trait;

use super::MailError;
use crate::domain::RoomName;

/// Says something in rooms.
#[async_trait]
pub trait Announcer: Send + Sync + 'static {
    /// Says `text` in a group, which is made when it is missing. The same `key` in the same room again is the same
    /// message, so that a try whose answer was lost does no harm.
    async fn announce(&self, room: RoomName, text: String, key: String) -> Result<(), MailError>;
}
