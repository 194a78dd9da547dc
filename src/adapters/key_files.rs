//! Files that hold secrets: made once, readable by their owner alone.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::Path;
use std::time::Duration;

/// More than any secret of ours.
const MAX_BYTES: u64 = 4_096;

/// How often a lock that another process has is tried, and how long a try waits for the next.
const LOCK_TRIES: u32 = 250;
const LOCK_RETRY: Duration = Duration::from_millis(20);

/// Lets only one process at a time change the secrets of a directory, for as long as what it returns lives. Nothing where
/// the directory is not there, cannot be locked, or stays locked for five seconds: then each goes on by itself.
pub async fn lock(directory: &Path) -> Option<File> {
    let file = File::open(directory).ok()?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Some(file),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_RETRY).await,
            Err(TryLockError::Error(_)) => return None,
        }
    }
    None
}

/// Reads a secret, or makes it with `make` where there is none yet. Of several processes that make it at once, one
/// wins, and all read that one.
///
/// # Errors
/// A sentence that says what to do: the file cannot be read or made, or others can read it.
pub fn read_or_make(
    directory: &Path,
    name: &str,
    make: impl FnOnce() -> Result<Vec<u8>, String>,
) -> Result<Vec<u8>, String> {
    if let Some(content) = read(directory, name)? {
        return Ok(content);
    }
    write_new(directory, name, &make()?)?;
    read(directory, name)?.ok_or_else(|| format!("{} was removed again", directory.join(name).display()))
}

/// Reads a secret; `None` where there is none.
///
/// # Errors
/// A sentence that says what to do: the file cannot be read, others can read it, or it is no secret of ours.
pub fn read(directory: &Path, name: &str) -> Result<Option<Vec<u8>>, String> {
    let path = directory.join(name);
    let read = File::open(&path).and_then(|mut file| {
        let metadata = file.metadata()?;
        let mut content = Vec::new();
        Read::by_ref(&mut file).take(MAX_BYTES + 1).read_to_end(&mut content)?;
        Ok((metadata, content))
    });
    match read {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
        Ok((metadata, _)) if metadata.permissions().mode() & 0o077 != 0 => {
            Err(format!("others can read {0}: run chmod 600 {0}, and consider whether it was copied", path.display()))
        }
        Ok((metadata, _)) if metadata.len() > MAX_BYTES => Err(format!("{} is damaged: restore it", path.display())),
        Ok((_, content)) => Ok(Some(content)),
    }
}

/// Writes a secret that is not there yet: whole, on disk, under its name only when complete. One that is there stays.
/// It belongs to whom the directory belongs, so that what root makes beside a server can be read by the server.
///
/// # Errors
/// A sentence, when it cannot be written.
pub fn write_new(directory: &Path, name: &str, content: &[u8]) -> Result<(), String> {
    let sentence = |error: std::io::Error| format!("{} cannot be written: {error}", directory.join(name).display());
    DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(sentence)?;
    // Processes in containers have the same number, and may share the directory.
    let unique = getrandom::u64().map_err(|error| format!("no randomness: {error}"))?;
    let temporary = directory.join(format!(".{name}.{unique:016x}"));
    let owner = fs::metadata(directory).map_err(sentence)?;
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&temporary)
        .and_then(|mut file| {
            if file.metadata()?.uid() != owner.uid() {
                fchown(&file, Some(owner.uid()), Some(owner.gid()))?;
            }
            file.write_all(content)?;
            file.sync_all()
        })
        // A link, unlike a rename, does not replace what another process has made meanwhile.
        .and_then(|()| match fs::hard_link(&temporary, directory.join(name)) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        });
    // Left behind it would only be in the way; the link is what counts.
    let _ = fs::remove_file(&temporary);
    written.and_then(|()| File::open(directory)?.sync_all()).map_err(sentence)
}

/// Replaces a secret, or makes it.
///
/// # Errors
/// A sentence, when it cannot be written.
pub fn replace(directory: &Path, name: &str, content: &[u8]) -> Result<(), String> {
    match fs::remove_file(directory.join(name)) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(format!("{} cannot be replaced: {error}", directory.join(name).display()));
        }
        _ => {}
    }
    write_new(directory, name, content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_once_and_kept_from_others() {
        let dir = tempfile::tempdir().unwrap();
        let keys = dir.path().join("keys");
        assert_eq!(read_or_make(&keys, "a", || Ok(b"one".to_vec())).unwrap(), b"one");
        assert_eq!(read_or_make(&keys, "a", || Ok(b"two".to_vec())).unwrap(), b"one");
        assert_eq!(fs::metadata(keys.join("a")).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(&keys).unwrap().count(), 1, "nothing is left behind");
        replace(&keys, "a", b"three").unwrap();
        assert_eq!(read_or_make(&keys, "a", || Ok(Vec::new())).unwrap(), b"three");

        fs::set_permissions(keys.join("a"), fs::Permissions::from_mode(0o644)).unwrap();
        assert!(read_or_make(&keys, "a", || Ok(Vec::new())).unwrap_err().contains("chmod 600"));
    }
}
