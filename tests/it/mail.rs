//! The SMTP adapter against a real server.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use tocsin::adapters::mail;
use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::{Email, MailError, Mailer};
use tocsin_actors::testing::conformance;

use crate::support::smtp::SmtpServer;

/// Far more than a send on this machine takes.
const AMPLE: Duration = Duration::from_secs(20);
const NONE: [&str; 0] = [];

fn mailer(url: &str, ca_file: Option<&Path>) -> Arc<dyn Mailer> {
    mail::from_url(url, "Tocsin <tocsin@example.com>", AMPLE, ca_file).unwrap()
}

fn email(to: &str) -> Email {
    Email {
        message_id: "019ab4c0-5d00-7000-8000-000000000001.firing.0123456789abcdef@alerts.example.com".into(),
        references: None,
        to: to.into(),
        subject: "[FIRING] errors-last-minute: 51 > 50".into(),
        text: "FIRING: errors-last-minute\nGröße: 51\n.\nA dot on a line of its own.\n".into(),
        html: "<!doctype html>\n<html><body><p>Größe: <b>51</b></p></body></html>\n".into(),
        date: Timestamp::clamped(1_795_507_200_000),
    }
}

fn permanent(answer: Result<(), MailError>) -> String {
    match answer {
        Err(MailError::Permanent(reason)) => reason,
        other => panic!("should be permanent: {other:?}"),
    }
}

fn temporary(answer: Result<(), MailError>) -> String {
    match answer {
        Err(MailError::Temporary(reason)) => reason,
        other => panic!("should be temporary: {other:?}"),
    }
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_meant() {
    let mut server = SmtpServer::start(NONE).await;
    let mailer = mailer(&server.url("smtp", "", ""), None);
    mailer.send(email("ann@example.com")).await.unwrap();
    let mail = server.received().await;
    assert_eq!((mail.from.as_str(), mail.to.as_slice()), ("tocsin@example.com", &["ann@example.com".to_owned()][..]));
    assert!(!mail.tls);
    for (name, value) in [
        ("From", "Tocsin <tocsin@example.com>"),
        ("To", "ann@example.com"),
        ("Subject", "[FIRING] errors-last-minute: 51 > 50"),
        ("Message-ID", "<019ab4c0-5d00-7000-8000-000000000001.firing.0123456789abcdef@alerts.example.com>"),
        ("Date", "Tue, 24 Nov 2026 08:00:00 +0000"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("MIME-Version", "1.0"),
    ] {
        assert_eq!(mail.headers.get(name).map(String::as_str), Some(value), "{name} in {:?}", mail.headers);
    }
    assert!(mail.headers["Content-Type"].starts_with("multipart/alternative"), "{:?}", mail.headers);
    assert_eq!(mail.header_count, 9, "{:?}", mail.headers);
    let sent = email("ann@example.com");
    assert_eq!(mail.text, Some(sent.text));
    assert_eq!(mail.html, Some(sent.html));
    assert!(mail.defects.is_empty(), "{:?}", mail.defects);
    let bytes = base64::engine::general_purpose::STANDARD.decode(&mail.data).unwrap();
    assert!(bytes.is_ascii() && bytes.split(|c| *c == b'\n').all(|line| line.len() < 999), "fit for any server");
}

#[tokio::test]
async fn keeps_the_promises_of_the_port() {
    let server = SmtpServer::start(NONE).await;
    let mailer = mailer(&server.url("smtp", "", ""), None);
    let taken = conformance::mailer::holds(mailer.as_ref()).await;
    let received = server.rest().await;
    assert_eq!(received.len(), taken);
    assert!(received.iter().all(|mail| mail.to == ["ann@example.com"]), "{received:?}");
}

#[tokio::test]
async fn the_end_of_an_incident_refers_to_its_beginning() {
    let mut server = SmtpServer::start(NONE).await;
    let mailer = mailer(&server.url("smtp", "", ""), None);
    let root = email("ann@example.com").message_id;
    let id = root.replace("firing", "resolved");
    let end = Email { message_id: id.clone(), references: Some(root.clone()), ..email("ann@example.com") };
    mailer.send(end).await.unwrap();
    let mail = server.received().await;
    assert_eq!(mail.headers["Message-ID"], format!("<{id}>"));
    assert_eq!(mail.headers["References"], format!("<{root}>"));
    assert_eq!(mail.headers["In-Reply-To"], format!("<{root}>"));
}

#[tokio::test]
async fn subjects_keep_their_characters_and_stay_on_their_line() {
    let mut server = SmtpServer::start(NONE).await;
    let mailer = mailer(&server.url("smtp", "", ""), None);
    let long = format!("[FIRING] {}: 51 > 50", "ein sehr langer Name für eine Regel ".repeat(6).trim());
    for subject in ["[FIRING] Fehler über 50 %: 51 > 50", "警報 🔔", long.as_str()] {
        mailer.send(Email { subject: subject.into(), ..email("ann@example.com") }).await.unwrap();
        let mail = server.received().await;
        assert_eq!(mail.headers["Subject"], subject);
        assert!(mail.defects.is_empty(), "{:?}", mail.defects);
    }
    let encoded = Email { subject: "=?utf-8?q?=0D=0ABcc:_eve?=".into(), ..email("ann@example.com") };
    mailer.send(encoded).await.unwrap();
    assert_eq!(server.received().await.headers["Subject"], "= ?utf-8?q?=0D=0ABcc:_eve?=");
}

#[tokio::test]
async fn nobody_adds_a_header_or_a_recipient() {
    let mut server = SmtpServer::start(NONE).await;
    let mailer = mailer(&server.url("smtp", "", ""), None);
    let evil = "\r\nBcc: eve@example.com\r\n\r\nanother body";
    let mail = Email { subject: format!("x{evil}"), ..email("ann@example.com") };
    mailer.send(mail).await.unwrap();
    let mail = server.received().await;
    assert_eq!(mail.to, ["ann@example.com"]);
    assert!(!mail.headers.contains_key("Bcc"), "{:?}", mail.headers);
    assert_eq!(mail.header_count, 9, "{:?}", mail.headers);
    assert_eq!(mail.text, Some(email("").text));
    assert_eq!(server.rest().await.len(), 0);
}

#[tokio::test]
async fn mail_goes_out_after_starttls() {
    let mut server = SmtpServer::start(["--tls", "starttls"]).await;
    for option in ["required", "opportunistic"] {
        let url = server.url("smtp", "", &format!("?tls={option}"));
        mailer(&url, Some(&server.ca_file())).send(email("ann@example.com")).await.unwrap();
        assert!(server.received().await.tls, "{option}");
    }
}

#[tokio::test]
async fn what_must_be_encrypted_is_not_sent_without() {
    let server = SmtpServer::start(NONE).await;
    let reason = temporary(mailer(&server.url("smtp", "", "?tls=required"), None).send(email("ann@example.com")).await);
    assert!(reason.contains("STARTTLS"), "{reason}");
    mailer(&server.url("smtp", "", "?tls=opportunistic"), None).send(email("ann@example.com")).await.unwrap();
    assert_eq!(server.rest().await.len(), 1);
}

#[tokio::test]
async fn mail_goes_out_over_tls() {
    let mut server = SmtpServer::start(["--tls", "implicit"]).await;
    mailer(&server.url("smtps", "", ""), Some(&server.ca_file())).send(email("ann@example.com")).await.unwrap();
    assert!(server.received().await.tls);
}

#[tokio::test]
async fn a_certificate_of_a_stranger_is_not_trusted() {
    for (tls, scheme, option) in [("implicit", "smtps", ""), ("starttls", "smtp", "?tls=required")] {
        let server = SmtpServer::start(["--tls", tls]).await;
        let reason = temporary(mailer(&server.url(scheme, "", option), None).send(email("ann@example.com")).await);
        assert!(reason.contains("certificate"), "{tls}: {reason}");
        assert_eq!(server.rest().await.len(), 0, "{tls}");
    }
}

#[tokio::test]
async fn mail_goes_out_signed_in() {
    let mut server = SmtpServer::start(["--tls", "implicit", "--auth", "tocsin@x:p@ss/w:rd"]).await;
    let url = server.url("smtps", "tocsin%40x:p%40ss%2Fw%3Ard@", "");
    mailer(&url, Some(&server.ca_file())).send(email("ann@example.com")).await.unwrap();
    assert_eq!(server.received().await.user.as_deref(), Some("tocsin@x"));
}

#[tokio::test]
async fn a_wrong_password_is_ours_to_mend_and_stays_secret() {
    let server = SmtpServer::start(["--auth", "tocsin:right"]).await;
    let answer = mailer(&server.url("smtp", "tocsin:hunter2@", ""), None).send(email("ann@example.com")).await;
    let reason = temporary(answer);
    assert!(reason.contains("refused the user name or password (535)"), "{reason}");
    assert!(!reason.contains("hunter2"), "{reason}");
    assert_eq!(server.rest().await.len(), 0);
}

#[tokio::test]
async fn one_of_three_is_refused_and_the_others_get_theirs_once() {
    let options = ["--reply-451", "busy@example.com", "--reply-550", "gone@example.com"];
    let server = SmtpServer::start(options).await;
    let mailer = mailer(&server.url("smtp", "", ""), None);
    mailer.send(email("ann@example.com")).await.unwrap();
    let reason = temporary(mailer.send(email("busy@example.com")).await);
    assert_eq!(reason, "451 4.3.0 the mailbox is busy , try later");
    let reason = permanent(mailer.send(email("gone@example.com")).await);
    assert_eq!(reason, "550 5.1.1 no such user");
    mailer.send(email("bob@example.com")).await.unwrap();
    let to: Vec<String> = server.rest().await.into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(to, ["ann@example.com", "bob@example.com"]);
}

#[tokio::test]
async fn a_server_that_is_down_is_a_failure_for_now() {
    let server = SmtpServer::start(NONE).await;
    let mailer = mailer(&server.url("smtp", "", ""), None);
    mailer.send(email("ann@example.com")).await.unwrap();
    drop(server);
    let reason = temporary(mailer.send(email("ann@example.com")).await);
    assert!(reason.starts_with("cannot connect to the mail server localhost:"), "{reason}");
}

#[tokio::test]
async fn a_slow_server_times_out_and_its_late_answer_is_nobody_elses() {
    let server = SmtpServer::start(["--slow", "slow@example.com"]).await;
    let timeout = Duration::from_secs(2);
    let mailer = mail::from_url(&server.url("smtp", "", ""), "tocsin@example.com", timeout, None).unwrap();
    let reason = temporary(mailer.send(email("slow@example.com")).await);
    assert!(reason.contains("did not answer within 2 s"), "{reason}");
    mailer.send(email("ann@example.com")).await.unwrap();
    let to: Vec<String> = server.rest().await.into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(to, ["ann@example.com"]);
}

#[tokio::test]
async fn mails_after_each_other_share_a_connection() {
    let mut server = SmtpServer::start(NONE).await;
    let mailer = mailer(&server.url("smtp", "", ""), None);
    mailer.send(email("ann@example.com")).await.unwrap();
    mailer.send(email("bob@example.com")).await.unwrap();
    let (first, second) = (server.received().await, server.received().await);
    assert_eq!(first.peer, second.peer);
    assert_eq!((first.to.len(), second.to.len()), (1, 1), "one envelope a recipient");
}
