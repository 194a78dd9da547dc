//! Access tokens: signed, short-lived, checked without a store.

use crate::domain::{Role, SessionId, Timestamp, UserId};

/// What an access token says (RFC 9068 names: `sub`, `sid`, `exp`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Whose token it is.
    pub user_id: UserId,
    /// Which sign-in it belongs to.
    pub session_id: SessionId,
    /// Their role when it was issued.
    pub role: Role,
    /// Their name when it was issued.
    pub name: String,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// An access token was refused. What exactly was wrong is nobody's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the access token is not valid or has expired")]
pub struct TokenRefused;

/// Signs and checks access tokens.
pub trait AccessTokens: Send + Sync + 'static {
    /// A signed token.
    ///
    /// # Errors
    /// A sentence for the log when the key cannot sign.
    fn issue(&self, claims: &Claims, now: Timestamp) -> Result<String, String>;

    /// Checks signature, algorithm, type, issuer, audience and times.
    ///
    /// # Errors
    /// [`TokenRefused`], whatever was wrong.
    fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, TokenRefused>;
}
