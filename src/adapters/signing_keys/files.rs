//! The keys as files: `access-<signs from, in milliseconds since 1970>.pk8`. The name is the order, so that processes
//! that share a directory agree without talking. `access.pk8` is from the time before keys took turns: the oldest.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use aws_lc_rs::signature::Ed25519KeyPair;
use tocsin_actors::domain::Timestamp;

use super::SigningKey;
use super::schedule::{Schedule, Standing};
use crate::adapters::key_files;

const OLDEST: &str = "access.pk8";
/// Keys beyond this are not made: every one costs a look each second and a line in the published set.
const MAX_KEYS: usize = 32;

/// How a new key takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// Published first; it signs after the notice.
    Announced,
    /// It signs at once; tokens of the keys before it stay valid.
    Now,
    /// It signs at once, and the keys before it are gone with all their tokens.
    Revoking,
}

/// The directory of the keys.
#[derive(Debug, Clone)]
pub struct KeyFiles {
    directory: PathBuf,
    schedule: Schedule,
}

impl KeyFiles {
    /// Touches nothing yet.
    #[must_use]
    pub fn new(directory: &Path, schedule: Schedule) -> Self {
        Self { directory: directory.to_owned(), schedule }
    }

    /// When keys take turns.
    #[must_use]
    pub fn schedule(&self) -> Schedule {
        self.schedule
    }

    /// All keys, in the order in which they sign.
    ///
    /// # Errors
    /// A sentence that says what to do about a file.
    pub fn read(&self) -> Result<Vec<SigningKey>, String> {
        let mut keys = Vec::new();
        for (start, name) in self.names()? {
            // One that is gone by now was removed by another process.
            if let Some(pkcs8) = key_files::read(&self.directory, &name)? {
                let damaged = || {
                    let path = self.directory.join(&name);
                    format!("{} is damaged: restore it, or run tocsin keys rotate --revoke", path.display())
                };
                keys.push(SigningKey::from_pkcs8(start, &pkcs8).ok_or_else(damaged)?);
            }
        }
        Ok(keys)
    }

    /// The same, with a first key where there is none.
    ///
    /// # Errors
    /// As [`KeyFiles::read`], or when it cannot be written.
    pub fn read_or_begin(&self, now: Timestamp) -> Result<Vec<SigningKey>, String> {
        let keys = self.read()?;
        if !keys.is_empty() {
            return Ok(keys);
        }
        self.make(now)?;
        self.read()
    }

    /// Makes the key that is due and removes those that are of no use; whether there was anything to do.
    ///
    /// # Errors
    /// A sentence, when a file cannot be written or removed.
    pub fn tend(&self, keys: &[SigningKey], now: Timestamp) -> Result<bool, String> {
        let starts: Vec<Timestamp> = keys.iter().map(|key| key.start).collect();
        let mut changed = false;
        for (start, standing) in starts.iter().zip(self.schedule.standings(&starts, now)) {
            if standing == Standing::Expired {
                self.remove(&name_of(*start))?;
                changed = true;
            }
        }
        if let Some(start) = self.schedule.due(&starts, now) {
            self.make(start)?;
            changed = true;
        }
        Ok(changed)
    }

    /// Makes a key that somebody asked for, and returns it. One that is announced already is not announced again.
    ///
    /// # Errors
    /// A sentence that says what to do about a file, or that there are too many.
    pub fn rotate(&self, how: Rotation, now: Timestamp) -> Result<SigningKey, String> {
        let before = self.names()?;
        if how == Rotation::Announced
            && let Some(next) = self.read()?.into_iter().find(|key| key.start > now)
        {
            return Ok(next);
        }
        if how != Rotation::Revoking && before.len() >= MAX_KEYS {
            let directory = self.directory.display();
            return Err(format!("{directory} has {MAX_KEYS} signing keys already: wait until the oldest have expired"));
        }
        let notice =
            if how == Rotation::Announced && !before.is_empty() { self.schedule.notice } else { Default::default() };
        let mut start = now.plus(notice);
        while before.iter().any(|(taken, _)| *taken == start) {
            start = start.plus(std::time::Duration::from_millis(1));
        }
        self.make(start)?;
        if how == Rotation::Revoking {
            // Those that were there before, and no others: of two who revoke at once, neither removes the last key.
            for (_, name) in &before {
                self.remove(name)?;
            }
        }
        let made = self.read()?.into_iter().find(|key| key.start == start);
        made.ok_or_else(|| "the new key was removed by another process that revokes".to_owned())
    }

    fn make(&self, start: Timestamp) -> Result<(), String> {
        let pair = Ed25519KeyPair::generate().and_then(|pair| Ok(pair.to_pkcs8v1()?.as_ref().to_vec()));
        let pkcs8 = pair.map_err(|_| "no signing key can be made".to_owned())?;
        key_files::write_new(&self.directory, &name_of(start), &pkcs8)
    }

    fn remove(&self, name: &str) -> Result<(), String> {
        let path = self.directory.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(format!("{} cannot be removed: {error}", path.display()))
            }
            _ => Ok(()),
        }
    }

    /// The files that are keys, in order.
    fn names(&self) -> Result<Vec<(Timestamp, String)>, String> {
        let unreadable = |error| format!("{} cannot be read: {error}", self.directory.display());
        let entries = match fs::read_dir(&self.directory) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(unreadable)?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let name = entry.map_err(unreadable)?.file_name();
            if let Some(start) = name.to_str().and_then(start_of) {
                found.push((start, name_of(start)));
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}

fn name_of(start: Timestamp) -> String {
    match start.as_millis() {
        0 => OLDEST.to_owned(),
        ms => format!("access-{ms}.pk8"),
    }
}

/// From when on the key in a file of this name signs; `None` for any other file.
fn start_of(name: &str) -> Option<Timestamp> {
    let ms = match name.strip_prefix("access-") {
        None => 0,
        Some(rest) => rest.strip_suffix(".pk8")?.parse().ok()?,
    };
    let start = Timestamp::from_millis(ms).ok()?;
    (name_of(start) == name).then_some(start)
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
