//! Who does a credential belong to? Access tokens need no store; API keys are looked up.

use std::sync::Arc;

use crate::domain::Principal;
use crate::ports::{AccessTokens, Accounts, Clock, PortError, Secrets};

/// What every API key begins with.
pub const KEY_PREFIX: &str = "tcs_";

/// Recognises credentials.
#[derive(Clone)]
pub struct Identity {
    /// Checks access tokens.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Knows API keys.
    pub accounts: Arc<dyn Accounts>,
    /// Digests them.
    pub secrets: Arc<dyn Secrets>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Identity {
    /// Whose credential it is; `None` when it is not valid.
    ///
    /// # Errors
    /// When the store of API keys cannot be read.
    pub async fn identify(&self, credential: &str) -> Result<Option<Principal>, PortError> {
        let now = self.clock.now();
        if !credential.starts_with(KEY_PREFIX) {
            let claims = self.access_tokens.verify(credential, now).ok();
            return Ok(claims.map(|claims| Principal::Person {
                user_id: claims.user_id,
                session_id: claims.session_id,
                role: claims.role,
                name: claims.name,
            }));
        }
        let key = self.accounts.key_by_digest(self.secrets.digest(credential), now).await?;
        let valid = key.filter(|key| key.expires_at.is_none_or(|expires_at| now < expires_at));
        Ok(valid.map(|key| Principal::Service { key_id: key.id, name: key.name, scopes: key.scopes }))
    }
}
