//! Sign-ins that end, told to every server at once by publish and subscribe.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::StreamExt as _;
use redis::{Msg, RedisError};
use slog::{info, warn};
use tocsin_actors::domain::{SessionId, Timestamp};
use tocsin_actors::ports::{Clock, PortError, RefreshTokens as _};

use super::{Redis, RefreshTokens, reason};

/// How often the connection is tried, so that one that died silently is noticed.
const PING_EVERY: Duration = Duration::from_secs(5);
/// How long to wait before connecting again.
const RETRY: Duration = Duration::from_millis(500);

/// Why the listening ended.
#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error("{}", reason(.0))]
    Redis(#[from] RedisError),
    #[error(transparent)]
    Port(#[from] PortError),
    #[error("no answer in time")]
    Silent(#[from] tokio::time::error::Elapsed),
    #[error("the connection was closed")]
    Closed,
}

impl Redis {
    /// Where ends are told.
    pub(super) fn ends_channel(&self) -> String {
        self.key("ended")
    }
}

/// Hears of every sign-in that ends, whichever server ends it; goes on for ever. What ended while nobody listened is
/// read whenever listening begins, so an end is at most missed for as long as Redis is away.
pub async fn follow(
    redis: Arc<Redis>,
    tokens: RefreshTokens,
    clock: Arc<dyn Clock>,
    on_ended: impl Fn(SessionId, Timestamp),
) {
    let mut said = false;
    loop {
        let Err(lost) = listen(&redis, &tokens, &*clock, &on_ended, &mut said).await;
        redis.listening.store(false, Ordering::Relaxed);
        if !said {
            warn!(redis.log, "ends of sign-ins on other servers are not heard, trying again"; "cause" => %lost);
            said = true;
        }
        tokio::time::sleep(RETRY).await;
    }
}

async fn listen(
    redis: &Redis,
    tokens: &RefreshTokens,
    clock: &dyn Clock,
    on_ended: &impl Fn(SessionId, Timestamp),
    said: &mut bool,
) -> Result<Infallible, Lost> {
    let mut pubsub = tokio::time::timeout(redis.connect_timeout, redis.client.get_async_pubsub()).await??;
    tokio::time::timeout(redis.timeout, pubsub.subscribe(redis.ends_channel())).await??;
    // Read after listening has begun, so that nothing falls between.
    for (id, until) in tokens.ended(clock.now()).await? {
        on_ended(id, until);
    }
    redis.listening.store(true, Ordering::Relaxed);
    if *said {
        info!(redis.log, "ends of sign-ins on other servers are heard again");
        *said = false;
    }
    let (mut sink, mut messages) = pubsub.split();
    let mut pings = tokio::time::interval(PING_EVERY);
    loop {
        tokio::select! {
            message = messages.next() => {
                let message = message.ok_or(Lost::Closed)?;
                match parse(&message) {
                    Some((id, until)) => on_ended(id, until),
                    None => warn!(redis.log, "somebody else publishes on our channel"; "channel" => redis.ends_channel()),
                }
            }
            _ = pings.tick() => {
                tokio::time::timeout(redis.timeout, sink.ping::<()>()).await??;
            }
        }
    }
}

fn parse(message: &Msg) -> Option<(SessionId, Timestamp)> {
    let text: String = message.get_payload().ok()?;
    let (id, until) = text.split_once(' ')?;
    Some((id.parse().ok()?, Timestamp::clamped(until.parse().ok()?)))
}
