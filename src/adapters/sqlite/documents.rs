//! Documents: storing batches, and finding one.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _};
use tocsin_actors::domain::{Document, DocumentId, DocumentType, RuleSource, Timestamp};
use tocsin_actors::ports::{Appended, Arrivals, IdempotencyKey, ListDocuments, PortError, Visit};

use super::fault::Fault;
use super::{Database, arrivals, idempotency, pages, scan};

/// The documents in SQLite.
#[derive(Clone)]
pub struct Documents(Arc<Database>);

impl Documents {
    /// The documents of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Documents for Documents {
    async fn append(
        &self,
        batch: Vec<Document>,
        key: Option<IdempotencyKey>,
        now: Timestamp,
    ) -> Result<Appended, PortError> {
        let rows = batch.len();
        self.0.write(rows, move |connection| append(connection, &batch, key.as_ref(), now)).await
    }

    async fn get(&self, id: DocumentId) -> Result<Option<Document>, PortError> {
        self.0.read(move |connection| get(connection, &id)).await
    }

    async fn list(&self, query: ListDocuments) -> Result<Vec<(u64, Document)>, PortError> {
        self.0.read(move |connection| pages::list(connection, &query)).await
    }

    async fn after(&self, place: u64, limit: usize) -> Result<Vec<(u64, Document)>, PortError> {
        self.0.read(move |connection| pages::after(connection, place, limit)).await
    }

    async fn highest(&self) -> Result<u64, PortError> {
        self.0.read(|connection| Ok(arrivals::highest_place(connection)?)).await
    }

    async fn types(&self) -> Result<Vec<(DocumentType, u64)>, PortError> {
        self.0.read(types).await
    }

    async fn arrivals(
        &self,
        source: RuleSource,
        after: Timestamp,
        upto: Timestamp,
        future_tolerance: Duration,
    ) -> Result<Arrivals, PortError> {
        self.0.read(move |connection| arrivals::arrivals(connection, &source, after, upto, future_tolerance)).await
    }

    async fn scan(
        &self,
        source: RuleSource,
        after: Timestamp,
        upto: Timestamp,
        future_tolerance: Duration,
        visit: Visit,
    ) -> Result<u64, PortError> {
        let stretch = scan::Stretch { after, upto, future_tolerance };
        self.0.read(move |connection| scan::scan(connection, &source, &stretch, visit)).await
    }
}

fn append(
    connection: &Connection,
    batch: &[Document],
    key: Option<&IdempotencyKey>,
    now: Timestamp,
) -> Result<Appended, Fault> {
    if let Some(key) = key
        && let Some(earlier) = idempotency::replay(connection, key, now)?
    {
        return Ok(Appended { places: Vec::new(), replayed: Some(earlier) });
    }
    let places = insert(connection, batch)?;
    if let Some(key) = key {
        idempotency::remember(connection, key, batch, &places, now)?;
    }
    Ok(Appended { places, replayed: None })
}

/// The hot loop: a row costs one run of one prepared statement.
fn insert(connection: &Connection, batch: &[Document]) -> Result<Vec<Option<u64>>, Fault> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO documents (id, type_id, at, received_at, fields) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO NOTHING",
    )?;
    let mut tallies: HashMap<&str, Tally> = HashMap::new();
    let mut places = Vec::with_capacity(batch.len());
    for document in batch {
        let kind = document.kind.as_str();
        let tally = match tallies.get_mut(kind) {
            Some(tally) => tally,
            None => tallies.entry(kind).or_insert(Tally { type_id: type_id(connection, kind)?, stored: 0 }),
        };
        insert.raw_bind_parameter(1, document.id.as_str())?;
        insert.raw_bind_parameter(2, tally.type_id)?;
        insert.raw_bind_parameter(3, document.at.as_millis())?;
        insert.raw_bind_parameter(4, document.received_at.as_millis())?;
        insert.raw_bind_parameter(5, document.fields.as_str())?;
        let stored = insert.raw_execute()? > 0;
        tally.stored += i64::from(stored);
        places.push(stored.then(|| connection.last_insert_rowid().cast_unsigned()));
    }
    let mut count = connection.prepare_cached("UPDATE document_types SET documents = documents + ?1 WHERE id = ?2")?;
    for tally in tallies.values().filter(|tally| tally.stored > 0) {
        count.execute([tally.stored, tally.type_id])?;
    }
    Ok(places)
}

/// What a batch has of one type.
struct Tally {
    type_id: i64,
    stored: i64,
}

fn type_id(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    let known = connection
        .prepare_cached("SELECT id FROM document_types WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    match known {
        Some(id) => Ok(id),
        None => connection.prepare_cached("INSERT INTO document_types (name) VALUES (?1)")?.insert([name]),
    }
}

fn get(connection: &Connection, id: &DocumentId) -> Result<Option<Document>, Fault> {
    connection
        .prepare_cached(
            "SELECT d.seq, d.id, t.name, d.at, d.received_at, d.fields
             FROM documents d JOIN document_types t ON t.id = d.type_id WHERE d.id = ?1",
        )?
        .query([id.as_str()])?
        .next()?
        .map(|row| Ok(pages::from_row(row)?.1))
        .transpose()
}

fn types(connection: &Connection) -> Result<Vec<(DocumentType, u64)>, Fault> {
    let mut select =
        connection.prepare_cached("SELECT name, documents FROM document_types WHERE documents > 0 ORDER BY name")?;
    let mut rows = select.query([])?;
    let mut types = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        types.push((DocumentType::parse(&name)?, row.get::<_, i64>(1)?.cast_unsigned()));
    }
    Ok(types)
}
