//! `[mail]`: how mail is sent.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;

use super::key::{Key, Shape, Unit, section};
use super::service_url::ServiceUrl;
use super::setting::from_text;

section! {
    /// How mail is sent.
    Mail "mail" {
        /// The mail server, `smtp://user:password@host:587` (STARTTLS where offered) or `smtps://…` (TLS
        /// from the start); or `file://` and a directory to write .eml files to.
        url: ServiceUrl =
            Key::new("mail.url", Shape::Url(&["smtp", "smtps", "file"])).derived("file://<data_dir>/mail").required();
        /// The sender of every mail.
        from: Mailbox = Key::new("mail.from", Shape::Text("an address like Tocsin <tocsin@example.com>"))
            .default("Tocsin <tocsin@localhost>").required();
        /// How long one step of a conversation with the mail server may take.
        timeout: Duration = Key::number("mail.timeout_seconds", 1..=600, Unit::Seconds).default("30");
        /// Mails that are sent at once.
        concurrent: usize = Key::count("mail.concurrent", 1..=64).default("4");
        /// Tries after which a mail is given up.
        max_attempts: u32 = Key::count("mail.max_attempts", 1..=100).default("12");
        /// The wait before the second try; it doubles with every further one.
        retry_initial: Duration = Key::number("mail.retry_initial_seconds", 1..=3600, Unit::Seconds).default("5");
        /// The longest wait between two tries.
        retry_max: Duration = Key::number("mail.retry_max_seconds", 1..=86_400, Unit::Seconds).default("3600");
        /// A PEM file with certificates to trust for the mail server, besides those of the system.
        ca_file: Option<PathBuf> = Key::new("mail.ca_file", Shape::Text("the path of a PEM file"));
    }
}

from_text!(Mailbox);
