//! The audit log.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, Row, ToSql, params, params_from_iter};
use tocsin_actors::domain::{AuditEntry, AuditEvent, Timestamp};
use tocsin_actors::ports::{ListAudit, PortError};

use super::Database;
use super::fault::Fault;

/// The audit log in SQLite.
#[derive(Clone)]
pub struct Audit(Arc<Database>);

impl Audit {
    /// The audit log of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Audit for Audit {
    async fn append(&self, entry: AuditEntry) -> Result<(), PortError> {
        self.0.write(1, move |connection| append(connection, &entry)).await
    }

    async fn list(&self, query: ListAudit) -> Result<Vec<AuditEntry>, PortError> {
        self.0.read(move |connection| list(connection, &query)).await
    }

    async fn sweep(&self, before: Timestamp) -> Result<u64, PortError> {
        self.0
            .write(1, move |connection| {
                let removed =
                    connection.prepare_cached("DELETE FROM audit WHERE at < ?1")?.execute([before.as_millis()])?;
                Ok(u64::try_from(removed).unwrap_or(u64::MAX))
            })
            .await
    }
}

fn append(connection: &Connection, entry: &AuditEntry) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO audit (id, at, event, user_id, session_id, ip, user_agent, request_id, by_user_id, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            entry.id.to_string(),
            entry.at.as_millis(),
            entry.event.as_str(),
            entry.user_id.map(|id| id.to_string()),
            entry.session_id.map(|id| id.to_string()),
            entry.ip,
            entry.user_agent,
            entry.request_id,
            entry.by.map(|id| id.to_string()),
            entry.detail,
        ])?;
    Ok(())
}

fn list(connection: &Connection, query: &ListAudit) -> Result<Vec<AuditEntry>, Fault> {
    let mut conditions = Vec::new();
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    let mut where_ = |condition: &'static str, value: Option<String>| {
        if let Some(value) = value {
            conditions.push(condition);
            values.push(Box::new(value));
        }
    };
    where_("user_id = ?", query.user_id.map(|id| id.to_string()));
    where_("event = ?", query.event.map(|event| event.as_str().to_owned()));
    where_("id < ?", query.before.map(|id| id.to_string()));
    values.push(Box::new(i64::try_from(query.limit).unwrap_or(i64::MAX)));
    let filter = if conditions.is_empty() { String::new() } else { format!("WHERE {}", conditions.join(" AND ")) };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, at, event, user_id, session_id, ip, user_agent, request_id, by_user_id, detail FROM audit
         {filter} ORDER BY id DESC LIMIT ?"
    ))?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(from_row(row)?);
    }
    Ok(entries)
}

fn from_row(row: &Row<'_>) -> Result<AuditEntry, Fault> {
    let optional = |at| row.get::<_, Option<String>>(at);
    Ok(AuditEntry {
        id: row.get::<_, String>(0)?.parse()?,
        at: Timestamp::clamped(row.get(1)?),
        event: AuditEvent::parse(&row.get::<_, String>(2)?)?,
        user_id: optional(3)?.map(|id| id.parse()).transpose()?,
        session_id: optional(4)?.map(|id| id.parse()).transpose()?,
        ip: row.get(5)?,
        user_agent: row.get(6)?,
        request_id: row.get(7)?,
        by: optional(8)?.map(|id| id.parse()).transpose()?,
        detail: optional(9)?,
    })
}
