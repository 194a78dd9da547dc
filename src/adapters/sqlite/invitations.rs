//! Invitations that wait.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use tocsin_actors::auth::people::rules::may_look_after;
use tocsin_actors::domain::{Invitation, InvitationId, Role, Timestamp, User};
use tocsin_actors::ports::{NewInvitation, NewUser, PortError};

use super::Database;
use super::accounts::{self, folded, user};
use super::fault::Fault;

/// With the name of whoever invites as it is now.
const SELECT: &str = "SELECT i.id, i.email, i.role, i.invited_by, users.name, i.created_at, i.expires_at
    FROM invitations AS i JOIN users ON users.id = i.invited_by";

/// The invitations in SQLite.
#[derive(Clone)]
pub struct Invitations(Arc<Database>);

impl Invitations {
    /// The invitations of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Invitations for Invitations {
    async fn invite(&self, new: NewInvitation, limit: usize) -> Result<Option<Invitation>, PortError> {
        self.0.write(1, move |connection| invite(connection, &new, limit)).await
    }

    async fn pending(&self, now: Timestamp) -> Result<Vec<Invitation>, PortError> {
        self.0
            .read(move |connection| {
                select(connection, "WHERE i.expires_at > ?1 ORDER BY i.created_at, i.id", [now.as_millis()])
            })
            .await
    }

    async fn withdraw(&self, id: InvitationId) -> Result<bool, PortError> {
        self.0
            .write(1, move |connection| {
                let removed =
                    connection.prepare_cached("DELETE FROM invitations WHERE id = ?1")?.execute([id.to_string()])?;
                Ok(removed > 0)
            })
            .await
    }

    async fn peek(&self, digest: String, now: Timestamp) -> Result<Option<Invitation>, PortError> {
        self.0.read(move |connection| of_digest(connection, &digest, now)).await
    }

    async fn of_address(&self, email: String, now: Timestamp) -> Result<Option<Invitation>, PortError> {
        self.0
            .read(move |connection| {
                let which = "WHERE i.email_folded = ?1 AND i.expires_at > ?2";
                Ok(select(connection, which, params![folded(&email), now.as_millis()])?.pop())
            })
            .await
    }

    async fn accept(&self, digest: String, user: NewUser) -> Result<Option<User>, PortError> {
        self.0
            .write(2, move |connection| {
                let Some(invitation) = of_digest(connection, &digest, user.created_at)? else { return Ok(None) };
                let Invitation { email, role, .. } = invitation;
                let new = NewUser { email, role: Some(role), ..user.clone() };
                accounts::create_verified(connection, &new).map(Some)
            })
            .await
    }

    async fn sweep(&self, now: Timestamp) -> Result<(), PortError> {
        self.0
            .write(1, move |connection| {
                connection
                    .prepare_cached("DELETE FROM invitations WHERE expires_at <= ?1")?
                    .execute([now.as_millis()])?;
                Ok(())
            })
            .await
    }
}

fn invite(connection: &Connection, new: &NewInvitation, limit: usize) -> Result<Option<Invitation>, Fault> {
    let (email, now) = (folded(&new.email), new.created_at.as_millis());
    // Looked at here too: whoever invites may have become less since they asked.
    let inviter = user(connection, new.invited_by)?;
    if inviter.is_none_or(|inviter| may_look_after(&inviter, new.role).is_err()) {
        return Ok(None);
    }
    let exists = "SELECT EXISTS (SELECT 1 FROM users WHERE email_folded = ?1)";
    if connection.prepare_cached(exists)?.query_row([&email], |row| row.get(0))? {
        return Err(PortError::Conflict("email_taken").into());
    }
    let others: i64 = connection
        .prepare_cached("SELECT count(*) FROM invitations WHERE email_folded <> ?1 AND expires_at > ?2")?
        .query_row(params![email, now], |row| row.get(0))?;
    if usize::try_from(others).unwrap_or(usize::MAX) >= limit {
        return Err(PortError::Conflict("too_many_invitations").into());
    }
    end_of_address(connection, &email)?;
    connection
        .prepare_cached(
            "INSERT INTO invitations (id, digest, email, email_folded, role, invited_by, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            new.id.to_string(),
            new.digest,
            new.email,
            email,
            new.role.as_str(),
            new.invited_by.to_string(),
            now,
            new.expires_at.as_millis(),
        ])?;
    of_digest(connection, &new.digest, new.created_at)
}

/// Ends the invitation of an address in its folded form.
pub(super) fn end_of_address(connection: &Connection, email_folded: &str) -> Result<(), Fault> {
    connection.prepare_cached("DELETE FROM invitations WHERE email_folded = ?1")?.execute([email_folded])?;
    Ok(())
}

/// Uses up an invitation of this address and role.
pub(super) fn use_up(connection: &Connection, id: InvitationId, user: &NewUser) -> Result<bool, Fault> {
    let role = user.role.map_or("", Role::as_str);
    let used = connection
        .prepare_cached(
            "DELETE FROM invitations WHERE id = ?1 AND email_folded = ?2 AND role = ?3 AND expires_at > ?4",
        )?
        .execute(params![id.to_string(), folded(&user.email), role, user.created_at.as_millis()])?;
    Ok(used > 0)
}

fn of_digest(connection: &Connection, digest: &str, now: Timestamp) -> Result<Option<Invitation>, Fault> {
    Ok(select(connection, "WHERE i.digest = ?1 AND i.expires_at > ?2", params![digest, now.as_millis()])?.pop())
}

fn select(connection: &Connection, which: &str, parameters: impl rusqlite::Params) -> Result<Vec<Invitation>, Fault> {
    let mut select = connection.prepare_cached(&format!("{SELECT} {which}"))?;
    let mut rows = select.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(from_row(row)?);
    }
    Ok(found)
}

fn from_row(row: &Row<'_>) -> Result<Invitation, Fault> {
    Ok(Invitation {
        id: row.get::<_, String>(0)?.parse()?,
        email: row.get(1)?,
        role: Role::parse(&row.get::<_, String>(2)?)?,
        invited_by: row.get::<_, String>(3)?.parse()?,
        inviter: row.get(4)?,
        created_at: Timestamp::clamped(row.get(5)?),
        expires_at: Timestamp::clamped(row.get(6)?),
    })
}
