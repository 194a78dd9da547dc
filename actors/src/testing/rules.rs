//! Rules that do not change.

use async_trait::async_trait;

use crate::domain::{Rule, RuleId};
use crate::ports::{PortError, Rules};

/// One rule, whatever is asked for.
#[derive(Debug, Clone)]
pub struct OneRule(pub Rule);

#[async_trait]
impl Rules for OneRule {
    async fn install_defaults(&self, _: Vec<Rule>) -> Result<bool, PortError> {
        Ok(false)
    }

    async fn list(&self) -> Result<Vec<Rule>, PortError> {
        Ok(vec![self.0.clone()])
    }

    async fn get(&self, _: RuleId) -> Result<Option<Rule>, PortError> {
        Ok(Some(self.0.clone()))
    }

    async fn create(&self, _: Rule, _: usize) -> Result<(), PortError> {
        Ok(())
    }

    async fn replace(&self, _: Rule) -> Result<bool, PortError> {
        Ok(true)
    }

    async fn remove(&self, _: RuleId) -> Result<bool, PortError> {
        Ok(true)
    }
}
