//! NDJSON: one JSON object a line.

use super::chunk::{Chunk, Doc};
use super::columns::{Columns, Source};
use super::error::EncodeError;
use super::row::{Field, Rows};
use super::scan::{Kind, compact};
use super::time;
use super::walk::Stop;

/// The lines of a chunk: all of every document, or the chosen columns under their names.
pub(super) fn lines(columns: &Columns, chunk: &Chunk) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::with_capacity(chunk.bytes() + chunk.len() * 80);
    if columns.is_empty() {
        for doc in chunk.docs() {
            whole(doc, &mut out).map_err(|stop| stop.into_error(doc.id))?;
        }
        return Ok(out);
    }
    let names: Vec<Vec<u8>> = columns.headers().map(member).collect();
    let mut rows = Rows::new(columns);
    for doc in chunk.docs() {
        rows.read(doc.fields).map_err(|stop| stop.into_error(doc.id))?;
        chosen(columns, &names, &rows, doc, &mut out);
    }
    Ok(out)
}

/// A document as it is stored.
fn whole(doc: Doc<'_>, out: &mut Vec<u8>) -> Result<(), Stop> {
    out.extend_from_slice(b"{\"id\":");
    string(doc.id, out);
    out.extend_from_slice(b",\"type\":");
    string(doc.kind, out);
    out.extend_from_slice(b",\"at\":");
    at(doc, out);
    let fields = doc.fields.trim_ascii();
    let inside = fields.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).ok_or(Stop::Damaged)?;
    if !inside.trim_ascii_start().is_empty() {
        out.push(b',');
        json(inside, out);
    }
    out.extend_from_slice(b"}\n");
    Ok(())
}

/// The chosen columns; what a document does not have is left out.
fn chosen(columns: &Columns, names: &[Vec<u8>], rows: &Rows<'_>, doc: Doc<'_>, out: &mut Vec<u8>) {
    out.push(b'{');
    let mut first = true;
    for (column, name) in columns.columns.iter().zip(names) {
        let field = match column.source {
            Source::Field(slot) => match rows.field(slot, doc.fields) {
                Some(field) => Some(field),
                None => continue,
            },
            _ => None,
        };
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        out.extend_from_slice(name);
        match (column.source, field) {
            (Source::Id, _) => string(doc.id, out),
            (Source::Kind, _) => string(doc.kind, out),
            (_, Some(field)) => value(field, out),
            (_, None) => at(doc, out),
        }
    }
    out.extend_from_slice(b"}\n");
}

fn value(field: Field<'_>, out: &mut Vec<u8>) {
    match field.kind {
        Kind::Plain | Kind::Escaped => {
            out.push(b'"');
            out.extend_from_slice(field.text.as_bytes());
            out.push(b'"');
        }
        Kind::Json => json(field.text, out),
        _ => out.extend_from_slice(field.text.as_bytes()),
    }
}

/// JSON text on one line. A line break can only stand between tokens.
fn json(text: &str, out: &mut Vec<u8>) {
    if memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_some() {
        let mut line = String::with_capacity(text.len());
        compact(text, &mut line);
        out.extend_from_slice(line.as_bytes());
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

fn at(doc: Doc<'_>, out: &mut Vec<u8>) {
    out.push(b'"');
    time::rfc3339(doc.at_ms, out);
    out.push(b'"');
}

/// A name and its colon.
fn member(name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    string(name, &mut out);
    out.push(b':');
    out
}

/// A text as a JSON string (RFC 8259, section 7).
fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            0..0x20 => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}
