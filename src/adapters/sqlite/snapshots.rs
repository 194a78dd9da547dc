//! Reading documents for a file: a connection of its own in one transaction, so that neither those who read pages nor the
//! writer waits for it. The log grows while it lasts, because nothing before it can be copied into the file.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Connection, params};
use tocsin_actors::domain::{DocumentQuery, RuleSource, Selection, Timestamp};
use tocsin_actors::ports::{PortError, Row, Show, Snapshot};

use super::arrivals::type_id;
use super::fault::Fault;
use super::{Database, connection};

/// Page cache: documents that lie in the order of time are read once; the tops of the indices stay.
const CACHE_KIB: i64 = 16 * 1024;

/// A page has several documents. To read all pages in turn takes less than to look for each document where one in so many
/// is wanted.
const WORTH_A_SCAN: u64 = 8;

/// Snapshots of a SQLite file.
#[derive(Clone)]
pub struct Snapshots {
    path: PathBuf,
    // The file stays open as long as somebody may read it.
    _database: Arc<Database>,
}

impl Snapshots {
    /// Snapshots of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self { path: database.path().to_owned(), _database: database }
    }
}

impl tocsin_actors::ports::Snapshots for Snapshots {
    fn open(&self) -> Result<Box<dyn Snapshot>, PortError> {
        let reader = connection::open_reader(&self.path).map_err(|error| PortError::Failed(error.to_string()))?;
        begin(&reader).map_err(|fault| fault.0)?;
        Ok(Box::new(Frozen(reader)))
    }
}

fn begin(connection: &Connection) -> Result<(), Fault> {
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.execute_batch("BEGIN")?;
    // A transaction takes its state with its first read.
    let _: i64 = connection.query_row("SELECT count(*) FROM document_types", [], |row| row.get(0))?;
    Ok(())
}

/// A connection in the middle of a transaction.
struct Frozen(Connection);

impl Snapshot for Frozen {
    fn knows(&mut self, query: &DocumentQuery) -> Result<bool, PortError> {
        knows(&self.0, query).map_err(|fault| fault.0)
    }

    fn count(&mut self, query: &DocumentQuery) -> Result<u64, PortError> {
        count(&self.0, query).map_err(|fault| fault.0)
    }

    fn read(&mut self, query: &DocumentQuery, show: &mut Show<'_>) -> Result<(), PortError> {
        let order = if query.descending { Order::NewestFirst } else { Order::OldestFirst };
        read(&self.0, query, order, show).map_err(|fault| fault.0)
    }

    fn scans(&mut self, query: &DocumentQuery) -> Result<bool, PortError> {
        let all = DocumentQuery { selection: Selection::all(RuleSource::Any), from: None, to: None, ..query.clone() };
        let (wanted, all) = (self.count(query)?, self.count(&all)?);
        Ok(wanted.saturating_mul(WORTH_A_SCAN) >= all)
    }

    fn scan(&mut self, query: &DocumentQuery, show: &mut Show<'_>) -> Result<(), PortError> {
        read(&self.0, query, Order::Stored, show).map_err(|fault| fault.0)
    }
}

fn knows(connection: &Connection, query: &DocumentQuery) -> Result<bool, Fault> {
    let sql = "SELECT EXISTS (SELECT 1 FROM document_types WHERE documents > 0 AND (?1 IS NULL OR name = ?1))";
    Ok(connection.prepare_cached(sql)?.query_row([name(query)], |row| row.get(0))?)
}

fn name(query: &DocumentQuery) -> Option<&str> {
    match &query.selection.source {
        RuleSource::Any => None,
        RuleSource::Type(kind) => Some(kind.as_str()),
    }
}

/// The bounds of a query: from the first, before the second.
fn bounds(query: &DocumentQuery) -> (i64, i64) {
    let (from, to) = (query.from.map(Timestamp::as_millis), query.to.map(Timestamp::as_millis));
    (from.unwrap_or(i64::MIN), to.unwrap_or(i64::MAX))
}

fn count(connection: &Connection, query: &DocumentQuery) -> Result<u64, Fault> {
    let (from, to) = bounds(query);
    let n: i64 = if query.from.is_none() && query.to.is_none() {
        let sql = "SELECT coalesce(sum(documents), 0) FROM document_types WHERE ?1 IS NULL OR name = ?1";
        connection.prepare_cached(sql)?.query_row([name(query)], |row| row.get(0))?
    } else if let Some(kind) = name(query) {
        let Some(kind) = type_id(connection, kind)? else { return Ok(0) };
        let sql = "SELECT count(*) FROM documents WHERE type_id = ?1 AND at >= ?2 AND at < ?3";
        connection.prepare_cached(sql)?.query_row([kind, from, to], |row| row.get(0))?
    } else {
        let sql = "SELECT count(*) FROM documents WHERE at >= ?1 AND at < ?2";
        connection.prepare_cached(sql)?.query_row([from, to], |row| row.get(0))?
    };
    Ok(n.cast_unsigned())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    OldestFirst,
    NewestFirst,
    Stored,
}

/// The rows of a query, by an index that has them in order, or as they lie in the table.
pub(super) fn statement(of_type: bool, order: Order) -> String {
    let which = if of_type { "type_id = ?3 AND at >= ?1 AND at < ?2" } else { "at >= ?1 AND at < ?2" };
    let (from, order) = match order {
        Order::OldestFirst => ("documents", "at, seq"),
        Order::NewestFirst => ("documents", "at DESC, seq DESC"),
        Order::Stored => ("documents NOT INDEXED", "seq"),
    };
    format!("SELECT at, type_id, id, fields FROM {from} WHERE {which} ORDER BY {order}")
}

fn read(connection: &Connection, query: &DocumentQuery, order: Order, show: &mut Show<'_>) -> Result<(), Fault> {
    let (from, to) = bounds(query);
    let of_type = match name(query) {
        None => None,
        Some(kind) => match type_id(connection, kind)? {
            Some(of_type) => Some(of_type),
            None => return Ok(()),
        },
    };
    let types: HashMap<i64, String> = connection
        .prepare_cached("SELECT id, name FROM document_types")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut select = connection.prepare_cached(&statement(of_type.is_some(), order))?;
    let mut rows = match of_type {
        Some(of_type) => select.query(params![from, to, of_type])?,
        None => select.query(params![from, to])?,
    };
    let bad = |error| Fault::from(PortError::Failed(format!("SQLite: a stored document: {error}")));
    while let Some(row) = rows.next()? {
        let kind = types.get(&row.get(1)?).map_or("", String::as_str);
        let id = row.get_ref(2)?.as_str().map_err(bad)?;
        let fields = row.get_ref(3)?.as_str().map_err(bad)?;
        if show(Row { at: Timestamp::clamped(row.get(0)?), kind, id, fields }).is_break() {
            break;
        }
    }
    Ok(())
}
