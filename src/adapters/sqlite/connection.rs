//! Opening connections, and how each is set.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{OpenError, Options};

/// Page cache of the writer: a large batch and the tops of the indices fit. Grows only as it is used.
const WRITER_CACHE_KIB: i64 = 8 * 1024;
/// Page cache of each reader.
const READER_CACHE_KIB: i64 = 2 * 1024;
/// How long a connection waits for a lock that another process holds.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// How often it asks again where SQLite does not wait by itself.
const LOCK_RETRY: Duration = Duration::from_millis(5);
/// Pages in the write-ahead log after which a commit copies them into the database: 16 MiB. A smaller log would copy
/// the hot pages of the indices more often; a larger one costs disk and the next start.
const CHECKPOINT_PAGES: i64 = 4_000;
/// What a log that grew under a long read shrinks back to.
const LOG_LIMIT_BYTES: i64 = 64 * 1024 * 1024;
/// More statements than all ports have together.
const CACHED_STATEMENTS: usize = 64;

/// Opens the one connection that writes, making the file if there is none: 0600 in a directory of 0700, because it
/// holds password hashes. The log beside it gets the same mode from SQLite.
pub(super) fn open_writer(options: &Options) -> Result<Connection, OpenError> {
    let path = options.path.as_path();
    create_private(path)
        .map_err(|error| OpenError::Unreachable { path: path.to_owned(), reason: error.to_string() })?;
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| OpenError::of(path, &error))?;
    set_writer(&connection, options).map_err(|error| OpenError::of(path, &error))?;
    let mode = to_write_ahead(&connection).map_err(|error| OpenError::of(path, &error))?;
    if mode != "wal" {
        let reason = format!("its file system allows no write-ahead log, only {mode}");
        return Err(OpenError::Unreachable { path: path.to_owned(), reason });
    }
    Ok(connection)
}

/// Turns to the write-ahead log. A process that does the same at this moment makes SQLite say "locked" at once, without
/// the wait of `busy_timeout`: two that upgrade their locks would wait for each other.
fn to_write_ahead(connection: &Connection) -> rusqlite::Result<String> {
    let began = Instant::now();
    loop {
        match connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)) {
            Err(error) if is_locked(&error) && began.elapsed() < LOCK_WAIT => std::thread::sleep(LOCK_RETRY),
            mode => return mode,
        }
    }
}

fn is_locked(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn set_writer(connection: &Connection, options: &Options) -> rusqlite::Result<()> {
    set_common(connection, WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", LOG_LIMIT_BYTES)?;
    // Savepoints keep copies of the pages they touch; those belong into memory, not into a file.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    if options.max_mib > 0 {
        let page_bytes: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let max_bytes = i64::try_from(options.max_mib).unwrap_or(i64::MAX).saturating_mul(1024 * 1024);
        connection.pragma_update(
            None,
            "max_page_count",
            (max_bytes / page_bytes.max(1)).clamp(1, i64::from(u32::MAX) - 1),
        )?;
    }
    Ok(())
}

/// Opens a connection that can only read. The database is there already.
pub(super) fn open_reader(path: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| OpenError::of(path, &error))?;
    set_common(&connection, READER_CACHE_KIB).map_err(|error| OpenError::of(path, &error))?;
    Ok(connection)
}

fn set_common(connection: &Connection, cache_kib: i64) -> rusqlite::Result<()> {
    connection.busy_timeout(LOCK_WAIT)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    // A negative size counts KiB instead of pages.
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    // A read error in a mapped file is a signal, in a read file an answer.
    connection.pragma_update(None, "mmap_size", 0)
}

fn create_private(path: &Path) -> io::Result<()> {
    if let Some(directory) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    }
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path).map(drop)
}
