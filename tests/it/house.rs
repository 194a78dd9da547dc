//! The rules of the house: who may know whom. The crate boundary keeps the actors pure; this reads the rest.

use std::fs;
use std::path::Path;

pub(crate) fn sources(root: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(root)];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((relative(&path), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_string_lossy().replace('\\', "/")
}

/// Lines of code that name one of `words`, comments left out.
fn offences(root: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in sources(root) {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(word) = words.iter().find(|word| code.contains(**word)) {
                found.push(format!("{path}:{}: {word}", number + 1));
            }
        }
    }
    found
}

#[test]
fn rooms_know_only_what_lies_below_them() {
    for (room, strangers) in [
        ("src/http", &["crate::socket", "crate::adapters", "crate::cli", "crate::app"][..]),
        ("src/socket", &["crate::http", "crate::adapters", "crate::cli", "crate::app"]),
        ("src/adapters", &["crate::http", "crate::socket", "crate::cli", "crate::app", "crate::config"]),
        ("src/wire", &["crate::http", "crate::socket", "crate::adapters", "crate::cli", "crate::app", "crate::config"]),
        ("src/config", &["crate::http", "crate::socket", "crate::adapters", "crate::app"]),
        ("src/telemetry", &["crate::http", "crate::socket", "crate::adapters", "crate::cli", "crate::app"]),
    ] {
        assert_eq!(offences(room, strangers), Vec::<String>::new(), "{room} knows what it must not know");
    }
}

#[test]
fn actors_have_no_outside() {
    let manifest = include_str!("../../actors/Cargo.toml");
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let known = [
        "actix",
        "async-trait",
        // Of the same house as bytestring, and in it: pieces of files, passed on without copying.
        "bytes",
        "bytestring",
        // Files: checksums, compression, digests, and fast search in texts. They know no outside.
        "crc32fast",
        "flate2",
        "futures-util",
        "jiff",
        "memchr",
        "serde",
        "serde_json",
        "sha2",
        "slog",
        "thiserror",
        "tokio",
        "uuid",
        "unicode-normalization",
        "zeroize",
    ];
    for line in dependencies.lines().filter(|line| line.contains('=')) {
        let name = line.split(['=', '.', ' ']).next().unwrap();
        assert!(known.contains(&name), "tocsin-actors may not depend on {name}");
    }
    assert_eq!(
        offences("actors/src", &["SystemTime::now", "std::env", "std::fs", "std::net::Tcp"]),
        Vec::<String>::new()
    );
}

#[test]
fn nothing_is_sent_without_looking() {
    for root in ["src", "actors/src"] {
        assert_eq!(offences(root, &["do_send"]), Vec::<String>::new(), "do_send ignores the bound of a mailbox");
    }
}
