//! Where rules are kept.

use async_trait::async_trait;

use super::PortError;
use crate::domain::{Rule, RuleId};

/// The rules.
#[async_trait]
pub trait Rules: Send + Sync + 'static {
    /// Stores the rules of the configuration in an installation that never had any; returns whether it did. A default
    /// rule that was deleted does not come back.
    async fn install_defaults(&self, rules: Vec<Rule>) -> Result<bool, PortError>;

    /// All rules, by name.
    async fn list(&self) -> Result<Vec<Rule>, PortError>;

    /// One rule.
    async fn get(&self, id: RuleId) -> Result<Option<Rule>, PortError>;
}
