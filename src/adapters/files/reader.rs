//! Reading the mail that was written, for the development page.

use std::fs;
use std::io;
use std::path::PathBuf;

use mail_parser::{Address, Message, MessageParser};
use tocsin_actors::domain::Timestamp;

use super::ENDING;

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// What [`Reader::get`] takes.
    pub id: String,
    /// The recipient.
    pub to: String,
    /// The subject, decoded.
    pub subject: String,
    /// The `Date` header.
    pub at: Timestamp,
}

/// A mail as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its line in the list.
    pub summary: Summary,
    /// The sender.
    pub from: String,
    /// The plain text part, decoded.
    pub text: String,
    /// The HTML part, decoded.
    pub html: String,
    /// Every header as it stands in the file, unfolded, in order.
    pub headers: Vec<(String, String)>,
}

/// Reads a directory of .eml files. Blocks: call it where that is allowed.
#[derive(Debug, Clone)]
pub struct Reader {
    directory: PathBuf,
}

impl Reader {
    /// Of the directory that a [`super::Mailer`] writes to.
    #[must_use]
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// The newest mails, newest first.
    ///
    /// # Errors
    /// When the directory or a file cannot be read.
    pub fn list(&self, limit: usize) -> io::Result<Vec<Summary>> {
        let mut ids = Vec::new();
        for entry in fs::read_dir(&self.directory)? {
            let name = entry?.file_name();
            ids.extend(
                name.to_str().and_then(|name| name.strip_suffix(ENDING)).filter(|id| is_id(id)).map(str::to_owned),
            );
        }
        ids.sort_unstable_by(|a, b| b.cmp(a));
        let mut summaries = Vec::new();
        for id in ids.into_iter().take(limit) {
            summaries.extend(self.get(&id)?.map(|mail| mail.summary));
        }
        Ok(summaries)
    }

    /// One mail; `None` when there is none of this id, or the file is not a mail.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn get(&self, id: &str) -> io::Result<Option<Stored>> {
        if !is_id(id) {
            return Ok(None);
        }
        match fs::read(self.directory.join(format!("{id}{ENDING}"))) {
            Ok(bytes) => Ok(MessageParser::default().parse(&bytes).map(|message| stored(id, &message))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Whether it could be one of ours. No dot and no slash, so no way out of the directory.
fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
}

fn stored(id: &str, message: &Message<'_>) -> Stored {
    let at = message.date().map_or(0, |date| date.to_timestamp().saturating_mul(1_000));
    Stored {
        summary: Summary {
            id: id.to_owned(),
            to: address(message.to()),
            subject: message.subject().unwrap_or_default().to_owned(),
            at: Timestamp::clamped(at),
        },
        from: address(message.from()),
        text: message.body_text(0).unwrap_or_default().into_owned(),
        html: message.body_html(0).unwrap_or_default().into_owned(),
        headers: message.headers_raw().map(|(name, value)| (name.to_owned(), unfolded(value))).collect(),
    }
}

fn address(addresses: Option<&Address<'_>>) -> String {
    addresses.and_then(Address::first).and_then(|first| first.address()).unwrap_or_default().to_owned()
}

fn unfolded(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}
