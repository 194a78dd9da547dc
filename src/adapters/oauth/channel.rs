//! The back channel: straight from this server to a provider, without redirects, in bounded time and memory.

use std::time::Duration;

use futures_util::future::BoxFuture;
use oauth2::http::header::{ACCEPT, AUTHORIZATION, LOCATION};
use oauth2::http::{Method, Response};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use serde::de::DeserializeOwned;
use tocsin_actors::ports::OAuthError;

const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(10);
/// How long after a try that failed the provider is left alone: longer than a try may last, so that those who wait for
/// one hear its end and do not each make their own.
pub(super) const LEFT_ALONE: Duration = Duration::from_secs(15);
/// The largest answer that is read. Key sets and token answers are a few KiB.
const ANSWER_BYTES: usize = 512 * 1024;

/// A client that follows nobody: a redirect would carry the code or our secret elsewhere.
#[derive(Clone)]
pub(super) struct Channel(reqwest::Client);

/// Why there is no answer. Says nothing of what was sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum ChannelError {
    #[error("{0}")]
    Http(reqwest::Error),
    #[error("its answer is larger than {ANSWER_BYTES} bytes")]
    TooLarge,
    #[error("it sends us elsewhere, and nobody is followed")]
    Redirect,
}

impl<'c> AsyncHttpClient<'c> for Channel {
    type Error = ChannelError;
    type Future = BoxFuture<'c, Result<HttpResponse, ChannelError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl From<reqwest::Error> for ChannelError {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error.without_url())
    }
}

impl From<ChannelError> for OAuthError {
    fn from(error: ChannelError) -> Self {
        Self::Unreachable(error.to_string())
    }
}

impl Channel {
    /// # Errors
    /// A sentence when there is no TLS to be had.
    pub(super) fn new() -> Result<Self, String> {
        reqwest::Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .user_agent("tocsin")
            .build()
            .map(Self)
            .map_err(|error| format!("providers cannot be asked: {error}"))
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// [`ChannelError`].
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ChannelError> {
        let mut response = self.0.execute(request.try_into()?).await?;
        if response.status().is_redirection() || response.headers().contains_key(LOCATION) {
            return Err(ChannelError::Redirect);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > ANSWER_BYTES {
                return Err(ChannelError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = Response::new(body);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }

    /// Gets JSON, as the bearer of a token if there is one.
    ///
    /// # Errors
    /// When it is not reached, says no, or answers something else.
    pub(super) async fn json<T: DeserializeOwned>(&self, url: &str, bearer: Option<&str>) -> Result<T, OAuthError> {
        let unreachable = |what: &str| OAuthError::Unreachable(format!("{url} {what}"));
        let mut request = oauth2::http::Request::builder().method(Method::GET).uri(url);
        request = request.header(ACCEPT, "application/json");
        if let Some(token) = bearer {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Vec::new()).map_err(|_| unreachable("is no address"))?;
        let answer = self.send(request).await.map_err(|error| unreachable(&format!("cannot be read: {error}")))?;
        if !answer.status().is_success() {
            return Err(unreachable(&format!("answered {}", answer.status())));
        }
        serde_json::from_slice(answer.body()).map_err(|_| unreachable("answered something unexpected"))
    }
}
