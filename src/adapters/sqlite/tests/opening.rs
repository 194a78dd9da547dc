//! Opening: what is refused and why, what is made, what stays.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use tocsin_actors::domain::UserId;
use tocsin_actors::ports::{Accounts as _, Documents as _, NewUser};

use super::*;

fn refusal(options: Options) -> OpenError {
    match Database::open(options) {
        Err(error) => error,
        Ok(_) => panic!("it should have been refused"),
    }
}

/// A database of ours that is closed again, changed by hand.
fn tampered(directory: &TempDir, sql: &str) {
    drop(Database::open(options(directory)).unwrap());
    Connection::open(options(directory).path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn a_newer_database_is_refused_and_left_alone() {
    let directory = TempDir::new().unwrap();
    tampered(&directory, "PRAGMA user_version = 4711");
    let sentence = refusal(options(&directory)).to_string();
    assert!(sentence.contains("4711") && sentence.contains("start the newer tocsin"), "{sentence}");
    let version: i64 = Connection::open(options(&directory).path)
        .unwrap()
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    assert_eq!(version, 4711);
}

#[test]
fn what_is_no_database_is_refused_and_left_alone() {
    let directory = TempDir::new().unwrap();
    let path = options(&directory).path;
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let garbage = "this is a text, and no database at all. ".repeat(200);
    fs::write(&path, &garbage).unwrap();
    let sentence = refusal(options(&directory)).to_string();
    assert!(sentence.contains("is not a SQLite database or is damaged"), "{sentence}");
    assert_eq!(fs::read_to_string(&path).unwrap(), garbage);
}

#[test]
fn another_programs_database_is_refused() {
    let directory = TempDir::new().unwrap();
    let path = options(&directory).path;
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE songs (title TEXT); PRAGMA user_version = 1").unwrap();
    assert_eq!(refusal(options(&directory)), OpenError::Foreign { path });
}

#[test]
fn a_path_that_cannot_be_reached_is_named() {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("data"), "a file where the directory should be").unwrap();
    let error = refusal(options(&directory));
    assert!(matches!(error, OpenError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("tocsin.db"), "{error}");
}

#[test]
fn nobody_else_may_read_it() {
    let directory = TempDir::new().unwrap();
    let database = Database::open(options(&directory)).unwrap();
    let folder = options(&directory).path.parent().unwrap().to_owned();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 3, "the database, its log and the log's index: {files:?}");
    assert!(files.iter().all(|file| mode(file) == 0o600), "{files:?}");
    drop(database);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "the log was copied into the database");
}

#[test]
fn opening_again_keeps_all() {
    let directory = TempDir::new().unwrap();
    let user = NewUser {
        id: UserId::new(now()),
        email: "a@example.org".to_owned(),
        name: "Ada".to_owned(),
        role: None,
        password_hash: String::new(),
        created_at: now(),
    };
    let first = Database::open(options(&directory)).unwrap();
    let kept = run(Accounts::new(first.clone()).create(user.clone())).unwrap();
    let place = run(Documents::new(first.clone()).append(vec![document("one", "{}".to_owned())], None, now())).unwrap();
    drop(first);
    for _ in 0..2 {
        let again = Database::open(options(&directory)).unwrap();
        assert_eq!(run(Accounts::new(again.clone()).by_id(user.id)).unwrap(), Some(kept.clone()));
        let repeat = vec![document("one", "{}".to_owned()), document("two", "{}".to_owned())];
        let places = run(Documents::new(again).append(repeat, None, now())).unwrap().places;
        assert!(places[0].is_none() && places[1].is_none_or(|next| Some(next) > place.places[0]), "{places:?}");
    }
}

#[test]
fn two_processes_may_write_at_once() {
    let directory = TempDir::new().unwrap();
    let threads: Vec<_> = (0..2)
        .map(|_| {
            // Each opens for itself, so both also race for the first step of the schema.
            let options = options(&directory);
            std::thread::spawn(move || {
                let documents = Documents::new(Database::open(options).unwrap());
                let append = |n: u32| documents.append(vec![document(&n.to_string(), "{}".to_owned())], None, now());
                (0..40).filter(|n| run(append(*n)).unwrap().places[0].is_some()).count()
            })
        })
        .collect();
    let accepted: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    assert_eq!(accepted, 40, "each document is accepted by one of them");
}
