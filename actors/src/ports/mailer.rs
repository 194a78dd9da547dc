//! Sending one mail to one recipient.

use async_trait::async_trait;

use crate::domain::Timestamp;

/// One mail, ready to be encoded. All of it is text; the adapter makes headers and MIME parts of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// `Message-ID` without angle brackets: the same for every try of the same message.
    pub message_id: String,
    /// The first message of the conversation, for `References` and `In-Reply-To`; `None` for that one itself.
    pub references: Option<String>,
    /// The one recipient.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// Plain text part.
    pub text: String,
    /// HTML part.
    pub html: String,
    /// The `Date` header: when the thing it tells of happened, so that every try hands over the same message.
    pub date: Timestamp,
}

/// Why a mail did not go out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// It may go out later: the server is away, slow, or answered 4xx.
    #[error("{0}")]
    Temporary(String),
    /// It will not: the server answered 5xx, or the address is none.
    #[error("{0}")]
    Permanent(String),
}

/// Sends mail.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Hands one mail to the next server. `Ok` means that it took responsibility for it.
    async fn send(&self, email: Email) -> Result<(), MailError>;
}
