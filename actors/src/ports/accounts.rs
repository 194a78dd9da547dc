//! Where accounts and API keys are kept.

use async_trait::async_trait;

use super::PortError;
use crate::domain::{ApiKey, ApiKeyId, Role, Timestamp, User, UserId};

/// An account that is to be made.
#[derive(Clone)]
pub struct NewUser {
    /// Its identity.
    pub id: UserId,
    /// The address; unique without regard to case.
    pub email: String,
    /// What others see.
    pub name: String,
    /// Its role; `None` for owner if it is the first of the installation, member otherwise.
    pub role: Option<Role>,
    /// A PHC string.
    pub password_hash: String,
    /// Now.
    pub created_at: Timestamp,
}

/// Accounts and API keys.
#[async_trait]
pub trait Accounts: Send + Sync + 'static {
    /// Makes an account. [`PortError::Conflict`] `email_taken` when the address has one.
    async fn create(&self, user: NewUser) -> Result<User, PortError>;

    /// The account of an address, with its password hash.
    async fn by_email(&self, email: String) -> Result<Option<(User, String)>, PortError>;

    /// One account.
    async fn by_id(&self, id: UserId) -> Result<Option<User>, PortError>;

    /// Replaces the name.
    async fn rename(&self, id: UserId, name: String) -> Result<Option<User>, PortError>;

    /// Replaces the password hash, if it still is `old`.
    async fn rehash(&self, id: UserId, old: String, new: String) -> Result<(), PortError>;

    /// The addresses of every owner and admin whose account is not shut, by address.
    async fn admin_emails(&self) -> Result<Vec<String>, PortError>;

    /// Stores a key by the SHA-256 of it, in hexadecimal. [`PortError::Conflict`] `too_many_keys` when its user has
    /// `limit` already. A key of the installation, which has no user, takes the place of those of its name.
    async fn create_key(&self, key: ApiKey, digest: String, limit: usize) -> Result<(), PortError>;

    /// The keys of a user, oldest first.
    async fn keys_of(&self, user: UserId) -> Result<Vec<ApiKey>, PortError>;

    /// Removes a key of a user; whether it was there.
    async fn delete_key(&self, user: UserId, key: ApiKeyId) -> Result<bool, PortError>;

    /// The key with this digest, unless the account of its user is shut. Notes its use, at most once a minute.
    async fn key_by_digest(&self, digest: String, now: Timestamp) -> Result<Option<ApiKey>, PortError>;
}
