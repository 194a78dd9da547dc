//! The rows of a sheet.

use std::fmt;

use super::super::chunk::Doc;
use super::super::columns::{Columns, Source};
use super::super::neutral::is_dangerous;
use super::super::row::{Field, Rows};
use super::super::scan::{Kind, compact};
use super::super::text;
use super::super::time;
use super::super::warnings::Warnings;
use super::date::{Date, decimal};
use super::escape;
use super::number::{self, Number};

/// Formats of cells, by their place among the styles.
pub(super) const HEADER: u8 = 1;
/// An instant, to the millisecond.
pub(super) const INSTANT: u8 = 2;
/// A day.
pub(super) const DATE: u8 = 3;
/// A whole number of twelve digits or more.
pub(super) const LONG: u8 = 4;

/// How many characters an instant and a day take.
const INSTANT_WIDTH: usize = 23;
const DATE_WIDTH: usize = 10;

/// The letters of a column.
pub(super) struct Letters([u8; 3]);

impl Letters {
    /// Of a column counted from 0: A to Z, AA to ZZ, AAA to XFD.
    pub(super) fn of(column: usize) -> Self {
        let mut letters = [0; 3];
        let mut rest = column + 1;
        for letter in letters.iter_mut().rev() {
            if rest == 0 {
                break;
            }
            *letter = b'A' + ((rest - 1) % 26) as u8;
            rest = (rest - 1) / 26;
        }
        Self(letters)
    }
}

impl fmt::Display for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().filter(|letter| **letter > 0).try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

/// Writes rows.
pub(super) struct Writer<'c> {
    columns: &'c Columns,
    /// For each column, what a cell begins with, up to the number of its row.
    openings: Vec<Vec<u8>>,
    /// The number of the row, in digits.
    row: Vec<u8>,
    decoded: String,
    json: String,
    /// The widest value of each column, in characters, if that is wanted.
    pub(super) widths: Option<Vec<usize>>,
    pub(super) warnings: Warnings,
    pub(super) out: Vec<u8>,
}

impl<'c> Writer<'c> {
    pub(super) fn new(columns: &'c Columns, measure: bool) -> Self {
        let opening = |at| format!("<c r=\"{}", Letters::of(at)).into_bytes();
        Self {
            columns,
            openings: (0..columns.len()).map(opening).collect(),
            row: Vec::new(),
            decoded: String::new(),
            json: String::new(),
            widths: measure.then(|| vec![0; columns.len()]),
            warnings: Warnings::default(),
            out: Vec::new(),
        }
    }

    /// Writes a document as a row. `number` counts from 1 in the sheet.
    pub(super) fn row(&mut self, rows: &Rows<'_>, doc: Doc<'_>, number: u64) {
        self.row.clear();
        decimal(i64::try_from(number).unwrap_or(i64::MAX), 1, &mut self.row);
        self.out.extend_from_slice(b"<row r=\"");
        self.out.extend_from_slice(&self.row);
        self.out.extend_from_slice(b"\">");
        for (at, column) in self.columns.columns.iter().enumerate() {
            match column.source {
                Source::Id => self.text(at, doc.id),
                Source::Kind => self.text(at, doc.kind),
                Source::At => self.instant(at, doc.at_ms),
                Source::Field(slot) => {
                    if let Some(field) = rows.field(slot, doc.fields) {
                        self.field(at, field);
                    }
                }
            }
        }
        self.out.extend_from_slice(b"</row>");
    }

    #[inline]
    fn field(&mut self, at: usize, field: Field<'_>) {
        match field.kind {
            Kind::Null => {}
            Kind::True => self.cell(at, b"\" t=\"b\"><v>1</v></c>", 5),
            Kind::False => self.cell(at, b"\" t=\"b\"><v>0</v></c>", 5),
            Kind::Number => self.number(at, field.text),
            Kind::Plain => self.string(at, field.text),
            Kind::Escaped => {
                let mut decoded = std::mem::take(&mut self.decoded);
                self.warnings.replaced += text::decode(field.text, &mut decoded);
                self.string(at, &decoded);
                self.decoded = decoded;
            }
            Kind::Json => {
                let mut json = std::mem::take(&mut self.json);
                json.clear();
                compact(field.text, &mut json);
                self.text(at, &json);
                self.json = json;
            }
        }
    }

    /// A cell without text of its own.
    #[inline]
    fn cell(&mut self, at: usize, rest: &[u8], width: usize) {
        self.open(at);
        self.out.extend_from_slice(rest);
        self.measure(at, || width);
    }

    #[inline]
    fn open(&mut self, at: usize) {
        if let Some(opening) = self.openings.get(at) {
            self.out.extend_from_slice(opening);
        }
        self.out.extend_from_slice(&self.row);
    }

    #[inline]
    fn measure(&mut self, at: usize, width: impl FnOnce() -> usize) {
        if let Some(widest) = self.widths.as_mut().and_then(|widths| widths.get_mut(at)) {
            *widest = width().max(*widest);
        }
    }

    #[inline]
    fn number(&mut self, at: usize, digits: &str) {
        let style: &[u8] = match number::judge(digits.as_bytes()) {
            Number::Plain => b"\"><v>",
            Number::Long => b"\" s=\"4\"><v>",
            Number::Text => return self.inline(at, "", digits),
        };
        self.open(at);
        self.out.extend_from_slice(style);
        self.out.extend_from_slice(digits.as_bytes());
        self.out.extend_from_slice(b"</v></c>");
        self.measure(at, || digits.len());
    }

    /// A string of a document, which may name a time.
    #[inline]
    fn string(&mut self, at: usize, text: &str) {
        let begins_with_digit = text.as_bytes().first().is_some_and(u8::is_ascii_digit);
        if begins_with_digit
            && let Some(date) = Date::parse(text.as_bytes())
            && self.date(at, date)
        {
            return;
        }
        self.text(at, text);
    }

    fn instant(&mut self, at: usize, ms: i64) {
        if !self.date(at, Date::of_ms(ms)) {
            let mut text = Vec::new();
            time::rfc3339(ms, &mut text);
            self.text(at, std::str::from_utf8(&text).unwrap_or_default());
        }
    }

    /// A date cell, if Excel has a number for it.
    fn date(&mut self, at: usize, date: Date) -> bool {
        let start = self.out.len();
        self.open(at);
        let (style, width): (&[u8], _) = match date {
            Date::Instant(..) => (b"\" s=\"2\"><v>", INSTANT_WIDTH),
            Date::Day(_) => (b"\" s=\"3\"><v>", DATE_WIDTH),
        };
        self.out.extend_from_slice(style);
        if !date.serial(&mut self.out) {
            self.out.truncate(start);
            return false;
        }
        self.out.extend_from_slice(b"</v></c>");
        self.measure(at, || width);
        true
    }

    /// A text cell, made harmless.
    #[inline]
    fn text(&mut self, at: usize, text: &str) {
        let guard = if is_dangerous(text.as_bytes()) { "'" } else { "" };
        self.inline(at, guard, text);
    }

    #[inline]
    fn inline(&mut self, at: usize, guard: &str, text: &str) {
        self.open(at);
        self.out.extend_from_slice(b"\" t=\"inlineStr\"><is><t");
        if escape::is_spaced(text.as_bytes()) {
            self.out.extend_from_slice(b" xml:space=\"preserve\"");
        }
        self.out.push(b'>');
        self.out.extend_from_slice(guard.as_bytes());
        match escape::fit(text, guard.len()) {
            None => escape::text(text, &mut self.out),
            Some(cut) => {
                escape::text(&cut, &mut self.out);
                self.warnings.cut += 1;
            }
        }
        self.out.extend_from_slice(b"</t></is></c>");
        self.measure(at, || text.chars().take(100).count());
    }
}
