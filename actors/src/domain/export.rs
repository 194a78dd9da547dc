//! Exports: documents, chosen by a query, as a file behind a link.

use std::fmt;

use super::{ExportId, FieldPath, Invalid, Selection, Timestamp};

/// How the documents of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Comma-separated values (RFC 4180).
    Csv,
    /// An Excel workbook (ECMA-376).
    Xlsx,
    /// A JSON object a line.
    Ndjson,
}

impl ExportFormat {
    /// The word of the API, and the ending of a file's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Ndjson => "ndjson",
        }
    }

    /// From the word of the API.
    ///
    /// # Errors
    /// When it is another word.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "csv" => Ok(Self::Csv),
            "xlsx" => Ok(Self::Xlsx),
            "ndjson" => Ok(Self::Ndjson),
            _ => Err(Invalid("must be one of csv, xlsx, ndjson".into())),
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ndjson => "application/x-ndjson",
        }
    }
}

/// Which documents, in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentQuery {
    /// Of which type, and with which fields.
    pub selection: Selection,
    /// Not before this instant.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    /// Newest first; else oldest first. Those of one instant in the order in which they came, or against it.
    pub descending: bool,
    /// At most so many, the first in that order; all, when there is none.
    pub size: Option<u64>,
}

/// A column that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportField {
    /// Which field; also `id`, `type` and `at`.
    pub path: FieldPath,
    /// What the column is called; the path, when there is none.
    pub name: Option<String>,
}

impl ExportField {
    /// The most columns that can be asked for.
    pub const MAX: usize = 1_000;
    /// The longest name of a column, in characters.
    pub const NAME_CHARS: usize = 255;
}

/// How CSV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvStyle {
    /// Between two fields: a comma, a semicolon, a tab or a bar.
    pub delimiter: u8,
    /// Whether a byte order mark comes first, by which Excel knows UTF-8.
    pub bom: bool,
}

impl Default for CsvStyle {
    fn default() -> Self {
        Self { delimiter: b',', bom: false }
    }
}

impl CsvStyle {
    /// Takes a delimiter.
    ///
    /// # Errors
    /// When it is none of those that are allowed.
    pub fn delimiter(text: &str) -> Result<u8, Invalid> {
        match text.as_bytes() {
            &[one @ (b',' | b';' | b'\t' | b'|')] => Ok(one),
            _ => Err(Invalid("must be a comma, a semicolon, a tab or |".into())),
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportSpec {
    /// Which documents.
    pub query: DocumentQuery,
    /// Which of their fields, in which order; all of them, when there is none.
    pub fields: Option<Vec<ExportField>>,
    /// How they are written.
    pub format: ExportFormat,
    /// How, where that is CSV.
    pub csv: CsvStyle,
    /// Whether the file is compressed by gzip (RFC 1952).
    pub gzip: bool,
}

impl ExportSpec {
    /// What a download is called: what is in it, and when it was asked for.
    #[must_use]
    pub fn file_name(&self, asked_at: Timestamp) -> String {
        let kind = match &self.query.selection.source {
            super::RuleSource::Any => "any",
            super::RuleSource::Type(kind) => kind.as_str(),
        };
        let when: String = asked_at.to_string().chars().take(19).filter(char::is_ascii_alphanumeric).collect();
        let gz = if self.gzip { ".gz" } else { "" };
        format!("documents-{kind}-{}Z.{}{gz}", when.trim_end_matches('Z'), self.format.as_str())
    }

    /// The media type of the file as it is stored.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        if self.gzip { "application/gzip" } else { self.format.media_type() }
    }
}

/// What became of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportStatus {
    /// It waits for its turn.
    Queued,
    /// It is being written.
    Running,
    /// The file is there, until it expires.
    Done,
    /// There is no file, and why is said.
    Failed,
    /// Somebody did not want it any more.
    Cancelled,
}

impl ExportStatus {
    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// From the word of the API.
    ///
    /// # Errors
    /// When it is another word.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| Invalid("must be one of queued, running, done, failed, cancelled".into()))
    }

    /// Whether nothing changes any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// The secret of a link: whoever has it may open the file. Never shown in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkToken(pub String);

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(…)")
    }
}

/// A finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Documents in it.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of it, in hexadecimal.
    pub sha256: String,
    /// What could not be written as it was, in words.
    pub warnings: Vec<String>,
}

/// A job, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Its identity.
    pub id: ExportId,
    /// Whose it is: [`super::Principal::key`].
    pub owner: String,
    /// What is asked for.
    pub spec: ExportSpec,
    /// What became of it.
    pub status: ExportStatus,
    /// How often it was begun.
    pub attempts: u32,
    /// The secret of its link.
    pub token: LinkToken,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was begun last.
    pub started_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// When the link ends and the file is removed.
    pub expires_at: Option<Timestamp>,
    /// The file, when it is done.
    pub file: Option<ExportFile>,
    /// Why there is none, when it failed.
    pub error: Option<String>,
    /// Since when the file is gone.
    pub removed_at: Option<Timestamp>,
}

impl Export {
    /// Whether its link opens the file at `now`.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.status == ExportStatus::Done
            && self.removed_at.is_none()
            && self.expires_at.is_none_or(|expires_at| now < expires_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{DocumentType, RuleSource};

    #[test]
    fn a_file_says_what_is_in_it_and_of_when() {
        let asked_at = Timestamp::parse_rfc3339("2026-11-26T04:05:06.789Z").unwrap();
        let spec = |source, format, gzip| ExportSpec {
            query: DocumentQuery {
                selection: Selection::all(source),
                from: None,
                to: None,
                descending: false,
                size: None,
            },
            fields: None,
            format,
            csv: CsvStyle::default(),
            gzip,
        };
        let orders = RuleSource::Type(DocumentType::parse("order").unwrap());
        assert_eq!(
            spec(orders, ExportFormat::Xlsx, false).file_name(asked_at),
            "documents-order-20261126T040506Z.xlsx"
        );
        let any = spec(RuleSource::Any, ExportFormat::Csv, true);
        assert_eq!(any.file_name(asked_at), "documents-any-20261126T040506Z.csv.gz");
        assert_eq!(any.media_type(), "application/gzip");
    }

    #[test]
    fn words_come_back() {
        for status in ["queued", "running", "done", "failed", "cancelled"] {
            assert_eq!(ExportStatus::parse(status).unwrap().as_str(), status);
        }
        for format in ["csv", "xlsx", "ndjson"] {
            assert_eq!(ExportFormat::parse(format).unwrap().as_str(), format);
        }
        assert!(ExportStatus::parse("gone").is_err() && ExportFormat::parse("xls").is_err());
        assert_eq!(CsvStyle::delimiter("\t").unwrap(), b'\t');
        assert!(CsvStyle::delimiter("::").is_err() && CsvStyle::delimiter("\"").is_err());
        assert!(!format!("{:?}", LinkToken("secret".into())).contains("secret"));
    }
}
