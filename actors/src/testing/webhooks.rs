//! Keeps the calls of webhooks, for tests to look at.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use crate::ports::{MailError, WebhookCall, Webhooks};

/// What was called.
#[derive(Debug, Default)]
pub struct FakeWebhooks(Mutex<Vec<WebhookCall>>);

impl FakeWebhooks {
    /// All of it, in its order.
    #[must_use]
    pub fn calls(&self) -> Vec<WebhookCall> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Webhooks for FakeWebhooks {
    async fn call(&self, call: WebhookCall) -> Result<(), MailError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        Ok(())
    }
}
