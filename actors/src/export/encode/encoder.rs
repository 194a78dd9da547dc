//! The two halves of an export: making pieces on any thread, and putting them together in order.

use std::sync::Arc;

use super::chunk::Chunk;
use super::columns::Columns;
use super::csv::CsvOptions;
use super::deflate::{self, Crc};
use super::error::EncodeError;
use super::warnings::Warnings;
use super::{gzip, ndjson, xlsx};

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values (RFC 4180).
    Csv(CsvOptions),
    /// A workbook of Excel 2007 and later (ECMA-376).
    Xlsx,
    /// One JSON object a line.
    Ndjson,
}

/// Makes pieces. It is pure and shared: clone it for every thread.
#[derive(Debug, Clone)]
pub struct Encoder {
    plan: Arc<Plan>,
}

/// Puts pieces together; belongs to one thread.
#[derive(Debug)]
pub struct Assembler {
    plan: Arc<Plan>,
    gzip: Option<gzip::Member>,
    workbook: Option<xlsx::Workbook>,
    warnings: Warnings,
}

/// The bytes of a chunk, mostly in their final form.
#[derive(Debug)]
pub struct Piece {
    pub(super) parts: Vec<Part>,
    /// Of the columns, in characters; only in the first piece of a workbook.
    pub(super) widths: Option<Vec<usize>>,
    pub(super) warnings: Warnings,
}

/// Bytes with their checksum if they are compressed.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) bytes: Vec<u8>,
    /// Of the bytes before they were compressed.
    pub(super) crc: Crc,
    /// How many bytes those were.
    pub(super) raw: u64,
    /// How many rows of a sheet they are.
    pub(super) rows: u64,
}

#[derive(Debug)]
struct Plan {
    format: Format,
    columns: Columns,
    gzip: bool,
}

/// Begins a file. The same documents give the same bytes, whenever and on however many threads, as long as they are
/// cut into the same chunks.
///
/// `columns` may be empty for NDJSON: then all fields are written as they are stored.
#[must_use]
pub fn start(format: Format, columns: Columns, gzip: bool) -> (Encoder, Assembler) {
    let plan = Arc::new(Plan { format, columns, gzip });
    let assembler = Assembler {
        plan: Arc::clone(&plan),
        gzip: gzip.then(gzip::Member::default),
        workbook: (format == Format::Xlsx).then(xlsx::Workbook::default),
        warnings: Warnings::default(),
    };
    (Encoder { plan }, assembler)
}

impl Piece {
    /// How many bytes it adds to the file, about: what waits for its turn can be kept within a bound.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.bytes.len()).sum()
    }
}

impl Encoder {
    /// Encodes a chunk. `first_row` is how many documents come before it in the file.
    ///
    /// # Errors
    /// When a document is damaged.
    pub fn piece(&self, chunk: &Chunk, first_row: u64) -> Result<Piece, EncodeError> {
        let Plan { format, columns, gzip } = &*self.plan;
        let mut warnings = Warnings::default();
        let bytes = match format {
            Format::Csv(options) => options.rows(columns, chunk, &mut warnings)?,
            Format::Ndjson => ndjson::lines(columns, chunk)?,
            Format::Xlsx => return xlsx::piece(columns, chunk, first_row),
        };
        let part = if *gzip {
            deflate::part(&bytes, chunk.len() as u64)?
        } else {
            Part { raw: bytes.len() as u64, bytes, crc: Crc::default(), rows: chunk.len() as u64 }
        };
        Ok(Piece { parts: vec![part], widths: None, warnings })
    }
}

impl Assembler {
    /// What comes before the first piece. Called once.
    ///
    /// # Errors
    /// When the compressor fails.
    pub fn head(&mut self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let head = match self.plan.format {
            Format::Csv(options) => options.head(&self.plan.columns),
            Format::Ndjson | Format::Xlsx => Vec::new(),
        };
        match &mut self.gzip {
            None => put(out, head),
            Some(member) => {
                member.head(out);
                member.add(&deflate::part(&head, 0)?, out);
            }
        }
        self.wrap(out, |workbook, _, out| workbook.head(out))
    }

    /// Adds the next piece, in order, to `out`.
    ///
    /// # Errors
    /// When the compressor fails.
    pub fn join(&mut self, piece: Piece, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.warnings += piece.warnings;
        if self.workbook.is_some() {
            return self.wrap(out, |workbook, columns, out| workbook.join(columns, piece, out));
        }
        for part in piece.parts {
            match &mut self.gzip {
                Some(member) => member.add(&part, out),
                None => put(out, part.bytes),
            }
        }
        Ok(())
    }

    /// What comes after the last piece. Called once.
    ///
    /// # Errors
    /// When the compressor fails.
    pub fn finish(&mut self, out: &mut Vec<u8>) -> Result<Warnings, EncodeError> {
        self.wrap(out, |workbook, columns, out| workbook.finish(columns, out))?;
        if let Some(member) = &mut self.gzip {
            member.finish(out);
        }
        Ok(self.warnings)
    }

    /// Lets the workbook write, if there is one. It is compressed already, so gzip only stores it.
    fn wrap(
        &mut self,
        out: &mut Vec<u8>,
        write: impl FnOnce(&mut xlsx::Workbook, &Columns, &mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let Some(workbook) = &mut self.workbook else { return Ok(()) };
        match &mut self.gzip {
            None => write(workbook, &self.plan.columns, out),
            Some(member) => {
                let mut bytes = Vec::new();
                write(workbook, &self.plan.columns, &mut bytes)?;
                member.store(&bytes, out);
                Ok(())
            }
        }
    }
}

/// Appends; what is appended to nothing is not copied.
fn put(out: &mut Vec<u8>, bytes: Vec<u8>) {
    if out.is_empty() {
        *out = bytes;
    } else {
        out.extend_from_slice(&bytes);
    }
}

#[cfg(test)]
impl Assembler {
    /// Counts rows of the sheet that were not written.
    pub(super) fn skip_rows(&mut self, rows: u64) {
        self.workbook.as_mut().unwrap().skip_rows(rows);
    }
}

#[cfg(test)]
#[path = "encoder_tests.rs"]
mod tests;
