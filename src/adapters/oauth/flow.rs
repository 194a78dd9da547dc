//! The authorization code flow with PKCE (RFC 6749, section 4.1; RFC 7636), the same for every provider.

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    ExtraTokenFields, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    StandardRevocableToken, StandardTokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use tocsin_actors::ports::{Attempt, OAuthError};

use super::channel::{Channel, ChannelError};

/// What OpenID Connect adds to the answer of the token endpoint. Has no `Debug` that shows the token.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct IdToken {
    pub(super) id_token: Option<String>,
}

impl std::fmt::Debug for IdToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdToken").finish_non_exhaustive()
    }
}

impl ExtraTokenFields for IdToken {}

pub(super) type Tokens = StandardTokenResponse<IdToken, BasicTokenType>;

type Client = oauth2::Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// How a provider knows us.
#[derive(Clone)]
pub(super) struct Registration {
    client_id: ClientId,
    client_secret: ClientSecret,
    scopes: Vec<Scope>,
    redirect: RedirectUrl,
}

/// Where a provider listens.
#[derive(Debug, Clone)]
pub(super) struct Endpoints {
    pub(super) authorization: AuthUrl,
    pub(super) token: TokenUrl,
    /// How the token endpoint wants our secret.
    pub(super) auth_type: AuthType,
}

impl Registration {
    pub(super) fn new(
        client_id: String,
        client_secret: String,
        scopes: Vec<String>,
        redirect_uri: String,
    ) -> Result<Self, String> {
        let redirect = RedirectUrl::new(redirect_uri).map_err(|_| "its callback is no URL".to_owned())?;
        Ok(Self {
            client_id: ClientId::new(client_id),
            client_secret: ClientSecret::new(client_secret),
            scopes: scopes.into_iter().map(Scope::new).collect(),
            redirect,
        })
    }

    pub(super) fn client_id(&self) -> &str {
        self.client_id.as_str()
    }

    /// The scopes of the configuration, or else these.
    pub(super) fn or_scopes(mut self, usual: &[&str]) -> Self {
        if self.scopes.is_empty() {
            self.scopes = usual.iter().map(|scope| Scope::new((*scope).to_owned())).collect();
        }
        self
    }

    /// Adds a scope that nothing works without.
    pub(super) fn with_scope(mut self, scope: &str) -> Self {
        if !self.scopes.iter().any(|asked| asked.as_str() == scope) {
            self.scopes.insert(0, Scope::new(scope.to_owned()));
        }
        self
    }

    fn client(&self, endpoints: &Endpoints) -> Client {
        oauth2::Client::new(self.client_id.clone())
            .set_client_secret(self.client_secret.clone())
            .set_redirect_uri(self.redirect.clone())
            .set_auth_type(endpoints.auth_type.clone())
            .set_auth_uri(endpoints.authorization.clone())
            .set_token_uri(endpoints.token.clone())
    }

    /// Where the browser is sent, with these parameters more.
    pub(super) fn url(&self, endpoints: &Endpoints, attempt: &Attempt, more: &[(&str, &str)]) -> String {
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(attempt.verifier.clone()));
        let client = self.client(endpoints);
        let mut request = client
            .authorize_url(|| CsrfToken::new(attempt.state.clone()))
            .add_scopes(self.scopes.iter().cloned())
            .set_pkce_challenge(challenge);
        for (name, value) in more {
            request = request.add_extra_param((*name).to_owned(), (*value).to_owned());
        }
        request.url().0.into()
    }

    /// Trades the code for tokens.
    pub(super) async fn tokens(
        &self,
        endpoints: &Endpoints,
        code: String,
        attempt: &Attempt,
        channel: &Channel,
    ) -> Result<Tokens, OAuthError> {
        self.client(endpoints)
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()))
            .request_async(channel)
            .await
            .map_err(refused)
    }
}

/// Says what went wrong without what the provider wrote beside it: that may repeat the code.
fn refused(error: RequestTokenError<ChannelError, BasicErrorResponse>) -> OAuthError {
    match error {
        RequestTokenError::Request(ChannelError::Redirect) => {
            OAuthError::Refused(format!("the token endpoint: {}", ChannelError::Redirect))
        }
        RequestTokenError::Request(error) => OAuthError::Unreachable(format!("the token endpoint: {error}")),
        RequestTokenError::ServerResponse(answer) => {
            OAuthError::Refused(format!("the token endpoint answered {}", answer.error().as_ref()))
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            OAuthError::Refused("the token endpoint answered something unexpected".to_owned())
        }
    }
}
