//! Families of refresh tokens.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use tocsin_actors::domain::{SessionId, Timestamp, UserId};
use tocsin_actors::ports::{Family, PortError};

use super::Database;
use super::fault::Fault;

/// The refresh tokens in SQLite.
#[derive(Clone)]
pub struct RefreshTokens(Arc<Database>);

impl RefreshTokens {
    /// The refresh tokens of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::RefreshTokens for RefreshTokens {
    async fn start(&self, family: Family) -> Result<(), PortError> {
        self.0.write(1, move |connection| start(connection, &family)).await
    }

    async fn get(&self, id: SessionId) -> Result<Option<Family>, PortError> {
        self.0.read(move |connection| get(connection, id)).await
    }

    async fn rotate(&self, id: SessionId, presented: String, next: String, now: Timestamp) -> Result<bool, PortError> {
        self.0
            .write(1, move |connection| {
                let rotated = connection
                    .prepare_cached(
                        "UPDATE refresh_families SET previous = current, current = ?3, rotated_at = ?4
                         WHERE id = ?1 AND current = ?2",
                    )?
                    .execute(params![id.to_string(), presented, next, now.as_millis()])?;
                Ok(rotated > 0)
            })
            .await
    }

    async fn of_user(&self, user: UserId) -> Result<Vec<Family>, PortError> {
        self.0.read(move |connection| of_user(connection, user)).await
    }

    async fn end(&self, id: SessionId, until: Timestamp) -> Result<bool, PortError> {
        self.0.write(2, move |connection| end(connection, id, until)).await
    }

    async fn ended(&self, now: Timestamp) -> Result<Vec<(SessionId, Timestamp)>, PortError> {
        self.0.read(move |connection| ended(connection, now)).await
    }

    async fn sweep(
        &self,
        idle_before: Timestamp,
        absolute_before: Timestamp,
        now: Timestamp,
    ) -> Result<u64, PortError> {
        self.0
            .write(1, move |connection| {
                connection
                    .prepare_cached("DELETE FROM ended_sign_ins WHERE until <= ?1")?
                    .execute([now.as_millis()])?;
                let removed = connection
                    .prepare_cached("DELETE FROM refresh_families WHERE rotated_at < ?1 OR created_at < ?2")?
                    .execute([idle_before.as_millis(), absolute_before.as_millis()])?;
                Ok(u64::try_from(removed).unwrap_or(u64::MAX))
            })
            .await
    }
}

fn start(connection: &Connection, family: &Family) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO refresh_families (id, user_id, current, previous, rotated_at, created_at, user_agent, ip)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            family.id.to_string(),
            family.user_id.to_string(),
            family.current,
            family.previous,
            family.rotated_at.as_millis(),
            family.created_at.as_millis(),
            family.user_agent,
            family.ip,
        ])?;
    Ok(())
}

fn get(connection: &Connection, id: SessionId) -> Result<Option<Family>, Fault> {
    connection
        .prepare_cached(
            "SELECT id, user_id, current, previous, rotated_at, created_at, user_agent, ip
             FROM refresh_families WHERE id = ?1",
        )?
        .query([id.to_string()])?
        .next()?
        .map(from_row)
        .transpose()
}

fn of_user(connection: &Connection, user: UserId) -> Result<Vec<Family>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT id, user_id, current, previous, rotated_at, created_at, user_agent, ip
         FROM refresh_families WHERE user_id = ?1 ORDER BY rotated_at DESC, id DESC",
    )?;
    let mut rows = statement.query([user.to_string()])?;
    let mut families = Vec::new();
    while let Some(row) = rows.next()? {
        families.push(from_row(row)?);
    }
    Ok(families)
}

fn end(connection: &Connection, id: SessionId, until: Timestamp) -> Result<bool, Fault> {
    let removed = connection.prepare_cached("DELETE FROM refresh_families WHERE id = ?1")?.execute([id.to_string()])?;
    if removed > 0 {
        connection
            .prepare_cached("INSERT OR REPLACE INTO ended_sign_ins (id, until) VALUES (?1, ?2)")?
            .execute(params![id.to_string(), until.as_millis()])?;
    }
    Ok(removed > 0)
}

fn ended(connection: &Connection, now: Timestamp) -> Result<Vec<(SessionId, Timestamp)>, Fault> {
    let mut statement = connection.prepare_cached("SELECT id, until FROM ended_sign_ins WHERE until > ?1")?;
    let mut rows = statement.query([now.as_millis()])?;
    let mut ended = Vec::new();
    while let Some(row) = rows.next()? {
        ended.push((row.get::<_, String>(0)?.parse()?, Timestamp::clamped(row.get(1)?)));
    }
    Ok(ended)
}

fn from_row(row: &Row<'_>) -> Result<Family, Fault> {
    Ok(Family {
        id: row.get::<_, String>(0)?.parse()?,
        user_id: row.get::<_, String>(1)?.parse()?,
        current: row.get(2)?,
        previous: row.get(3)?,
        rotated_at: Timestamp::clamped(row.get(4)?),
        created_at: Timestamp::clamped(row.get(5)?),
        user_agent: row.get(6)?,
        ip: row.get(7)?,
    })
}
