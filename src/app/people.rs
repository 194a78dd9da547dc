//! What the command line does to accounts, on the configured database, whether or not a server runs on it.

use tocsin_actors::auth::messages::AuthError;
use tocsin_actors::auth::newcomer::Newcomer;
use tocsin_actors::domain::{AuditEntry, AuditEvent, AuditId, User};
use tocsin_actors::ports::{Clock as _, PortError};

use super::Stores;
use super::accounts::policy;
use crate::adapters::clock::SystemClock;
use crate::adapters::scrypt::Passwords;
use crate::config::{self, Config};

/// What the audit log names as the client.
const CLIENT: &str = concat!("tocsin/", env!("CARGO_PKG_VERSION"), " on the command line");

/// Makes an account.
///
/// # Errors
/// What is wrong with the input, or what could not be done.
pub async fn add_user(config: &Config, newcomer: Newcomer) -> Result<User, AuthError> {
    let stores = open(config)?;
    let failed = |sentence| AuthError::Port(PortError::Failed(sentence));
    let passwords = Passwords::start(1, 1, config.auth.scrypt_log_n).map_err(failed)?;
    let policy = policy(config, &config.server.configured_public_url);
    let user = newcomer.enrol(&*stores.accounts, &passwords, &policy, SystemClock.now()).await?;
    if config.auth.email_verification == config::EmailVerification::Required {
        // Whoever runs the server knows whose address it is, and mail may not work yet.
        stores.links.vouch(user.id).await?;
        return Ok(User { email_verified: true, ..user });
    }
    Ok(user)
}

/// Removes the second factor of the account of an address, for when nobody else can; `None` when there is no such
/// account, and whether it had one.
///
/// # Errors
/// What could not be done.
pub async fn remove_second_factor(config: &Config, email: &str) -> Result<Option<(User, bool)>, AuthError> {
    let stores = open(config)?;
    let Some((user, _)) = stores.accounts.by_email(email.trim().to_owned()).await? else { return Ok(None) };
    let removed = stores.second_factors.disable(user.id).await?;
    if removed {
        let at = SystemClock.now();
        let entry = AuditEntry {
            id: AuditId::new(at),
            at,
            event: AuditEvent::SecondFactorRemoved,
            user_id: Some(user.id),
            by: None,
            detail: None,
            session_id: None,
            ip: String::new(),
            user_agent: CLIENT.to_owned(),
            request_id: String::new(),
        };
        stores.audit.append(entry).await?;
    }
    Ok(Some((user, removed)))
}

fn open(config: &Config) -> Result<Stores, AuthError> {
    Stores::open(config, |_| {}).map_err(|sentence| AuthError::Port(PortError::Failed(sentence)))
}
