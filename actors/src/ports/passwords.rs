//! Hashing passwords, which is slow on purpose.

use async_trait::async_trait;

use super::PortError;

/// The answer to a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// It is not the one.
    Wrong,
    /// It is.
    Right,
    /// It is, and the stored hash was made with other parameters than today's.
    RightButOutdated,
    /// The stored hash is damaged, or would cost more to check than any of ours: it opens nothing.
    Unusable,
}

/// Hashes and checks passwords in a pool of its own; a full pool answers [`PortError::Busy`] at once.
#[async_trait]
pub trait Passwords: Send + Sync + 'static {
    /// A PHC string of the password, with a fresh salt.
    async fn hash(&self, password: String) -> Result<String, PortError>;

    /// Checks a password. With `None` it says [`Verified::Wrong`], so that an unknown account answers like a known one;
    /// that and [`Verified::Unusable`] take the time of a real check.
    async fn verify(&self, password: String, stored: Option<String>) -> Result<Verified, PortError>;
}
