//! Mail by SMTP (RFC 5321).
//!
//! lettre speaks the protocol. The pool is ours: lettre's own puts a connection back when a send is given up half-way,
//! and the answer to that send would then be taken for the answer to the next one.

mod idle;
mod server;

use std::error::Error as _;
use std::time::Duration;

use async_trait::async_trait;
use lettre::address::Envelope;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use tocsin_actors::delivery::compose::one_line;
use tocsin_actors::ports::{self, Email, MailError};

use self::idle::Idle;
pub use self::server::Server;
use super::mime;

/// The longest reason that is kept, in characters.
const REASON_MAX_CHARS: usize = 300;

/// Hands mail to one server.
pub struct Mailer {
    server: Server,
    from: Mailbox,
    timeout: Duration,
    idle: Idle,
}

impl Mailer {
    /// A mailer that connects when there is something to send. Give it `timeout` for one mail as a whole.
    #[must_use]
    pub fn new(server: Server, from: Mailbox, timeout: Duration) -> Self {
        Self { server, from, timeout, idle: Idle::default() }
    }

    async fn hand_over(&self, envelope: &Envelope, message: &[u8]) -> Result<(), MailError> {
        let mut connection = self.connection().await?;
        connection.send(envelope, message).await.map_err(|error| judge(&error))?;
        self.idle.park(connection);
        Ok(())
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, MailError> {
        while let Some(mut connection) = self.idle.take() {
            if connection.test_connected().await {
                return Ok(connection);
            }
        }
        self.server.connect().await.map_err(MailError::Temporary)
    }
}

#[async_trait]
impl ports::Mailer for Mailer {
    async fn send(&self, email: Email) -> Result<(), MailError> {
        let (envelope, message) = mime::encode(email, &self.from)?;
        // What is given up is dropped, and its connection with it.
        tokio::time::timeout(self.timeout, self.hand_over(&envelope, &message)).await.unwrap_or_else(|_| {
            let seconds = self.timeout.as_secs_f64();
            Err(MailError::Temporary(format!("the mail server {} did not answer within {seconds} s", self.server)))
        })
    }
}

/// What an error in the midst of a mail means for it (RFC 5321, section 4.2.1).
fn judge(error: &Error) -> MailError {
    let reason = reason(error);
    // A client error is one of the message: the server cannot take addresses like these.
    if error.is_permanent() || error.is_client() { MailError::Permanent(reason) } else { MailError::Temporary(reason) }
}

/// The server's own words where there are any, on one line.
fn reason(error: &Error) -> String {
    let text = match (error.status(), error.source()) {
        (Some(code), Some(words)) => format!("{code} {words}"),
        _ => error.to_string(),
    };
    one_line(&text, REASON_MAX_CHARS)
}
