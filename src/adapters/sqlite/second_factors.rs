//! Second factors and recovery codes.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::{Connection, params};
use tocsin_actors::auth::second_factor::code;
use tocsin_actors::domain::{Timestamp, UserId};
use tocsin_actors::ports::{PortError, SecondFactor};

use super::Database;
use super::fault::Fault;

/// The second factors in SQLite.
#[derive(Clone)]
pub struct SecondFactors(Arc<Database>);

impl SecondFactors {
    /// The second factors of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::SecondFactors for SecondFactors {
    async fn begin(&self, user: UserId, sealed: String, now: Timestamp) -> Result<(), PortError> {
        self.0
            .write(1, move |connection| {
                let begun = connection
                    .prepare_cached(
                        "INSERT INTO second_factors (user_id, secret, begun_at) VALUES (?1, ?2, ?3)
                         ON CONFLICT (user_id) DO UPDATE SET secret = ?2, begun_at = ?3, tries = 0
                         WHERE enabled_at IS NULL",
                    )?
                    .execute(params![user.to_string(), sealed, now.as_millis()])?;
                if begun > 0 { Ok(()) } else { Err(PortError::Conflict("second_factor_enabled").into()) }
            })
            .await
    }

    async fn get(&self, user: UserId) -> Result<Option<SecondFactor>, PortError> {
        self.0.read(move |connection| get(connection, user)).await
    }

    async fn enable(
        &self,
        user: UserId,
        sealed: String,
        step: i64,
        codes: Vec<String>,
        now: Timestamp,
    ) -> Result<bool, PortError> {
        self.0
            .write(1 + codes.len(), move |connection| {
                let enabled = connection
                    .prepare_cached(
                        "UPDATE second_factors SET enabled_at = ?4, last_step = ?3, tries = 0
                         WHERE user_id = ?1 AND secret = ?2 AND enabled_at IS NULL",
                    )?
                    .execute(params![user.to_string(), sealed, step, now.as_millis()])?;
                if enabled > 0 {
                    replace_codes(connection, user, &codes)?;
                }
                Ok(enabled > 0)
            })
            .await
    }

    async fn attempt(&self, user: UserId, free: u32, now: Timestamp) -> Result<Option<Duration>, PortError> {
        self.0.write(1, move |connection| attempt(connection, user, free, now)).await
    }

    async fn use_step(&self, user: UserId, step: i64) -> Result<bool, PortError> {
        self.0
            .write(1, move |connection| {
                let used = connection
                    .prepare_cached(
                        "UPDATE second_factors SET last_step = ?2, tries = 0
                         WHERE user_id = ?1 AND enabled_at IS NOT NULL AND last_step < ?2",
                    )?
                    .execute(params![user.to_string(), step])?;
                Ok(used > 0)
            })
            .await
    }

    async fn use_recovery_code(&self, user: UserId, digest: String) -> Result<bool, PortError> {
        self.0
            .write(1, move |connection| {
                let used = connection
                    .prepare_cached("DELETE FROM recovery_codes WHERE user_id = ?1 AND digest = ?2")?
                    .execute([&user.to_string(), &digest])?;
                if used > 0 {
                    connection
                        .prepare_cached("UPDATE second_factors SET tries = 0 WHERE user_id = ?1")?
                        .execute([user.to_string()])?;
                }
                Ok(used > 0)
            })
            .await
    }

    async fn renew(&self, user: UserId, codes: Vec<String>) -> Result<bool, PortError> {
        self.0
            .write(codes.len(), move |connection| {
                let enabled = get(connection, user)?.is_some_and(|factor| factor.enabled_at.is_some());
                if enabled {
                    replace_codes(connection, user, &codes)?;
                }
                Ok(enabled)
            })
            .await
    }

    async fn disable(&self, user: UserId) -> Result<bool, PortError> {
        self.0
            .write(1, move |connection| {
                // The recovery codes go with it.
                let removed = connection
                    .prepare_cached("DELETE FROM second_factors WHERE user_id = ?1 AND enabled_at IS NOT NULL")?
                    .execute([user.to_string()])?;
                Ok(removed > 0)
            })
            .await
    }
}

fn get(connection: &Connection, user: UserId) -> Result<Option<SecondFactor>, Fault> {
    connection
        .prepare_cached(
            "SELECT secret, enabled_at, last_step,
                 (SELECT count(*) FROM recovery_codes WHERE recovery_codes.user_id = second_factors.user_id)
             FROM second_factors WHERE user_id = ?1",
        )?
        .query([user.to_string()])?
        .next()?
        .map(|row| {
            Ok(SecondFactor {
                sealed: row.get(0)?,
                enabled_at: row.get::<_, Option<i64>>(1)?.map(Timestamp::clamped),
                last_step: row.get(2)?,
                recovery_codes: row.get(3)?,
            })
        })
        .transpose()
}

fn attempt(connection: &Connection, user: UserId, free: u32, now: Timestamp) -> Result<Option<Duration>, Fault> {
    let user = user.to_string();
    let mut select = connection.prepare_cached("SELECT tries, tried_at FROM second_factors WHERE user_id = ?1")?;
    let mut rows = select.query([&user])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (tries, tried_at) = (row.get::<_, u32>(0)?, Timestamp::clamped(row.get(1)?));
    let wait = code::wait(tries, tried_at, free, now);
    if wait.is_none() {
        connection
            .prepare_cached("UPDATE second_factors SET tries = ?2, tried_at = ?3 WHERE user_id = ?1")?
            .execute(params![user, tries.saturating_add(1), now.as_millis()])?;
    }
    Ok(wait)
}

fn replace_codes(connection: &Connection, user: UserId, codes: &[String]) -> Result<(), Fault> {
    let user = user.to_string();
    connection.prepare_cached("DELETE FROM recovery_codes WHERE user_id = ?1")?.execute([&user])?;
    let mut insert = connection.prepare_cached("INSERT INTO recovery_codes (user_id, digest) VALUES (?1, ?2)")?;
    for code in codes {
        insert.execute([&user, code])?;
    }
    Ok(())
}
