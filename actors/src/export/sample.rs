//! The first rows of a file, before it is asked for: as CSV would have them.

use std::ops::ControlFlow;

use super::encode::{Chunk, Columns, CsvOptions, Discovery, Doc, Format, start};
use super::press::{Sieve, chosen, impossible};
use super::state::Fault;
use crate::domain::ExportSpec;
use crate::ports::Snapshot;

/// Rows of a sample.
pub const ROWS: usize = 50;
/// Documents that are looked at for them.
const LOOKED_AT: u64 = 200_000;

/// What a file would begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The columns that these rows have.
    pub columns: Vec<String>,
    /// The first rows; nothing where a document has nothing.
    pub rows: Vec<Vec<Option<String>>>,
    /// Rows of the whole file, where that is known without reading it.
    pub total: Option<u64>,
}

/// Reads them. Blocks.
///
/// # Errors
/// Why there are none.
pub fn sample(snapshot: &mut dyn Snapshot, spec: &ExportSpec) -> Result<Sample, Fault> {
    let query = &spec.query;
    let total = match query.selection.filters.is_empty() {
        true => Some(snapshot.count(query).map_err(Fault::Reading)?),
        false => None,
    };
    let mut sieve = Sieve::new(&query.selection.filters);
    let (mut chunk, mut looked_at, mut whole) = (Chunk::new(), 0, true);
    snapshot
        .read(query, &mut |row| {
            looked_at += 1;
            if sieve.passes(&row) {
                chunk.push(Doc { id: row.id, kind: row.kind, at_ms: row.at.as_millis(), fields: row.fields });
            }
            whole = chunk.len() < ROWS && looked_at < LOOKED_AT;
            if whole { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .map_err(Fault::Reading)?;
    let columns = match &spec.fields {
        Some(fields) => chosen(fields)?,
        None => Columns::found(&Discovery::of(&chunk).map_err(impossible)?),
    };
    let mut records = table(columns, &chunk)?;
    let columns = if records.is_empty() { Vec::new() } else { records.remove(0) };
    let columns = columns.into_iter().map(Option::unwrap_or_default).collect();
    // What was looked at to the end is counted.
    let total = total.or_else(|| whole.then(|| chunk.len() as u64));
    let total = total.map(|total| total.min(query.size.unwrap_or(u64::MAX)));
    Ok(Sample { columns, rows: records, total })
}

fn table(columns: Columns, chunk: &Chunk) -> Result<Vec<Vec<Option<String>>>, Fault> {
    let (encoder, mut assembler) = start(Format::Csv(CsvOptions::default()), columns, false);
    let mut csv = Vec::new();
    assembler.head(&mut csv).map_err(impossible)?;
    assembler.join(encoder.piece(chunk, 0).map_err(impossible)?, &mut csv).map_err(impossible)?;
    assembler.finish(&mut csv).map_err(impossible)?;
    Ok(records(&String::from_utf8_lossy(&csv)))
}

/// The records of CSV as we write it. A field without quotes that is empty is nothing; with quotes, an empty text.
fn records(csv: &str) -> Vec<Vec<Option<String>>> {
    let (mut records, mut record) = (Vec::new(), Vec::new());
    let mut rest = csv;
    while !rest.is_empty() {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let end = end_of_quotes(quoted);
                let (text, after) = quoted.split_at(end);
                (Some(text.replace("\"\"", "\"")), after.strip_prefix('"').unwrap_or(after))
            }
            None => {
                let end = rest.find([',', '\r']).unwrap_or(rest.len());
                let (text, after) = rest.split_at(end);
                ((!text.is_empty()).then(|| text.to_owned()), after)
            }
        };
        record.push(field);
        rest = match after.strip_prefix(',') {
            Some(next) => next,
            None => {
                records.push(std::mem::take(&mut record));
                after.strip_prefix("\r\n").unwrap_or_default()
            }
        };
    }
    records
}

/// Where the quotes of a field end.
fn end_of_quotes(quoted: &str) -> usize {
    let bytes = quoted.as_bytes();
    let mut at = 0;
    while let Some(quote) = bytes.iter().skip(at).position(|byte| *byte == b'"') {
        at += quote;
        if bytes.get(at + 1) != Some(&b'"') {
            return at;
        }
        at += 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_as_they_were_written() {
        let csv = "id,\"a,b\",c\r\n1,,\"\"\r\n2,\"x \"\"y\"\",\r\nz\",é\r\n3,\"\"\"\",\r\n";
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            records(csv),
            [
                vec![text("id"), text("a,b"), text("c")],
                vec![text("1"), None, text("")],
                vec![text("2"), text("x \"y\",\r\nz"), text("é")],
                vec![text("3"), text("\""), None],
            ]
        );
    }
}
