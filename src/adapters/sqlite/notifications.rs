//! The rows of the outbox: storing messages and giving them to their incidents.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};
use tocsin_actors::domain::{Channel, Incident, IncidentId, Notification, NotificationState, Timestamp, Transition};
use tocsin_actors::ports::PortError;

use super::fault::Fault;

/// The columns that [`from_row`] reads, from `first` on.
pub(super) const COLUMNS: &str = "id, transition, channel, recipient, state, attempts, last_error, next_attempt_at";

pub(super) fn insert(connection: &Connection, incident: IncidentId, messages: &[Notification]) -> Result<(), Fault> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO notifications
             (id, incident_id, transition, channel, recipient, state, attempts, last_error, next_attempt_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let incident = incident.to_string();
    for message in messages {
        insert.execute(params![
            message.id.to_string(),
            incident,
            message.transition.as_str(),
            message.channel.as_str(),
            message.to,
            message.state.as_str(),
            message.attempts,
            message.last_error,
            message.next_attempt_at.as_millis(),
        ])?;
    }
    Ok(())
}

/// Fills in the messages of all these incidents, in the order in which they were stored, by one statement.
pub(super) fn attach(connection: &Connection, incidents: &mut [Incident]) -> Result<(), Fault> {
    if incidents.is_empty() {
        return Ok(());
    }
    let by_id: HashMap<String, usize> =
        incidents.iter().enumerate().map(|(index, incident)| (incident.id.to_string(), index)).collect();
    let wanted = serde_json::Value::from(by_id.keys().cloned().collect::<Vec<_>>()).to_string();
    let mut select = connection.prepare_cached(&format!(
        "SELECT incident_id, {COLUMNS} FROM notifications
         WHERE incident_id IN (SELECT value FROM json_each(?1)) ORDER BY position"
    ))?;
    let mut rows = select.query([wanted])?;
    while let Some(row) = rows.next()? {
        let of: String = row.get(0)?;
        if let Some(incident) = by_id.get(&of).and_then(|index| incidents.get_mut(*index)) {
            incident.notifications.push(from_row(row, 1)?);
        }
    }
    Ok(())
}

/// A message from [`COLUMNS`], which begin at column `first`.
pub(super) fn from_row(row: &Row<'_>, first: usize) -> Result<Notification, Fault> {
    let text = |offset: usize| row.get::<_, String>(first + offset);
    Ok(Notification {
        id: text(0)?.parse()?,
        transition: word(&Transition::ALL, Transition::as_str, &text(1)?)?,
        channel: word(&Channel::ALL, Channel::as_str, &text(2)?)?,
        to: text(3)?,
        state: word(
            &[NotificationState::Pending, NotificationState::Sent, NotificationState::Dead],
            NotificationState::as_str,
            &text(4)?,
        )?,
        attempts: row.get(first + 5)?,
        last_error: row.get(first + 6)?,
        next_attempt_at: Timestamp::clamped(row.get(first + 7)?),
    })
}

/// The one of `all` that is stored as this word.
fn word<T: Copy>(all: &[T], as_str: impl Fn(T) -> &'static str, stored: &str) -> Result<T, Fault> {
    let found = all.iter().copied().find(|one| as_str(*one) == stored);
    found.ok_or_else(|| PortError::Failed(format!("SQLite: a stored message has the unknown word {stored:?}")).into())
}
