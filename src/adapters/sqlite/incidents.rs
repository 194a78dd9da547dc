//! Incidents. Whatever changes one also takes its number and stores its messages, in one transaction.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use tocsin_actors::domain::{Incident, IncidentId, IncidentState, RuleId, Timestamp};
use tocsin_actors::ports::{Change, ListIncidents, Opened, PortError};

use super::fault::{Fault, broke};
use super::leases::Fence;
use super::{Database, notifications};

/// The incidents in SQLite.
#[derive(Clone)]
pub struct Incidents {
    database: Arc<Database>,
    fence: Option<Fence>,
}

impl Incidents {
    /// The incidents of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self { database, fence: None }
    }

    /// The same for one of several servers: it changes them while it holds the lease, and is answered
    /// [`PortError::Conflict`] with [`tocsin_actors::ports::LEASE_LOST`] when it does not.
    #[must_use]
    pub fn fenced(database: Arc<Database>, fence: Fence) -> Self {
        Self { database, fence: Some(fence) }
    }

    async fn write<T: Send + 'static>(
        &self,
        rows: usize,
        work: impl Fn(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, PortError> {
        let fence = self.fence.clone();
        self.database
            .write(rows, move |connection| {
                if let Some(fence) = &fence {
                    fence.pass(connection)?;
                }
                work(connection)
            })
            .await
    }
}

#[async_trait]
impl tocsin_actors::ports::Incidents for Incidents {
    async fn open(&self, incident: Incident) -> Result<Opened, PortError> {
        let rows = 1 + incident.notifications.len();
        self.write(rows, move |connection| open(connection, &incident)).await
    }

    async fn change(&self, id: IncidentId, change: Change) -> Result<Option<Incident>, PortError> {
        self.write(1, move |connection| apply(connection, id, &change)).await
    }

    async fn get(&self, id: IncidentId) -> Result<Option<Incident>, PortError> {
        self.database.read(move |connection| one(connection, id)).await
    }

    async fn list(&self, query: ListIncidents) -> Result<Vec<Incident>, PortError> {
        self.database.read(move |connection| list(connection, &query)).await
    }

    async fn firing(&self, rule: RuleId) -> Result<Vec<Incident>, PortError> {
        self.database
            .read(move |connection| {
                select(
                    connection,
                    "WHERE rule_id = ?1 AND state = 'firing' ORDER BY started_at, id",
                    [rule.to_string()],
                )
            })
            .await
    }

    async fn since(&self, seq: u64, limit: usize) -> Result<(Vec<Incident>, u64), PortError> {
        self.database
            .read(move |connection| {
                let after = i64::try_from(seq).unwrap_or(i64::MAX);
                let changed = select(connection, "WHERE seq > ?1 ORDER BY seq LIMIT ?2", [after, bounded(limit)])?;
                Ok((changed, highest_seq(connection)?))
            })
            .await
    }
}

fn open(connection: &Connection, incident: &Incident) -> Result<Opened, Fault> {
    let firing = select(
        connection,
        "WHERE rule_id = ?1 AND ifnull(group_key, 0) = ifnull(?2, 0) AND state = 'firing'",
        params![incident.rule_id.to_string(), incident.group],
    )?;
    if let Some(incident) = firing.into_iter().next() {
        return Ok(Opened { incident, fresh: false });
    }
    let stored = Incident { seq: next_seq(connection)?, ..incident.clone() };
    insert(connection, &stored)?;
    notifications::insert(connection, stored.id, &stored.notifications)?;
    Ok(Opened { incident: stored, fresh: true })
}

fn insert(connection: &Connection, incident: &Incident) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO incidents (id, rule_id, rule_name, state, value, peak, threshold, started_at, resolved_at,
                                    acknowledged_by, group_key, seq, silenced)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            incident.id.to_string(),
            incident.rule_id.to_string(),
            incident.rule_name,
            incident.state.as_str(),
            incident.value,
            incident.peak,
            incident.threshold,
            incident.started_at.as_millis(),
            incident.resolved_at.map(Timestamp::as_millis),
            incident.acknowledged_by,
            incident.group,
            incident.seq.cast_signed(),
            incident.silenced,
        ])
        .map_err(|error| {
            if broke(&error, rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY) {
                return PortError::Conflict("incident_exists").into();
            }
            Fault::from(error)
        })?;
    Ok(())
}

fn apply(connection: &Connection, id: IncidentId, change: &Change) -> Result<Option<Incident>, Fault> {
    let key = id.to_string();
    let moved = match change {
        Change::Progress { value, peak } => connection
            .prepare_cached("UPDATE incidents SET value = ?2, peak = ?3 WHERE id = ?1 AND state = 'firing'")?
            .execute(params![key, value, peak])?,
        Change::Ring { notifications } => {
            let rung = connection
                .prepare_cached(
                    "UPDATE incidents SET silenced = 0 WHERE id = ?1 AND state = 'firing' AND silenced <> 0",
                )?
                .execute([&key])?;
            if rung > 0 {
                notifications::insert(connection, id, notifications)?;
                renumber(connection, id)?;
            }
            rung
        }
        Change::Remind { notifications } => {
            let goes_on: i64 = connection
                .prepare_cached(
                    "SELECT count(*) FROM incidents WHERE id = ?1 AND state = 'firing' AND acknowledged_by IS NULL",
                )?
                .query_row([&key], |row| row.get(0))?;
            if goes_on > 0 {
                notifications::insert(connection, id, notifications)?;
            }
            usize::from(goes_on > 0)
        }
        Change::Resolve { at, value, peak, notifications } => {
            let resolved = connection
                .prepare_cached(
                    "UPDATE incidents SET state = 'resolved', resolved_at = ?2, value = ?3, peak = ?4
                     WHERE id = ?1 AND state = 'firing'",
                )?
                .execute(params![key, at.as_millis(), value, peak])?;
            if resolved > 0 {
                notifications::insert(connection, id, notifications)?;
                renumber(connection, id)?;
            }
            resolved
        }
        Change::Acknowledge { by } => {
            let first = connection
                .prepare_cached("UPDATE incidents SET acknowledged_by = ?2 WHERE id = ?1 AND acknowledged_by IS NULL")?
                .execute(params![key, by])?;
            if first > 0 {
                renumber(connection, id)?;
            }
            // Somebody was first, or there is no such incident: the look at it tells.
            1
        }
    };
    if moved == 0 { Ok(None) } else { one(connection, id) }
}

/// Gives an incident the next number of the sequence: it changed in a way that viewers are told of.
pub(super) fn renumber(connection: &Connection, id: IncidentId) -> Result<(), Fault> {
    let seq = next_seq(connection)?;
    connection
        .prepare_cached("UPDATE incidents SET seq = ?2 WHERE id = ?1")?
        .execute(params![id.to_string(), seq.cast_signed()])?;
    Ok(())
}

fn next_seq(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("UPDATE counters SET value = value + 1 WHERE name = 'incident_seq' RETURNING value")?
        .query_row([], |row| row.get::<_, i64>(0))
        .map(i64::cast_unsigned)
}

fn highest_seq(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT value FROM counters WHERE name = 'incident_seq'")?
        .query_row([], |row| row.get::<_, i64>(0))
        .map(i64::cast_unsigned)
}

/// Newest first, and on from an incident that was the last of the page before.
fn list(connection: &Connection, query: &ListIncidents) -> Result<Vec<Incident>, Fault> {
    let after: Option<(i64, String)> = match query.after {
        None => Some((i64::MAX, String::new())),
        Some(id) => connection
            .prepare_cached("SELECT started_at, id FROM incidents WHERE id = ?1")?
            .query_row([id.to_string()], |row| row.try_into())
            .optional()?,
    };
    let Some((started_at, id)) = after else {
        return Ok(Vec::new());
    };
    let limit = bounded(query.limit);
    match query.state {
        None => select(
            connection,
            "WHERE (started_at, id) < (?1, ?2) ORDER BY started_at DESC, id DESC LIMIT ?3",
            params![started_at, id, limit],
        ),
        Some(state) => select(
            connection,
            "WHERE state = ?4 AND (started_at, id) < (?1, ?2) ORDER BY started_at DESC, id DESC LIMIT ?3",
            params![started_at, id, limit, state.as_str()],
        ),
    }
}

fn bounded(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// One incident with its messages.
pub(super) fn one(connection: &Connection, id: IncidentId) -> Result<Option<Incident>, Fault> {
    Ok(select(connection, "WHERE id = ?1", [id.to_string()])?.pop())
}

/// Incidents with their messages, by two statements however many there are.
pub(super) fn select(
    connection: &Connection,
    which: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<Incident>, Fault> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT id, rule_id, rule_name, state, value, peak, threshold, started_at, resolved_at, acknowledged_by,
                group_key, seq, silenced
         FROM incidents {which}"
    ))?;
    let mut rows = select.query(parameters)?;
    let mut incidents = Vec::new();
    while let Some(row) = rows.next()? {
        incidents.push(from_row(row)?);
    }
    notifications::attach(connection, &mut incidents)?;
    Ok(incidents)
}

fn from_row(row: &Row<'_>) -> Result<Incident, Fault> {
    let state: String = row.get(3)?;
    Ok(Incident {
        id: row.get::<_, String>(0)?.parse()?,
        rule_id: row.get::<_, String>(1)?.parse()?,
        rule_name: row.get(2)?,
        state: if state == IncidentState::Firing.as_str() { IncidentState::Firing } else { IncidentState::Resolved },
        value: row.get(4)?,
        peak: row.get(5)?,
        threshold: row.get(6)?,
        started_at: Timestamp::clamped(row.get(7)?),
        resolved_at: row.get::<_, Option<i64>>(8)?.map(Timestamp::clamped),
        acknowledged_by: row.get(9)?,
        group: row.get(10)?,
        seq: row.get::<_, i64>(11)?.cast_unsigned(),
        silenced: row.get(12)?,
        notifications: Vec::new(),
    })
}
