//! Pages of documents, by time and then by place.

use rusqlite::{Connection, Params, Row, params};
use tocsin_actors::domain::{Document, DocumentId, DocumentType, Timestamp};
use tocsin_actors::ports::{ListDocuments, Order};

use super::fault::Fault;

type Page = Vec<(u64, Document)>;

/// A page, from two ranges of one index: the rest of the instant at which the page before ended, then later instants
/// (or earlier ones, newest first). One range over (time, place) would walk all of that instant again for each page.
pub(super) fn list(connection: &Connection, query: &ListDocuments) -> Result<Page, Fault> {
    let from = query.from.map_or(i64::MIN, Timestamp::as_millis);
    let to = query.to.map_or(i64::MAX, Timestamp::as_millis);
    let mut page = Page::new();
    let (low, high) = match query.after.map(|(at, place)| (at.as_millis(), place)) {
        None => (from, to),
        Some((at, place)) => {
            if (from..to).contains(&at) {
                let place = i64::try_from(place).unwrap_or(i64::MAX);
                read(connection, query, Range::RestOfInstant, (at, place), &mut page)?;
            }
            match query.order {
                Order::Ascending => (from.max(at.saturating_add(1)), to),
                Order::Descending => (from, to.min(at)),
            }
        }
    };
    if page.len() < query.limit {
        read(connection, query, Range::Instants, (low, high), &mut page)?;
    }
    Ok(page)
}

/// Bytes of documents after which a reading by place ends: many small ones are read at once, and few large ones.
const AFTER_BYTES: usize = 4 * 1024 * 1024;

/// Documents after a place, by place.
pub(super) fn after(connection: &Connection, place: u64, limit: usize) -> Result<Page, Fault> {
    let mut select = connection.prepare_cached(
        "SELECT d.seq, d.id, (SELECT name FROM document_types t WHERE t.id = d.type_id), d.at, d.received_at, d.fields
         FROM documents d WHERE d.seq > ?1 ORDER BY d.seq LIMIT ?2",
    )?;
    let mut rows =
        select.query(params![i64::try_from(place).unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let (mut page, mut bytes) = (Page::new(), 0);
    while let Some(row) = rows.next()? {
        let (place, document) = from_row(row)?;
        bytes += document.fields.len();
        page.push((place, document));
        if bytes >= AFTER_BYTES {
            break;
        }
    }
    Ok(page)
}

/// Which part of the index is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    /// At this instant, beyond this place.
    RestOfInstant,
    /// From this instant to before that one.
    Instants,
}

fn read(
    connection: &Connection,
    query: &ListDocuments,
    range: Range,
    ends: (i64, i64),
    page: &mut Page,
) -> Result<(), Fault> {
    let left = i64::try_from(query.limit - page.len()).unwrap_or(i64::MAX);
    let sql = sql(query.kind.is_some(), range, query.order);
    match &query.kind {
        Some(kind) => collect(connection, sql, params![ends.0, ends.1, left, kind.as_str()], page),
        None => collect(connection, sql, params![ends.0, ends.1, left], page),
    }
}

fn collect(connection: &Connection, sql: &str, parameters: impl Params, page: &mut Page) -> Result<(), Fault> {
    let mut select = connection.prepare_cached(sql)?;
    let mut rows = select.query(parameters)?;
    while let Some(row) = rows.next()? {
        page.push(from_row(row)?);
    }
    Ok(())
}

/// One text for each way to walk an index, so that each is prepared once.
pub(super) fn sql(of_one_type: bool, range: Range, order: Order) -> &'static str {
    macro_rules! page {
        ($range:literal, $order:literal) => {
            (
                page!("", $range, $order),
                page!("d.type_id = (SELECT id FROM document_types WHERE name = ?4) AND ", $range, $order),
            )
        };
        ($of_type:literal, $range:literal, $order:literal) => {
            concat!(
                "SELECT d.seq, d.id, (SELECT name FROM document_types t WHERE t.id = d.type_id), d.at, d.received_at, ",
                "d.fields FROM documents d WHERE ",
                $of_type,
                $range,
                " ORDER BY ",
                $order,
                " LIMIT ?3"
            )
        };
    }
    let (any, one) = match (range, order) {
        (Range::RestOfInstant, Order::Ascending) => page!("d.at = ?1 AND d.seq > ?2", "d.seq ASC"),
        (Range::RestOfInstant, Order::Descending) => page!("d.at = ?1 AND d.seq < ?2", "d.seq DESC"),
        (Range::Instants, Order::Ascending) => page!("d.at >= ?1 AND d.at < ?2", "d.at ASC, d.seq ASC"),
        (Range::Instants, Order::Descending) => page!("d.at >= ?1 AND d.at < ?2", "d.at DESC, d.seq DESC"),
    };
    if of_one_type { one } else { any }
}

/// A document with its place, from place, id, type, the two times and the fields.
pub(super) fn from_row(row: &Row<'_>) -> Result<(u64, Document), Fault> {
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
