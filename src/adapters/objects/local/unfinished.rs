//! A file under a name of its own until it is whole. Blocks throughout.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use tocsin_actors::ports::{ObjectName, PortError};

use super::fault;

/// The end of such a name. It begins with a dot, as no object's does, so the two are never mistaken for each other.
const ENDING: &str = ".part";
/// Digits that tell uploads of one name apart.
const TURN_DIGITS: usize = 16;

/// Removed when it is dropped before it was finished. The file is locked as long as somebody writes it, by which a
/// sweep knows what a server that died has left.
#[derive(Debug)]
pub(super) struct Unfinished {
    pub(super) file: File,
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    pub(super) is_finished: bool,
}

impl Unfinished {
    /// Begins one, readable for this user alone.
    pub(super) fn create(directory: &Path, name: &ObjectName) -> Result<Self, PortError> {
        let path = directory.join(format!(".{name}.{:0TURN_DIGITS$x}{ENDING}", fastrand::u64(..)));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| fault(&error, directory))?;
        // Where files cannot be locked, a sweep goes by their age.
        let _ = file.try_lock();
        Ok(Self { file, path, bytes: 0, is_finished: false })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), PortError> {
        self.file.write_all(bytes).map_err(|error| fault(&error, &self.path))?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Gives it its name once it is on disk, and returns when the name is as well. On an error nothing stays.
    pub(super) fn finish(mut self, path: &Path) -> Result<u64, PortError> {
        let finished = (|| {
            self.file.sync_all()?;
            fs::rename(&self.path, path)?;
            self.is_finished = true;
            path.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
        })();
        finished.map_err(|error| fault(&error, path)).map(|()| self.bytes)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.is_finished {
            // What cannot be removed now, a sweep removes.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The object that the file of this name was to become; none when it is no unfinished file.
pub(super) fn object_of(file_name: &str) -> Option<ObjectName> {
    let (name, turn) = file_name.strip_prefix('.')?.strip_suffix(ENDING)?.rsplit_once('.')?;
    let is_turn = turn.len() == TURN_DIGITS && turn.bytes().all(|c| c.is_ascii_hexdigit());
    ObjectName::parse(name).ok().filter(|_| is_turn)
}
