//! What can go wrong while a file is made.

/// The most columns of a file: what a sheet of Excel holds.
pub const MAX_COLUMNS: usize = 16_384;

/// Why there is no file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// The documents have more different fields than a file may have columns.
    #[error("the documents have more than {MAX_COLUMNS} different fields: choose fields")]
    TooManyColumns,
    /// More fields were chosen than a file may have columns.
    #[error("{0} fields are chosen, at most {MAX_COLUMNS} are possible")]
    TooManyChosen(usize),
    /// No field was chosen.
    #[error("no field is chosen: choose at least one, or leave the choice out for all")]
    NothingChosen,
    /// Two chosen fields have the same name.
    #[error("two fields are named {0:?}: give one of them another name")]
    SameName(String),
    /// A document's fields are not the JSON text of an object. They are checked when they come in, so the store is
    /// damaged.
    #[error("document {0:?} cannot be read: its fields are no JSON object")]
    Damaged(String),
    /// The compressor failed.
    #[error("the file cannot be compressed")]
    Compression,
}
