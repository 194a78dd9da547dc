//! Workbooks of Excel 2007 and later (ECMA-376, Office Open XML).

mod date;
mod escape;
mod number;
mod parts;
mod sheet;
mod zip;

use super::chunk::Chunk;
use super::columns::Columns;
use super::deflate;
use super::encoder::Piece;
use super::error::EncodeError;
use super::row::Rows;

/// Documents on one sheet: what Excel holds, less the header.
const SHEET_ROWS: u64 = 1_048_575;

/// A chunk as rows; a part for each sheet that it reaches into.
pub(super) fn piece(columns: &Columns, chunk: &Chunk, first_row: u64) -> Result<Piece, EncodeError> {
    let mut writer = sheet::Writer::new(columns, first_row == 0);
    // What cells mostly take; wide documents have many columns in which they hold nothing.
    writer.out.reserve((chunk.len() * columns.len() * 48).min(8 * chunk.bytes()));
    let mut rows = Rows::new(columns);
    let mut parts = Vec::with_capacity(1);
    let mut count = 0;
    for (doc, row) in chunk.docs().zip(first_row..) {
        if row % SHEET_ROWS == 0 && count > 0 {
            parts.push(deflate::part(&writer.out, count)?);
            writer.out.clear();
            count = 0;
        }
        rows.read(doc.fields).map_err(|stop| stop.into_error(doc.id))?;
        // Rows count from 1, and the header is the first.
        writer.row(&rows, doc, row % SHEET_ROWS + 2);
        count += 1;
    }
    parts.push(deflate::part(&writer.out, count)?);
    Ok(Piece { parts, widths: writer.widths, warnings: writer.warnings })
}

/// A workbook while it is put together.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    zip: zip::Zip,
    widths: Vec<usize>,
    /// Of each sheet, the header included.
    rows: Vec<u64>,
}

impl Workbook {
    /// What comes before the first sheet.
    pub(super) fn head(&mut self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.entry("[Content_Types].xml", &parts::content_types(), out)?;
        self.entry("_rels/.rels", &parts::package_rels(), out)?;
        self.entry("xl/styles.xml", &parts::styles(), out)
    }

    /// Adds the rows of a piece.
    pub(super) fn join(&mut self, columns: &Columns, piece: Piece, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        if let Some(widths) = piece.widths {
            self.widths = widths;
        }
        for part in piece.parts.iter().filter(|part| part.rows > 0) {
            if self.rows.last().is_none_or(|rows| *rows > SHEET_ROWS) {
                self.end_sheet(columns, out)?;
                self.begin_sheet(columns, out)?;
            }
            self.zip.add(part, out);
            if let Some(rows) = self.rows.last_mut() {
                *rows += part.rows;
            }
        }
        Ok(())
    }

    /// What comes after the last row.
    pub(super) fn finish(&mut self, columns: &Columns, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        if self.rows.is_empty() {
            self.begin_sheet(columns, out)?;
        }
        self.end_sheet(columns, out)?;
        self.entry("xl/workbook.xml", &parts::workbook(columns.len(), &self.rows), out)?;
        self.entry("xl/_rels/workbook.xml.rels", &parts::workbook_rels(self.rows.len()), out)?;
        self.zip.finish(out);
        Ok(())
    }

    fn begin_sheet(&mut self, columns: &Columns, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let head = parts::sheet_head(columns, &self.widths, self.rows.is_empty());
        self.rows.push(1);
        self.zip.begin(&format!("xl/worksheets/sheet{}.xml", self.rows.len()), out);
        self.zip.add(&deflate::part(&head, 0)?, out);
        Ok(())
    }

    /// Ends the sheet that was begun, if there is one.
    fn end_sheet(&mut self, columns: &Columns, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        if let Some(rows) = self.rows.last() {
            let tail = parts::sheet_tail(columns.len(), *rows);
            self.zip.add(&deflate::part(tail.as_bytes(), 0)?, out);
            self.zip.end(out);
        }
        Ok(())
    }

    /// A whole small part.
    fn entry(&mut self, name: &str, xml: &str, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.zip.begin(name, out);
        self.zip.add(&deflate::part(xml.as_bytes(), 0)?, out);
        self.zip.end(out);
        Ok(())
    }
}

#[cfg(test)]
impl Workbook {
    /// Counts rows of the sheet that were not written.
    pub(super) fn skip_rows(&mut self, rows: u64) {
        *self.rows.last_mut().unwrap() += rows;
    }
}

#[cfg(test)]
mod tests;
