//! Accounts and API keys.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use tocsin_actors::domain::{ApiKey, ApiKeyId, Role, Scope, Timestamp, User, UserId};
use tocsin_actors::ports::{NewUser, PortError};

use super::Database;
use super::fault::{Fault, broke};
use super::invitations;

/// How exactly the last use of a key is noted: a write for each request would make readers wait for the disk.
const USE_NOTED_EVERY: Duration = Duration::from_secs(60);

const USER_COLUMNS: &str = "id, email, name, role, email_verified, created_at, disabled_at";
const KEY_COLUMNS: &str = "id, user_id, name, scopes, prefix, created_at, last_used_at, expires_at";

/// A key by its digest. Those of the installation have no account that could be shut.
const OPEN_KEY: &str = "WHERE digest = ?1
    AND NOT EXISTS (SELECT 1 FROM users WHERE users.id = api_keys.user_id AND disabled_at IS NOT NULL)";

/// The accounts in SQLite.
#[derive(Clone)]
pub struct Accounts(Arc<Database>);

impl Accounts {
    /// The accounts of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Accounts for Accounts {
    async fn create(&self, user: NewUser) -> Result<User, PortError> {
        self.0.write(1, move |connection| create(connection, &user)).await
    }

    async fn by_email(&self, email: String) -> Result<Option<(User, String)>, PortError> {
        self.0
            .read(move |connection| {
                connection
                    .prepare_cached(&format!(
                        "SELECT {USER_COLUMNS}, password_hash FROM users WHERE email_folded = ?1"
                    ))?
                    .query([folded(&email)])?
                    .next()?
                    .map(|row| Ok((user_from_row(row)?, row.get(7)?)))
                    .transpose()
            })
            .await
    }

    async fn by_id(&self, id: UserId) -> Result<Option<User>, PortError> {
        self.0.read(move |connection| user(connection, id)).await
    }

    async fn rename(&self, id: UserId, name: String) -> Result<Option<User>, PortError> {
        self.0
            .write(1, move |connection| {
                connection
                    .prepare_cached("UPDATE users SET name = ?2 WHERE id = ?1")?
                    .execute(params![id.to_string(), name])?;
                user(connection, id)
            })
            .await
    }

    async fn rehash(&self, id: UserId, old: String, new: String) -> Result<(), PortError> {
        self.0
            .write(1, move |connection| {
                connection
                    .prepare_cached("UPDATE users SET password_hash = ?3 WHERE id = ?1 AND password_hash = ?2")?
                    .execute(params![id.to_string(), old, new])?;
                Ok(())
            })
            .await
    }

    async fn admin_emails(&self) -> Result<Vec<String>, PortError> {
        self.0
            .read(|connection| {
                let emails = connection
                    .prepare_cached(
                        "SELECT email FROM users WHERE role IN (?1, ?2) AND disabled_at IS NULL ORDER BY email",
                    )?
                    .query_map([Role::Owner.as_str(), Role::Admin.as_str()], |row| row.get(0))?
                    .collect::<Result<_, _>>()?;
                Ok(emails)
            })
            .await
    }

    async fn create_key(&self, key: ApiKey, digest: String, limit: usize) -> Result<(), PortError> {
        self.0.write(1, move |connection| create_key(connection, &key, &digest, limit)).await
    }

    async fn keys_of(&self, user: UserId) -> Result<Vec<ApiKey>, PortError> {
        self.0
            .read(move |connection| {
                let which = "WHERE user_id = ?1 ORDER BY created_at, position";
                keys(connection, which, [user.to_string()])
            })
            .await
    }

    async fn delete_key(&self, user: UserId, key: ApiKeyId) -> Result<bool, PortError> {
        self.0
            .write(1, move |connection| {
                let removed = connection
                    .prepare_cached("DELETE FROM api_keys WHERE id = ?1 AND user_id = ?2")?
                    .execute([key.to_string(), user.to_string()])?;
                Ok(removed > 0)
            })
            .await
    }

    async fn key_by_digest(&self, digest: String, now: Timestamp) -> Result<Option<ApiKey>, PortError> {
        let found = self.0.read(move |connection| Ok(keys(connection, OPEN_KEY, [digest])?.pop())).await?;
        let Some(mut key) = found else {
            return Ok(None);
        };
        let stale = now.minus(USE_NOTED_EVERY);
        if key.last_used_at.is_none_or(|last| last <= stale) {
            let id = key.id;
            let noted = self.0.write(1, move |connection| note_use(connection, id, now, stale)).await;
            // A key opens its door also when the disk is full or the writer busy; the next use is noted then.
            if noted.is_ok() {
                key.last_used_at = Some(now);
            }
        }
        Ok(Some(key))
    }
}

/// The form in which addresses are compared.
pub(super) fn folded(email: &str) -> String {
    email.to_lowercase()
}

pub(super) fn create(connection: &Connection, new: &NewUser) -> Result<User, Fault> {
    let role = match new.role {
        Some(role) => role,
        None => {
            let anybody: bool =
                connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM users)")?.query_row([], |row| row.get(0))?;
            if anybody { Role::Member } else { Role::Owner }
        }
    };
    connection
        .prepare_cached(
            "INSERT INTO users (id, email, email_folded, name, role, password_hash, email_verified, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)",
        )?
        .execute(params![
            new.id.to_string(),
            new.email,
            folded(&new.email),
            new.name,
            role.as_str(),
            new.password_hash,
            new.created_at.as_millis(),
        ])
        .map_err(|error| {
            if broke(&error, rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE) {
                return PortError::Conflict("email_taken").into();
            }
            Fault::from(error)
        })?;
    // The address has what it was invited for.
    invitations::end_of_address(connection, &folded(&new.email))?;
    Ok(User {
        id: new.id,
        email: new.email.clone(),
        name: new.name.clone(),
        role,
        email_verified: false,
        created_at: new.created_at,
        disabled_at: None,
    })
}

/// The same with an address that was shown to be theirs.
pub(super) fn create_verified(connection: &Connection, new: &NewUser) -> Result<User, Fault> {
    let user = create(connection, new)?;
    connection.prepare_cached("UPDATE users SET email_verified = 1 WHERE id = ?1")?.execute([user.id.to_string()])?;
    Ok(User { email_verified: true, ..user })
}

pub(super) fn user(connection: &Connection, id: UserId) -> Result<Option<User>, Fault> {
    connection
        .prepare_cached(&format!("SELECT {USER_COLUMNS} FROM users WHERE id = ?1"))?
        .query([id.to_string()])?
        .next()?
        .map(user_from_row)
        .transpose()
}

fn user_from_row(row: &Row<'_>) -> Result<User, Fault> {
    Ok(User {
        id: row.get::<_, String>(0)?.parse()?,
        email: row.get(1)?,
        name: row.get(2)?,
        role: Role::parse(&row.get::<_, String>(3)?)?,
        email_verified: row.get(4)?,
        created_at: Timestamp::clamped(row.get(5)?),
        disabled_at: row.get::<_, Option<i64>>(6)?.map(Timestamp::clamped),
    })
}

fn create_key(connection: &Connection, key: &ApiKey, digest: &str, limit: usize) -> Result<(), Fault> {
    let owner = key.user_id.map(|id| id.to_string());
    if let Some(owner) = &owner {
        let has: i64 = connection
            .prepare_cached("SELECT count(*) FROM api_keys WHERE user_id = ?1")?
            .query_row([owner], |row| row.get(0))?;
        if usize::try_from(has).unwrap_or(usize::MAX) >= limit {
            return Err(PortError::Conflict("too_many_keys").into());
        }
    } else {
        connection.prepare_cached("DELETE FROM api_keys WHERE user_id IS NULL AND name = ?1")?.execute([&key.name])?;
    }
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    connection
        .prepare_cached(
            "INSERT INTO api_keys (id, user_id, name, scopes, prefix, digest, created_at, last_used_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            key.id.to_string(),
            owner,
            key.name,
            scopes.join(" "),
            key.prefix,
            digest,
            key.created_at.as_millis(),
            key.last_used_at.map(Timestamp::as_millis),
            key.expires_at.map(Timestamp::as_millis),
        ])?;
    Ok(())
}

fn keys(connection: &Connection, which: &str, parameters: impl rusqlite::Params) -> Result<Vec<ApiKey>, Fault> {
    let mut select = connection.prepare_cached(&format!("SELECT {KEY_COLUMNS} FROM api_keys {which}"))?;
    let mut rows = select.query(parameters)?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        keys.push(key_from_row(row)?);
    }
    Ok(keys)
}

fn key_from_row(row: &Row<'_>) -> Result<ApiKey, Fault> {
    let scopes: String = row.get(3)?;
    Ok(ApiKey {
        id: row.get::<_, String>(0)?.parse()?,
        user_id: row.get::<_, Option<String>>(1)?.map(|id| id.parse()).transpose()?,
        name: row.get(2)?,
        scopes: scopes.split_ascii_whitespace().map(Scope::parse).collect::<Result<_, _>>()?,
        prefix: row.get(4)?,
        created_at: Timestamp::clamped(row.get(5)?),
        last_used_at: row.get::<_, Option<i64>>(6)?.map(Timestamp::clamped),
        expires_at: row.get::<_, Option<i64>>(7)?.map(Timestamp::clamped),
    })
}

fn note_use(connection: &Connection, id: ApiKeyId, now: Timestamp, stale: Timestamp) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "UPDATE api_keys SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at <= ?3)",
        )?
        .execute(params![id.to_string(), now.as_millis(), stale.as_millis()])?;
    Ok(())
}
