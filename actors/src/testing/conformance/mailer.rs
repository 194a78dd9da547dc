//! What [`Mailer`] promises.
#![allow(clippy::panic)]

use crate::domain::Timestamp;
use crate::ports::{Email, MailError, Mailer};
use crate::testing::samples;

/// A mail to `to` that differs from others by its Message-ID.
#[must_use]
pub fn email(message_id: &str, to: &str) -> Email {
    Email {
        message_id: message_id.into(),
        references: None,
        to: to.into(),
        subject: "[FIRING] Fehler über 50 %: 51 > 50".into(),
        text: "Größe: 51\n.\nA dot on a line of its own.\n".into(),
        html: "<!doctype html>\n<html><body><p>Größe: <b>51</b></p></body></html>\n".into(),
        date: Timestamp::clamped(samples::MORNING),
    }
}

/// Asks a mailer whose server takes all that is for `ann@example.com`; gives the number of mails it took from us.
///
/// # Panics
/// When the mailer breaks a promise.
pub async fn holds(mailer: &dyn Mailer) -> usize {
    let taken = ["a@x.example", "a@x.example", "b@x.example"];
    for message_id in taken {
        let answer = mailer.send(email(message_id, "ann@example.com")).await;
        assert_eq!(answer, Ok(()), "{message_id}: the same message may be handed over again");
    }
    let no_addresses = [
        "",
        "nobody",
        "@example.com",
        "ann@",
        "ann@example.com, eve@example.com",
        "ann@example.com\r\nBcc: eve@example.com",
        "ann@example.com>\r\nRCPT TO:<eve@example.com",
        "a\0@example.com",
        "a b@example.com",
    ];
    for to in no_addresses {
        let answer = mailer.send(email("c@x.example", to)).await;
        assert!(matches!(answer, Err(MailError::Permanent(_))), "{to:?} is no address: {answer:?}");
    }
    taken.len()
}
