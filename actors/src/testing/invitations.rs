//! A store of invitations that is always busy, for tests that are about something else.

use async_trait::async_trait;

use crate::domain::{Invitation, InvitationId, Timestamp, User};
use crate::ports::{Invitations, NewInvitation, NewUser, PortError};

/// Answers busy.
#[derive(Debug, Clone, Copy)]
pub struct BusyInvitations;

const BUSY: PortError = PortError::Busy("the test");

#[async_trait]
impl Invitations for BusyInvitations {
    async fn invite(&self, _: NewInvitation, _: usize) -> Result<Option<Invitation>, PortError> {
        Err(BUSY)
    }
    async fn pending(&self, _: Timestamp) -> Result<Vec<Invitation>, PortError> {
        Err(BUSY)
    }
    async fn withdraw(&self, _: InvitationId) -> Result<bool, PortError> {
        Err(BUSY)
    }
    async fn peek(&self, _: String, _: Timestamp) -> Result<Option<Invitation>, PortError> {
        Err(BUSY)
    }
    async fn of_address(&self, _: String, _: Timestamp) -> Result<Option<Invitation>, PortError> {
        Err(BUSY)
    }
    async fn accept(&self, _: String, _: NewUser) -> Result<Option<User>, PortError> {
        Err(BUSY)
    }
    async fn sweep(&self, _: Timestamp) -> Result<(), PortError> {
        Err(BUSY)
    }
}
