//! The ports in one SQLite file: write-ahead log, `synchronous=FULL`, one thread that writes and a few that read.
//!
//! ```text
//! append, open, … ──try_send──> writer thread: BEGIN IMMEDIATE, a savepoint a job, COMMIT, then the answers
//! list, get, …    ──try_send──> reader threads: each job in one snapshot
//! ```
//!
//! A full queue answers [`PortError::Busy`](tocsin_actors::ports::PortError::Busy) at once; nothing here blocks an async thread.

mod accounts;
mod arrivals;
mod audit;
mod choices;
mod connection;
mod documents;
mod exports;
mod fault;
mod idempotency;
mod identities;
mod incidents;
mod invitations;
mod leases;
mod links;
mod membership;
mod messages;
mod migrations;
mod notifications;
mod outbox;
mod pages;
mod readers;
mod refresh_tokens;
mod rooms;
mod rules;
mod scan;
mod second_factors;
mod silences;
mod snapshots;
mod users;
mod writer;

#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, ErrorCode};
use tocsin_actors::ports::PortError;

pub use accounts::Accounts;
pub use audit::Audit;
pub use choices::Choices;
pub use documents::Documents;
pub use exports::Exports;
pub use identities::Identities;
pub use incidents::Incidents;
pub use invitations::Invitations;
pub use leases::{Fence, Leases};
pub use links::Links;
pub use membership::Membership;
pub use messages::Messages;
pub use outbox::Outbox;
pub use refresh_tokens::RefreshTokens;
pub use rooms::Rooms;
pub use rules::Rules;
pub use second_factors::SecondFactors;
pub use silences::Silences;
pub use snapshots::Snapshots;
pub use users::Users;
pub use writer::Group;

use fault::Fault;
use readers::Readers;
use writer::Writer;

/// How a database is opened.
pub struct Options {
    /// The file; it and its directory are made where they are missing.
    pub path: PathBuf,
    /// How many threads read.
    pub readers: NonZeroUsize,
    /// How many jobs may wait for the writer, and how many for the readers.
    pub queue: NonZeroUsize,
    /// At how many rows a commit group takes no further job.
    pub group_rows: NonZeroUsize,
    /// The largest the database may grow, in MiB, its log not counted; 0 for no limit but the disk's.
    pub max_mib: u64,
    /// Called by the writer after each group, once its callers have their answers. Must not block.
    pub on_group: Option<Box<dyn Fn(Group) + Send>>,
}

/// Why a database could not be opened. The sentence says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// A newer tocsin has written it.
    #[error("the database {path} has schema version {found} and this tocsin knows versions up to {known}: start the newer tocsin that wrote it, or restore a backup from before the upgrade", path = path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The highest version this binary knows.
        known: usize,
    },
    /// The file is no database, or a damaged one.
    #[error("{path} is not a SQLite database or is damaged: restore it from a backup, or move it away to begin with an empty one", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The file is a database of another program.
    #[error("{path} is a SQLite database that tocsin did not make: set another path for the database", path = path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be reached or written.
    #[error("the database {path} cannot be opened for writing ({reason}): check that the directory exists, is writable and has free space, and that no other program holds the file", path = path.display())]
    Unreachable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

impl OpenError {
    fn of(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged { path },
            _ => Self::Unreachable { path, reason: error.to_string() },
        }
    }
}

/// An open database, shared by the ports. When the last of them is dropped, what waits is finished, the log is copied
/// into the file and the threads end; the drop waits for that.
pub struct Database {
    // Before the writer: it copies the log when it is the last to close.
    readers: Readers,
    writer: Writer,
    path: PathBuf,
}

impl Database {
    /// Opens or makes a database and brings its schema up to date. Blocks: call it at the start, off the arbiters.
    ///
    /// # Errors
    /// [`OpenError`], with a sentence for whoever starts the server.
    pub fn open(options: Options) -> Result<Arc<Self>, OpenError> {
        let mut connection = connection::open_writer(&options)?;
        migrations::migrate(&mut connection, &options.path)?;
        let readers = Readers::start(&options.path, options.readers, options.queue)?;
        let path = options.path.clone();
        let writer = Writer::start(connection, options)?;
        Ok(Arc::new(Self { readers, writer, path }))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// How many jobs wait for the writer now.
    #[must_use]
    pub fn writes_waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// Reads that no thread has begun, for a metric.
    #[must_use]
    pub fn reads_waiting(&self) -> usize {
        self.readers.waiting()
    }

    /// Runs `work` on the writer as part of a group and returns its result after the commit. It may run twice, so it
    /// changes nothing but the database; when it fails, what it wrote is undone and the rest of the group stands.
    async fn write<T, W>(&self, rows: usize, work: W) -> Result<T, PortError>
    where
        T: Send + 'static,
        W: Fn(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        self.writer.submit(rows, work).await
    }

    /// Runs `work` on a reader, in one snapshot.
    async fn read<T, W>(&self, work: W) -> Result<T, PortError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        self.readers.submit(work).await
    }
}
