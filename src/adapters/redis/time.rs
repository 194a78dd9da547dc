//! The time that all servers agree on: that of their Redis.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tocsin_actors::ports::{Clock, PortError};

use super::Redis;

/// How often it is asked.
const ASK_EVERY: Duration = Duration::from_secs(5);
/// An answer that took longer says too little of when it was given.
const LONGEST: Duration = Duration::from_millis(200);

/// Corrects the clock once by what Redis says. One that does not answer in time corrects nothing.
///
/// # Errors
/// When Redis does not answer.
pub async fn agree(redis: &Redis, clock: &dyn Clock) -> Result<(), PortError> {
    let mut connection = redis.loan().await?;
    let asked = Instant::now();
    let answer = redis::cmd("TIME").query_async::<(i64, i64)>(&mut connection).await;
    let took = asked.elapsed();
    let (seconds, micros) = redis.judged(answer)?;
    if took <= LONGEST {
        // Half of the way there and back was the way back.
        let back = i64::try_from((took / 2).as_micros()).unwrap_or(0);
        let theirs = seconds.saturating_mul(1_000).saturating_add(micros.saturating_add(back) / 1_000);
        clock.correct(theirs.saturating_sub(clock.now().as_millis()));
    }
    Ok(())
}

/// Goes on with that for ever.
pub async fn keep_agreeing(redis: Arc<Redis>, clock: Arc<dyn Clock>) {
    loop {
        tokio::time::sleep(ASK_EVERY).await;
        // While Redis is away, the clock goes on as it went; that it is away was noted.
        let _ = agree(&redis, &*clock).await;
    }
}
