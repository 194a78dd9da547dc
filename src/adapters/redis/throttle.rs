//! Attempts counted for all servers together.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use redis::Script;
use tocsin_actors::ports::{self, Clock, Counted, PortError, Rates};

use super::Redis;

static ATTEMPT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("attempt.lua")));
const MINUTE_MICROS: u64 = 60_000_000;

/// The port [`tocsin_actors::ports::Throttle`] in Redis. While Redis is away each server counts for itself.
pub struct Throttle {
    redis: Arc<Redis>,
    clock: Arc<dyn Clock>,
    rates: Rates,
    alone: Arc<dyn ports::Throttle>,
}

impl Throttle {
    /// Lets so many attempts through. `alone` counts while Redis is away.
    #[must_use]
    pub fn new(redis: Arc<Redis>, clock: Arc<dyn Clock>, rates: Rates, alone: Arc<dyn ports::Throttle>) -> Self {
        Self { redis, clock, rates, alone }
    }

    async fn shared(&self, what: Counted, who: &str) -> Result<u64, PortError> {
        let at_once = self.rates.of(what).get();
        let gap = MINUTE_MICROS.div_ceil(u64::from(at_once));
        let mut connection = self.redis.loan().await?;
        let mut script = ATTEMPT.key(self.redis.key(&format!("attempts:{}:{who}", what.as_str())));
        script.arg(self.clock.now().as_millis().saturating_mul(1_000)).arg(gap).arg(at_once);
        self.redis.judged(script.invoke_async(&mut connection).await)
    }
}

#[async_trait]
impl ports::Throttle for Throttle {
    async fn attempt(&self, what: Counted, who: String) -> Result<Option<Duration>, PortError> {
        match self.shared(what, &who).await {
            Ok(0) => Ok(None),
            Ok(wait) => Ok(Some(Duration::from_micros(wait))),
            Err(PortError::Busy(_)) => self.alone.attempt(what, who).await,
            Err(error) => Err(error),
        }
    }
}
