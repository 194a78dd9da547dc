//! Attempts counted in memory, by the generic cell rate algorithm of the crate `governor`.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use tocsin_actors::ports::{Clock, Counted, PortError};

/// Whoever was counted, at most; when there are more, those who may try again are forgotten first.
const MAX_COUNTED: usize = 100_000;

/// The port [`tocsin_actors::ports::Throttle`] for one process.
pub struct Throttle {
    clock: OurClock,
    addresses: Counts,
    accounts: Counts,
}

type Counts = RateLimiter<String, HashMapStateStore<String>, OurClock, NoOpMiddleware<Nanos>>;

/// The time as the rest of the server has it, so that tests can move it.
#[derive(Clone)]
struct OurClock(Arc<dyn Clock>);

impl governor::clock::Clock for OurClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Duration::from_millis(self.0.now().as_millis().unsigned_abs()).into()
    }
}

impl Throttle {
    /// Lets so many attempts a minute through, and as many at once after a quiet minute.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, per_address: NonZeroU32, per_account: NonZeroU32) -> Self {
        let clock = OurClock(clock);
        let counts = |per_minute| RateLimiter::hashmap_with_clock(Quota::per_minute(per_minute), clock.clone());
        let (addresses, accounts) = (counts(per_address), counts(per_account));
        Self { clock, addresses, accounts }
    }
}

#[async_trait]
impl tocsin_actors::ports::Throttle for Throttle {
    async fn attempt(&self, what: Counted, who: String) -> Result<Option<Duration>, PortError> {
        let counts = match what {
            Counted::Address => &self.addresses,
            Counted::Account => &self.accounts,
        };
        if counts.len() >= MAX_COUNTED {
            counts.retain_recent();
            if counts.len() >= MAX_COUNTED {
                return Err(PortError::Busy("sign-in"));
            }
        }
        let waits = counts.check_key(&who).err().map(|refused| refused.wait_time_from(self.clock.now()));
        Ok(waits)
    }
}

#[cfg(test)]
mod tests {
    use tocsin_actors::domain::Timestamp;
    use tocsin_actors::ports::Throttle as _;
    use tocsin_actors::testing::SimulatedClock;

    use super::*;

    #[actix_rt::test]
    async fn so_many_at_once_and_then_one_at_a_time() {
        let clock = Arc::new(SimulatedClock::at(Timestamp::clamped(1_000)));
        let limit = |n| NonZeroU32::new(n).unwrap();
        let throttle = Throttle::new(clock.clone(), limit(60), limit(3));
        let attempt = async |what, who: &str| throttle.attempt(what, who.to_owned()).await.unwrap();
        for _ in 0..3 {
            assert_eq!(attempt(Counted::Account, "ada").await, None);
        }
        let twenty = Duration::from_secs(20);
        assert_eq!(attempt(Counted::Account, "ada").await, Some(twenty));
        assert_eq!(attempt(Counted::Account, "ada").await, Some(twenty), "a refused one does not count");
        assert_eq!(attempt(Counted::Account, "eve").await, None, "others are counted for themselves");
        assert_eq!(attempt(Counted::Address, "ada").await, None);
        clock.advance(twenty);
        assert_eq!(attempt(Counted::Account, "ada").await, None);
        assert_eq!(attempt(Counted::Account, "ada").await, Some(twenty));
    }
}
