//! Others who know people: OAuth 2.0 (RFC 6749) with PKCE (RFC 7636), and OpenID Connect.

use async_trait::async_trait;

use crate::domain::{Profile, Timestamp};

/// The secrets of one try to sign in. Has no `Debug`.
#[derive(Clone)]
pub struct Attempt {
    /// Comes back with the answer (RFC 6749, section 4.1.1).
    pub state: String,
    /// Comes back inside the ID token (OpenID Connect Core, section 3.1.2.1).
    pub nonce: String,
    /// The PKCE code verifier; only its SHA-256 leaves with the browser.
    pub verifier: String,
}

/// Why a provider did not say who somebody is. The sentences are for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OAuthError {
    /// It cannot be reached, or does not answer as the standards say.
    #[error("the provider does not answer: {0}")]
    Unreachable(String),
    /// Its answer is not to be believed, or it says no.
    #[error("the provider's answer was refused: {0}")]
    Refused(String),
}

/// One provider.
#[async_trait]
pub trait OAuthProvider: Send + Sync + 'static {
    /// Its short name, in paths.
    fn id(&self) -> &str;

    /// For its button.
    fn name(&self) -> &str;

    /// Where the browser is sent.
    async fn authorization_url(&self, attempt: &Attempt, now: Timestamp) -> Result<String, OAuthError>;

    /// Trades the code for who it is. `issuer` is the parameter `iss` of the answer (RFC 9207), if it had one.
    async fn profile(
        &self,
        code: String,
        issuer: Option<String>,
        attempt: &Attempt,
        now: Timestamp,
    ) -> Result<Profile, OAuthError>;
}
