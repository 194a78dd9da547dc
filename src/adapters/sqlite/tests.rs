//! The conformance suites, and what is SQLite's own.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::future::Future;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use tempfile::TempDir;
use tocsin_actors::domain::{Document, DocumentId, DocumentType, Timestamp, UserId};
use tocsin_actors::ports::{Accounts as _, Documents as _, ListDocuments, NewUser, Order, PortError};
use tocsin_actors::testing::conformance;

use super::*;

const NOW: i64 = 1_764_000_000_000;

fn options(directory: &TempDir) -> Options {
    let count = |n| NonZeroUsize::new(n).unwrap();
    Options {
        path: directory.path().join("data").join("tocsin.db"),
        readers: count(2),
        queue: count(64),
        group_rows: count(10_000),
        max_mib: 0,
        on_group: None,
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// Runs a suite; every store it asks for has a directory of its own.
macro_rules! conforms {
    ($($suite:ident => |$database:ident| $store:expr;)*) => {$(
        #[test]
        fn $suite() {
            let directories = Mutex::new(Vec::new());
            run(conformance::$suite(async || {
                let directory = TempDir::new().unwrap();
                let $database = Database::open(options(&directory)).unwrap();
                directories.lock().unwrap().push(directory);
                $store
            }));
        }
    )*};
}

conforms! {
    documents => |database| Arc::new(Documents::new(database)) as Arc<_>;
    rules => |database| Arc::new(Rules::new(database)) as Arc<_>;
    incidents => |database| Arc::new(Incidents::new(database)) as Arc<_>;
    outbox => |database| (Arc::new(Incidents::new(database.clone())) as Arc<_>, Arc::new(Outbox::new(database)) as Arc<_>);
    accounts => |database| Arc::new(Accounts::new(database)) as Arc<_>;
    refresh_tokens => |database| Arc::new(RefreshTokens::new(database)) as Arc<_>;
}
