//! Tickets that any server may have issued.

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use redis::{Script, ScriptInvocation};
use tocsin_actors::domain::{Role, Timestamp};
use tocsin_actors::ports::{Grant, PortError};

use super::Redis;

static ISSUE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("issue.lua")));
static TAKE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("take.lua")));

/// When nobody issues any, Redis forgets all of them: far later than any is good.
const ALL_LAST_MS: u32 = 3_600_000;

/// The port [`tocsin_actors::ports::Tickets`] in Redis.
pub struct Tickets {
    redis: Arc<Redis>,
    capacity: usize,
}

impl Tickets {
    /// Never more than `capacity`, of all servers together.
    #[must_use]
    pub fn new(redis: Arc<Redis>, capacity: usize) -> Self {
        Self { redis, capacity }
    }

    fn keyed(&self, script: &'static Script) -> ScriptInvocation<'static> {
        let mut keyed = script.key(self.redis.key("tickets:ends"));
        keyed.key(self.redis.key("tickets:grants"));
        keyed
    }
}

#[async_trait]
impl tocsin_actors::ports::Tickets for Tickets {
    async fn issue(&self, digest: String, grant: Grant, now: Timestamp, until: Timestamp) -> Result<(), PortError> {
        let mut connection = self.redis.loan().await?;
        let mut script = self.keyed(&ISSUE);
        script.arg(now.as_millis()).arg(self.capacity).arg(digest).arg(until.as_millis());
        script.arg(to_text(&grant)).arg(ALL_LAST_MS);
        let kept: bool = self.redis.judged(script.invoke_async(&mut connection).await)?;
        if kept { Ok(()) } else { Err(PortError::Busy("the store of tickets")) }
    }

    async fn take(&self, digest: String, now: Timestamp) -> Result<Option<Grant>, PortError> {
        let mut connection = self.redis.loan().await?;
        let mut script = self.keyed(&TAKE);
        script.arg(digest);
        let taken: Option<(String, i64)> = self.redis.judged(script.invoke_async(&mut connection).await)?;
        let Some((text, _)) = taken.filter(|(_, until)| now < Timestamp::clamped(*until)) else { return Ok(None) };
        let damaged = || PortError::Failed("Redis: a stored ticket cannot be read".to_owned());
        from_text(&text).ok_or_else(damaged).map(Some)
    }
}

/// The name comes last: it may hold anything.
fn to_text(Grant { user_id, session_id, role, name }: &Grant) -> String {
    format!("{user_id} {session_id} {} {name}", role.as_str())
}

fn from_text(text: &str) -> Option<Grant> {
    let mut parts = text.splitn(4, ' ');
    let (user_id, session_id) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let role = Role::parse(parts.next()?).ok()?;
    Some(Grant { user_id, session_id, role, name: parts.next()?.to_owned() })
}
