//! A store of accounts that is always busy, for tests that are about something else.

use async_trait::async_trait;

use crate::domain::UserId;
use crate::ports::{ListUsers, PortError, UserChange, UserChanged, UserRow, Users};

/// Answers busy.
#[derive(Debug, Clone, Copy)]
pub struct BusyUsers;

const BUSY: PortError = PortError::Busy("the test");

#[async_trait]
impl Users for BusyUsers {
    async fn list(&self, _: ListUsers) -> Result<Vec<UserRow>, PortError> {
        Err(BUSY)
    }
    async fn get(&self, _: UserId) -> Result<Option<UserRow>, PortError> {
        Err(BUSY)
    }
    async fn change(&self, _: UserChange) -> Result<Option<UserChanged>, PortError> {
        Err(BUSY)
    }
}
