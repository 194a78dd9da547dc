//! A mail as the bytes that travel: headers and MIME parts (RFC 5322, RFC 2046).

use std::error::Error as StdError;
use std::time::{Duration, UNIX_EPOCH};

use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use tocsin_actors::ports::{Email, MailError};

/// The sender of every mail, from `mail.from`.
///
/// # Errors
/// A sentence when it is not one address.
pub fn sender(from: &str) -> Result<Mailbox, String> {
    let wrong = || format!("mail.from must be an address such as Tocsin <tocsin@example.com>, and is {from:?}");
    if from.contains(char::is_control) {
        return Err(wrong());
    }
    from.parse().map_err(|_| wrong())
}

/// Envelope and bytes of a mail, with one recipient in either.
///
/// # Errors
/// [`MailError::Permanent`] when the recipient is not an address.
pub fn encode(email: Email, from: &Mailbox) -> Result<(Envelope, Vec<u8>), MailError> {
    let refuse = |why: &dyn std::fmt::Display| MailError::Permanent(format!("this mail cannot be written: {why}"));
    let to: Address =
        email.to.parse().map_err(|_| MailError::Permanent("the recipient is not an e-mail address".into()))?;
    let mut builder = Message::builder()
        .from(from.clone())
        .to(to.into())
        // An encoded word (RFC 2047) in a name would be decoded by readers; this keeps it what it is, a name.
        .subject(email.subject.replace("=?", "= ?"))
        .date(UNIX_EPOCH + Duration::from_millis(u64::try_from(email.date.as_millis()).unwrap_or(0)))
        .message_id(Some(format!("<{}>", email.message_id)))
        .header(AutoSubmitted)
        .header(AutoResponseSuppress);
    if let Some(root) = email.references {
        builder = builder.in_reply_to(format!("<{root}>")).references(format!("<{root}>"));
    }
    let parts = MultiPart::alternative_plain_html(email.text, email.html);
    let message = builder.multipart(parts).map_err(|error| refuse(&error))?;
    Ok((message.envelope().clone(), message.formatted()))
}

/// `Auto-Submitted: auto-generated` (RFC 3834, section 5.1): nobody wrote this, so no machine need answer.
#[derive(Clone)]
struct AutoSubmitted;

/// `X-Auto-Response-Suppress: All`, which is how Exchange wants to be told the same.
#[derive(Clone)]
struct AutoResponseSuppress;

macro_rules! constant_header {
    ($header:ident, $name:literal, $value:literal) => {
        impl Header for $header {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(_: &str) -> Result<Self, Box<dyn StdError + Send + Sync>> {
                Ok(Self)
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), $value.to_owned())
            }
        }
    };
}

constant_header!(AutoSubmitted, "Auto-Submitted", "auto-generated");
constant_header!(AutoResponseSuppress, "X-Auto-Response-Suppress", "All");
