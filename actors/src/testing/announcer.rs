//! Keeps what is announced, for tests to look at.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use crate::domain::RoomName;
use crate::ports::{Announcer, MailError};

/// Room, text and key of what was said.
#[derive(Debug, Default)]
pub struct FakeAnnouncer(Mutex<Vec<(String, String, String)>>);

impl FakeAnnouncer {
    /// All of it, in its order.
    #[must_use]
    pub fn said(&self) -> Vec<(String, String, String)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Announcer for FakeAnnouncer {
    async fn announce(&self, room: RoomName, text: String, key: String) -> Result<(), MailError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((room.to_string(), text, key));
        Ok(())
    }
}
