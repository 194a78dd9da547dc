//! A clock that tests move by hand.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use crate::domain::Timestamp;
use crate::ports::Clock;

/// Stands still until [`SimulatedClock::advance`] or [`SimulatedClock::set`] moves it.
#[derive(Debug)]
pub struct SimulatedClock(Mutex<State>);

#[derive(Debug)]
struct State {
    now: Timestamp,
    waiting: Vec<(Timestamp, oneshot::Sender<()>)>,
}

impl SimulatedClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new(State { now, waiting: Vec::new() }))
    }

    /// Moves it forward and wakes who waited for an instant that has come.
    pub fn advance(&self, by: Duration) {
        let now = self.lock().now;
        self.set(now.plus(by));
    }

    /// Sets it, forward or back.
    pub fn set(&self, now: Timestamp) {
        let mut state = self.lock();
        state.now = now;
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut state.waiting).into_iter().partition(|(at, _)| *at <= now);
        state.waiting = later;
        drop(state);
        for (_, wake) in due {
            // Whoever waited may have gone away.
            let _ = wake.send(());
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        self.lock().now
    }

    fn until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        let mut state = self.lock();
        if at <= state.now {
            return futures_util::future::ready(()).boxed();
        }
        let (wake, woken) = oneshot::channel();
        state.waiting.push((at, wake));
        async move {
            // A clock that is gone never shows the time.
            if woken.await.is_err() {
                futures_util::future::pending::<()>().await;
            }
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wakes_when_the_time_has_come_and_not_before() {
        let clock = SimulatedClock::at(Timestamp::clamped(0));
        let mut waiting = clock.until(Timestamp::clamped(1_000));
        clock.advance(Duration::from_millis(999));
        assert!((&mut waiting).now_or_never().is_none());
        clock.advance(Duration::from_millis(1));
        assert!(waiting.now_or_never().is_some());
    }
}
