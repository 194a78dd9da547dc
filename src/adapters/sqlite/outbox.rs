//! The outbox: which messages are due, and what became of them.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};
use tocsin_actors::domain::{Incident, IncidentId, Notification, NotificationId, NotificationState, Timestamp};
use tocsin_actors::ports::{Delivery, PortError, Settlement};

use super::fault::Fault;
use super::leases::Fence;
use super::{Database, incidents, notifications};

/// The outbox in SQLite.
#[derive(Clone)]
pub struct Outbox {
    database: Arc<Database>,
    fence: Option<Fence>,
}

impl Outbox {
    /// The outbox of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self { database, fence: None }
    }

    /// The same for one of several servers: nothing is due for it while it does not hold the lease.
    #[must_use]
    pub fn fenced(database: Arc<Database>, fence: Fence) -> Self {
        Self { database, fence: Some(fence) }
    }
}

#[async_trait]
impl tocsin_actors::ports::Outbox for Outbox {
    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, PortError> {
        let fence = self.fence.clone();
        self.database
            .read(move |connection| match fence {
                Some(fence) if !fence.is_open(connection)? => Ok(Vec::new()),
                _ => due(connection, now, limit),
            })
            .await
    }

    async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, PortError> {
        self.database
            .read(move |connection| {
                let next: Option<i64> = connection
                    .prepare_cached(
                        "SELECT min(next_attempt_at) FROM notifications
                         WHERE state = 'pending' AND next_attempt_at > ?1",
                    )?
                    .query_row([now.as_millis()], |row| row.get(0))?;
                Ok(next.map(Timestamp::clamped))
            })
            .await
    }

    async fn settle(&self, id: NotificationId, settlement: Settlement) -> Result<Option<Incident>, PortError> {
        self.database.write(1, move |connection| settle(connection, id, &settlement)).await
    }

    async fn revive(
        &self,
        incident: IncidentId,
        id: NotificationId,
        now: Timestamp,
    ) -> Result<Option<Incident>, PortError> {
        self.database.write(1, move |connection| revive(connection, incident, id, now)).await
    }
}

fn revive(
    connection: &Connection,
    incident: IncidentId,
    id: NotificationId,
    now: Timestamp,
) -> Result<Option<Incident>, Fault> {
    let revived = connection
        .prepare_cached(
            "UPDATE notifications SET state = 'pending', attempts = 0, next_attempt_at = ?3
             WHERE id = ?1 AND incident_id = ?2 AND state = 'dead'",
        )?
        .execute(params![id.to_string(), incident.to_string(), now.as_millis()])?;
    if revived == 0 {
        return Ok(None);
    }
    incidents::renumber(connection, incident)?;
    incidents::one(connection, incident)
}

fn due(connection: &Connection, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, Fault> {
    let waiting = waiting(connection, now, limit)?;
    let wanted: Vec<&str> = waiting.iter().map(|(incident, _)| incident.as_str()).collect();
    let told = incidents::select(
        connection,
        "WHERE id IN (SELECT value FROM json_each(?1))",
        [serde_json::Value::from(wanted).to_string()],
    )?;
    let told: HashMap<String, Incident> = told.into_iter().map(|one| (one.id.to_string(), one)).collect();
    let with_incident = |(incident, notification): (String, Notification)| {
        // The foreign key says that the incident is there.
        told.get(&incident).map(|incident| Delivery { notification, incident: incident.clone() })
    };
    Ok(waiting.into_iter().filter_map(with_incident).collect())
}

/// Messages that are due, each with the id of its incident, the longest waiting first.
fn waiting(connection: &Connection, now: Timestamp, limit: usize) -> Result<Vec<(String, Notification)>, Fault> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT incident_id, {} FROM notifications WHERE state = 'pending' AND next_attempt_at <= ?1
         ORDER BY next_attempt_at, position LIMIT ?2",
        notifications::COLUMNS
    ))?;
    let mut rows = select.query([now.as_millis(), i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let mut waiting = Vec::new();
    while let Some(row) = rows.next()? {
        waiting.push((row.get(0)?, notifications::from_row(row, 1)?));
    }
    Ok(waiting)
}

fn settle(connection: &Connection, id: NotificationId, settlement: &Settlement) -> Result<Option<Incident>, Fault> {
    let (state, error, next) = match settlement {
        Settlement::Sent => (NotificationState::Sent, None, None),
        Settlement::Retry { error, at } => (NotificationState::Pending, Some(error), Some(at.as_millis())),
        Settlement::Dead { error } => (NotificationState::Dead, Some(error), None),
    };
    let incident: Option<String> = connection
        .prepare_cached(
            "UPDATE notifications SET state = ?2, last_error = ?3, next_attempt_at = ifnull(?4, next_attempt_at),
                 attempts = attempts + 1
             WHERE id = ?1 AND state = 'pending' RETURNING incident_id",
        )?
        .query_row(params![id.to_string(), state.as_str(), error, next], |row| row.get(0))
        .optional()?;
    let Some(incident) = incident else {
        return Ok(None);
    };
    let incident = incident.parse()?;
    incidents::renumber(connection, incident)?;
    incidents::one(connection, incident)
}
