//! From a snapshot to the bytes of a file. Blocks: it belongs on a thread of its own.

use std::ops::ControlFlow;

use super::encode::{Assembler, Chosen, Chunk, Columns, CsvOptions, Delimiter, Discovery, Doc, Encoder, Format, start};
use super::encode::{EncodeError, Warnings};
use super::in_order::in_order;
use super::progress::Progress;
use super::state::Fault;
use crate::domain::{DocumentQuery, ExportField, ExportFormat, ExportSpec, Filter, Scalar};
use crate::metric::lens::Lens;
use crate::ports::{Row, Snapshot};

/// How much one job may take.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Threads that encode; one more reads.
    pub workers: usize,
    /// The most rows of a file.
    pub max_rows: u64,
    /// Lets a thread step back behind those that somebody waits for.
    pub calm: fn(),
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// Documents.
    pub rows: u64,
    /// What could not be written as it was, in words.
    pub warnings: Vec<String>,
}

/// Takes the next bytes of a file.
pub type Emit<'a> = dyn FnMut(Vec<u8>) -> Result<(), Fault> + 'a;

/// Writes the documents that are asked for. Where the columns are not chosen, or conditions look into the documents, these
/// are read twice: once to know what there is, and once to write it.
///
/// # Errors
/// Why there is no file. What was emitted before is none.
pub fn press(
    snapshot: &mut dyn Snapshot,
    spec: &ExportSpec,
    bounds: Bounds,
    progress: &Progress,
    emit: &mut Emit<'_>,
) -> Result<Pressed, Fault> {
    let query = &spec.query;
    let discovers = spec.fields.is_none() && spec.format != ExportFormat::Ndjson;
    let (columns, rows) = if discovers {
        let (discovery, rows) = discover(snapshot, query, bounds, progress)?;
        (Columns::found(&discovery), rows)
    } else {
        let columns = spec.fields.as_deref().map_or_else(|| Ok(Columns::default()), chosen)?;
        (columns, count(snapshot, query, progress)?)
    };
    let rows = rows.min(query.size.unwrap_or(u64::MAX));
    if rows > bounds.max_rows {
        return Err(Fault::Impossible(format!(
            "{rows} documents match, and a file may have {} (exports.max_rows): ask for fewer.",
            bounds.max_rows
        )));
    }
    progress.expect(rows);
    let (encoder, assembler) = start(format(spec), columns, spec.gzip);
    write(snapshot, query, (bounds, progress), (encoder, assembler), emit)
}

fn format(spec: &ExportSpec) -> Format {
    match spec.format {
        ExportFormat::Xlsx => Format::Xlsx,
        ExportFormat::Ndjson => Format::Ndjson,
        ExportFormat::Csv => {
            let delimiter = match spec.csv.delimiter {
                b';' => Delimiter::Semicolon,
                b'\t' => Delimiter::Tab,
                b'|' => Delimiter::Pipe,
                _ => Delimiter::Comma,
            };
            Format::Csv(CsvOptions { delimiter, bom: spec.csv.bom })
        }
    }
}

pub(super) fn chosen(fields: &[ExportField]) -> Result<Columns, Fault> {
    let chosen: Vec<Chosen> =
        fields.iter().map(|field| Chosen { names: field.path.names().to_vec(), header: field.name.clone() }).collect();
    Columns::chosen(&chosen).map_err(impossible)
}

fn discover(
    snapshot: &mut dyn Snapshot,
    query: &DocumentQuery,
    bounds: Bounds,
    progress: &Progress,
) -> Result<(Discovery, u64), Fault> {
    let (mut all, mut rows) = (Discovery::default(), 0);
    let way = quickest(snapshot, query)?;
    let found = |chunk: &Chunk, before| match way {
        Way::InOrder => Discovery::of(chunk),
        Way::AsStored => Discovery::placed(chunk, before, query.descending),
    };
    in_order(
        (bounds.workers, bounds.calm),
        |hand_on| read(snapshot, query, (way, progress), hand_on),
        |(chunk, before)| Ok((found(&chunk, before).map_err(impossible)?, chunk.len() as u64)),
        |(found, documents)| {
            rows += documents;
            all.absorb(&found).map_err(impossible)
        },
    )?;
    Ok((all, rows))
}

fn count(snapshot: &mut dyn Snapshot, query: &DocumentQuery, progress: &Progress) -> Result<u64, Fault> {
    if query.selection.filters.is_empty() {
        return snapshot.count(query).map_err(Fault::Reading);
    }
    let mut rows = 0;
    let way = quickest(snapshot, query)?;
    read(snapshot, query, (way, progress), &mut |(chunk, _)| {
        rows += chunk.len() as u64;
        true
    })?;
    Ok(rows)
}

fn write(
    snapshot: &mut dyn Snapshot,
    query: &DocumentQuery,
    (bounds, progress): (Bounds, &Progress),
    (encoder, mut assembler): (Encoder, Assembler),
    emit: &mut Emit<'_>,
) -> Result<Pressed, Fault> {
    let mut hand_out = |bytes: Vec<u8>| if bytes.is_empty() { Ok(()) } else { emit(bytes) };
    let mut head = Vec::new();
    assembler.head(&mut head).map_err(impossible)?;
    hand_out(head)?;
    let mut rows = 0;
    in_order(
        (bounds.workers, bounds.calm),
        |hand_on| read(snapshot, query, (Way::InOrder, progress), hand_on),
        |(chunk, first_row)| Ok((encoder.piece(&chunk, first_row).map_err(impossible)?, chunk.len() as u64)),
        |(piece, documents)| {
            let mut bytes = Vec::new();
            assembler.join(piece, &mut bytes).map_err(impossible)?;
            rows += documents;
            progress.add(documents);
            hand_out(bytes)
        },
    )?;
    let mut end = Vec::new();
    let warnings = assembler.finish(&mut end).map_err(impossible)?;
    hand_out(end)?;
    Ok(Pressed { rows, warnings: told(warnings) })
}

/// How documents are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// In the order of the file.
    InOrder,
    /// In the order in which they came.
    AsStored,
}

/// How all documents that are asked for are read in the least time. Where a number of them is, the order says which.
fn quickest(snapshot: &mut dyn Snapshot, query: &DocumentQuery) -> Result<Way, Fault> {
    let count = snapshot.count(query).map_err(Fault::Reading)?;
    let scans = query.size.is_none_or(|size| size >= count) && snapshot.scans(query).map_err(Fault::Reading)?;
    Ok(if scans { Way::AsStored } else { Way::InOrder })
}

/// Hands on the documents that are asked for, in chunks, each with how many come before it.
fn read(
    snapshot: &mut dyn Snapshot,
    query: &DocumentQuery,
    (way, progress): (Way, &Progress),
    hand_on: &mut dyn FnMut((Chunk, u64)) -> bool,
) -> Result<(), Fault> {
    let mut sieve = Sieve::new(&query.selection.filters);
    let wanted = query.size.unwrap_or(u64::MAX);
    let (mut chunk, mut before, mut taken) = (Chunk::new(), 0, 0);
    let mut show = |row: Row<'_>| {
        if !sieve.passes(&row) {
            return ControlFlow::Continue(());
        }
        chunk.push(Doc { id: row.id, kind: row.kind, at_ms: row.at.as_millis(), fields: row.fields });
        taken += 1;
        if chunk.is_full() {
            let full = std::mem::replace(&mut chunk, Chunk::new());
            let documents = full.len() as u64;
            if progress.is_halted() || !hand_on((full, before)) {
                return ControlFlow::Break(());
            }
            before += documents;
        }
        if taken < wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let read = match way {
        Way::InOrder => snapshot.read(query, &mut show),
        Way::AsStored => snapshot.scan(query, &mut show),
    };
    read.map_err(Fault::Reading)?;
    if !chunk.is_empty() {
        // Whoever wants no more says why.
        let _ = hand_on((chunk, before));
    }
    if progress.is_halted() { Err(Fault::Cancelled) } else { Ok(()) }
}

/// Conditions on fields.
pub(super) struct Sieve<'a> {
    lens: Lens,
    filters: Vec<(usize, &'a Filter)>,
}

impl<'a> Sieve<'a> {
    pub(super) fn new(filters: &'a [Filter]) -> Self {
        let mut lens = Lens::default();
        let filters = filters.iter().map(|filter| (lens.slot(&filter.field), filter)).collect();
        Self { lens, filters }
    }

    pub(super) fn passes(&mut self, row: &Row<'_>) -> bool {
        if self.filters.is_empty() {
            return true;
        }
        let found = self.lens.read_parts(row.kind, row.id, row.fields);
        let of = |slot: usize| found.get(slot).unwrap_or(&Scalar::Nothing);
        self.filters.iter().all(|(slot, filter)| filter.passes(of(*slot)))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(super) fn impossible(error: EncodeError) -> Fault {
    Fault::Impossible(format!("It cannot be written: {error}."))
}

/// The warnings, in words.
fn told(warnings: Warnings) -> Vec<String> {
    let mut told = Vec::new();
    if warnings.cut > 0 {
        told.push(format!(
            "{} texts are longer than a cell of Excel holds (32,767 characters); they are cut and end with …",
            warnings.cut
        ));
    }
    if warnings.replaced > 0 {
        told.push(format!("{} characters that no file can hold are written as U+FFFD", warnings.replaced));
    }
    told
}
