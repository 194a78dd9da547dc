//! Attempts counted in memory, by the generic cell rate algorithm of the crate `governor`.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use tocsin_actors::ports::{Clock, Counted, PortError, Rates};

/// Whoever was counted, at most; when there are more, those who may try again are forgotten first.
const MAX_COUNTED: usize = 100_000;

/// The port [`tocsin_actors::ports::Throttle`] for one process.
pub struct Throttle {
    clock: OurClock,
    addresses: Counts,
    accounts: Counts,
    tickets: Counts,
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
    /// Lets so many attempts through.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, rates: Rates) -> Self {
        let clock = OurClock(clock);
        let counts = |what| RateLimiter::hashmap_with_clock(Quota::per_minute(rates.of(what)), clock.clone());
        let (addresses, accounts) = (counts(Counted::Address), counts(Counted::Account));
        let tickets = counts(Counted::Ticket);
        Self { clock, addresses, accounts, tickets }
    }
}

#[async_trait]
impl tocsin_actors::ports::Throttle for Throttle {
    async fn attempt(&self, what: Counted, who: String) -> Result<Option<Duration>, PortError> {
        let counts = match what {
            Counted::Address => &self.addresses,
            Counted::Account => &self.accounts,
            Counted::Ticket => &self.tickets,
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
    use tocsin_actors::testing::conformance;

    use super::*;

    #[actix_rt::test]
    async fn keeps_what_the_port_promises() {
        conformance::throttle(async |clock, rates| {
            Arc::new(Throttle::new(clock, rates)) as Arc<dyn tocsin_actors::ports::Throttle>
        })
        .await;
    }
}
