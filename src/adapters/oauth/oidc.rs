//! OpenID Connect: discovery, the code flow, and what the ID token says.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use oauth2::{AuthType, AuthUrl, TokenResponse as _, TokenUrl};
use serde::Deserialize;
use serde_json::Value;
use tocsin_actors::domain::{Profile, Timestamp};
use tocsin_actors::ports::{Attempt, OAuthError, OAuthProvider};
use tokio::sync::Mutex;

use super::channel::{Channel, LEFT_ALONE};
use super::flow::{Endpoints, Registration};
use super::id_token::{self, Claims, Expected};
use super::keys::Keys;

/// How long a discovery document is believed without asking again.
const KEPT: Duration = Duration::from_secs(3_600);
const SCOPES: [&str; 3] = ["openid", "email", "profile"];

/// An issuer of ID tokens.
pub(super) struct OpenId {
    id: String,
    name: String,
    issuer: String,
    registration: Registration,
    channel: Channel,
    metadata: Mutex<Discovery>,
    keys: Keys,
}

#[derive(Default)]
struct Discovery {
    found: Option<(Arc<Metadata>, Timestamp)>,
    failed: Option<(OAuthError, Timestamp)>,
}

struct Metadata {
    endpoints: Endpoints,
    jwks_uri: String,
    userinfo: Option<String>,
    announces_issuer: bool,
}

/// What is read of a discovery document (OpenID Connect Discovery, section 3; RFC 9207, section 3).
#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// What is read of the answer of the userinfo endpoint (OpenID Connect Core, section 5.3).
#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    email: Option<String>,
    #[serde(default)]
    email_verified: Value,
    name: Option<String>,
}

impl OpenId {
    pub(super) fn new(id: String, name: String, issuer: String, registration: Registration, channel: Channel) -> Self {
        let registration = registration.or_scopes(&SCOPES).with_scope("openid");
        Self { id, name, issuer, registration, channel, metadata: Mutex::default(), keys: Keys::default() }
    }

    async fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, OAuthError> {
        // Held while fetching, so that many who come at once make one request.
        let mut held = self.metadata.lock().await;
        if let Some((found, at)) = &held.found
            && now.since(*at) < KEPT
        {
            return Ok(Arc::clone(found));
        }
        if let Some((error, at)) = &held.failed
            && now.since(*at) < LEFT_ALONE
        {
            return Err(error.clone());
        }
        match self.discover().await {
            Ok(found) => {
                let found = Arc::new(found);
                *held = Discovery { found: Some((Arc::clone(&found), now)), failed: None };
                Ok(found)
            }
            Err(error) => {
                held.failed = Some((error.clone(), now));
                Err(error)
            }
        }
    }

    async fn discover(&self) -> Result<Metadata, OAuthError> {
        let url = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let document: Document = self.channel.json(&url, None).await?;
        if document.issuer != self.issuer {
            return Err(OAuthError::Unreachable("its discovery document names another issuer".to_owned()));
        }
        let unusable = |_| OAuthError::Unreachable("its discovery document names no usable endpoints".to_owned());
        let of_issuer = |url: &str| {
            let secure = url.starts_with("https://") || !self.issuer.starts_with("https://");
            if secure { Ok(()) } else { Err(OAuthError::Unreachable("it has endpoints without TLS".to_owned())) }
        };
        let userinfo = document.userinfo_endpoint;
        let others = userinfo.iter().map(String::as_str);
        for url in
            [&*document.authorization_endpoint, &document.token_endpoint, &document.jwks_uri].into_iter().chain(others)
        {
            of_issuer(url)?;
        }
        let methods = document.token_endpoint_auth_methods_supported.unwrap_or_default();
        let has = |method: &str| methods.iter().any(|known| known == method);
        let in_body = has("client_secret_post") && !has("client_secret_basic");
        Ok(Metadata {
            endpoints: Endpoints {
                authorization: AuthUrl::new(document.authorization_endpoint).map_err(unusable)?,
                token: TokenUrl::new(document.token_endpoint).map_err(unusable)?,
                auth_type: if in_body { AuthType::RequestBody } else { AuthType::BasicAuth },
            },
            jwks_uri: document.jwks_uri,
            userinfo,
            announces_issuer: document.authorization_response_iss_parameter_supported,
        })
    }

    async fn checked(
        &self,
        token: &str,
        metadata: &Metadata,
        attempt: &Attempt,
        now: Timestamp,
    ) -> Result<Claims, OAuthError> {
        let refused = |sentence: &str| OAuthError::Refused(sentence.to_owned());
        let (algorithm, kid) = id_token::header(token).map_err(refused)?;
        let key = self.keys.find(&self.channel, &metadata.jwks_uri, algorithm, kid.as_deref(), now).await?;
        let expected =
            Expected { issuer: &self.issuer, client_id: self.registration.client_id(), nonce: &attempt.nonce, now };
        id_token::check(token, algorithm, &key, &expected).map_err(refused)
    }

    /// Asks for the address where the ID token does not have it.
    async fn complete(&self, claims: &mut Claims, metadata: &Metadata, access_token: &str) -> Result<(), OAuthError> {
        let (None, Some(url)) = (&claims.email, &metadata.userinfo) else { return Ok(()) };
        let info: UserInfo = self.channel.json(url, Some(access_token)).await?;
        if info.sub != claims.sub {
            return Err(OAuthError::Refused("the userinfo endpoint speaks of somebody else".to_owned()));
        }
        (claims.email, claims.email_verified) = (info.email, info.email_verified);
        claims.name = claims.name.take().or(info.name);
        Ok(())
    }
}

/// The answer came from whom it says (RFC 9207, section 2.4).
fn check_issuer(announced: bool, given: Option<&str>, expected: &str) -> Result<(), OAuthError> {
    match given {
        Some(given) if given == expected => Ok(()),
        None if !announced => Ok(()),
        _ => Err(OAuthError::Refused("the answer is of another issuer, or does not say of which".to_owned())),
    }
}

#[async_trait]
impl OAuthProvider for OpenId {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    async fn authorization_url(&self, attempt: &Attempt, now: Timestamp) -> Result<String, OAuthError> {
        let metadata = self.metadata(now).await?;
        Ok(self.registration.url(&metadata.endpoints, attempt, &[("nonce", &attempt.nonce)]))
    }

    async fn profile(
        &self,
        code: String,
        issuer: Option<String>,
        attempt: &Attempt,
        now: Timestamp,
    ) -> Result<Profile, OAuthError> {
        let metadata = self.metadata(now).await?;
        check_issuer(metadata.announces_issuer, issuer.as_deref(), &self.issuer)?;
        let tokens = self.registration.tokens(&metadata.endpoints, code, attempt, &self.channel).await?;
        let token = tokens.extra_fields().id_token.as_deref();
        let token = token.ok_or_else(|| OAuthError::Refused("there is no ID token".to_owned()))?;
        let mut claims = self.checked(token, &metadata, attempt, now).await?;
        self.complete(&mut claims, &metadata, tokens.access_token().secret()).await?;
        Ok(Profile {
            issuer: self.issuer.clone(),
            subject: claims.sub,
            email_verified: claims.email.is_some() && id_token::is_true(&claims.email_verified),
            email: claims.email,
            name: claims.name,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_announces_an_issuer_must_name_it() {
        for (announced, given, holds) in [
            (true, Some("https://a"), true),
            (true, Some("https://b"), false),
            (true, None, false),
            (false, Some("https://a"), true),
            (false, Some("https://b"), false),
            (false, None, true),
        ] {
            assert_eq!(check_issuer(announced, given, "https://a").is_ok(), holds, "{announced} {given:?}");
        }
    }
}
