//! Links that are mailed to people: each is good for one thing, once, for a while.

use std::time::Duration;

use async_trait::async_trait;

use super::PortError;
use crate::domain::{Timestamp, User, UserId};

/// What a link is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Choosing a new password.
    Reset,
    /// Showing that the address is one's own.
    Verify,
}

impl LinkKind {
    /// The word that is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Verify => "verify",
        }
    }
}

/// A link that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// What for.
    pub kind: LinkKind,
    /// The SHA-256 of its token, in hexadecimal.
    pub digest: String,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// A mail to an account, and what bounds how many it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountMail {
    /// To whom.
    pub user_id: UserId,
    /// The link that is in it. It ends the earlier ones of its kind.
    pub link: Option<NewLink>,
    /// Mails that an account gets in an hour.
    pub per_hour: u32,
    /// No sooner than this after the last mail with a link of the same kind.
    pub spacing: Duration,
    /// Now.
    pub now: Timestamp,
}

/// The links, and the mails they were sent with. They lie beside the accounts, which they change.
#[async_trait]
pub trait Links: Send + Sync + 'static {
    /// Notes a mail and stores its link, in one step; `false`, and nothing is changed, when it would be one too many.
    async fn issue(&self, mail: AccountMail) -> Result<bool, PortError>;

    /// Whose link it is, while it is good and the account is not shut. Changes nothing.
    async fn peek(&self, kind: LinkKind, digest: String, now: Timestamp) -> Result<Option<User>, PortError>;

    /// Uses up a link for a new password: sets the hash, holds the address for verified, and ends every link of the
    /// account. `None`, and nothing is changed, when it is not good.
    async fn reset(&self, digest: String, password_hash: String, now: Timestamp) -> Result<Option<User>, PortError>;

    /// Uses up a link that shows the address to be theirs.
    async fn verify(&self, digest: String, now: Timestamp) -> Result<Option<User>, PortError>;

    /// Holds the address of an account for verified, because whoever runs the server says so.
    async fn vouch(&self, user: UserId) -> Result<(), PortError>;

    /// Ends every link of an account.
    async fn end_of(&self, user: UserId) -> Result<(), PortError>;

    /// Removes what has expired, and notes of mails that no limit looks at any more.
    async fn sweep(&self, now: Timestamp) -> Result<(), PortError>;
}
