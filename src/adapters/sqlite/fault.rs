//! From SQLite's errors to those of the ports.

use rusqlite::{ErrorCode, ffi};
use tocsin_actors::domain::Invalid;
use tocsin_actors::ports::PortError;

/// What the caller hears when a queue is full or another process holds the database too long.
pub(super) const BUSY: PortError = PortError::Busy("the database");

/// A [`PortError`] on its way out of a job, so that `?` takes SQLite's errors too.
#[derive(Debug)]
pub(super) struct Fault(pub(super) PortError);

impl From<PortError> for Fault {
    fn from(error: PortError) -> Self {
        Self(error)
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, _) = &error else {
            return Self(PortError::Failed(format!("SQLite: {error}")));
        };
        Self(match (failure.code, failure.extended_code) {
            // A disk that fills may show first where the index of the log is grown.
            (ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_SHMSIZE) => PortError::Full,
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => BUSY,
            (_, extended) => PortError::Failed(format!("SQLite: {error} (code {extended})")),
        })
    }
}

/// A stored value that the domain refuses: somebody else wrote it.
impl From<Invalid> for Fault {
    fn from(error: Invalid) -> Self {
        Self(PortError::Failed(format!("SQLite: a stored value {error}")))
    }
}

/// Whether a constraint of this kind (an extended code such as `SQLITE_CONSTRAINT_UNIQUE`) was broken.
pub(super) fn broke(error: &rusqlite::Error, constraint: i32) -> bool {
    matches!(error, rusqlite::Error::SqliteFailure(failure, _) if failure.extended_code == constraint)
}
