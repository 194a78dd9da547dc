//! Families of refresh tokens: a hash each, a list for each user, and the ends that servers have to know of.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use redis::{Cmd, Script, cmd};
use tocsin_actors::domain::{Invalid, SessionId, Timestamp, UserId};
use tocsin_actors::ports::{Family, PortError};

use super::Redis;

static START: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("start.lua")));
static ROTATE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("rotate.lua")));
static END: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("end.lua")));

/// Who decides that a sign-in has expired is [`tocsin_actors::auth::state::judge`]; Redis removes it this much later.
const SLACK: Duration = Duration::from_secs(3_600);
/// What is read of a family; its id is in its key.
const FIELDS: [&str; 7] = ["user_id", "current", "previous", "rotated_at", "created_at", "user_agent", "ip"];
type Fields = [Option<String>; 7];

/// How long sign-ins last, after which Redis may remove them by itself.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    /// Without being used.
    pub idle: Duration,
    /// At most.
    pub absolute: Duration,
}

/// The port [`tocsin_actors::ports::RefreshTokens`] in Redis.
#[derive(Clone)]
pub struct RefreshTokens {
    redis: Arc<Redis>,
    lifetimes: Lifetimes,
}

impl RefreshTokens {
    /// The refresh tokens of a Redis.
    #[must_use]
    pub fn new(redis: Arc<Redis>, lifetimes: Lifetimes) -> Self {
        let Lifetimes { idle, absolute } = lifetimes;
        Self { redis, lifetimes: Lifetimes { idle: idle + SLACK, absolute: absolute + SLACK } }
    }

    fn family_key(&self, id: SessionId) -> String {
        self.redis.key(&format!("family:{id}"))
    }

    fn list_prefix(&self) -> String {
        self.redis.key("families:")
    }

    fn list_key(&self, user: UserId) -> String {
        format!("{}{user}", self.list_prefix())
    }

    fn ended_key(&self) -> String {
        self.redis.key("ended")
    }

    fn read_command(&self, id: SessionId) -> Cmd {
        let mut read = cmd("HMGET");
        read.arg(self.family_key(id)).arg(&FIELDS);
        read
    }
}

#[async_trait]
impl tocsin_actors::ports::RefreshTokens for RefreshTokens {
    async fn start(&self, family: Family) -> Result<(), PortError> {
        let Lifetimes { idle, absolute } = self.lifetimes;
        let end = family.created_at.plus(absolute);
        let lasts = millis(idle).min(end.as_millis() - family.rotated_at.as_millis()).max(1);
        let mut connection = self.redis.loan().await?;
        let mut script = START.key(self.family_key(family.id));
        script.key(self.list_key(family.user_id));
        script.arg(lasts).arg(family.id.to_string()).arg(end.as_millis()).arg(millis(absolute));
        script.arg(family.rotated_at.as_millis());
        for (name, value) in to_fields(family) {
            script.arg(name).arg(value);
        }
        self.redis.judged(script.invoke_async::<()>(&mut connection).await)
    }

    async fn get(&self, id: SessionId) -> Result<Option<Family>, PortError> {
        let mut connection = self.redis.loan().await?;
        let fields: Fields = self.redis.judged(self.read_command(id).query_async(&mut connection).await)?;
        from_fields(id, fields)
    }

    async fn rotate(&self, id: SessionId, presented: String, next: String, now: Timestamp) -> Result<bool, PortError> {
        let Lifetimes { idle, absolute } = self.lifetimes;
        let mut connection = self.redis.loan().await?;
        let mut script = ROTATE.key(self.family_key(id));
        script.arg(presented).arg(next).arg(now.as_millis()).arg(millis(idle)).arg(millis(absolute));
        self.redis.judged(script.invoke_async(&mut connection).await)
    }

    async fn of_user(&self, user: UserId) -> Result<Vec<Family>, PortError> {
        let mut connection = self.redis.loan().await?;
        let listed = cmd("ZRANGE").arg(self.list_key(user)).arg(0).arg(-1).query_async(&mut connection).await;
        let ids = self.redis.judged::<Vec<String>>(listed)?;
        let ids: Vec<SessionId> = ids.iter().map(|id| id.parse()).collect::<Result<_, _>>().map_err(not_ours)?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut reads = redis::pipe();
        for id in &ids {
            reads.add_command(self.read_command(*id));
        }
        let all: Vec<Fields> = self.redis.judged(reads.query_async(&mut connection).await)?;
        let mut families = Vec::with_capacity(all.len());
        for (id, fields) in ids.into_iter().zip(all) {
            // One that has expired may still be listed.
            families.extend(from_fields(id, fields)?);
        }
        families.sort_by_key(|family| std::cmp::Reverse((family.rotated_at, family.id)));
        Ok(families)
    }

    async fn end(&self, id: SessionId, until: Timestamp) -> Result<bool, PortError> {
        let mut connection = self.redis.loan().await?;
        let mut script = END.key(self.family_key(id));
        script.key(self.ended_key());
        script.arg(id.to_string()).arg(self.list_prefix()).arg(until.as_millis()).arg(self.redis.ends_channel());
        self.redis.judged(script.invoke_async(&mut connection).await)
    }

    async fn ended(&self, now: Timestamp) -> Result<Vec<(SessionId, Timestamp)>, PortError> {
        let mut connection = self.redis.loan().await?;
        let after = format!("({}", now.as_millis());
        let mut read = cmd("ZRANGEBYSCORE");
        read.arg(self.ended_key()).arg(after).arg("+inf").arg("WITHSCORES");
        let ended: Vec<(String, i64)> = self.redis.judged(read.query_async(&mut connection).await)?;
        let parsed = ended.into_iter().map(|(id, until)| Ok((id.parse()?, Timestamp::clamped(until))));
        parsed.collect::<Result<_, Invalid>>().map_err(not_ours)
    }

    /// Families go by themselves here.
    async fn sweep(&self, _: Timestamp, _: Timestamp, now: Timestamp) -> Result<u64, PortError> {
        let mut connection = self.redis.loan().await?;
        let mut forget = cmd("ZREMRANGEBYSCORE");
        forget.arg(self.ended_key()).arg("-inf").arg(now.as_millis());
        self.redis.judged::<()>(forget.query_async(&mut connection).await)?;
        Ok(0)
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn not_ours(error: impl std::fmt::Display) -> PortError {
    PortError::Failed(format!("Redis: a stored value {error}"))
}

fn to_fields(family: Family) -> Vec<(&'static str, String)> {
    let Family { id: _, user_id, current, previous, rotated_at, created_at, user_agent, ip } = family;
    let previous = previous.map(|previous| ("previous", previous));
    let rest = [
        ("user_id", user_id.to_string()),
        ("current", current),
        ("rotated_at", rotated_at.as_millis().to_string()),
        ("created_at", created_at.as_millis().to_string()),
        ("user_agent", user_agent),
        ("ip", ip),
    ];
    rest.into_iter().chain(previous).collect()
}

fn from_fields(id: SessionId, fields: Fields) -> Result<Option<Family>, PortError> {
    let [user_id, current, previous, rotated_at, created_at, user_agent, ip] = fields;
    let Some(user_id) = user_id else { return Ok(None) };
    let whole = || Some((current?, instant(&rotated_at?)?, instant(&created_at?)?, user_agent?, ip?));
    let Some((current, rotated_at, created_at, user_agent, ip)) = whole() else {
        return Err(PortError::Failed(format!("Redis: the sign-in {id} is stored in parts only")));
    };
    let user_id = user_id.parse().map_err(not_ours)?;
    Ok(Some(Family { id, user_id, current, previous, rotated_at, created_at, user_agent, ip }))
}

fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok().map(Timestamp::clamped)
}
