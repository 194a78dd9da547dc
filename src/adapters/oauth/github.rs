//! GitHub: plain OAuth 2.0, and its REST API says who somebody is.

use async_trait::async_trait;
use oauth2::{AuthType, AuthUrl, TokenResponse as _, TokenUrl};
use serde::Deserialize;
use tocsin_actors::domain::{Profile, Timestamp};
use tocsin_actors::ports::{Attempt, OAuthError, OAuthProvider};

use super::channel::Channel;
use super::flow::{Endpoints, Registration};

const SITE: &str = "https://github.com";
const API: &str = "https://api.github.com";
const SCOPES: [&str; 2] = ["read:user", "user:email"];

/// github.com, or an Enterprise Server.
pub(super) struct GitHub {
    id: String,
    name: String,
    site: String,
    api: String,
    registration: Registration,
    channel: Channel,
}

#[derive(Deserialize)]
struct User {
    id: u64,
    login: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Email {
    email: String,
    primary: bool,
    verified: bool,
}

impl GitHub {
    pub(super) fn new(
        id: String,
        name: String,
        base_url: Option<&str>,
        registration: Registration,
        channel: Channel,
    ) -> Self {
        let (site, api) = match base_url.map(|url| url.trim_end_matches('/')) {
            None | Some(SITE) => (SITE.to_owned(), API.to_owned()),
            Some(server) => (server.to_owned(), format!("{server}/api/v3")),
        };
        Self { id, name, site, api, registration: registration.or_scopes(&SCOPES), channel }
    }

    fn endpoints(&self) -> Result<Endpoints, OAuthError> {
        let unusable = |_| OAuthError::Unreachable("base_url is no address".to_owned());
        Ok(Endpoints {
            authorization: AuthUrl::new(format!("{}/login/oauth/authorize", self.site)).map_err(unusable)?,
            token: TokenUrl::new(format!("{}/login/oauth/access_token", self.site)).map_err(unusable)?,
            auth_type: AuthType::RequestBody,
        })
    }
}

#[async_trait]
impl OAuthProvider for GitHub {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    async fn authorization_url(&self, attempt: &Attempt, _: Timestamp) -> Result<String, OAuthError> {
        Ok(self.registration.url(&self.endpoints()?, attempt, &[]))
    }

    // GitHub announces no `iss` (RFC 9207); each provider has a callback of its own, which tells them apart as well.
    async fn profile(
        &self,
        code: String,
        _: Option<String>,
        attempt: &Attempt,
        _: Timestamp,
    ) -> Result<Profile, OAuthError> {
        let tokens = self.registration.tokens(&self.endpoints()?, code, attempt, &self.channel).await?;
        let bearer = Some(tokens.access_token().secret().as_str());
        let user: User = self.channel.json(&format!("{}/user", self.api), bearer).await?;
        let emails: Vec<Email> = self.channel.json(&format!("{}/user/emails", self.api), bearer).await?;
        let email = emails.into_iter().find(|email| email.primary && email.verified).map(|email| email.email);
        Ok(Profile {
            issuer: self.site.clone(),
            subject: user.id.to_string(),
            email_verified: email.is_some(),
            email,
            name: user.name.filter(|name| !name.trim().is_empty()).or(Some(user.login)),
        })
    }
}
