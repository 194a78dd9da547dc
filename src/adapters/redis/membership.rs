//! Who belongs to which room, for all servers.

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use redis::{AsyncCommands as _, Script, ScriptInvocation};
use tocsin_actors::domain::{Person, RoomName, Timestamp, UserId};
use tocsin_actors::ports::{Member, PortError};

use super::Redis;

static ADD: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("add_member.lua")));
static REMOVE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("remove_member.lua")));

/// The port [`tocsin_actors::ports::Membership`] in Redis.
pub struct Membership(Arc<Redis>);

impl Membership {
    /// Membership in this Redis.
    #[must_use]
    pub fn new(redis: Arc<Redis>) -> Self {
        Self(redis)
    }

    fn members_key(&self, room: &RoomName) -> String {
        self.0.key(&format!("room:{room}:members"))
    }

    fn rooms_key(&self, user: UserId) -> String {
        self.0.key(&format!("user:{user}:rooms"))
    }

    fn about(&self, script: &'static Script, room: &RoomName, user: UserId) -> ScriptInvocation<'static> {
        let mut keyed = script.key(self.members_key(room));
        keyed.key(self.rooms_key(user)).arg(user.to_string()).arg(room.as_str());
        keyed
    }
}

#[async_trait]
impl tocsin_actors::ports::Membership for Membership {
    async fn add(&self, room: RoomName, member: Member) -> Result<bool, PortError> {
        let mut connection = self.0.loan().await?;
        let mut script = self.about(&ADD, &room, member.person.id);
        script.arg(member.joined_at.as_millis()).arg(&*member.person.name);
        self.0.judged(script.invoke_async(&mut connection).await)
    }

    async fn remove(&self, room: RoomName, user: UserId) -> Result<bool, PortError> {
        let mut connection = self.0.loan().await?;
        self.0.judged(self.about(&REMOVE, &room, user).invoke_async(&mut connection).await)
    }

    async fn has(&self, room: RoomName, user: UserId) -> Result<bool, PortError> {
        let mut connection = self.0.loan().await?;
        self.0.judged(connection.hexists(self.members_key(&room), user.to_string()).await)
    }

    async fn members(&self, room: RoomName, limit: usize) -> Result<Vec<Member>, PortError> {
        let mut connection = self.0.loan().await?;
        // A room has no more members than it is allowed, so this is bounded by what was added.
        let all: Vec<(String, String)> = self.0.judged(connection.hgetall(self.members_key(&room)).await)?;
        let damaged = || PortError::Failed("Redis: a stored member cannot be read".to_owned());
        all.iter().take(limit).map(|(user, text)| member(user, text).ok_or_else(damaged)).collect()
    }

    async fn rooms_of(&self, user: UserId, limit: usize) -> Result<Vec<RoomName>, PortError> {
        let mut connection = self.0.loan().await?;
        let mut names: Vec<String> = self.0.judged(connection.smembers(self.rooms_key(user)).await)?;
        names.sort_unstable();
        let damaged = |error| PortError::Failed(format!("Redis: the stored name of a room {error}"));
        names.iter().take(limit).map(|name| RoomName::parse(name).map_err(damaged)).collect()
    }
}

/// From `<since> <name>`: the name comes last, as it may hold anything.
fn member(user: &str, text: &str) -> Option<Member> {
    let (since, name) = text.split_once(' ')?;
    let person = Person { id: user.parse().ok()?, name: name.into() };
    Some(Member { person, joined_at: Timestamp::clamped(since.parse().ok()?) })
}
