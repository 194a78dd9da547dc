//! What the whole-flow tests share: a server in the test's own process or in one of its own, and a viewer.

pub(crate) mod answer;
pub(crate) mod app;
pub(crate) mod binary;
pub(crate) mod browser;
pub(crate) mod chatter;
pub(crate) mod conversation;
pub(crate) mod described;
pub(crate) mod hook;
pub(crate) mod moto;
pub(crate) mod provider;
pub(crate) mod redis;
pub(crate) mod s3;
pub(crate) mod smtp;
pub(crate) mod totp;
pub(crate) mod viewer;

use std::future::Future;
use std::time::Duration;

/// How long anything may take before a test gives up on it. Nothing waits for this when all goes well.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// Waits for something, with the deadline.
pub(crate) async fn soon<T>(what: &str, event: impl Future<Output = T>) -> T {
    match tokio::time::timeout(DEADLINE, event).await {
        Ok(value) => value,
        Err(_) => panic!("waited {DEADLINE:?} in vain for {what}"),
    }
}
