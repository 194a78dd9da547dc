//! Machines whose clocks differ agree on the time of their Redis.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tocsin::adapters::clock::{SteadyClock, SystemClock};
use tocsin::adapters::redis::{Redis, agree};
use tocsin_actors::ports::Clock;

use crate::support::redis::{RedisServer, options};

/// The clock of a machine that is so many seconds ahead.
fn ahead(seconds: i64) -> SteadyClock {
    let began = Instant::now();
    SteadyClock::new(Arc::new(move || (began.elapsed(), SystemClock.now().as_millis() * 1_000 + seconds * 1_000_000)))
}

#[actix_rt::test]
async fn clocks_five_seconds_apart_agree() {
    let mut server = RedisServer::start();
    let redis = Redis::open(options(server.url())).unwrap();
    let clocks = [ahead(-5), ahead(0), ahead(5)];
    for clock in &clocks {
        agree(&redis, clock).await.unwrap();
    }
    let apart = |clocks: &[SteadyClock]| {
        let now: Vec<i64> = clocks.iter().map(|clock| clock.now().as_millis()).collect();
        now.iter().max().unwrap() - now.iter().min().unwrap()
    };
    assert!(apart(&clocks) < 250, "{}", apart(&clocks));
    server.kill();
    assert!(agree(&redis, &clocks[0]).await.is_err());
    assert!(apart(&clocks) < 250, "the last that was agreed on holds");
    let real = SystemClock.now();
    assert!(
        clocks[0].now().since(real) < Duration::from_millis(500)
            && real.since(clocks[0].now()) < Duration::from_millis(500)
    );
}
