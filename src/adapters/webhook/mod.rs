//! Calling webhooks: signed, to public addresses unless others are allowed, following nobody, in bounded time.

mod addresses;
mod signing;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde_json::json;
use tocsin_actors::ports::{MailError, WebhookCall, Webhooks as Port};
use url::Url;

pub use self::addresses::Allowed;
use self::addresses::{Guard, guarded_ip};
pub use self::signing::SigningKey;
use crate::wire::incident::IncidentBody;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// The port [`Port`], by HTTP.
pub struct Webhooks {
    client: Client,
    allowed: Arc<Allowed>,
    key: SigningKey,
    dashboard: String,
}

impl Webhooks {
    /// Calls, each for at most `timeout`, to public addresses and those that are `allowed` beside them.
    ///
    /// # Errors
    /// A sentence when there is no TLS to be had.
    pub fn new(allowed: Allowed, key: SigningKey, timeout: Duration, dashboard: String) -> Result<Self, String> {
        let allowed = Arc::new(allowed);
        let client = Client::builder()
            .redirect(Policy::none())
            // A proxy would be asked for names that it resolves by itself.
            .no_proxy()
            .dns_resolver(Arc::new(Guard(Arc::clone(&allowed))))
            .connect_timeout(CONNECT)
            .timeout(timeout)
            .user_agent("tocsin")
            .build()
            .map_err(|error| format!("webhooks cannot be called: {error}"))?;
        Ok(Self { client, allowed, key, dashboard })
    }

    /// The body of a call: the same for every try, but for the time.
    fn body(&self, call: &WebhookCall) -> String {
        let changes: Vec<_> = call
            .changes
            .iter()
            .map(|(transition, incident)| {
                let mut incident = incident.clone();
                // Who else is told is not for everybody.
                incident.notifications.clear();
                json!({"transition": transition.as_str(), "incident": IncidentBody::from(incident)})
            })
            .collect();
        json!({"type": "incidents", "timestamp": call.at.to_string(), "dashboard": self.dashboard, "changes": changes})
            .to_string()
    }
}

#[async_trait]
impl Port for Webhooks {
    async fn call(&self, call: WebhookCall) -> Result<(), MailError> {
        let refused = |reason: String| MailError::Permanent(reason);
        let url = Url::parse(call.url.expose()).map_err(|error| refused(format!("the address is none: {error}")))?;
        // A name is looked at when it is resolved; an address has none.
        guarded_ip(&url, &self.allowed).map_err(|reason| refused(reason.to_owned()))?;
        let body = self.body(&call);
        let id = call.id.to_string();
        let seconds = call.at.as_millis().div_euclid(1_000);
        let request = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", &id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", self.key.sign(&id, seconds, &body))
            .body(body);
        // What the answer says is not read: its status is all that is asked for.
        match request.send().await {
            Ok(answer) => judge(answer.status()),
            Err(error) => Err(reason_of(error)),
        }
    }
}

/// Whether an answer means that it arrived, may arrive later, or will not.
fn judge(status: StatusCode) -> Result<(), MailError> {
    let said = || format!("it answered {status}");
    match status {
        status if status.is_success() => Ok(()),
        status if status.is_redirection() => {
            Err(MailError::Permanent(format!("{}: it sends us elsewhere, and nobody is followed", said())))
        }
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => {
            Err(MailError::Temporary(said()))
        }
        status if status.is_client_error() => Err(MailError::Permanent(said())),
        _ => Err(MailError::Temporary(said())),
    }
}

/// Why there is no answer; without the address, which may be a secret.
fn reason_of(error: reqwest::Error) -> MailError {
    let error = error.without_url();
    let mut causes = vec![error.to_string()];
    let mut cause = std::error::Error::source(&error);
    while let Some(deeper) = cause {
        causes.push(deeper.to_string());
        cause = deeper.source();
    }
    let text = causes.join(": ");
    match causes.iter().any(|cause| cause == addresses::PRIVATE) {
        true => MailError::Permanent(addresses::PRIVATE.to_owned()),
        false => MailError::Temporary(format!("it is not reached: {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_success_later_or_never() {
        for (status, expected) in [
            (200, Some(true)),
            (204, Some(true)),
            (301, None),
            (308, None),
            (400, None),
            (404, None),
            (410, None),
            (408, Some(false)),
            (429, Some(false)),
            (500, Some(false)),
            (503, Some(false)),
        ] {
            let judged = match judge(StatusCode::from_u16(status).unwrap()) {
                Ok(()) => Some(true),
                Err(MailError::Temporary(_)) => Some(false),
                Err(MailError::Permanent(_)) => None,
            };
            assert_eq!(judged, expected, "{status}");
        }
    }
}
