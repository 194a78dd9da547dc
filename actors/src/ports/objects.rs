//! Files of any size that are made once and fetched later: a directory, or object storage.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use uuid::Uuid;

use super::PortError;
use crate::domain::{Invalid, Timestamp};

/// The name of an object: 1 to 128 characters of `A-Z a-z 0-9 . _ -`, the first not a dot. So it is one name in any
/// directory, bucket and URL, and none that is hidden or leads elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName(Arc<str>);

impl ObjectName {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 128;

    /// Checks and takes a name.
    ///
    /// # Errors
    /// When it is empty, too long, begins with a dot, or has another character than the allowed ones.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-');
        if text.is_empty() || text.len() > Self::MAX_CHARS || text.starts_with('.') || !text.bytes().all(allowed) {
            return Err(Invalid("must be 1 to 128 characters of A-Z a-z 0-9 . _ -, the first not a dot".into()));
        }
        Ok(Self(text.into()))
    }

    /// A UUID as a name.
    #[must_use]
    pub fn of_uuid(uuid: Uuid) -> Self {
        Self(uuid.as_hyphenated().to_string().into())
    }

    /// The text of the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What somebody who downloads an object is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its media type, such as `text/csv; charset=utf-8`.
    pub content_type: String,
    /// What the downloaded file is called; any characters.
    pub file_name: String,
}

/// The bytes of an object, in pieces of at most [`MAX_PIECE`]. After an error nothing follows.
pub type Pieces = BoxStream<'static, Result<Bytes, PortError>>;

/// The most bytes in a piece of [`Objects::read`].
pub const MAX_PIECE: usize = 256 * 1024;

/// What a sweep takes away, and what it leaves.
#[derive(Clone, Copy)]
pub struct Sweep<'a> {
    /// Whether a name is of the kind that this server gives. A directory or bucket may hold other things: they stay.
    pub ours: &'a (dyn Fn(&ObjectName) -> bool + Send + Sync),
    /// Finished objects that stay.
    pub keep: &'a HashSet<ObjectName>,
    /// What was begun or finished at this instant or later stays, by the clock of the store: another server may have
    /// made it since `keep` was read, or may still be at it. So it lies longer ago than any upload takes. A store that
    /// knows for sure that nobody is at an upload removes it all the same.
    pub before: Timestamp,
}

/// How much a sweep took away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Finished objects.
    pub objects: u64,
    /// Uploads that nobody would have finished.
    pub uploads: u64,
}

/// A store of objects. One that is away is [`PortError::Busy`]: try again later. One that cannot work as it is set up
/// is [`PortError::Failed`], with a sentence that says what to do.
#[async_trait]
pub trait Objects: Send + Sync + 'static {
    /// Begins an object that nobody sees before [`Upload::finish`]; then it takes the place of one of the same name.
    ///
    /// A name has one writer. What was begun under it and is not finished ends, as far as the store can tell what there
    /// is: so nothing is left of a writer that died, and one that still lives and was given up comes to an error.
    async fn create(&self, name: ObjectName, about: About) -> Result<Box<dyn Upload>, PortError>;

    /// Its size in bytes; `None` when there is none of this name.
    async fn size(&self, name: &ObjectName) -> Result<Option<u64>, PortError>;

    /// A stretch of its bytes, as far as there are any; `None` when there is none of this name. What is read stays the
    /// same object, even when another takes its place meanwhile.
    async fn read(&self, name: &ObjectName, range: Range<u64>) -> Result<Option<Pieces>, PortError>;

    /// An address at which the store itself hands it out, about that long and no longer than the store allows; `None`
    /// where the server has to. Whether the object is there is not asked.
    async fn link(&self, name: &ObjectName, about: &About, lasts: Duration) -> Result<Option<String>, PortError>;

    /// Removes it. One that is gone already is fine.
    async fn remove(&self, name: &ObjectName) -> Result<(), PortError>;

    /// Removes what nobody will finish or fetch. For the start of a server, and now and then.
    async fn sweep(&self, sweep: Sweep<'_>) -> Result<Swept, PortError>;

    /// Asks the store whether it can be used.
    async fn check(&self) -> Result<(), PortError>;
}

/// An object that is being written. Dropped or aborted, it leaves nothing, as far as the store can be reached; what is
/// left all the same, a sweep removes. After an error it can only be dropped or aborted.
#[async_trait]
pub trait Upload: Send {
    /// Adds bytes at the end. Returns when the upload has room for more, so that whoever writes is as slow as the
    /// store.
    async fn write(&mut self, bytes: Bytes) -> Result<(), PortError>;

    /// Makes the object visible, whole and on disk; returns its size in bytes.
    async fn finish(self: Box<Self>) -> Result<u64, PortError>;

    /// Gives it up and waits until what was written is gone.
    async fn abort(self: Box<Self>);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_name_wherever_it_goes() {
        for text in ["a", "A-9_.csv", "0197c2b4.xlsx", "a..b", "-", &"x".repeat(128)] {
            assert_eq!(ObjectName::parse(text).unwrap().as_str(), text);
        }
        for text in
            ["", ".", "..", ".a", "a/b", "../a", "a\\b", "a b", "a\0", "ü", "a%2Fb", "a:b", "a\n", &"x".repeat(129)]
        {
            assert!(ObjectName::parse(text).is_err(), "{text:?}");
        }
    }
}
