//! Tickets for websockets. No actor: each stands for itself, and that one is used once the store sees to.

use std::sync::Arc;
use std::time::Duration;

use super::messages::AuthError;
use super::revoked::Revoked;
use crate::domain::Principal;
use crate::ports::{Clock, Counted, Grant, PortError, Secrets, Throttle, Tickets};

/// How long a ticket is good.
pub const LIFETIME: Duration = Duration::from_secs(30);

const PREFIX: &str = "tct_";
/// Longer than any ticket of ours.
const TICKET_MAX: usize = 128;

/// Issues tickets and takes them back.
#[derive(Clone)]
pub struct WsTickets {
    /// Where they wait.
    pub tickets: Arc<dyn Tickets>,
    /// Randomness and digests.
    pub secrets: Arc<dyn Secrets>,
    /// Which sign-ins have ended.
    pub revoked: Arc<Revoked>,
    /// How often one person may ask.
    pub throttle: Arc<dyn Throttle>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl WsTickets {
    /// A ticket for [`LIFETIME`]. 256 bits; only its digest is kept.
    ///
    /// # Errors
    /// When this person asks too often, or too many tickets wait.
    pub async fn issue(&self, grant: Grant) -> Result<String, AuthError> {
        if let Some(wait) = self.throttle.attempt(Counted::Ticket, grant.user_id.to_string()).await? {
            return Err(AuthError::TooMany(wait));
        }
        let ticket = format!("{PREFIX}{}", self.secrets.random());
        let now = self.clock.now();
        self.tickets.issue(self.secrets.digest(&ticket), grant, now, now.plus(LIFETIME)).await?;
        Ok(ticket)
    }

    /// Uses a ticket up: whom it lets in, unless their sign-in has ended meanwhile.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn redeem(&self, ticket: &str) -> Result<Option<Principal>, PortError> {
        if ticket.len() > TICKET_MAX || !ticket.starts_with(PREFIX) {
            return Ok(None);
        }
        let grant = self.tickets.take(self.secrets.digest(ticket), self.clock.now()).await?;
        Ok(grant.filter(|grant| !self.revoked.contains(grant.session_id)).map(Principal::from))
    }
}
