//! Counting what a rule's window saw: `counts_at` of the domain, as index scans.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};
use tocsin_actors::domain::{RuleSource, Timestamp};
use tocsin_actors::ports::Arrivals;

use super::fault::Fault;

/// Every instant with the number of documents that count there, from three scans that touch indices only: all by
/// their own time, less those that were ahead of it when they came, plus the latter by the time they came, unless
/// they were too far ahead. The last two go through indices that hold nothing but documents that were ahead.
macro_rules! counts {
    ($of_type:literal) => {
        concat!(
            "SELECT instant, sum(n) FROM (
                 SELECT at AS instant, count(*) AS n FROM documents
                 WHERE at > ?1 AND at <= ?2",
            $of_type,
            " GROUP BY at
                 UNION ALL
                 SELECT at, -count(*) FROM documents INDEXED BY documents_ahead_by_at
                 WHERE at > received_at AND at > ?1 AND at <= ?2",
            $of_type,
            " GROUP BY at
                 UNION ALL
                 SELECT received_at, count(*) FROM documents INDEXED BY documents_ahead_by_receipt
                 WHERE at > received_at AND received_at > ?1 AND received_at <= ?2 AND at - received_at <= ?3",
            $of_type,
            "
                 GROUP BY received_at
             ) GROUP BY instant HAVING sum(n) > 0 ORDER BY instant"
        )
    };
}

pub(super) const COUNTS_OF_ANY: &str = counts!("");
pub(super) const COUNTS_OF_TYPE: &str = counts!(" AND type_id = ?4");

/// What counts in `(after, upto]`. Runs in one snapshot, so counts and highest place belong together.
pub(super) fn arrivals(
    connection: &Connection,
    source: &RuleSource,
    after: Timestamp,
    upto: Timestamp,
    future_tolerance: Duration,
) -> Result<Arrivals, Fault> {
    let tolerance_millis = i64::try_from(future_tolerance.as_millis()).unwrap_or(i64::MAX);
    let (after, last) = (after.as_millis(), upto.as_millis());
    let counts = match source {
        RuleSource::Any => read(connection, COUNTS_OF_ANY, params![after, last, tolerance_millis])?,
        RuleSource::Type(kind) => match type_id(connection, kind.as_str())? {
            Some(type_id) => read(connection, COUNTS_OF_TYPE, params![after, last, tolerance_millis, type_id])?,
            None => Vec::new(),
        },
    };
    Ok(Arrivals { counts, upto: highest_place(connection)? })
}

/// The highest place of any document; 0 where there is none.
pub(super) fn highest_place(connection: &Connection) -> rusqlite::Result<u64> {
    let highest: Option<i64> =
        connection.prepare_cached("SELECT max(seq) FROM documents")?.query_row([], |row| row.get(0))?;
    Ok(highest.unwrap_or(0).cast_unsigned())
}

/// The number of a type, if any document has it.
pub(super) fn type_id(connection: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM document_types WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

fn read(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> rusqlite::Result<Vec<(Timestamp, u64)>> {
    connection
        .prepare_cached(sql)?
        .query_map(parameters, |row| Ok((Timestamp::clamped(row.get(0)?), row.get::<_, i64>(1)?.cast_unsigned())))?
        .collect()
}
