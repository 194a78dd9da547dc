//! From the bytes of a request to documents, or to a sentence for every place that is wrong.
//!
//! No value tree is built: `type`, `id` and `at` are looked at, every other field is carried over as the text that was
//! sent, so that numbers keep their digits.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use actix_web::http::StatusCode;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use tocsin_actors::domain::{Document, DocumentId, DocumentType, Timestamp};

use crate::http::json;
use crate::http::problem::{FieldError, Problem};

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

/// Places that are named in one answer.
const MAX_ERRORS: usize = 20;

/// Keys that are compared one by one; beyond that a set is cheaper.
const FEW_KEYS: usize = 16;

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
    let text = std::str::from_utf8(body).map_err(|error| invalid_utf8(body, error.valid_up_to()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_ascii().is_empty() {
        return Err(Problem::bad_request(
            "empty_body",
            "The body is empty. Send a document, an array, or a document a line.",
        ));
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

/// The first places that are wrong.
#[derive(Default)]
struct Errors(Vec<FieldError>);

impl Errors {
    fn push(&mut self, path: String, message: impl Into<String>) {
        if self.0.len() < MAX_ERRORS {
            self.0.push(FieldError::new(path, message));
        }
    }
}

impl Reader {
    fn json(&mut self, text: &str) -> Result<(), Problem> {
        let is_array = text.trim_ascii_start().starts_with('[');
        let scan = json::scan(text.as_bytes(), self.bounds.depth + usize::from(is_array));
        if let Some(at) = scan.too_deep {
            let (line, column) = json::line_and_column(text.as_bytes(), at);
            return Err(too_deep(self.bounds.depth, &format!("line {line}, column {column}")));
        }
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let parsed = if is_array {
            deserializer.deserialize_seq(Elements(self))
        } else {
            Element { reader: self, prefix: "" }.deserialize(&mut deserializer)
        };
        if self.too_many {
            return Err(self.too_many_documents());
        }
        parsed.and_then(|()| deserializer.end()).map_err(|error| invalid_json(&error))?;
        self.note_flaws(text, &scan.flaws, "");
        Ok(())
    }

    fn ndjson(&mut self, text: &str) -> Result<(), Problem> {
        for (number, line) in text.split('\n').enumerate() {
            let line = line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            if self.seen == self.bounds.documents {
                return Err(self.too_many_documents());
            }
            let scan = json::scan(line.as_bytes(), self.bounds.depth);
            if scan.too_deep.is_some() {
                return Err(too_deep(self.bounds.depth, &format!("line {}", number + 1)));
            }
            let prefix = format!("/{}", self.seen);
            let mut deserializer = serde_json::Deserializer::from_str(line);
            Element { reader: self, prefix: &prefix }
                .deserialize(&mut deserializer)
                .and_then(|()| deserializer.end())
                .map_err(|error| invalid_line(number + 1, &error))?;
            self.note_flaws(line, &scan.flaws, &prefix);
        }
        Ok(())
    }

    fn note_flaws(&mut self, text: &str, flaws: &[(usize, json::Flaw)], prefix: &str) {
        for (at, flaw) in flaws {
            self.errors.push(format!("{prefix}{}", json::pointer_at(text.as_bytes(), *at)), flaw.message());
        }
    }

    fn too_many_documents(&self) -> Problem {
        let detail = format!("A request takes at most {} documents. Send several requests.", self.bounds.documents);
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_documents", detail)
    }

    fn finish(self) -> Result<Vec<Document>, Problem> {
        let code = StatusCode::UNPROCESSABLE_ENTITY;
        if !self.errors.0.is_empty() {
            let detail = "Not every document can be taken, so none was stored. See errors for what to mend.";
            return Err(Problem::new(code, "invalid_document", detail).with_errors(self.errors.0));
        }
        if self.documents.is_empty() {
            return Err(Problem::new(code, "no_documents", "The array has no documents. Send at least one."));
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

fn string_of(raw: &str) -> Result<Cow<'_, str>, String> {
    match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => Ok(Cow::Borrowed(plain)),
        Some(_) => serde_json::from_str(raw).map(Cow::Owned).map_err(|_| "must be a valid string".to_owned()),
        None => Err("must be a string".to_owned()),
    }
}

fn id_of(raw: &str) -> Result<DocumentId, String> {
    DocumentId::parse(&string_of(raw)?).map_err(|invalid| invalid.to_string())
}

fn time_of(raw: &str) -> Result<Timestamp, String> {
    let time = if raw.starts_with('"') {
        Timestamp::parse_rfc3339(&string_of(raw)?)
    } else if let Ok(millis) = raw.parse::<i64>() {
        Timestamp::from_millis(millis)
    } else {
        return Err("must be an RFC 3339 text or a whole number of milliseconds since 1970".to_owned());
    };
    time.map_err(|invalid| invalid.to_string())
}

/// The members of one object, by their text.
struct Parts<'de> {
    kind: Option<&'de str>,
    id: Option<&'de str>,
    at: Option<&'de str>,
    fields: String,
    errors: Vec<(String, String)>,
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
        let parts = read_members(map)?;
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

fn read_members<'de, A: MapAccess<'de>>(mut map: A) -> Result<Parts<'de>, A::Error> {
    let mut parts = Parts { kind: None, id: None, at: None, fields: String::from("{"), errors: Vec::new() };
    let mut keys = Keys::default();
    while let Some(key) = map.next_key_seed(Key)? {
        let raw: &'de RawValue = map.next_value()?;
        let value = raw.get();
        let slot = match key.as_ref() {
            "type" => Some(&mut parts.kind),
            "id" => Some(&mut parts.id),
            "at" => Some(&mut parts.at),
            _ => None,
        };
        match slot {
            // `null` is a way to leave `id` and `at` out; it is no type.
            Some(slot) => *slot = Some(value).filter(|value| key == "type" || *value != "null"),
            None => push_member(&mut parts.fields, key.clone(), value),
        }
        if let Some(twice) = keys.insert(key) {
            parts.errors.push((twice, "is there twice".to_owned()));
        }
    }
    parts.fields.push('}');
    Ok(parts)
}

fn push_member(fields: &mut String, key: Cow<'_, str>, value: &str) {
    if fields.len() > 1 {
        fields.push(',');
    }
    match key {
        // Borrowed from the body: it has nothing that needs an escape.
        Cow::Borrowed(key) => {
            fields.push('"');
            fields.push_str(key);
            fields.push('"');
        }
        Cow::Owned(key) => fields.push_str(&serde_json::Value::from(key).to_string()),
    }
    fields.push(':');
    // A line break can only stand between tokens; without it the fields fit on one line of NDJSON.
    if value.contains(['\n', '\r']) {
        json::compact(value, fields);
    } else {
        fields.push_str(value);
    }
}

/// The keys of an object so far.
#[derive(Default)]
struct Keys<'de> {
    few: Vec<Cow<'de, str>>,
    many: HashSet<Cow<'de, str>>,
}

impl<'de> Keys<'de> {
    /// Takes a key; gives it back when it was there.
    fn insert(&mut self, key: Cow<'de, str>) -> Option<String> {
        if self.few.contains(&key) || self.many.contains(&key) {
            return Some(key.into_owned());
        }
        if self.few.len() < FEW_KEYS {
            self.few.push(key);
        } else {
            self.many.insert(key);
        }
        None
    }
}

/// A key, borrowed where it has no escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

fn invalid_utf8(body: &[u8], at: usize) -> Problem {
    let (line, column) = json::line_and_column(body, at);
    let detail = format!("The body is not UTF-8: see line {line}, byte {column}. Nothing was stored.");
    Problem::bad_request("invalid_utf8", detail)
}

fn too_deep(limit: usize, place: &str) -> Problem {
    let detail = format!("Arrays and objects may nest {limit} deep; {place} goes deeper. Nothing was stored.");
    Problem::bad_request("too_deep", detail)
}

fn invalid_json(error: &serde_json::Error) -> Problem {
    let detail = format!("The body is not JSON: {error}. Nothing was stored.");
    Problem::bad_request("invalid_json", detail)
}

fn invalid_line(number: usize, error: &serde_json::Error) -> Problem {
    let column = error.column();
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let detail = format!("Line {number}, column {column} is not JSON: {message}. Nothing was stored.");
    Problem::bad_request("invalid_json", detail)
}
