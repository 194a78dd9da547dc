//! The conformance suites, and what is SQLite's own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

mod fencing;
mod opening;
mod plans;
mod writing;

use std::future::Future;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;
use tocsin_actors::domain::{Document, DocumentId, DocumentType, SessionId, Timestamp, UserId};
use tocsin_actors::ports::{Family, RefreshTokens as _};
use tocsin_actors::testing::conformance;

use super::*;

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

fn now() -> Timestamp {
    Timestamp::clamped(1_764_000_000_000)
}

fn document(id: &str, fields: String) -> Document {
    let kind = DocumentType::parse("error").unwrap();
    Document { id: DocumentId::parse(id).unwrap(), kind, at: now(), received_at: now(), fields }
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

/// Unlike a store in which they expire by themselves.
#[test]
fn expired_sign_ins_are_removed_by_the_sweep() {
    let directory = TempDir::new().unwrap();
    let tokens = RefreshTokens::new(Database::open(options(&directory)).unwrap());
    let family = Family {
        id: SessionId::new(now()),
        user_id: UserId::new(now()),
        current: "a".into(),
        previous: None,
        rotated_at: now(),
        created_at: now(),
        user_agent: String::new(),
        ip: String::new(),
    };
    let later = now().plus(Duration::from_millis(1));
    run(async {
        tokens.start(family.clone()).await.unwrap();
        assert_eq!(tokens.sweep(now(), now(), now()).await, Ok(0));
        assert_eq!(tokens.sweep(later, now(), now()).await, Ok(1));
        assert_eq!(tokens.get(family.id).await, Ok(None));
    });
}

conforms! {
    documents => |database| Arc::new(Documents::new(database)) as Arc<_>;
    rules => |database| Arc::new(Rules::new(database)) as Arc<_>;
    leases => |database| Arc::new(Leases::new(database)) as Arc<_>;
    silences => |database| Arc::new(Silences::new(database)) as Arc<_>;
    exports => |database| Arc::new(Exports::new(database)) as Arc<dyn tocsin_actors::ports::Exports>;
    incidents => |database| Arc::new(Incidents::new(database)) as Arc<_>;
    outbox => |database| {
        (Arc::new(Incidents::new(database.clone())) as Arc<_>, Arc::new(Outbox::new(database)) as Arc<_>)
    };
    accounts => |database| Arc::new(Accounts::new(database)) as Arc<_>;
    links => |database| {
        (Arc::new(Accounts::new(database.clone())) as Arc<_>, Arc::new(Links::new(database)) as Arc<_>)
    };
    identities => |database| {
        (Arc::new(Identities::new(database.clone())) as Arc<_>, Arc::new(Accounts::new(database)) as Arc<_>)
    };
    invitations => |database| conformance::InvitationsStores {
        invitations: Arc::new(Invitations::new(database.clone())),
        accounts: Arc::new(Accounts::new(database.clone())),
        users: Arc::new(Users::new(database.clone())),
        identities: Arc::new(Identities::new(database)),
    };
    choices => |database| (
        Arc::new(Choices::new(database.clone())) as Arc<_>,
        conformance::UsersStores {
            users: Arc::new(Users::new(database.clone())),
            accounts: Arc::new(Accounts::new(database.clone())),
            links: Arc::new(Links::new(database)),
        },
    );
    users => |database| conformance::UsersStores {
        users: Arc::new(Users::new(database.clone())),
        accounts: Arc::new(Accounts::new(database.clone())),
        links: Arc::new(Links::new(database)),
    };
    second_factors => |database| {
        (Arc::new(Accounts::new(database.clone())) as Arc<_>, Arc::new(SecondFactors::new(database)) as Arc<_>)
    };
    refresh_tokens => |database| Arc::new(RefreshTokens::new(database)) as Arc<_>;
    rooms => |database| {
        (Arc::new(Rooms::new(database.clone())) as Arc<_>, Arc::new(Messages::new(database)) as Arc<_>)
    };
    messages => |database| {
        (Arc::new(Rooms::new(database.clone())) as Arc<_>, Arc::new(Messages::new(database)) as Arc<_>)
    };
    membership => |database| {
        (Arc::new(Rooms::new(database.clone())) as Arc<_>, Arc::new(Membership::new(database)) as Arc<_>)
    };
    audit => |database| Arc::new(Audit::new(database)) as Arc<_>;
}
