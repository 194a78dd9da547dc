//! Stopping without cutting anything off.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, watch};

/// Tells the application to stop, from anywhere, once or more often.
#[derive(Debug, Clone)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stop {
    /// Stop.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Completes when somebody said so.
    pub async fn stopped(&self) {
        // The sender lives in `self`, so this cannot fail.
        let _ = self.0.subscribe().wait_for(|stop| *stop).await;
    }
}

/// Counts requests that have no answer yet.
#[derive(Debug, Clone, Default)]
pub(super) struct InFlight(Arc<(AtomicUsize, Notify)>);

/// One request; gone when it is answered.
#[derive(Debug)]
pub(super) struct Flight(InFlight);

impl InFlight {
    /// One more.
    #[must_use]
    pub(super) fn begin(&self) -> Flight {
        self.0.0.fetch_add(1, Ordering::SeqCst);
        Flight(self.clone())
    }

    /// Completes when there are none.
    pub(super) async fn landed(&self) {
        loop {
            let landing = self.0.1.notified();
            if self.0.0.load(Ordering::SeqCst) == 0 {
                return;
            }
            landing.await;
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if self.0.0.0.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.0.1.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn landed_waits_for_the_last() {
        let requests = InFlight::default();
        let (one, two) = (requests.begin(), requests.begin());
        let mut landed = Box::pin(requests.landed());
        drop(one);
        assert!((&mut landed).now_or_never().is_none());
        drop(two);
        assert!(landed.now_or_never().is_some());
        assert!(requests.landed().now_or_never().is_some());
    }

    #[test]
    fn a_stop_said_early_is_heard_late() {
        let stop = Stop::default();
        assert!(stop.stopped().now_or_never().is_none());
        stop.stop();
        assert!(stop.stopped().now_or_never().is_some());
    }
}
