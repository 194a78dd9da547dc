//! CSV (RFC 4180): CRLF, and quotes where they are needed.

use super::chunk::{Chunk, Doc};
use super::columns::{Columns, Source};
use super::error::EncodeError;
use super::neutral::is_dangerous;
use super::row::{Field, Rows};
use super::scan::{Kind, compact};
use super::text::{self, REPLACEMENT};
use super::time;
use super::warnings::Warnings;
use super::words::{self, all, below, zeros};

/// What stands between the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delimiter {
    /// `,`
    #[default]
    Comma,
    /// `;`, as Excel expects it where the comma is the decimal sign.
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Pipe,
}

/// How a CSV file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CsvOptions {
    /// What stands between the fields.
    pub delimiter: Delimiter,
    /// Whether the file begins with a byte order mark, by which Excel knows UTF-8.
    pub bom: bool,
}

impl Delimiter {
    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

impl CsvOptions {
    /// The record of the headers.
    pub(super) fn head(self, columns: &Columns) -> Vec<u8> {
        let mut writer = Writer::new(self.delimiter, columns);
        if self.bom {
            writer.out.extend_from_slice("\u{feff}".as_bytes());
        }
        for (at, header) in columns.headers().enumerate() {
            writer.delimit(at);
            writer.text(header.as_bytes());
        }
        writer.out.extend_from_slice(b"\r\n");
        writer.out
    }

    /// The records of a chunk.
    pub(super) fn rows(
        self,
        columns: &Columns,
        chunk: &Chunk,
        warnings: &mut Warnings,
    ) -> Result<Vec<u8>, EncodeError> {
        let mut writer = Writer::new(self.delimiter, columns);
        writer.out.reserve(chunk.bytes() + chunk.len() * (columns.len() + 32));
        let mut rows = Rows::new(columns);
        for doc in chunk.docs() {
            rows.read(doc.fields).map_err(|stop| stop.into_error(doc.id))?;
            writer.record(&rows, doc);
        }
        *warnings += writer.warnings;
        Ok(writer.out)
    }
}

struct Writer<'c> {
    columns: &'c Columns,
    delimiter: u8,
    out: Vec<u8>,
    decoded: String,
    json: String,
    warnings: Warnings,
}

impl<'c> Writer<'c> {
    fn new(delimiter: Delimiter, columns: &'c Columns) -> Self {
        Self {
            columns,
            delimiter: delimiter.byte(),
            out: Vec::new(),
            decoded: String::new(),
            json: String::new(),
            warnings: Warnings::default(),
        }
    }

    #[inline]
    fn delimit(&mut self, column: usize) {
        if column > 0 {
            self.out.push(self.delimiter);
        }
    }

    fn record(&mut self, rows: &Rows<'_>, doc: Doc<'_>) {
        let start = self.out.len();
        for (at, column) in self.columns.columns.iter().enumerate() {
            self.delimit(at);
            match column.source {
                Source::Id => self.plain(doc.id.as_bytes()),
                Source::Kind => self.plain(doc.kind.as_bytes()),
                Source::At => time::rfc3339(doc.at_ms, &mut self.out),
                Source::Field(slot) => {
                    if let Some(field) = rows.field(slot, doc.fields) {
                        self.field(field);
                    }
                }
            }
        }
        // An empty line would be no record.
        if self.out.len() == start {
            self.out.extend_from_slice(b"\"\"");
        }
        self.out.extend_from_slice(b"\r\n");
    }

    #[inline]
    fn field(&mut self, field: Field<'_>) {
        match field.kind {
            Kind::Null => {}
            Kind::True | Kind::False | Kind::Number => self.out.extend_from_slice(field.text.as_bytes()),
            Kind::Plain => self.plain(field.text.as_bytes()),
            Kind::Escaped => {
                let mut decoded = std::mem::take(&mut self.decoded);
                self.warnings.replaced += text::decode(field.text, &mut decoded);
                self.text(decoded.as_bytes());
                self.decoded = decoded;
            }
            Kind::Json => {
                let mut json = std::mem::take(&mut self.json);
                json.clear();
                compact(field.text, &mut json);
                if is_bare(json.as_bytes(), self.delimiter) {
                    self.out.extend_from_slice(json.as_bytes());
                } else {
                    self.quoted(b"", json.as_bytes());
                }
                self.json = json;
            }
        }
    }

    /// A text that mostly needs nothing.
    #[inline]
    fn plain(&mut self, text: &[u8]) {
        let safe = |byte: &u8| byte.is_ascii_alphanumeric() || (*byte > 0x7f && *byte != 0xef);
        if text.first().is_some_and(safe) && text.last() != Some(&b' ') && is_bare(text, self.delimiter) {
            self.out.extend_from_slice(text);
        } else {
            self.text(text);
        }
    }

    /// Any text, made harmless.
    fn text(&mut self, text: &[u8]) {
        let guard: &[u8] = if is_dangerous(text) { b"'" } else { b"" };
        let spaced = text.first() == Some(&b' ') || text.last() == Some(&b' ');
        if !text.is_empty() && !spaced && is_bare(text, self.delimiter) {
            self.out.extend_from_slice(guard);
            self.out.extend_from_slice(text);
        } else {
            self.quoted(guard, text);
        }
    }

    fn quoted(&mut self, guard: &[u8], text: &[u8]) {
        self.out.push(b'"');
        self.out.extend_from_slice(guard);
        let mut from = 0;
        for at in memchr::memchr2_iter(b'"', 0, text) {
            self.out.extend_from_slice(text.get(from..at).unwrap_or_default());
            if text.get(at) == Some(&0) {
                // Many readers take NUL for the end of the file.
                self.out.extend_from_slice(REPLACEMENT.encode_utf8(&mut [0; 4]).as_bytes());
                self.warnings.replaced += 1;
            } else {
                self.out.extend_from_slice(b"\"\"");
            }
            from = at + 1;
        }
        self.out.extend_from_slice(text.get(from..).unwrap_or_default());
        self.out.push(b'"');
    }
}

/// Whether a text needs neither quotes nor replacements. Control characters are rare enough to be quoted like those
/// among them that must be.
#[inline]
fn is_bare(text: &[u8], delimiter: u8) -> bool {
    !words::any(text, |word| zeros(word ^ all(b'"')) | zeros(word ^ all(delimiter)) | below(word, b' '))
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
