//! Providers of sign-ins: OAuth 2.0 (RFC 6749, RFC 9700) and OpenID Connect Core 1.0.
//!
//! ```text
//! browser ── authorization_url ──> the provider's page ── code ──> browser ──> our callback
//! profile: code ── back channel ──> tokens ──> ID token, or the provider's API ──> who it is
//! ```

mod channel;
mod flow;
mod github;
mod id_token;
mod keys;
mod oidc;

use std::sync::Arc;

use tocsin_actors::ports::OAuthProvider;

use self::channel::Channel;
use self::flow::Registration;

/// What kind of provider it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// OpenID Connect, found by its issuer.
    OpenId {
        /// The URL under which its discovery document lies.
        issuer: String,
    },
    /// GitHub, or a GitHub Enterprise Server.
    GitHub {
        /// The address of an Enterprise Server; `None` for github.com.
        base_url: Option<String>,
    },
}

/// One provider, as the configuration describes it.
#[derive(Clone)]
pub struct Description {
    /// Its short name, in paths.
    pub id: String,
    /// For its button.
    pub name: String,
    /// What it speaks.
    pub kind: Kind,
    /// How it knows us.
    pub client_id: String,
    /// How we prove it.
    pub client_secret: String,
    /// What is asked for; empty for what is usual.
    pub scopes: Vec<String>,
    /// Where it sends browsers back to.
    pub redirect_uri: String,
}

/// The providers, in the same order.
///
/// # Errors
/// A sentence for whoever starts the server.
pub fn providers(descriptions: Vec<Description>) -> Result<Vec<Arc<dyn OAuthProvider>>, String> {
    if descriptions.is_empty() {
        return Ok(Vec::new());
    }
    let channel = Channel::new()?;
    descriptions.into_iter().map(|description| provider(description, channel.clone())).collect()
}

fn provider(description: Description, channel: Channel) -> Result<Arc<dyn OAuthProvider>, String> {
    let Description { id, name, kind, client_id, client_secret, scopes, redirect_uri } = description;
    let registration = Registration::new(client_id, client_secret, scopes, redirect_uri)
        .map_err(|error| format!("oauth.providers: {id}: {error}"))?;
    Ok(match kind {
        Kind::OpenId { issuer } => Arc::new(oidc::OpenId::new(id, name, issuer, registration, channel)),
        Kind::GitHub { base_url } => {
            Arc::new(github::GitHub::new(id, name, base_url.as_deref(), registration, channel))
        }
    })
}
