//! Telling a server of somebody's.

use async_trait::async_trait;

use super::MailError;
use crate::domain::{Incident, NotificationId, Timestamp, Transition, WebhookUrl};

/// One call.
#[derive(Debug, Clone, PartialEq)]
pub struct WebhookCall {
    /// The same for every try of the same message, so that whoever is called can tell a repeat.
    pub id: NotificationId,
    /// Who is called.
    pub url: WebhookUrl,
    /// What happened, and to which incident as it is now.
    pub changes: Vec<(Transition, Incident)>,
    /// When this try is made.
    pub at: Timestamp,
}

/// Calls webhooks.
#[async_trait]
pub trait Webhooks: Send + Sync + 'static {
    /// Makes one call. `Ok` means that it was answered with success.
    async fn call(&self, call: WebhookCall) -> Result<(), MailError>;
}
