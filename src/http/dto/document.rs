//! Documents on the wire.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use tocsin_actors::domain::{Document, DocumentType};
use utoipa::ToSchema;

/// A document: these members, and any others.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Document, example = json!({
    "id": "019ab1c2-9f3e-7c1a-8f53-0a1b2c3d4e5f", "type": "error", "at": "2026-11-24T07:47:47.123Z",
    "message": "card declined", "amount": 12.50
}))]
pub(in crate::http) struct DocumentIn {
    /// What kind of thing it is.
    #[schema(pattern = "^[A-Za-z0-9_.-]{1,64}$")]
    r#type: String,
    /// Makes a repeat harmless: the first document with an id stays. 1 to 128 visible ASCII characters; a UUIDv7 when left out.
    #[schema(required = false, min_length = 1, max_length = 128)]
    id: String,
    /// When it happened: RFC 3339, or milliseconds since 1970 when posted; the time of receipt when left out.
    #[schema(required = false, value_type = String, format = DateTime)]
    at: String,
    /// Any other members; they come back as they were sent.
    #[serde(flatten)]
    fields: std::collections::BTreeMap<String, serde_json::Value>,
}

/// The answer to a post.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"accepted": 1, "duplicates": 0, "ids": ["checkout-4711"]}))]
pub(in crate::http) struct Accepted {
    /// Documents stored.
    pub(in crate::http) accepted: u64,
    /// Documents whose id was known already.
    pub(in crate::http) duplicates: u64,
    /// The ids of the documents in the order in which they were sent, at most 1,000.
    #[schema(max_items = 1000)]
    pub(in crate::http) ids: Vec<String>,
}

/// A type and how many documents it has.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"type": "error", "count": 595}))]
pub(in crate::http) struct TypeCount {
    /// The type.
    #[serde(rename = "type")]
    pub(in crate::http) kind: String,
    /// Its documents.
    pub(in crate::http) count: u64,
}

impl From<(DocumentType, u64)> for TypeCount {
    fn from((kind, count): (DocumentType, u64)) -> Self {
        Self { kind: kind.to_string(), count }
    }
}

/// A document as JSON text: id, type and time of ours, and the fields as they were sent.
#[derive(Debug)]
pub(in crate::http) struct DocumentBody(String);

impl From<Document> for DocumentBody {
    fn from(document: Document) -> Self {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let (id, kind) = (quoted(document.id.as_str()), quoted(document.kind.as_str()));
        let mut text = format!("{{\"id\":{id},\"type\":{kind},\"at\":\"{}\"", document.at);
        match document.fields.strip_prefix('{') {
            Some(rest) if rest != "}" => {
                text.push(',');
                text.push_str(rest);
            }
            _ => text.push('}'),
        }
        Self(text)
    }
}

impl Serialize for DocumentBody {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tocsin_actors::domain::{DocumentId, Timestamp};

    #[test]
    fn fields_are_spliced_in_as_they_were_sent() {
        for (fields, tail) in [("{}", "}"), (r#"{"n":007.50,"received_at":1}"#, "")] {
            let document = Document {
                id: DocumentId::parse("a\"b").unwrap(),
                kind: DocumentType::parse("error").unwrap(),
                at: Timestamp::clamped(0),
                received_at: Timestamp::clamped(0),
                fields: fields.into(),
            };
            let body = DocumentBody::from(document).0;
            assert!(body.starts_with(r#"{"id":"a\"b","type":"error","at":"1970-01-01T00:00:00.000Z""#), "{body}");
            assert!(body.ends_with(if tail.is_empty() { &fields[1..] } else { tail }), "{body}");
        }
    }
}
