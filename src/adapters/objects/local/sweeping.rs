//! Removing what nobody will finish or fetch.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::SystemTime;

use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::{ObjectName, PortError, Sweep, Swept};

use super::unfinished::object_of;
use super::{fault, there};

/// A file that may have to go.
pub(super) struct Found {
    file_name: String,
    object: ObjectName,
    is_finished: bool,
    /// When it was last written.
    written: Timestamp,
}

/// Every file that has the name of an object or of an unfinished one. Blocks.
pub(super) fn look(directory: &Path) -> Result<Vec<Found>, PortError> {
    let of_directory = |error| fault(&error, directory);
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).map_err(of_directory)? {
        let entry = entry.map_err(of_directory)?;
        let Ok(file_name) = entry.file_name().into_string() else { continue };
        let (object, is_finished) = match ObjectName::parse(&file_name) {
            Ok(object) => (Some(object), true),
            Err(_) => (object_of(&file_name), false),
        };
        // It may be gone by now.
        let metadata = there(entry.metadata(), directory)?.filter(fs::Metadata::is_file);
        if let (Some(object), Some(metadata)) = (object, metadata) {
            let written = metadata.modified().map_err(of_directory)?;
            found.push(Found { file_name, object, is_finished, written: timestamp(written) });
        }
    }
    Ok(found)
}

/// What has to go.
pub(super) fn choose(found: Vec<Found>, sweep: &Sweep<'_>) -> Vec<(Found, Timestamp)> {
    let goes = |found: &Found| {
        (sweep.ours)(&found.object)
            && (!found.is_finished || found.written < sweep.before && !sweep.keep.contains(&found.object))
    };
    found.into_iter().filter(goes).map(|found| (found, sweep.before)).collect()
}

/// Removes it, but for unfinished files that somebody still writes. Blocks.
pub(super) fn remove(directory: &Path, condemned: Vec<(Found, Timestamp)>) -> Result<Swept, PortError> {
    let mut swept = Swept::default();
    for (found, before) in condemned {
        let path = directory.join(&found.file_name);
        if !found.is_finished && is_written(&path, found.written >= before)? {
            continue;
        }
        if there(fs::remove_file(&path), &path)?.is_some() {
            *(if found.is_finished { &mut swept.objects } else { &mut swept.uploads }) += 1;
        }
    }
    Ok(swept)
}

/// Removes what was to become this object, also what somebody still writes: that cannot be finished any more. Blocks.
pub(super) fn remove_unfinished(directory: &Path, name: &ObjectName) -> Result<(), PortError> {
    for found in look(directory)?.into_iter().filter(|found| !found.is_finished && found.object == *name) {
        let path = directory.join(&found.file_name);
        there(fs::remove_file(&path), &path)?;
    }
    Ok(())
}

/// Whether somebody still writes it: the lock says, or else whether it is young.
fn is_written(path: &Path, is_young: bool) -> Result<bool, PortError> {
    let Some(file) = there(File::open(path), path)? else { return Ok(false) };
    Ok(match file.try_lock() {
        Ok(()) => false,
        Err(TryLockError::WouldBlock) => true,
        Err(TryLockError::Error(_)) => is_young,
    })
}

fn timestamp(time: SystemTime) -> Timestamp {
    let millis = time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_millis());
    Timestamp::clamped(i64::try_from(millis).unwrap_or(i64::MAX))
}
