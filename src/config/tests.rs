#![allow(clippy::unwrap_used, clippy::panic)]

mod errors;
mod files;
mod layers;
mod storage;

use super::*;

/// The repository's `config` directory.
fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config")
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What production needs at least.
const PRODUCTION: [(&str, &str); 4] = [
    ("server.public_url", "https://tocsin.example.com"),
    ("mail.url", "smtps://ann:hunter2@mail.example.com"),
    ("mail.from", "Tocsin <tocsin@example.com>"),
    ("data_dir", "/var/lib/tocsin"),
];

fn production(sets: &[(&str, &str)]) -> Sources {
    let mut all = pairs(&PRODUCTION);
    all.extend(pairs(sets));
    Sources { profile: Profile::Production, sets: all, ..Sources::default() }
}
