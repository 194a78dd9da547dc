//! A store of links that is always busy, for tests that are about something else.

use async_trait::async_trait;

use crate::domain::{Timestamp, User, UserId};
use crate::ports::{AccountMail, LinkKind, Links, PortError};

/// Answers busy.
#[derive(Debug, Clone, Copy)]
pub struct BusyLinks;

const BUSY: PortError = PortError::Busy("the test");

#[async_trait]
impl Links for BusyLinks {
    async fn issue(&self, _: AccountMail) -> Result<bool, PortError> {
        Err(BUSY)
    }
    async fn peek(&self, _: LinkKind, _: String, _: Timestamp) -> Result<Option<User>, PortError> {
        Err(BUSY)
    }
    async fn reset(&self, _: String, _: String, _: Timestamp) -> Result<Option<User>, PortError> {
        Err(BUSY)
    }
    async fn verify(&self, _: String, _: Timestamp) -> Result<Option<User>, PortError> {
        Err(BUSY)
    }
    async fn vouch(&self, _: UserId) -> Result<(), PortError> {
        Err(BUSY)
    }
    async fn end_of(&self, _: UserId) -> Result<(), PortError> {
        Err(BUSY)
    }
    async fn sweep(&self, _: Timestamp) -> Result<(), PortError> {
        Err(BUSY)
    }
}
