//! Where second factors of accounts are kept.

use std::time::Duration;

use async_trait::async_trait;

use super::PortError;
use crate::domain::{Timestamp, UserId};

/// The second factor of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The secret, sealed.
    pub sealed: String,
    /// Since when it is asked for; `None` while it waits to be confirmed.
    pub enabled_at: Option<Timestamp>,
    /// The last time step whose code was used; -1 before the first.
    pub last_step: i64,
    /// Recovery codes that were not used yet.
    pub recovery_codes: u32,
}

/// Second factors, at most one an account.
#[async_trait]
pub trait SecondFactors: Send + Sync + 'static {
    /// Stores a secret that waits to be confirmed, in the place of one that waits. [`PortError::Conflict`]
    /// `second_factor_enabled` when one is asked for already.
    async fn begin(&self, user: UserId, sealed: String, now: Timestamp) -> Result<(), PortError>;

    /// The second factor of an account, asked for or waiting.
    async fn get(&self, user: UserId) -> Result<Option<SecondFactor>, PortError>;

    /// Asks for it from now on, if exactly this secret waits: uses up the step and stores the digests of recovery codes.
    /// Whether it was so.
    async fn enable(
        &self,
        user: UserId,
        sealed: String,
        step: i64,
        codes: Vec<String>,
        now: Timestamp,
    ) -> Result<bool, PortError>;

    /// Counts a try of a code before it is looked at, in one step with the decision
    /// [`wait`](crate::auth::second_factor::code::wait). `Some` is how long to wait; that one was not counted.
    async fn attempt(&self, user: UserId, free: u32, now: Timestamp) -> Result<Option<Duration>, PortError>;

    /// Uses up a time step and all before it, and forgets the tries; `false`, and nothing is changed, when it was used up
    /// already or no second factor is asked for.
    async fn use_step(&self, user: UserId, step: i64) -> Result<bool, PortError>;

    /// Uses up a recovery code by its digest, and forgets the tries; whether it was there.
    async fn use_recovery_code(&self, user: UserId, digest: String) -> Result<bool, PortError>;

    /// Puts other recovery codes in the place of those there are; `false` when no second factor is asked for.
    async fn renew(&self, user: UserId, codes: Vec<String>) -> Result<bool, PortError>;

    /// Removes a second factor that is asked for, with its recovery codes; whether there was one.
    async fn disable(&self, user: UserId) -> Result<bool, PortError>;
}
