//! Signing in: the actor, the keys, and the key of this machine's own command line.

use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;

use tocsin_actors::auth::identity::Identity;
use tocsin_actors::auth::messages::{AuthError, CreateKey, Device};
use tocsin_actors::auth::newcomer::Newcomer;
use tocsin_actors::auth::policy::Policy;
use tocsin_actors::auth::revoked::{Live, Revoked};
use tocsin_actors::auth::state::{Limits, Registration};
use tocsin_actors::auth::{AuthActor, AuthLink, Parts, TheAuth};
use tocsin_actors::directory::{Directory, Respawn, Surroundings};
use tocsin_actors::domain::{Scope, User};
use tocsin_actors::ports::{self, Clock as _, PortError};

use super::Stores;
use crate::adapters::clock::SystemClock;
use crate::adapters::jwt::AccessTokens;
use crate::adapters::key_files;
use crate::adapters::scrypt::Passwords;
use crate::adapters::secrets::Secrets;
use crate::adapters::throttle::Throttle;
use crate::config::{self, Config, WebOrigin};
use crate::telemetry::metrics::Metrics;

/// The file that holds the key of this machine's own command line.
pub(super) const LOCAL_KEY: &str = "local.key";

/// The living part of signing in.
pub(super) struct Accounts {
    pub(super) auth: AuthLink,
    pub(super) identity: Identity,
    /// What has ended before its time.
    pub(super) revoked: Arc<Revoked>,
    pub(super) jwks: serde_json::Value,
}

impl Accounts {
    /// Opens the keys, making those that are missing, and starts the actor.
    pub(super) async fn open(
        config: &Config,
        stores: &Stores,
        around: Surroundings,
        metrics: &Metrics,
        public_url: &WebOrigin,
    ) -> Result<Self, String> {
        let keys_dir = &config.auth.keys_dir;
        let signer = AccessTokens::open(keys_dir, public_url.to_string())?;
        let jwks = signer.jwks();
        let revoked = Arc::new(Revoked::default());
        let access_tokens: Arc<dyn ports::AccessTokens> =
            Arc::new(Live { tokens: Arc::new(signer), revoked: Arc::clone(&revoked) });
        let secrets = Arc::new(Secrets::open(keys_dir)?);
        let auth = &config.auth;
        let passwords = Arc::new(Passwords::start(auth.hash_workers, auth.hash_queue, auth.scrypt_log_n)?);
        let hashing = Arc::clone(&passwords);
        metrics.read("auth_hashes_waiting", "Passwords that wait to be hashed", move || hashing.waiting());
        let parts = Parts {
            accounts: stores.accounts.clone(),
            refresh_tokens: stores.refresh_tokens.clone(),
            passwords,
            access_tokens: access_tokens.clone(),
            revoked: revoked.clone(),
            audit: stores.audit.clone(),
            throttle: Arc::new(Throttle::new(
                around.clock.clone(),
                at_least_one(auth.attempts_per_address),
                at_least_one(auth.attempts_per_account),
            )),
            secrets: secrets.clone(),
            clock: around.clock.clone(),
            log: around.log.clone(),
            limits: limits(config),
            policy: policy(config, public_url),
            mailbox: config.limits.mailbox,
        };
        let identity =
            Identity { access_tokens, accounts: stores.accounts.clone(), secrets, clock: around.clock.clone() };
        let actors = Directory::new("auth", around, Respawn::default(), move |_: &TheAuth, tether| {
            Some(AuthActor::new(parts.clone(), tether))
        });
        let _ = actors.get_or_spawn(&TheAuth);
        let accounts = Self { auth: AuthLink(actors), identity, revoked, jwks };
        accounts.remember(stores).await;
        accounts.keep_local_key(keys_dir, stores).await?;
        Ok(accounts)
    }

    /// Knows what ended before this start, before anybody is served. If the store does not answer, the actor goes on
    /// asking.
    async fn remember(&self, stores: &Stores) {
        for (id, until) in stores.refresh_tokens.ended(self.identity.clock.now()).await.unwrap_or_default() {
            self.revoked.add(id, until);
        }
    }

    /// Makes the key of the command line, unless the file has one that is known. One that was lost is refused from then on.
    async fn keep_local_key(&self, keys_dir: &Path, stores: &Stores) -> Result<(), String> {
        let sentence = |error: &dyn std::fmt::Display| format!("the key of the command line cannot be made: {error}");
        let now = self.identity.clock.now();
        if let Ok(held) = std::fs::read_to_string(keys_dir.join(LOCAL_KEY)) {
            let digest = self.identity.secrets.digest(held.trim());
            if stores.accounts.key_by_digest(digest, now).await.map_err(|error| sentence(&error))?.is_some() {
                return Ok(());
            }
        }
        let create = CreateKey {
            user_id: None,
            name: "command line on this machine".into(),
            scopes: vec![Scope::DocumentsWrite, Scope::DocumentsRead, Scope::AlertsRead],
            expires_at: None,
            from: Device::default(),
        };
        let (_, key) = self.auth.ask(create).await.map_err(|error| sentence(&error))?;
        key_files::replace(keys_dir, LOCAL_KEY, format!("{key}\n").as_bytes())
    }
}

/// Makes an account on the configured database, whether or not a server runs on it.
///
/// # Errors
/// What is wrong with the input, or what could not be done.
pub async fn add_user(config: &Config, newcomer: Newcomer) -> Result<User, AuthError> {
    let failed = |sentence| AuthError::Port(PortError::Failed(sentence));
    let stores = Stores::open(config, |_| {}).map_err(failed)?;
    let passwords = Passwords::start(1, 1, config.auth.scrypt_log_n).map_err(failed)?;
    let policy = policy(config, &config.server.configured_public_url);
    newcomer.enrol(&*stores.accounts, &passwords, &policy, SystemClock.now()).await
}

fn policy(config: &Config, public_url: &WebOrigin) -> Policy {
    Policy { min_chars: config.auth.password_min_length, host: public_url.host().to_owned() }
}

fn at_least_one(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

fn limits(config: &Config) -> Limits {
    let auth = &config.auth;
    Limits {
        access: auth.access,
        refresh_idle: auth.refresh_idle,
        refresh_absolute: auth.refresh_absolute,
        refresh_grace: auth.refresh_grace,
        registration: match auth.registration {
            config::Registration::Open => Registration::Open,
            config::Registration::Invite | config::Registration::Closed => Registration::Closed,
        },
        keys_per_user: config.limits.api_keys_per_user,
        audit_kept: auth.audit_kept,
    }
}
