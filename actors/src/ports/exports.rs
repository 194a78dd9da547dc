//! Where exports are noted: what was asked for, and what became of it.

use async_trait::async_trait;

use super::{IdempotencyKey, PortError};
use crate::domain::{Export, ExportFile, ExportId, Timestamp};

/// How many exports one owner may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportBounds {
    /// That wait or run.
    pub unfinished: usize,
    /// In all; beyond that, the oldest that is over and has no file is forgotten.
    pub kept: usize,
}

/// What became of asking for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportCreated {
    /// The export that is there now.
    pub export: Export,
    /// Whether it is that of an earlier request with the same idempotency key.
    pub replayed: bool,
}

/// How an export ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportEnd {
    /// The file is there until it expires.
    Done {
        /// The file.
        file: ExportFile,
        /// Until when.
        expires_at: Timestamp,
    },
    /// There is none, for this reason.
    Failed(String),
    /// Nobody wants it any more.
    Cancelled,
}

/// A page of an owner's exports, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListExports {
    /// Whose.
    pub owner: String,
    /// Continue after this one.
    pub after: Option<ExportId>,
    /// At most so many.
    pub limit: usize,
}

/// The exports. An answer means it is on disk.
#[async_trait]
pub trait Exports: Send + Sync + 'static {
    /// Notes one that is queued. With a key that its owner used within 24 hours before it was asked for, nothing is noted
    /// and the earlier one comes back.
    ///
    /// # Errors
    /// [`PortError::Conflict`] `too_many_exports` when the owner has as many as it may; [`PortError::KeyReused`] when the
    /// key came with another request.
    async fn create(
        &self,
        export: Export,
        key: Option<IdempotencyKey>,
        bounds: ExportBounds,
    ) -> Result<ExportCreated, PortError>;

    /// One export; none, when there is none or it was removed.
    async fn get(&self, id: ExportId) -> Result<Option<Export>, PortError>;

    /// The export of a link, also one that expired or was removed.
    async fn by_token(&self, token: String) -> Result<Option<Export>, PortError>;

    /// A page of an owner's exports that were not removed.
    async fn list(&self, query: ListExports) -> Result<Vec<Export>, PortError>;

    /// Those that are not over and that nobody has touched since this instant, in the order in which they were asked for.
    async fn unfinished(&self, untouched_since: Timestamp) -> Result<Vec<ExportId>, PortError>;

    /// Says that somebody looks after one; `false` when it is over or gone.
    async fn touch(&self, id: ExportId, at: Timestamp) -> Result<bool, PortError>;

    /// Notes that one is begun, once more; none, when it is over or gone.
    async fn begin(&self, id: ExportId, at: Timestamp) -> Result<Option<Export>, PortError>;

    /// Notes that one that was begun is to be begun anew, as if it had not been.
    async fn put_back(&self, id: ExportId) -> Result<(), PortError>;

    /// Notes how one ended; none, when it was over already or is gone. With the number of an attempt, also when another
    /// one was begun since: whoever was away too long has no say any more.
    async fn end(
        &self,
        id: ExportId,
        attempt: Option<u32>,
        end: ExportEnd,
        at: Timestamp,
    ) -> Result<Option<Export>, PortError>;

    /// Notes that the file is gone; from then on only its link knows that there was one. `false` when there is none, or
    /// it is not over.
    async fn remove(&self, id: ExportId, at: Timestamp) -> Result<bool, PortError>;

    /// Those with a file that expired by `now` and whose file is still there; at most `limit`.
    async fn expired(&self, now: Timestamp, limit: usize) -> Result<Vec<ExportId>, PortError>;

    /// Notes that the file of one that expired is gone; it stays in the lists.
    async fn let_go(&self, id: ExportId) -> Result<(), PortError>;

    /// Those whose file is there or on its way.
    async fn with_file(&self) -> Result<Vec<ExportId>, PortError>;

    /// Forgets those that were over before `before` and have no file; how many.
    async fn forget(&self, before: Timestamp) -> Result<u64, PortError>;
}
