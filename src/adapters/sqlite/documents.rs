//! Documents: storing batches, reading pages and counting arrivals.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use tocsin_actors::domain::{Document, DocumentId, DocumentType, RuleSource, Timestamp};
use tocsin_actors::ports::{Appended, Arrivals, IdempotencyKey, ListDocuments, Order, PortError};

use super::fault::Fault;
use super::{Database, arrivals, idempotency};

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
        self.0.read(move |connection| list(connection, &query)).await
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
        .map(|row| Ok(from_row(row)?.1))
        .transpose()
}

fn list(connection: &Connection, query: &ListDocuments) -> Result<Vec<(u64, Document)>, Fault> {
    let (low, high) = bounds(query);
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    let mut page = connection.prepare_cached(page_sql(query.kind.is_some(), query.order))?;
    let mut rows = match &query.kind {
        Some(kind) => page.query(params![low.0, low.1, high.0, high.1, limit, kind.as_str()])?,
        None => page.query(params![low.0, low.1, high.0, high.1, limit])?,
    };
    let mut documents = Vec::new();
    while let Some(row) = rows.next()? {
        documents.push(from_row(row)?);
    }
    Ok(documents)
}

/// The (time, place) that a page lies strictly between. Places begin at 1, so place 0 of an instant lies before all
/// documents of that instant.
fn bounds(query: &ListDocuments) -> ((i64, i64), (i64, i64)) {
    let instant = |at: Timestamp| (at.as_millis(), 0);
    let low = query.from.map_or((i64::MIN, 0), instant);
    let high = query.to.map_or((i64::MAX, 0), instant);
    let after = query.after.map(|(at, place)| (at.as_millis(), i64::try_from(place).unwrap_or(i64::MAX)));
    match (query.order, after) {
        (_, None) => (low, high),
        (Order::Ascending, Some(after)) => (low.max(after), high),
        (Order::Descending, Some(after)) => (low, high.min(after)),
    }
}

/// One text for each way to walk an index, so that each is prepared once.
fn page_sql(of_one_type: bool, order: Order) -> &'static str {
    macro_rules! page {
        ($of_type:literal, $order:literal) => {
            concat!(
                "SELECT d.seq, d.id, (SELECT name FROM document_types t WHERE t.id = d.type_id), d.at, d.received_at,
                        d.fields
                 FROM documents d WHERE (d.at, d.seq) > (?1, ?2) AND (d.at, d.seq) < (?3, ?4)",
                $of_type,
                " ORDER BY d.at ",
                $order,
                ", d.seq ",
                $order,
                " LIMIT ?5"
            )
        };
    }
    match (of_one_type, order) {
        (true, Order::Ascending) => page!(" AND d.type_id = (SELECT id FROM document_types WHERE name = ?6)", "ASC"),
        (true, Order::Descending) => page!(" AND d.type_id = (SELECT id FROM document_types WHERE name = ?6)", "DESC"),
        (false, Order::Ascending) => page!("", "ASC"),
        (false, Order::Descending) => page!("", "DESC"),
    }
}

fn from_row(row: &Row<'_>) -> Result<(u64, Document), Fault> {
    let place = row.get::<_, i64>(0)?.cast_unsigned();
    let document = Document {
        id: DocumentId::parse(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?,
        kind: DocumentType::parse(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?,
        at: Timestamp::clamped(row.get(3)?),
        received_at: Timestamp::clamped(row.get(4)?),
        fields: row.get(5)?,
    };
    Ok((place, document))
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
