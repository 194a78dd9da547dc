//! Signing in: the actor, the keys, and the key of this machine's own command line.

use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;

use tocsin_actors::auth::identity::Identity;
use tocsin_actors::auth::messages::{CreateKey, Device};
use tocsin_actors::auth::oauth::OAuth;
use tocsin_actors::auth::policy::Policy;
use tocsin_actors::auth::revoked::{Live, Revoked};
use tocsin_actors::auth::second_factor::SecondFactorParts;
use tocsin_actors::auth::state::{Limits, Registration};
use tocsin_actors::auth::ws_tickets::WsTickets;
use tocsin_actors::auth::{AuthActor, AuthLink, MailParts, Parts, TheAuth, Verification};
use tocsin_actors::delivery::{Envelope, Post, PostLimits, PostParts};
use tocsin_actors::directory::{Directory, Respawn, Surroundings};
use tocsin_actors::domain::Scope;
use tocsin_actors::ports::{self, Clock, Mailer, Rates};

use super::sharing::Sharing;
use super::{Stores, signing_keys};
use crate::adapters::jwt::AccessTokens;
use crate::adapters::key_files;
use crate::adapters::oauth::{Description, Kind, providers};
use crate::adapters::otp::Otp;
use crate::adapters::scrypt::Passwords;
use crate::adapters::secrets::Secrets;
use crate::adapters::signing_keys::KeyRing;
use crate::adapters::throttle::Throttle;
use crate::adapters::tickets::Tickets;
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
    /// The keys of access tokens.
    pub(super) keys: Arc<KeyRing>,
    /// Sends what accounts are mailed.
    pub(super) post: Post,
    pub(super) oauth: OAuth,
    pub(super) tickets: WsTickets,
}

impl Accounts {
    /// Opens the keys, making those that are missing, and starts the actor.
    pub(super) async fn open(
        config: &Config,
        stores: &Stores,
        sharing: Option<&Sharing>,
        around: Surroundings,
        metrics: &Metrics,
        mailing: Mailing,
    ) -> Result<Self, String> {
        let keys_dir = &config.auth.keys_dir;
        let public_url = mailing.public_url.to_string();
        let keys = signing_keys::open(config, &around.clock, metrics)?;
        let signer = AccessTokens::new(Arc::clone(&keys), public_url.clone());
        let revoked = Arc::new(Revoked::default());
        let access_tokens: Arc<dyn ports::AccessTokens> =
            Arc::new(Live { tokens: Arc::new(signer), revoked: Arc::clone(&revoked) });
        let secrets = Arc::new(Secrets::open(keys_dir)?);
        let auth = &config.auth;
        let passwords = Arc::new(Passwords::start(auth.hash_workers, auth.hash_queue, auth.scrypt_log_n)?);
        let hashing = Arc::clone(&passwords);
        metrics.read("auth_hashes_waiting", "Passwords that wait to be hashed", move || hashing.waiting());
        let mail = mailing.open(config, stores, &around);
        let post = mail.post.clone();
        let waiting = mail.post.clone();
        metrics.read("auth_mails_waiting", "Mails to accounts that wait to be sent", move || waiting.waiting());
        let parts = Parts {
            accounts: stores.accounts.clone(),
            users: stores.users.clone(),
            invitations: stores.invitations.clone(),
            refresh_tokens: stores.refresh_tokens.clone(),
            passwords,
            access_tokens: access_tokens.clone(),
            revoked: revoked.clone(),
            audit: stores.audit.clone(),
            throttle: throttle(config, sharing, &around.clock),
            secrets: secrets.clone(),
            clock: around.clock.clone(),
            log: around.log.clone(),
            limits: limits(config),
            policy: policy(config, &mailing.public_url),
            mail,
            second_factor: SecondFactorParts {
                store: stores.second_factors.clone(),
                otp: Arc::new(Otp::open(keys_dir, mailing.public_url.host().to_owned())?),
                free_tries: auth.otp_attempts,
            },
            mailbox: config.limits.mailbox,
        };
        let oauth = oauth(config, stores, parts.clone(), &public_url)?;
        let tickets = tickets(config, sharing, &parts, metrics);
        let identity =
            Identity { access_tokens, accounts: stores.accounts.clone(), secrets, clock: around.clock.clone() };
        let actors = Directory::new("auth", around, Respawn::default(), move |_: &TheAuth, tether| {
            Some(AuthActor::new(parts.clone(), tether))
        });
        let _ = actors.get_or_spawn(&TheAuth);
        let accounts = Self { auth: AuthLink(actors), identity, revoked, keys, post, oauth, tickets };
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
        // Servers that start at once would each refuse the other's.
        let _one = key_files::lock(keys_dir).await;
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

/// What mails to accounts are made of.
pub(super) struct Mailing {
    pub(super) mailer: Arc<dyn Mailer>,
    pub(super) envelope: Envelope,
    pub(super) public_url: WebOrigin,
}

impl Mailing {
    fn open(&self, config: &Config, stores: &Stores, around: &Surroundings) -> MailParts {
        let (auth, mail) = (&config.auth, &config.mail);
        let arbiter = around.arbiters.first().clone();
        let parts = PostParts {
            mailer: self.mailer.clone(),
            clock: around.clock.clone(),
            meter: around.meter.clone(),
            log: around.log.clone(),
            // It says no only when the server has stopped.
            spawn: Arc::new(move |task| {
                let _ = arbiter.spawn(task);
            }),
        };
        let limits = PostLimits {
            queue: auth.mail_queue,
            concurrent: u32::try_from(mail.concurrent).unwrap_or(u32::MAX),
            max_attempts: mail.max_attempts,
            first_retry: mail.retry_initial,
            longest_retry: mail.retry_max,
            timeout: mail.timeout,
        };
        MailParts {
            links: stores.links.clone(),
            post: Post::new(parts, limits),
            envelope: self.envelope.clone(),
            verification: match auth.email_verification {
                config::EmailVerification::Off => Verification::Off,
                config::EmailVerification::Required => Verification::Required,
            },
            reset: auth.reset,
            verify: auth.verify,
            per_hour: auth.mails_per_hour,
        }
    }
}

pub(super) fn policy(config: &Config, public_url: &WebOrigin) -> Policy {
    Policy { min_chars: config.auth.password_min_length, host: public_url.host().to_owned() }
}

fn throttle(config: &Config, sharing: Option<&Sharing>, clock: &Arc<dyn Clock>) -> Arc<dyn ports::Throttle> {
    let rates = Rates {
        per_address: at_least_one(config.auth.attempts_per_address),
        per_account: at_least_one(config.auth.attempts_per_account),
        tickets: at_least_one(config.auth.tickets_per_user),
    };
    let alone = Arc::new(Throttle::new(Arc::clone(clock), rates));
    match sharing {
        Some(sharing) => sharing.throttle(Arc::clone(clock), rates, alone),
        None => alone,
    }
}

fn at_least_one(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

/// Signing in by providers, as the configuration has them.
fn oauth(config: &Config, stores: &Stores, parts: Parts, public_url: &str) -> Result<OAuth, String> {
    let described = config.oauth.providers.iter().map(|provider| Description {
        id: provider.id.clone(),
        name: provider.name.clone(),
        kind: match &provider.kind {
            config::ProviderKind::OpenId { issuer } => Kind::OpenId { issuer: issuer.clone() },
            config::ProviderKind::GitHub { base_url } => Kind::GitHub { base_url: base_url.clone() },
        },
        client_id: provider.client_id.clone(),
        client_secret: provider.client_secret.expose().to_owned(),
        scopes: provider.scopes.clone(),
        redirect_uri: format!("{public_url}/api/v1/auth/oauth/{}/callback", provider.id),
    });
    let others = config.oauth.return_to.iter().map(ToString::to_string);
    Ok(OAuth {
        parts,
        identities: stores.identities.clone(),
        providers: providers(described.collect())?,
        return_to: std::iter::once("/".to_owned()).chain(others).collect(),
    })
}

/// Tickets for websockets, in this process or for all servers.
fn tickets(config: &Config, sharing: Option<&Sharing>, parts: &Parts, metrics: &Metrics) -> WsTickets {
    let here: Arc<Tickets> = Arc::new(Tickets::new(config.auth.tickets));
    let kept = Arc::clone(&here);
    metrics.read("auth_tickets_waiting", "Tickets that wait here to be used", move || kept.waiting());
    WsTickets {
        tickets: sharing.map_or(here, |sharing| sharing.tickets(config.auth.tickets)),
        secrets: parts.secrets.clone(),
        revoked: parts.revoked.clone(),
        throttle: parts.throttle.clone(),
        clock: parts.clock.clone(),
    }
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
            config::Registration::Invite => Registration::Invite,
            config::Registration::Closed => Registration::Closed,
        },
        invitations: auth.invitations,
        invitation: auth.invitation,
        keys_per_user: config.limits.api_keys_per_user,
        audit_kept: auth.audit_kept,
    }
}
