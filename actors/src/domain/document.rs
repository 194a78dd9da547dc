//! What services post.

use std::fmt;
use std::sync::Arc;

use super::{Invalid, Timestamp};

/// The type of a document: 1 to 64 characters of `A-Z a-z 0-9 _ . -`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentType(Arc<str>);

impl DocumentType {
    /// The longest type, in characters.
    pub const MAX_CHARS: usize = 64;

    /// Checks and takes a type.
    ///
    /// # Errors
    /// When it is empty, too long, or has another character than the allowed ones.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.' | b'-');
        if text.is_empty() || text.len() > Self::MAX_CHARS || !text.bytes().all(allowed) {
            return Err(Invalid("must be 1 to 64 characters of A-Z a-z 0-9 _ . -".into()));
        }
        Ok(Self(text.into()))
    }

    /// The text of the type.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DocumentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What makes a document one document: a UUIDv7 of ours, or 1 to 128 visible ASCII characters of the sender's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(String);

impl DocumentId {
    /// The longest id, in characters.
    pub const MAX_CHARS: usize = 128;

    /// Checks and takes a sender's id.
    ///
    /// # Errors
    /// When it is empty, too long, or has white space, control or non-ASCII characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() || text.len() > Self::MAX_CHARS || !text.bytes().all(|c| c.is_ascii_graphic()) {
            return Err(Invalid("must be 1 to 128 visible ASCII characters without spaces".into()));
        }
        Ok(Self(text.to_owned()))
    }

    /// A fresh id of ours.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self(super::id::v7(now).to_string())
    }

    /// The text of the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One document. `fields` is the JSON text of an object with all that was sent but `id`, `type` and `at`, as it was
/// sent: numbers keep their digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Unique in the installation; the first document with an id wins.
    pub id: DocumentId,
    /// What kind of thing it is; rules and exports choose by it.
    pub kind: DocumentType,
    /// When it happened, as the sender says, or when it was received.
    pub at: Timestamp,
    /// When the server took it.
    pub received_at: Timestamp,
    /// A JSON object, serialised.
    pub fields: String,
}

/// When a document counts in a window: its own time; the receive time where its own lies ahead by no more than
/// `tolerance`; never, where it lies further ahead.
#[must_use]
pub fn counts_at(at: Timestamp, received_at: Timestamp, tolerance: std::time::Duration) -> Option<Timestamp> {
    if at <= received_at {
        Some(at)
    } else if at <= received_at.plus(tolerance) {
        Some(received_at)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_ids_keep_to_their_alphabet() {
        for good in ["error", "A", "order.created-v1_x", &"x".repeat(64)] {
            assert!(DocumentType::parse(good).is_ok(), "{good}");
        }
        for bad in ["", " ", "a b", "é", "a/b", &"x".repeat(65)] {
            assert!(DocumentType::parse(bad).is_err(), "{bad}");
        }
        assert!(DocumentId::parse("order:1/2").is_ok());
        assert!(DocumentId::parse("a b").is_err());
    }

    #[test]
    fn the_future_counts_as_now_up_to_the_tolerance() {
        let at = |millis| Timestamp::clamped(millis);
        let tolerance = std::time::Duration::from_secs(5);
        for (event, counted) in [(900, Some(900)), (1_000, Some(1_000)), (6_000, Some(1_000)), (6_001, None)] {
            assert_eq!(counts_at(at(event), at(1_000), tolerance), counted.map(at), "{event}");
        }
    }
}
