//! Where documents are kept.

use std::ops::ControlFlow;

use async_trait::async_trait;

use super::PortError;
use crate::domain::{Document, DocumentId, DocumentType, RuleSource, Timestamp};

/// Makes a repeated request harmless for 24 hours (draft-ietf-httpapi-idempotency-key-header).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Whose key it is; keys of different principals never meet.
    pub owner: String,
    /// The key as sent.
    pub key: String,
    /// A digest of the request; the same key with another digest is refused.
    pub fingerprint: String,
}

/// What became of an append.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Appended {
    /// For each document of the batch, in order: its place in the store, or `None` for one that was there already.
    pub places: Vec<Option<u64>>,
    /// The answer of an earlier request with the same idempotency key: its accepted, its duplicates and its first ids.
    /// Nothing was stored by this one.
    pub replayed: Option<(u64, u64, Vec<DocumentId>)>,
}

/// In which order a list comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Oldest first.
    Ascending,
    /// Newest first.
    Descending,
}

/// A page of documents by time, then by place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListDocuments {
    /// Of one type only.
    pub kind: Option<DocumentType>,
    /// Not before this instant.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    /// In which order.
    pub order: Order,
    /// Continue after this (time, place) in that order.
    pub after: Option<(Timestamp, u64)>,
    /// At most so many.
    pub limit: usize,
}

/// How many documents count at which instant, read in one snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrivals {
    /// Instants at which something counts, rising, with how many.
    pub counts: Vec<(Timestamp, u64)>,
    /// The highest place in the store when this was read, of any type: a later place is not in `counts`, an earlier
    /// one that matches is.
    pub upto: u64,
}

/// A document as it is read in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scanned<'a> {
    /// The instant at which it counts.
    pub at: Timestamp,
    /// Its type.
    pub kind: &'a str,
    /// Its id.
    pub id: &'a str,
    /// Its fields, a JSON object.
    pub fields: &'a str,
}

/// Is shown documents one after the other; `Break` ends the reading.
pub type Visit = Box<dyn FnMut(Scanned<'_>) -> ControlFlow<()> + Send>;

/// The documents. An answer means it is on disk.
#[async_trait]
pub trait Documents: Send + Sync + 'static {
    /// Stores all of a batch or none of it. Places rise in the order of the commits, and within a batch. A document
    /// whose id is known already, or came earlier in the batch, is left as it was. With a key that was used within
    /// 24 hours before `now`, nothing is stored and the earlier answer comes back.
    async fn append(
        &self,
        batch: Vec<Document>,
        key: Option<IdempotencyKey>,
        now: Timestamp,
    ) -> Result<Appended, PortError>;

    /// One document.
    async fn get(&self, id: DocumentId) -> Result<Option<Document>, PortError>;

    /// A page of documents, each with its place.
    async fn list(&self, query: ListDocuments) -> Result<Vec<(u64, Document)>, PortError>;

    /// Documents after a place, by place: those that were committed by now, at most `limit` of them, and fewer where they
    /// are large. Nothing only when there are none.
    async fn after(&self, place: u64, limit: usize) -> Result<Vec<(u64, Document)>, PortError>;

    /// The highest place there is; 0 where there is no document.
    async fn highest(&self) -> Result<u64, PortError>;

    /// Each type with the number of its documents, by type.
    async fn types(&self) -> Result<Vec<(DocumentType, u64)>, PortError>;

    /// What counts in `(after, upto]` of the documents of `source`, by [`crate::domain::document::counts_at`] with
    /// `future_tolerance`.
    async fn arrivals(
        &self,
        source: RuleSource,
        after: Timestamp,
        upto: Timestamp,
        future_tolerance: std::time::Duration,
    ) -> Result<Arrivals, PortError>;

    /// Shows what [`Documents::arrivals`] counts, one document after the other in the order of the instants at which
    /// they count, read in one snapshot; returns the highest place there was then, of any type.
    async fn scan(
        &self,
        source: RuleSource,
        after: Timestamp,
        upto: Timestamp,
        future_tolerance: std::time::Duration,
        visit: Visit,
    ) -> Result<u64, PortError>;
}
