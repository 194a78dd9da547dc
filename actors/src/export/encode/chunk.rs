//! A run of documents, in few allocations.

/// About how many bytes of documents make a chunk worth handing to another thread.
const FULL_BYTES: usize = 512 * 1024;
/// How many documents make a chunk full, however short they are.
const FULL_ROWS: usize = 2_000;

/// Consecutive documents of an export. All their text is in one buffer, so that filling, moving and emptying a chunk
/// costs no allocation for each document.
#[derive(Debug, Default)]
pub struct Chunk {
    text: String,
    places: Vec<Place>,
}

/// Where a document's parts end in the text, and when it happened.
#[derive(Debug, Clone, Copy)]
struct Place {
    id: usize,
    kind: usize,
    fields: usize,
    at_ms: i64,
}

/// One document of a chunk.
#[derive(Debug, Clone, Copy)]
pub struct Doc<'a> {
    /// The document's id.
    pub id: &'a str,
    /// The document's type.
    pub kind: &'a str,
    /// When it happened, in milliseconds since 1970-01-01T00:00:00Z.
    pub at_ms: i64,
    /// Everything else: the JSON text of an object.
    pub fields: &'a str,
}

impl Chunk {
    /// An empty chunk with room for a full one.
    #[must_use]
    pub fn new() -> Self {
        Self { text: String::with_capacity(FULL_BYTES + FULL_BYTES / 8), places: Vec::with_capacity(FULL_ROWS) }
    }

    /// Adds a document at the end.
    pub fn push(&mut self, doc: Doc<'_>) {
        self.text.push_str(doc.id);
        let id = self.text.len();
        self.text.push_str(doc.kind);
        let kind = self.text.len();
        self.text.push_str(doc.fields);
        self.places.push(Place { id, kind, fields: self.text.len(), at_ms: doc.at_ms });
    }

    /// Whether it is large enough to be handed on (2,000 documents or 512 KiB).
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.places.len() >= FULL_ROWS || self.text.len() >= FULL_BYTES
    }

    /// How many documents it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// How many bytes of text it holds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Forgets the documents and keeps the room, for use again.
    pub fn clear(&mut self) {
        self.text.clear();
        self.places.clear();
    }

    /// The documents, in order.
    pub fn docs(&self) -> impl Iterator<Item = Doc<'_>> {
        let mut start = 0;
        self.places.iter().map(move |place| {
            let part = |from, to| self.text.get(from..to).unwrap_or_default();
            let doc = Doc {
                id: part(start, place.id),
                kind: part(place.id, place.kind),
                at_ms: place.at_ms,
                fields: part(place.kind, place.fields),
            };
            start = place.fields;
            doc
        })
    }
}
