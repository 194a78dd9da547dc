//! Accounts at OAuth providers that sign people in here.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use tocsin_actors::auth::oauth::NO_PASSWORD;
use tocsin_actors::domain::{Identity, IdentityId, InvitationId, Timestamp, User, UserId};
use tocsin_actors::ports::{NewUser, PortError};

use super::Database;
use super::accounts::{self, user};
use super::fault::{Fault, broke};
use super::invitations;

const COLUMNS: &str = "id, user_id, provider, issuer, subject, email, created_at";

/// The identities in SQLite.
#[derive(Clone)]
pub struct Identities(Arc<Database>);

impl Identities {
    /// The identities of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Identities for Identities {
    async fn owner(&self, issuer: String, subject: String) -> Result<Option<User>, PortError> {
        self.0
            .read(move |connection| match owner(connection, &issuer, &subject)? {
                Some(id) => user(connection, id),
                None => Ok(None),
            })
            .await
    }

    async fn link(&self, identity: Identity) -> Result<(), PortError> {
        self.0.write(1, move |connection| link(connection, &identity)).await
    }

    async fn create(
        &self,
        user: NewUser,
        identity: Identity,
        invitation: Option<InvitationId>,
    ) -> Result<User, PortError> {
        self.0.write(2, move |connection| create(connection, &user, &identity, invitation)).await
    }

    async fn of(&self, user: UserId) -> Result<Vec<Identity>, PortError> {
        self.0
            .read(move |connection| {
                let mut select = connection.prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM identities WHERE user_id = ?1 ORDER BY created_at, position"
                ))?;
                let mut rows = select.query([user.to_string()])?;
                let mut identities = Vec::new();
                while let Some(row) = rows.next()? {
                    identities.push(from_row(row)?);
                }
                Ok(identities)
            })
            .await
    }

    async fn unlink(&self, user: UserId, id: IdentityId) -> Result<bool, PortError> {
        self.0.write(1, move |connection| unlink(connection, user, id)).await
    }

    async fn use_once(&self, digest: String, now: Timestamp, forget_before: Timestamp) -> Result<bool, PortError> {
        self.0
            .write(1, move |connection| {
                connection
                    .prepare_cached("DELETE FROM oauth_returns WHERE used_at < ?1")?
                    .execute([forget_before.as_millis()])?;
                let noted = connection
                    .prepare_cached(
                        "INSERT INTO oauth_returns (digest, used_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![digest, now.as_millis()])?;
                Ok(noted > 0)
            })
            .await
    }
}

fn owner(connection: &Connection, issuer: &str, subject: &str) -> Result<Option<UserId>, Fault> {
    connection
        .prepare_cached("SELECT user_id FROM identities WHERE issuer = ?1 AND subject = ?2")?
        .query([issuer, subject])?
        .next()?
        .map(|row| Ok(row.get::<_, String>(0)?.parse()?))
        .transpose()
}

fn link(connection: &Connection, identity: &Identity) -> Result<(), Fault> {
    match owner(connection, &identity.issuer, &identity.subject)? {
        Some(owner) if owner == identity.user_id => Ok(()),
        Some(_) => Err(PortError::Conflict("identity_taken").into()),
        None => insert(connection, identity),
    }
}

fn insert(connection: &Connection, identity: &Identity) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO identities (id, user_id, provider, issuer, subject, email, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            identity.id.to_string(),
            identity.user_id.to_string(),
            identity.provider,
            identity.issuer,
            identity.subject,
            identity.email,
            identity.created_at.as_millis(),
        ])
        .map_err(|error| {
            if broke(&error, rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE) {
                return PortError::Conflict("identity_taken").into();
            }
            Fault::from(error)
        })?;
    Ok(())
}

fn create(
    connection: &Connection,
    new: &NewUser,
    identity: &Identity,
    invitation: Option<InvitationId>,
) -> Result<User, Fault> {
    if let Some(id) = invitation
        && !invitations::use_up(connection, id, new)?
    {
        return Err(PortError::Conflict("invitation_gone").into());
    }
    let user = accounts::create_verified(connection, new)?;
    insert(connection, identity)?;
    Ok(user)
}

fn unlink(connection: &Connection, user: UserId, id: IdentityId) -> Result<bool, Fault> {
    let (user, id) = (user.to_string(), id.to_string());
    let removed =
        connection.prepare_cached("DELETE FROM identities WHERE id = ?1 AND user_id = ?2")?.execute([&id, &user])?;
    let has_a_way: bool = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM users WHERE id = ?1 AND password_hash <> ?2)
                 OR EXISTS (SELECT 1 FROM identities WHERE user_id = ?1)",
        )?
        .query_row([user.as_str(), NO_PASSWORD], |row| row.get(0))?;
    // What was removed above is undone with the error.
    if removed > 0 && !has_a_way { Err(PortError::Conflict("last_sign_in").into()) } else { Ok(removed > 0) }
}

fn from_row(row: &Row<'_>) -> Result<Identity, Fault> {
    Ok(Identity {
        id: row.get::<_, String>(0)?.parse()?,
        user_id: row.get::<_, String>(1)?.parse()?,
        provider: row.get(2)?,
        issuer: row.get(3)?,
        subject: row.get(4)?,
        email: row.get(5)?,
        created_at: Timestamp::clamped(row.get(6)?),
    })
}
