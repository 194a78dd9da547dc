//! What people want to be mailed about.

use async_trait::async_trait;

use super::PortError;
use crate::domain::{Choice, UserId};

/// The choices of people.
#[async_trait]
pub trait Choices: Send + Sync + 'static {
    /// What somebody has chosen; the default where they have chosen nothing.
    async fn get(&self, user: UserId) -> Result<Choice, PortError>;

    /// Puts a choice in the place of the one before.
    async fn put(&self, user: UserId, choice: Choice) -> Result<(), PortError>;

    /// The address of everybody who has chosen something and whose account is not shut, with the choice.
    async fn all(&self) -> Result<Vec<(String, Choice)>, PortError>;
}
