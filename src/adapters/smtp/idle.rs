//! Connections that wait for the next mail.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lettre::transport::smtp::client::AsyncSmtpConnection;

/// So many wait at most.
const MOST: usize = 4;
/// And so long: shorter than the five minutes that servers wait (RFC 5321, section 4.5.3.2.7).
const LONGEST: Duration = Duration::from_secs(30);

/// A connection is either here or in the hands of one send.
#[derive(Clone, Default)]
pub(super) struct Idle(Arc<Mutex<Vec<(Instant, AsyncSmtpConnection)>>>);

impl Idle {
    /// The one that waited least.
    pub(super) fn take(&self) -> Option<AsyncSmtpConnection> {
        self.lock().pop().map(|(_, connection)| connection)
    }

    /// Keeps a connection whose last answer was read.
    pub(super) fn park(&self, connection: AsyncSmtpConnection) {
        let mut waiting = self.lock();
        if connection.has_broken() || waiting.len() >= MOST {
            return;
        }
        waiting.push((Instant::now(), connection));
        drop(waiting);
        let all = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            tokio::time::sleep(LONGEST).await;
            if let Some(all) = all.upgrade() {
                Self(all).lock().retain(|(since, _)| since.elapsed() < LONGEST);
            }
        });
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Instant, AsyncSmtpConnection)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
