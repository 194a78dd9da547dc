//! From the bytes of a request to documents, or to a sentence for every place that is wrong.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use tocsin_actors::domain::{Document, DocumentId, DocumentType, Timestamp};

use super::members::{self, Parts, id_of, string_of, time_of};
use super::refusals::{self, Errors};
use crate::http::json;
use crate::http::problem::Problem;

/// How the body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// One object, or an array of objects.
    Json,
    /// An object a line.
    Ndjson,
}

/// What is taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Arrays and objects within each other, the document included.
    pub(super) depth: usize,
    /// Documents in one request.
    pub(super) documents: usize,
}

/// Reads a body. `received_at` is the time of documents that name none.
///
/// # Errors
/// 400 for what is no JSON, 413 for too many documents, 422 for JSON that is no document.
pub(super) fn parse(
    body: &[u8],
    format: Format,
    bounds: Bounds,
    received_at: Timestamp,
) -> Result<Vec<Document>, Problem> {
    let text = std::str::from_utf8(body).map_err(|error| refusals::invalid_utf8(body, error.valid_up_to()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_ascii().is_empty() {
        return Err(refusals::empty_body());
    }
    let mut reader = Reader {
        bounds,
        received_at,
        documents: Vec::new(),
        seen: 0,
        errors: Errors::default(),
        too_many: false,
        last_kind: None,
    };
    match format {
        Format::Json => reader.json(text)?,
        Format::Ndjson => reader.ndjson(text)?,
    }
    reader.finish()
}

struct Reader {
    bounds: Bounds,
    received_at: Timestamp,
    documents: Vec<Document>,
    seen: usize,
    errors: Errors,
    too_many: bool,
    /// Batches are mostly of one type: its text is shared.
    last_kind: Option<DocumentType>,
}

impl Reader {
    fn json(&mut self, text: &str) -> Result<(), Problem> {
        let is_array = text.trim_ascii_start().starts_with('[');
        let scan = json::scan(text.as_bytes(), self.bounds.depth + usize::from(is_array));
        if let Some(at) = scan.too_deep {
            let (line, column) = json::line_and_column(text.as_bytes(), at);
            return Err(refusals::too_deep(self.bounds.depth, &format!("line {line}, column {column}")));
        }
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let parsed = if is_array {
            deserializer.deserialize_seq(Elements(self))
        } else {
            Element { reader: self, prefix: "" }.deserialize(&mut deserializer)
        };
        if self.too_many {
            return Err(refusals::too_many_documents(self.bounds.documents));
        }
        parsed.and_then(|()| deserializer.end()).map_err(|error| refusals::invalid_json(&error))?;
        self.note_flaws(text, &scan.flaws, "");
        Ok(())
    }

    fn ndjson(&mut self, text: &str) -> Result<(), Problem> {
        for (number, line) in text.split('\n').enumerate() {
            if line.trim_ascii().is_empty() {
                continue;
            }
            if self.seen == self.bounds.documents {
                return Err(refusals::too_many_documents(self.bounds.documents));
            }
            let scan = json::scan(line.as_bytes(), self.bounds.depth);
            if scan.too_deep.is_some() {
                return Err(refusals::too_deep(self.bounds.depth, &format!("line {}", number + 1)));
            }
            let prefix = format!("/{}", self.seen);
            let mut deserializer = serde_json::Deserializer::from_str(line);
            Element { reader: self, prefix: &prefix }
                .deserialize(&mut deserializer)
                .and_then(|()| deserializer.end())
                .map_err(|error| refusals::invalid_line(number + 1, &error))?;
            self.note_flaws(line, &scan.flaws, &prefix);
        }
        Ok(())
    }

    fn note_flaws(&mut self, text: &str, flaws: &[(usize, json::Flaw)], prefix: &str) {
        for (at, flaw) in flaws {
            self.errors.push(format!("{prefix}{}", json::pointer_at(text.as_bytes(), *at)), flaw.message());
        }
    }

    fn finish(self) -> Result<Vec<Document>, Problem> {
        if !self.errors.is_empty() {
            return Err(self.errors.into());
        }
        if self.documents.is_empty() {
            return Err(refusals::no_documents());
        }
        Ok(self.documents)
    }

    /// Takes the members of one object as a document, or notes what is wrong.
    fn take(&mut self, parts: Parts<'_>, prefix: &str) {
        let mut errors = parts.errors;
        let kind = match parts.kind {
            Some(raw) => self.kind(raw).map_err(|message| errors.push(("type".into(), message))).ok(),
            None => {
                errors.push(("type".into(), "is missing".into()));
                None
            }
        };
        let id = match parts.id {
            Some(raw) => id_of(raw).map_err(|message| errors.push(("id".into(), message))).ok(),
            None => Some(DocumentId::new(self.received_at)),
        };
        let at = match parts.at {
            Some(raw) => time_of(raw).map_err(|message| errors.push(("at".into(), message))).ok(),
            None => Some(self.received_at),
        };
        if let (true, Some(kind), Some(id), Some(at)) = (errors.is_empty(), kind, id, at) {
            self.documents.push(Document { id, kind, at, received_at: self.received_at, fields: parts.fields });
            return;
        }
        for (key, message) in errors {
            self.errors.push(format!("{prefix}/{}", json::escape_token(&key)), message);
        }
    }

    fn kind(&mut self, raw: &str) -> Result<DocumentType, String> {
        let text = string_of(raw)?;
        if let Some(last) = self.last_kind.as_ref().filter(|last| last.as_str() == text) {
            return Ok(last.clone());
        }
        let kind = DocumentType::parse(&text).map_err(|invalid| invalid.to_string())?;
        self.last_kind = Some(kind.clone());
        Ok(kind)
    }
}

/// The elements of the outermost array.
struct Elements<'r>(&'r mut Reader);

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of documents")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        loop {
            let full = self.0.seen == self.0.bounds.documents;
            let prefix = format!("/{}", self.0.seen);
            if full {
                self.0.too_many = seq.next_element::<IgnoredAny>()?.is_some();
                // What follows is not read: the answer is 413 whatever it is.
                return if self.0.too_many { Err(de::Error::custom("too many documents")) } else { Ok(()) };
            }
            if seq.next_element_seed(Element { reader: self.0, prefix: &prefix })?.is_none() {
                return Ok(());
            }
        }
    }
}

/// One document.
struct Element<'r> {
    reader: &'r mut Reader,
    prefix: &'r str,
}

impl Element<'_> {
    fn not_an_object(self) {
        self.reader.seen += 1;
        self.reader.errors.push(self.prefix.to_owned(), "must be a JSON object");
    }
}

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Element<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let parts = members::read(map)?;
        self.reader.seen += 1;
        self.reader.take(parts, self.prefix);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        self.not_an_object();
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.not_an_object();
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.not_an_object();
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.not_an_object();
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.not_an_object();
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.not_an_object();
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.not_an_object();
        Ok(())
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
