//! `[database]`: where records are kept.

use super::key::{Key, Shape, Unit, section};
use super::service_url::ServiceUrl;
use super::setting::ByteSize;

section! {
    /// Where records are kept.
    Database "database" {
        /// The database; `sqlite://` and a path that is relative to the working directory or absolute.
        url: ServiceUrl = Key::new("database.url", Shape::Url(&["sqlite"])).derived("sqlite://<data_dir>/tocsin.db");
        /// Connections that read.
        readers: usize = Key::count("database.readers", 1..=64).default("2");
        /// Writes that may wait for the one writer; when it is full, requests get 503 with Retry-After.
        queue: usize = Key::count("database.queue", 1..=1_000_000).default("1024");
        /// Rows that one commit may hold; more wait for the next commit.
        group_rows: usize = Key::count("database.group_rows", 1..=1_000_000).default("20000");
        /// The size at which the database counts as full and writes get 507; 0 sets no limit.
        max: ByteSize = Key::number("database.max_mib", 0..=16_777_216, Unit::MiB).default("0");
    }
}

impl Database {
    /// The size at which the database counts as full, in bytes; none if only the disk sets a limit.
    pub fn max_bytes(&self) -> Option<u64> {
        Some(self.max.bytes()).filter(|bytes| *bytes > 0)
    }
}
