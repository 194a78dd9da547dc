//! Reading documents in the order of the instants at which they count.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::time::Duration;

use rusqlite::{Connection, Row, params};
use tocsin_actors::domain::{RuleSource, Timestamp};
use tocsin_actors::ports::{PortError, Scanned, Visit};

use super::arrivals::{highest_place, type_id};
use super::fault::Fault;

/// What counts in `(after, upto]`.
pub(super) struct Stretch {
    pub(super) after: Timestamp,
    pub(super) upto: Timestamp,
    pub(super) future_tolerance: Duration,
}

/// Those that count by their own time, and those that count by the time they came.
macro_rules! documents {
    ($of_type:literal) => {
        (
            concat!(
                "SELECT at, type_id, id, fields FROM documents WHERE at > ?1 AND at <= ?2 AND at <= received_at",
                $of_type,
                " ORDER BY at, seq"
            ),
            concat!(
                "SELECT received_at, type_id, id, fields FROM documents INDEXED BY documents_ahead_by_receipt
                 WHERE at > received_at AND received_at > ?1 AND received_at <= ?2 AND at - received_at <= ?3",
                $of_type,
                " ORDER BY received_at, seq"
            ),
        )
    };
}

pub(super) const OF_ANY: (&str, &str) = documents!("");
pub(super) const OF_TYPE: (&str, &str) = documents!(" AND type_id = ?4");

/// Shows them all, from two readings that are merged by time. Runs in one snapshot.
pub(super) fn scan(
    connection: &Connection,
    source: &RuleSource,
    stretch: &Stretch,
    mut visit: Visit,
) -> Result<u64, Fault> {
    let highest = highest_place(connection)?;
    let (own_time, by_receipt) = match source {
        RuleSource::Any => OF_ANY,
        RuleSource::Type(_) => OF_TYPE,
    };
    let of_type = match source {
        RuleSource::Any => None,
        RuleSource::Type(kind) => match type_id(connection, kind.as_str())? {
            Some(of_type) => Some(of_type),
            None => return Ok(highest),
        },
    };
    let (after, upto) = (stretch.after.as_millis(), stretch.upto.as_millis());
    let tolerance = i64::try_from(stretch.future_tolerance.as_millis()).unwrap_or(i64::MAX);
    let types = types(connection)?;
    let (mut own_time, mut by_receipt) = (connection.prepare_cached(own_time)?, connection.prepare_cached(by_receipt)?);
    // SQLite numbers parameters up to the highest that is named, so an unused ?3 is there too.
    let (mut own_time, mut by_receipt) = match of_type {
        Some(of_type) => (
            own_time.query(params![after, upto, tolerance, of_type])?,
            by_receipt.query(params![after, upto, tolerance, of_type])?,
        ),
        None => (own_time.query(params![after, upto])?, by_receipt.query(params![after, upto, tolerance])?),
    };
    let (mut own, mut receipt) = (own_time.next()?, by_receipt.next()?);
    loop {
        let (row, of_own) = match (own, receipt) {
            (Some(own), Some(receipt)) if instant(receipt)? < instant(own)? => (receipt, false),
            (Some(own), _) => (own, true),
            (None, Some(receipt)) => (receipt, false),
            (None, None) => break,
        };
        if show(row, &types, &mut visit)?.is_break() {
            break;
        }
        if of_own {
            own = own_time.next()?;
        } else {
            receipt = by_receipt.next()?;
        }
    }
    Ok(highest)
}

fn instant(row: &Row<'_>) -> rusqlite::Result<i64> {
    row.get(0)
}

fn show(row: &Row<'_>, types: &HashMap<i64, String>, visit: &mut Visit) -> Result<ControlFlow<()>, Fault> {
    let bad = |error| Fault::from(PortError::Failed(format!("SQLite: a stored document: {error}")));
    let kind = types.get(&row.get(1)?).map_or("", String::as_str);
    let id = row.get_ref(2)?.as_str().map_err(bad)?;
    let fields = row.get_ref(3)?.as_str().map_err(bad)?;
    Ok(visit(Scanned { at: Timestamp::clamped(instant(row)?), kind, id, fields }))
}

fn types(connection: &Connection) -> rusqlite::Result<HashMap<i64, String>> {
    let mut select = connection.prepare_cached("SELECT id, name FROM document_types")?;
    select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
