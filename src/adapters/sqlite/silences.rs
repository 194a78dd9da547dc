//! Silences.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use tocsin_actors::domain::{Quiet, Silence, SilenceId, Timestamp, Weekly};
use tocsin_actors::ports::PortError;

use super::Database;
use super::fault::Fault;

/// The silences in SQLite.
#[derive(Clone)]
pub struct Silences(Arc<Database>);

impl Silences {
    /// The silences of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Silences for Silences {
    async fn list(&self) -> Result<Vec<Silence>, PortError> {
        self.0.read(list).await
    }

    async fn create(&self, silence: Silence, max: usize, forget_before: Timestamp) -> Result<(), PortError> {
        self.0.write(1, move |connection| create(connection, &silence, max, forget_before)).await
    }

    async fn remove(&self, id: SilenceId) -> Result<bool, PortError> {
        self.0
            .write(1, move |connection| {
                let mut delete = connection.prepare_cached("DELETE FROM silences WHERE id = ?1")?;
                Ok(delete.execute([id.to_string()])? > 0)
            })
            .await
    }
}

fn create(connection: &Connection, silence: &Silence, max: usize, forget_before: Timestamp) -> Result<(), Fault> {
    connection.prepare_cached("DELETE FROM silences WHERE until_ms <= ?1")?.execute([forget_before.as_millis()])?;
    let there: i64 = connection.prepare_cached("SELECT count(*) FROM silences")?.query_row([], |row| row.get(0))?;
    if usize::try_from(there).unwrap_or(usize::MAX) >= max {
        return Err(PortError::Conflict("too_many_silences").into());
    }
    let (once, weekly) = match &silence.quiet {
        Quiet::Once { from, until } => (Some((from.as_millis(), until.as_millis())), None),
        Quiet::Weekly(weekly) => (None, Some(weekly)),
    };
    connection
        .prepare_cached(
            "INSERT INTO silences (id, rule_id, group_key, from_ms, until_ms, days, start_time, end_time, zone, comment,
                 created_by, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            silence.id.to_string(),
            silence.rule.map(|rule| rule.to_string()),
            silence.group,
            once.map(|(from, _)| from),
            once.map(|(_, until)| until),
            weekly.map(|weekly| weekly.days().join(" ")),
            weekly.map(Weekly::start),
            weekly.map(Weekly::end),
            weekly.map(Weekly::zone),
            silence.comment,
            silence.created_by,
            silence.created_at.as_millis(),
        ])?;
    Ok(())
}

fn list(connection: &Connection) -> Result<Vec<Silence>, Fault> {
    let mut select = connection.prepare_cached(
        "SELECT id, rule_id, group_key, from_ms, until_ms, days, start_time, end_time, zone, comment, created_by,
             created_at
         FROM silences ORDER BY position",
    )?;
    let mut rows = select.query([])?;
    let mut silences = Vec::new();
    while let Some(row) = rows.next()? {
        silences.push(from_row(row)?);
    }
    Ok(silences)
}

fn from_row(row: &Row<'_>) -> Result<Silence, Fault> {
    let quiet = match row.get::<_, Option<i64>>(3)? {
        Some(from) => Quiet::Once { from: Timestamp::clamped(from), until: Timestamp::clamped(row.get(4)?) },
        None => {
            let text = |column: usize| row.get::<_, String>(column);
            let days: Vec<String> = text(5)?.split_whitespace().map(str::to_owned).collect();
            let weekly = Weekly::parse(&days, &text(6)?, &text(7)?, &text(8)?);
            Quiet::Weekly(weekly.map_err(|(_, error)| Fault::from(error))?)
        }
    };
    Ok(Silence {
        id: row.get::<_, String>(0)?.parse()?,
        rule: row.get::<_, Option<String>>(1)?.map(|id| id.parse()).transpose()?,
        group: row.get(2)?,
        quiet,
        comment: row.get(9)?,
        created_by: row.get(10)?,
        created_at: Timestamp::clamped(row.get(11)?),
    })
}
