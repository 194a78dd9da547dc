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

    /// Stores a new one, unless there are `max` already. [`PortError::Conflict`] with `rule_name_taken` or
    /// `too_many_rules` otherwise.
    async fn create(&self, rule: Rule, max: usize) -> Result<(), PortError>;

    /// Puts a rule in the place of the one with its id; `false` when there is none. [`PortError::Conflict`] with
    /// `rule_name_taken` when another one has its name.
    async fn replace(&self, rule: Rule) -> Result<bool, PortError>;

    /// Removes one; `false` when there is none. Its incidents stay.
    async fn remove(&self, id: RuleId) -> Result<bool, PortError>;
}
