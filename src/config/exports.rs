//! `[exports]`: files of documents.

use std::time::Duration;

use super::key::{Key, Unit, section};

section! {
    /// Files of documents behind links: how many, how large, how long.
    Exports "exports" {
        /// The most rows of one file; an export that has more fails and says so.
        max_rows: u64 = Key::number("exports.max_rows", 1..=1_000_000_000, Unit::One).default("10000000");
        /// Exports that are written at once; the others wait.
        concurrent: usize = Key::count("exports.concurrent", 1..=64).default("2");
        /// Threads that encode one export, beside the one that reads; 0 for one for each core but one. `tocsin export`,
        /// which is alone, takes one for each core.
        threads: usize = Key::count("exports.threads", 0..=64).default("0");
        /// Exports of one user or key that wait or run; the next gets 409.
        per_user: usize = Key::count("exports.per_user", 1..=1_000).default("5");
        /// Exports of one user or key that are listed; beyond that the oldest without a file is forgotten.
        kept_per_user: usize = Key::count("exports.kept_per_user", 1..=100_000).default("200");
        /// How long a link is open and its file is kept.
        kept: Duration = Key::number("exports.kept_minutes", 1..=525_600, Unit::Minutes).default("10080");
        /// How often an export is tried when the storage does not answer, or the server stopped while it was written.
        attempts: u32 = Key::number("exports.attempts", 1..=100, Unit::One).default("4");
    }
}

impl Exports {
    /// Threads that encode one export where `spare` cores are left to others.
    #[must_use]
    pub fn thread_count(&self, spare: usize) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get).saturating_sub(spare).max(1),
            count => count,
        }
    }
}
