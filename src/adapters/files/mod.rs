//! Mail as .eml files in a directory, for development and tests.

mod reader;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use lettre::message::Mailbox;
use sha2::{Digest as _, Sha256};
use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::{self, Email, MailError};

pub use self::reader::{Reader, Stored, Summary};
use super::mime;

/// The ending of a mail's file name.
const ENDING: &str = ".eml";

/// Writes each mail into a file of its own.
pub struct Mailer {
    directory: PathBuf,
    from: Mailbox,
}

impl Mailer {
    /// Makes the directory.
    ///
    /// # Errors
    /// A sentence when it cannot be made.
    pub fn new(directory: PathBuf, from: Mailbox) -> Result<Self, String> {
        fs::create_dir_all(&directory)
            .map_err(|error| format!("cannot make the mail directory {}: {error}", directory.display()))?;
        Ok(Self { directory, from })
    }
}

#[async_trait]
impl ports::Mailer for Mailer {
    async fn send(&self, email: Email) -> Result<(), MailError> {
        let name = format!("{}{ENDING}", id(email.date, &email.message_id));
        let (_, message) = mime::encode(email, &self.from)?;
        let directory = self.directory.clone();
        tokio::task::spawn_blocking(move || write(&directory, &name, &message))
            .await
            .map_err(io::Error::other)
            .flatten()
            .map_err(|error| MailError::Temporary(format!("cannot write the mail to a file: {error}")))
    }
}

/// Sorts by time, and is the same whenever the same message is written.
fn id(date: Timestamp, message_id: &str) -> String {
    let time: String = date.to_string().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let digest = Sha256::digest(message_id.as_bytes());
    let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{time}-{hash}")
}

/// All of it or nothing, also when the machine stops in the midst.
fn write(directory: &Path, name: &str, message: &[u8]) -> io::Result<()> {
    static WRITES: AtomicU64 = AtomicU64::new(0);
    let turn = WRITES.fetch_add(1, Ordering::Relaxed);
    let unfinished = directory.join(format!(".{name}.{}-{turn}", std::process::id()));
    let written = (|| {
        let mut file = File::create_new(&unfinished)?;
        file.write_all(message)?;
        file.sync_all()?;
        fs::rename(&unfinished, directory.join(name))?;
        File::open(directory)?.sync_all()
    })();
    if written.is_err() {
        // The first error is the one to tell of.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

#[cfg(test)]
mod tests;
