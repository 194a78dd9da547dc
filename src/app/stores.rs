//! The storage ports, in one SQLite file.

use std::num::NonZeroUsize;
use std::sync::Arc;

use tocsin_actors::ports::{
    Accounts, Audit, Choices, Documents, Exports, Identities, Incidents, Invitations, Links, Membership, Messages,
    Outbox, RefreshTokens, Rooms, Rules, SecondFactors, Silences, Snapshots, Users,
};

use crate::adapters::sqlite::{self, Database, Group};
use crate::config::Config;

/// Everything that is kept.
#[derive(Clone)]
pub struct Stores {
    /// What services posted.
    pub documents: Arc<dyn Documents>,
    /// The same, as files need them.
    pub snapshots: Arc<dyn Snapshots>,
    /// Files that were asked for.
    pub exports: Arc<dyn Exports>,
    /// What is watched.
    pub rules: Arc<dyn Rules>,
    /// What people want to be mailed about.
    pub choices: Arc<dyn Choices>,
    /// When people are not told.
    pub silences: Arc<dyn Silences>,
    /// What rang.
    pub incidents: Arc<dyn Incidents>,
    /// What is to be sent.
    pub outbox: Arc<dyn Outbox>,
    /// Who may come in.
    pub accounts: Arc<dyn Accounts>,
    /// The same, for those who look after them.
    pub users: Arc<dyn Users>,
    /// Who is invited to them.
    pub invitations: Arc<dyn Invitations>,
    /// What happened to them.
    pub audit: Arc<dyn Audit>,
    /// Rooms and read marks.
    pub rooms: Arc<dyn Rooms>,
    /// What is said in them.
    pub messages: Arc<dyn Messages>,
    /// Who belongs to them.
    pub membership: Arc<dyn Membership>,
    /// What was mailed to them.
    pub links: Arc<dyn Links>,
    /// Who signs in by which account elsewhere.
    pub identities: Arc<dyn Identities>,
    /// What else signing in takes.
    pub second_factors: Arc<dyn SecondFactors>,
    /// Who is signed in.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// The file itself, for its queue's length.
    pub database: Arc<Database>,
}

impl Stores {
    /// Opens the database of the configuration. Blocks; called before anything is served.
    ///
    /// # Errors
    /// A sentence for whoever starts the server.
    pub fn open(config: &Config, on_group: impl Fn(Group) + Send + 'static) -> Result<Self, String> {
        let path = config.database.url.path().ok_or("database.url has no path; write sqlite:// and a file")?.to_owned();
        let options = sqlite::Options {
            path,
            readers: at_least_one(config.database.readers),
            queue: at_least_one(config.database.queue),
            group_rows: at_least_one(config.database.group_rows),
            max_mib: config.database.max_bytes().unwrap_or(0) >> 20,
            on_group: Some(Box::new(on_group)),
        };
        let database = Database::open(options).map_err(|error| error.to_string())?;
        Ok(Self {
            documents: Arc::new(sqlite::Documents::new(Arc::clone(&database))),
            snapshots: Arc::new(sqlite::Snapshots::new(Arc::clone(&database))),
            exports: Arc::new(sqlite::Exports::new(Arc::clone(&database))),
            rules: Arc::new(sqlite::Rules::new(Arc::clone(&database))),
            choices: Arc::new(sqlite::Choices::new(Arc::clone(&database))),
            silences: Arc::new(sqlite::Silences::new(Arc::clone(&database))),
            incidents: Arc::new(sqlite::Incidents::new(Arc::clone(&database))),
            outbox: Arc::new(sqlite::Outbox::new(Arc::clone(&database))),
            accounts: Arc::new(sqlite::Accounts::new(Arc::clone(&database))),
            users: Arc::new(sqlite::Users::new(Arc::clone(&database))),
            invitations: Arc::new(sqlite::Invitations::new(Arc::clone(&database))),
            audit: Arc::new(sqlite::Audit::new(Arc::clone(&database))),
            rooms: Arc::new(sqlite::Rooms::new(Arc::clone(&database))),
            messages: Arc::new(sqlite::Messages::new(Arc::clone(&database))),
            membership: Arc::new(sqlite::Membership::new(Arc::clone(&database))),
            links: Arc::new(sqlite::Links::new(Arc::clone(&database))),
            identities: Arc::new(sqlite::Identities::new(Arc::clone(&database))),
            second_factors: Arc::new(sqlite::SecondFactors::new(Arc::clone(&database))),
            refresh_tokens: Arc::new(sqlite::RefreshTokens::new(Arc::clone(&database))),
            database,
        })
    }
}

fn at_least_one(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).unwrap_or(NonZeroUsize::MIN)
}
