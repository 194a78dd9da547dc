//! Reading documents for a file: one state of the store, however long that takes.

use std::ops::ControlFlow;

use super::PortError;
use crate::domain::{DocumentQuery, Timestamp};

/// A document as an export reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// Its time.
    pub at: Timestamp,
    /// Its type.
    pub kind: &'a str,
    /// Its id.
    pub id: &'a str,
    /// Its fields, a JSON object.
    pub fields: &'a str,
}

/// Is shown documents one after the other; `Break` ends the reading.
pub type Show<'a> = dyn FnMut(Row<'_>) -> ControlFlow<()> + 'a;

/// One state of the documents. Its calls block: they belong on a thread of their own.
pub trait Snapshot: Send {
    /// Whether there is any document of the type; of any type, when there is none.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn knows(&mut self, query: &DocumentQuery) -> Result<bool, PortError>;

    /// How many documents a query has in its time, whatever their fields hold and however many are wanted.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn count(&mut self, query: &DocumentQuery) -> Result<u64, PortError>;

    /// Shows documents of the type and the time of a query in its order. Conditions on fields, and how many are wanted,
    /// are the caller's to look at. The same documents come whenever it is called.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn read(&mut self, query: &DocumentQuery, show: &mut Show<'_>) -> Result<(), PortError>;

    /// Whether [`scan`](Self::scan) takes less than [`read`](Self::read): where a query has a good part of all documents.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn scans(&mut self, query: &DocumentQuery) -> Result<bool, PortError>;

    /// The same as [`read`](Self::read) in the order in which the documents came.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn scan(&mut self, query: &DocumentQuery, show: &mut Show<'_>) -> Result<(), PortError>;
}

/// Opens snapshots.
pub trait Snapshots: Send + Sync + 'static {
    /// The state of now. Blocks.
    ///
    /// # Errors
    /// When the store cannot be opened.
    fn open(&self) -> Result<Box<dyn Snapshot>, PortError>;
}
