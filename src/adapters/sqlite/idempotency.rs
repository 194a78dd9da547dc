//! Idempotency keys: the answer of a request, kept with what it stored, so that a repeat gets it again.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};
use tocsin_actors::domain::{Document, DocumentId, Timestamp};
use tocsin_actors::ports::{IdempotencyKey, PortError};

use super::fault::Fault;

/// How long an answer is kept.
const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// How many ids of an answer are kept.
const KEPT_IDS: usize = 1_000;
/// How many expired answers each new one sweeps out; more than one, so that they cannot pile up.
const SWEPT_AT_ONCE: i64 = 16;

/// The accepted, the duplicates and the first ids of the answer.
type Answer = (u64, u64, Vec<DocumentId>);

/// The answer to the first request with this key, if that was within the time.
pub(super) fn replay(connection: &Connection, key: &IdempotencyKey, now: Timestamp) -> Result<Option<Answer>, Fault> {
    let row: Option<(String, i64, i64, String)> = connection
        .prepare_cached(
            "SELECT fingerprint, accepted, duplicates, ids FROM idempotency_keys
             WHERE owner = ?1 AND key = ?2 AND used_at > ?3",
        )?
        .query_row(params![key.owner, key.key, now.minus(KEPT_FOR).as_millis()], |row| row.try_into())
        .optional()?;
    let Some((fingerprint, accepted, duplicates, ids)) = row else {
        return Ok(None);
    };
    if fingerprint != key.fingerprint {
        return Err(PortError::KeyReused.into());
    }
    let ids = ids.lines().map(DocumentId::parse).collect::<Result<_, _>>()?;
    Ok(Some((accepted.cast_unsigned(), duplicates.cast_unsigned(), ids)))
}

/// Keeps the answer of a request that was just stored, and sweeps out a few that have expired.
pub(super) fn remember(
    connection: &Connection,
    key: &IdempotencyKey,
    batch: &[Document],
    places: &[Option<u64>],
    now: Timestamp,
) -> Result<(), Fault> {
    let expired = now.minus(KEPT_FOR).as_millis();
    connection
        .prepare_cached(
            "DELETE FROM idempotency_keys WHERE rowid IN
                 (SELECT rowid FROM idempotency_keys WHERE used_at <= ?1 ORDER BY used_at LIMIT ?2)",
        )?
        .execute([expired, SWEPT_AT_ONCE])?;
    let accepted = places.iter().flatten().count();
    // An id has no white space, so a line each is unambiguous.
    let ids: Vec<&str> = batch.iter().take(KEPT_IDS).map(|document| document.id.as_str()).collect();
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO idempotency_keys (owner, key, fingerprint, used_at, accepted, duplicates, ids)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            key.owner,
            key.key,
            key.fingerprint,
            now.as_millis(),
            i64::try_from(accepted).unwrap_or(i64::MAX),
            i64::try_from(places.len() - accepted).unwrap_or(i64::MAX),
            ids.join("\n"),
        ])?;
    Ok(())
}
