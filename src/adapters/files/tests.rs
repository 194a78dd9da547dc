#![allow(clippy::unwrap_used, clippy::panic)]

use tocsin_actors::ports::Mailer as _;
use tocsin_actors::testing::conformance;

use super::*;

fn email(message_id: &str, seconds: i64) -> Email {
    Email {
        message_id: message_id.into(),
        references: Some("root@example.com".into()),
        to: "ann@example.com".into(),
        subject: "[FIRING] Fehler über 50 %: 51 > 50".into(),
        text: "Größe: 51\n\nDas war's.\n".into(),
        html: "<p>Größe: <b>51</b></p>\n".into(),
        date: Timestamp::clamped(1_795_507_200_123 + seconds * 1_000),
    }
}

fn mailer(directory: &Path) -> Mailer {
    Mailer::new(directory.to_owned(), mime::sender("Tocsin <tocsin@example.com>").unwrap()).unwrap()
}

#[tokio::test]
async fn what_is_written_reads_the_same() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("made/when/missing");
    mailer(&directory).send(email("one@example.com", 0)).await.unwrap();
    let reader = Reader::new(directory);
    let [summary] = &reader.list(10).unwrap()[..] else { panic!("one mail") };
    assert_eq!(summary.to, "ann@example.com");
    assert_eq!(summary.subject, "[FIRING] Fehler über 50 %: 51 > 50");
    assert_eq!(summary.at, Timestamp::clamped(1_795_507_200_000), "a Date has whole seconds");
    let mail = reader.get(&summary.id).unwrap().unwrap();
    assert_eq!(&mail.summary, summary);
    assert_eq!(mail.from, "tocsin@example.com");
    assert_eq!(mail.text.replace("\r\n", "\n"), "Größe: 51\n\nDas war's.\n");
    assert_eq!(mail.html.replace("\r\n", "\n"), "<p>Größe: <b>51</b></p>\n");
    for header in [
        ("Message-ID", "<one@example.com>"),
        ("References", "<root@example.com>"),
        ("In-Reply-To", "<root@example.com>"),
        ("Auto-Submitted", "auto-generated"),
        ("Date", "Tue, 24 Nov 2026 08:00:00 +0000"),
    ] {
        let found = mail.headers.iter().any(|(name, value)| (name.as_str(), value.as_str()) == header);
        assert!(found, "{header:?} in {:?}", mail.headers);
    }
}

#[tokio::test]
async fn the_same_message_is_one_file_and_the_newest_comes_first() {
    let home = tempfile::tempdir().unwrap();
    let mailer = mailer(home.path());
    for (message_id, seconds) in [("a@x", 0), ("a@x", 0), ("c@x", 20), ("b@x", 10)] {
        mailer.send(email(message_id, seconds)).await.unwrap();
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 3, "nothing unfinished stays");
    let reader = Reader::new(home.path().to_owned());
    let seconds = |limit| -> Vec<i64> {
        reader.list(limit).unwrap().iter().map(|mail| mail.at.as_millis() / 1_000 - 1_795_507_200).collect()
    };
    assert_eq!(seconds(10), [20, 10, 0]);
    assert_eq!(seconds(2), [20, 10]);
}

#[tokio::test]
async fn no_id_leads_out_of_the_directory() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("mail");
    mailer(&directory).send(email("one@example.com", 0)).await.unwrap();
    let id = Reader::new(directory.clone()).list(1).unwrap()[0].id.clone();
    fs::copy(directory.join(format!("{id}.eml")), home.path().join("secret.eml")).unwrap();
    let reader = Reader::new(directory.clone());
    let absolute = home.path().join("secret").to_string_lossy().into_owned();
    for id in ["../secret", "..", ".", "", "/", "a/../../secret", "..\\secret", "nul\0", &absolute, &"a".repeat(65)] {
        assert_eq!(reader.get(id).unwrap(), None, "{id:?}");
    }
    assert_eq!(reader.get("20261124T080000123Z-0000000000000000").unwrap(), None);
    fs::write(directory.join("notes.txt"), "x").unwrap();
    fs::write(directory.join(".hidden.eml"), "x").unwrap();
    assert_eq!(reader.list(10).unwrap().len(), 1);
}

#[tokio::test]
async fn keeps_the_promises_of_the_port() {
    let home = tempfile::tempdir().unwrap();
    conformance::mailer::holds(&mailer(home.path())).await;
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2, "one file a message, and none for what was refused");
}

#[tokio::test]
async fn a_directory_that_is_gone_is_a_failure_for_now() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("mail");
    let mailer = mailer(&directory);
    fs::remove_dir(&directory).unwrap();
    let answer = mailer.send(email("x@x", 0)).await;
    assert!(matches!(answer, Err(MailError::Temporary(_))), "{answer:?}");
}
