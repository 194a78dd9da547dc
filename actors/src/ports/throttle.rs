//! How often somebody may try.

use std::num::NonZeroU32;
use std::time::Duration;

use async_trait::async_trait;

use super::PortError;

/// What is tried, and so how often it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// From one address, whatever the account.
    Address,
    /// At one account, wherever from; or, at that account, from one device that it has signed in on before.
    Account,
    /// Tickets for websockets, by one person.
    Ticket,
}

impl Counted {
    /// The word by which stores tell kinds apart.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Account => "account",
            Self::Ticket => "ticket",
        }
    }
}

/// How many attempts a minute are let through, and as many at once after a quiet minute.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// From one address.
    pub per_address: NonZeroU32,
    /// At one account.
    pub per_account: NonZeroU32,
    /// Tickets of one person.
    pub tickets: NonZeroU32,
}

impl Rates {
    /// That of one kind.
    #[must_use]
    pub fn of(self, what: Counted) -> NonZeroU32 {
        match what {
            Counted::Address => self.per_address,
            Counted::Account => self.per_account,
            Counted::Ticket => self.tickets,
        }
    }
}

/// Counts attempts: so many at once, and after that so many a minute.
#[async_trait]
pub trait Throttle: Send + Sync + 'static {
    /// Counts one attempt of `who`. `Some` is how long to wait before the next one is allowed; that one was not counted.
    async fn attempt(&self, what: Counted, who: String) -> Result<Option<Duration>, PortError>;
}
