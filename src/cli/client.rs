//! Talking to a running server, for the commands that do.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Method, StatusCode, Url};
use serde_json::Value;

use super::Failure;
use crate::config::{Config, WebOrigin};

/// The longest a request may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The first wait before a request that failed is sent again; it doubles up to [`RETRY_MAX`].
const RETRY_INITIAL: Duration = Duration::from_millis(250);
/// The longest such wait, unless the server asks for more.
const RETRY_MAX: Duration = Duration::from_secs(15);

/// Which server, and with which key.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Target {
    /// The server [default: the address in the configuration]
    #[arg(long, env = "TOCSIN_URL", value_name = "URL")]
    pub(super) url: Option<Url>,
    /// File that holds the API key [default: TOCSIN_API_KEY, or the key that the server made for this machine]
    #[arg(long, value_name = "FILE")]
    pub(super) key_file: Option<PathBuf>,
}

impl Target {
    /// A client of that server.
    ///
    /// # Errors
    /// When it is not known which server, or with which key.
    pub(super) fn client(&self, config: &Config) -> Result<Client, Failure> {
        let base = match &self.url {
            Some(url) => url.clone(),
            None if config.server.bind.port() == 0 => {
                return Err(Failure::new("server.bind has port 0, so it is not known where the server is; give --url"));
            }
            None => WebOrigin::of_address(config.server.bind)
                .to_string()
                .parse()
                .map_err(|error| Failure::new(format!("server.bind is no address to call: {error}")))?,
        };
        Client::new(base, self.key(config)?).map_err(Failure::new)
    }

    fn key(&self, config: &Config) -> Result<String, Failure> {
        let from_environment = std::env::var("TOCSIN_API_KEY").ok().filter(|key| !key.trim().is_empty());
        let local = config.auth.keys_dir.join("local.key");
        let (file, advice) = match (&self.key_file, from_environment) {
            (None, Some(key)) => return Ok(key.trim().to_owned()),
            (Some(file), _) => (file, ""),
            (None, None) => {
                (&local, "; set TOCSIN_API_KEY, or run this where the server's data is, once it has started")
            }
        };
        let key = std::fs::read_to_string(file).map_err(|error| {
            Failure::new(format!("the API key cannot be read from {}: {error}{advice}", file.display()))
        })?;
        Ok(key.trim().to_owned())
    }
}

/// A server that can be asked.
#[derive(Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    base: Url,
    key: String,
}

/// Why the server did not do it.
#[derive(Debug)]
pub(super) enum Refused {
    /// It may do it later; the wait that it asked for, if it did.
    Later(String, Option<Duration>),
    /// It will not: the status and the problem it described (RFC 9457).
    Never(StatusCode, Value),
}

impl Client {
    /// A client of the server at `base`.
    ///
    /// # Errors
    /// A sentence, when TLS cannot be set up.
    pub(super) fn new(base: Url, key: String) -> Result<Self, String> {
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("tocsin/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| format!("cannot set up HTTP: {error}"))?;
        Ok(Self { http, base, key })
    }

    /// One request, once.
    ///
    /// # Errors
    /// [`Refused`], with the reason for people.
    pub(super) async fn ask(&self, method: Method, path: &str, body: Option<(&str, String)>) -> Result<Value, Refused> {
        let never = |detail: String| Refused::Never(StatusCode::BAD_REQUEST, serde_json::json!({ "detail": detail }));
        let url = self.base.join(path).map_err(|error| never(format!("the URL {} is wrong: {error}", self.base)))?;
        let mut request = self.http.request(method, url).bearer_auth(&self.key);
        if let Some((kind, body)) = body {
            request = request.header(reqwest::header::CONTENT_TYPE, kind).body(body);
        }
        let response = request.send().await.map_err(|error| Refused::Later(plain(&error), None))?;
        let status = response.status();
        let wait = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let text = response.text().await.map_err(|error| Refused::Later(plain(&error), None))?;
        let value: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if status.is_success() {
            return Ok(value);
        }
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(Refused::Later(detail(status, &value), wait.map(Duration::from_secs)));
        }
        Err(Refused::Never(status, value))
    }

    /// One request, again and again until the server answers. `tell` is told of every failure.
    ///
    /// # Errors
    /// The status and the problem, when the answer is no.
    pub(super) async fn insist(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, String)>,
        mut tell: impl FnMut(&str),
    ) -> Result<Value, (StatusCode, Value)> {
        let mut wait = RETRY_INITIAL;
        loop {
            match self.ask(method.clone(), path, body.clone()).await {
                Ok(value) => return Ok(value),
                Err(Refused::Never(status, problem)) => return Err((status, problem)),
                Err(Refused::Later(reason, asked)) => {
                    let this = asked.unwrap_or(wait).mul_f64(0.5 + fastrand::f64() * 0.5);
                    tell(&format!("{reason}; trying again in {:.1} s", this.as_secs_f64()));
                    tokio::time::sleep(this).await;
                    wait = (wait * 2).min(RETRY_MAX);
                }
            }
        }
    }
}

/// The problem in a sentence, with what is wrong with which part of the input.
#[must_use]
pub(super) fn detail(status: StatusCode, problem: &Value) -> String {
    let sentence = problem.get("detail").and_then(Value::as_str).unwrap_or_default();
    let advice = match status {
        StatusCode::UNAUTHORIZED => " Give an API key in TOCSIN_API_KEY, or run this where the server's data is.",
        StatusCode::FORBIDDEN => " Make an API key that has it on the page \"API keys\".",
        _ => "",
    };
    let parts = problem.get("errors").and_then(Value::as_array).into_iter().flatten().map(|error| {
        let text = |name| error.get(name).and_then(Value::as_str).unwrap_or_default();
        format!(" {} {}.", text("path"), text("message"))
    });
    format!("the server answered {status}: {sentence}{advice}{}", parts.collect::<String>())
}

/// A transport error without its chain of types, and never with the URL's credentials.
fn plain(error: &reqwest::Error) -> String {
    if error.is_connect() {
        "the server does not answer at that address".into()
    } else if error.is_timeout() {
        "the server took too long".into()
    } else {
        "the connection broke".into()
    }
}
