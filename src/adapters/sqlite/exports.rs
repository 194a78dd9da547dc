//! Exports: what was asked for, and what became of it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use tocsin_actors::domain::{Export, ExportFile, ExportId, ExportSpec, ExportStatus, LinkToken, Timestamp};
use tocsin_actors::ports::{ExportBounds, ExportCreated, ExportEnd, IdempotencyKey, ListExports, PortError};

use super::Database;
use super::fault::Fault;
use crate::wire::export::ExportInput;

/// How long an idempotency key stands for its request.
const KEY_LASTS: Duration = Duration::from_secs(24 * 60 * 60);

/// The exports in SQLite.
#[derive(Clone)]
pub struct Exports(Arc<Database>);

impl Exports {
    /// The exports of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Exports for Exports {
    async fn create(
        &self,
        export: Export,
        key: Option<IdempotencyKey>,
        bounds: ExportBounds,
    ) -> Result<ExportCreated, PortError> {
        self.0.write(1, move |connection| create(connection, &export, key.as_ref(), bounds)).await
    }

    async fn get(&self, id: ExportId) -> Result<Option<Export>, PortError> {
        self.0.read(move |connection| one(connection, "id = ?1 AND removed_at IS NULL", &id.to_string())).await
    }

    async fn by_token(&self, token: String) -> Result<Option<Export>, PortError> {
        self.0.read(move |connection| one(connection, "token = ?1", &token)).await
    }

    async fn list(&self, query: ListExports) -> Result<Vec<Export>, PortError> {
        self.0
            .read(move |connection| {
                let which = "owner = ?1 AND removed_at IS NULL AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3";
                let after = query.after.map(|id| id.to_string());
                let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
                select(connection, which, params![query.owner, after, limit])
            })
            .await
    }

    async fn unfinished(&self, untouched_since: Timestamp) -> Result<Vec<ExportId>, PortError> {
        self.0
            .read(move |connection| {
                let which = "status IN ('queued', 'running') AND touched_at <= ?1 ORDER BY id";
                ids(connection, which, [untouched_since.as_millis()])
            })
            .await
    }

    async fn touch(&self, id: ExportId, at: Timestamp) -> Result<bool, PortError> {
        self.0
            .write(1, move |connection| {
                let touched = connection
                    .prepare_cached(
                        "UPDATE exports SET touched_at = max(touched_at, ?2)
                         WHERE id = ?1 AND status IN ('queued', 'running')",
                    )?
                    .execute(params![id.to_string(), at.as_millis()])?;
                Ok(touched > 0)
            })
            .await
    }

    async fn begin(&self, id: ExportId, at: Timestamp) -> Result<Option<Export>, PortError> {
        self.0
            .write(1, move |connection| {
                let begun = connection
                    .prepare_cached(
                        "UPDATE exports SET status = 'running', attempts = attempts + 1, started_at = ?2, touched_at = ?2
                         WHERE id = ?1 AND status IN ('queued', 'running')",
                    )?
                    .execute(params![id.to_string(), at.as_millis()])?;
                if begun == 0 { Ok(None) } else { one(connection, "id = ?1", &id.to_string()) }
            })
            .await
    }

    async fn put_back(&self, id: ExportId) -> Result<(), PortError> {
        self.0
            .write(1, move |connection| {
                connection
                    .prepare_cached(
                        "UPDATE exports SET status = 'queued', attempts = max(attempts - 1, 0), started_at = NULL
                         WHERE id = ?1 AND status = 'running'",
                    )?
                    .execute([id.to_string()])?;
                Ok(())
            })
            .await
    }

    async fn end(
        &self,
        id: ExportId,
        attempt: Option<u32>,
        end: ExportEnd,
        at: Timestamp,
    ) -> Result<Option<Export>, PortError> {
        self.0.write(1, move |connection| finish(connection, (id, attempt), &end, at)).await
    }

    async fn remove(&self, id: ExportId, at: Timestamp) -> Result<bool, PortError> {
        self.0
            .write(1, move |connection| {
                let removed = connection
                    .prepare_cached(
                        "UPDATE exports SET removed_at = ?2, has_file = 0
                         WHERE id = ?1 AND removed_at IS NULL AND status NOT IN ('queued', 'running')",
                    )?
                    .execute(params![id.to_string(), at.as_millis()])?;
                Ok(removed > 0)
            })
            .await
    }

    async fn expired(&self, now: Timestamp, limit: usize) -> Result<Vec<ExportId>, PortError> {
        self.0
            .read(move |connection| {
                let limit = i64::try_from(limit).unwrap_or(i64::MAX);
                let which = "has_file = 1 AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2";
                ids(connection, which, params![now.as_millis(), limit])
            })
            .await
    }

    async fn let_go(&self, id: ExportId) -> Result<(), PortError> {
        self.0
            .write(1, move |connection| {
                let mut update = connection.prepare_cached("UPDATE exports SET has_file = 0 WHERE id = ?1")?;
                update.execute([id.to_string()])?;
                Ok(())
            })
            .await
    }

    async fn with_file(&self) -> Result<Vec<ExportId>, PortError> {
        self.0.read(|connection| ids(connection, "has_file = 1", [])).await
    }

    async fn forget(&self, before: Timestamp) -> Result<u64, PortError> {
        self.0
            .write(1, move |connection| {
                let forgotten = connection
                    .prepare_cached("DELETE FROM exports WHERE has_file = 0 AND ended_at < ?1")?
                    .execute([before.as_millis()])?;
                Ok(forgotten as u64)
            })
            .await
    }
}

fn create(
    connection: &Connection,
    export: &Export,
    key: Option<&IdempotencyKey>,
    bounds: ExportBounds,
) -> Result<ExportCreated, Fault> {
    if let Some(key) = key
        && let Some(earlier) = earlier(connection, key, export.created_at)?
    {
        return Ok(ExportCreated { export: earlier, replayed: true });
    }
    let count = |which: &str| -> Result<usize, Fault> {
        let sql = format!("SELECT count(*) FROM exports WHERE owner = ?1{which}");
        let n: i64 = connection.prepare_cached(&sql)?.query_row([&export.owner], |row| row.get(0))?;
        Ok(usize::try_from(n).unwrap_or(usize::MAX))
    };
    if count(" AND status IN ('queued', 'running')")? >= bounds.unfinished {
        return Err(PortError::Conflict("too_many_exports").into());
    }
    let over = (count("")? + 1).saturating_sub(bounds.kept);
    if over > 0 {
        connection
            .prepare_cached(
                "DELETE FROM exports WHERE id IN
                     (SELECT id FROM exports WHERE owner = ?1 AND has_file = 0 ORDER BY id LIMIT ?2)",
            )?
            .execute(params![export.owner, i64::try_from(over).unwrap_or(i64::MAX)])?;
        if count("")? >= bounds.kept {
            return Err(PortError::Conflict("too_many_exports").into());
        }
    }
    insert(connection, export, key)?;
    Ok(ExportCreated { export: export.clone(), replayed: false })
}

/// The export of an earlier request with this key.
fn earlier(connection: &Connection, key: &IdempotencyKey, now: Timestamp) -> Result<Option<Export>, Fault> {
    let found: Option<(String, String)> = connection
        .prepare_cached(
            "SELECT id, fingerprint FROM exports WHERE owner = ?1 AND idempotency_key = ?2 AND created_at > ?3
             ORDER BY id DESC LIMIT 1",
        )?
        .query_row(params![key.owner, key.key, now.minus(KEY_LASTS).as_millis()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((id, fingerprint)) = found else { return Ok(None) };
    if fingerprint != key.fingerprint {
        return Err(PortError::KeyReused.into());
    }
    one(connection, "id = ?1", &id)
}

fn insert(connection: &Connection, export: &Export, key: Option<&IdempotencyKey>) -> Result<(), Fault> {
    // Texts, numbers and lists of them can always be written.
    let spec = serde_json::to_string(&ExportInput::from(&export.spec)).unwrap_or_default();
    connection
        .prepare_cached(
            "INSERT INTO exports (id, owner, spec, status, token, created_at, touched_at, idempotency_key, fingerprint)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8)",
        )?
        .execute(params![
            export.id.to_string(),
            export.owner,
            spec,
            export.status.as_str(),
            export.token.0,
            export.created_at.as_millis(),
            key.map(|key| key.key.as_str()),
            key.map(|key| key.fingerprint.as_str()),
        ])?;
    Ok(())
}

fn finish(
    connection: &Connection,
    (id, attempt): (ExportId, Option<u32>),
    end: &ExportEnd,
    at: Timestamp,
) -> Result<Option<Export>, Fault> {
    let (status, file, expires_at, error) = match end {
        ExportEnd::Done { file, expires_at } => (ExportStatus::Done, Some(file), Some(*expires_at), None),
        ExportEnd::Failed(reason) => (ExportStatus::Failed, None, None, Some(reason)),
        ExportEnd::Cancelled => (ExportStatus::Cancelled, None, None, None),
    };
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let ended = connection
        .prepare_cached(
            "UPDATE exports SET status = ?2, rows = ?3, bytes = ?4, sha256 = ?5, warnings = ?6, expires_at = ?7,
                 error = ?8, ended_at = ?9, has_file = ?10
             WHERE id = ?1 AND status IN ('queued', 'running') AND (?11 IS NULL OR attempts = ?11)",
        )?
        .execute(params![
            id.to_string(),
            status.as_str(),
            file.map(|file| number(file.rows)),
            file.map(|file| number(file.bytes)),
            file.map(|file| file.sha256.as_str()),
            file.map(|file| serde_json::Value::from(file.warnings.clone()).to_string()),
            expires_at.map(Timestamp::as_millis),
            error,
            at.as_millis(),
            file.is_some(),
            attempt,
        ])?;
    if ended == 0 { Ok(None) } else { one(connection, "id = ?1", &id.to_string()) }
}

const COLUMNS: &str = "id, owner, spec, status, attempts, token, created_at, started_at, ended_at, expires_at, rows, bytes, \
                       sha256, warnings, error, has_file, removed_at";

fn one(connection: &Connection, which: &str, value: &str) -> Result<Option<Export>, Fault> {
    Ok(select(connection, which, [value])?.pop())
}

fn select(connection: &Connection, which: &str, parameters: impl rusqlite::Params) -> Result<Vec<Export>, Fault> {
    let mut select = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM exports WHERE {which}"))?;
    let mut rows = select.query(parameters)?;
    let mut exports = Vec::new();
    while let Some(row) = rows.next()? {
        exports.push(from_row(row)?);
    }
    Ok(exports)
}

fn ids(connection: &Connection, which: &str, parameters: impl rusqlite::Params) -> Result<Vec<ExportId>, Fault> {
    let mut select = connection.prepare_cached(&format!("SELECT id FROM exports WHERE {which}"))?;
    let mut rows = select.query(parameters)?;
    let mut ids = Vec::new();
    while let Some(row) = rows.next()? {
        ids.push(row.get::<_, String>(0)?.parse()?);
    }
    Ok(ids)
}

fn from_row(row: &Row<'_>) -> Result<Export, Fault> {
    let text = |column: usize| row.get::<_, String>(column);
    let time = |column: usize| row.get::<_, Option<i64>>(column).map(|millis| millis.map(Timestamp::clamped));
    let status = ExportStatus::parse(&text(3)?)?;
    let file = match status {
        ExportStatus::Done => Some(ExportFile {
            rows: row.get::<_, i64>(10)?.cast_unsigned(),
            bytes: row.get::<_, i64>(11)?.cast_unsigned(),
            sha256: text(12)?,
            warnings: serde_json::from_str(&text(13)?)
                .map_err(|error| PortError::Failed(format!("SQLite: stored warnings: {error}")))?,
        }),
        _ => None,
    };
    Ok(Export {
        id: text(0)?.parse()?,
        owner: text(1)?,
        spec: spec(&text(2)?)?,
        status,
        attempts: row.get(4)?,
        token: LinkToken(text(5)?),
        created_at: Timestamp::clamped(row.get(6)?),
        started_at: time(7)?,
        ended_at: time(8)?,
        expires_at: time(9)?,
        file,
        error: row.get(14)?,
        removed_at: time(16)?,
    })
}

fn spec(json: &str) -> Result<ExportSpec, Fault> {
    let damaged = |what: String| Fault::from(PortError::Failed(format!("SQLite: a stored export: {what}")));
    let input: ExportInput = serde_json::from_str(json).map_err(|error| damaged(error.to_string()))?;
    input.parse().map_err(|wrong| damaged(format!("{wrong:?}")))
}
