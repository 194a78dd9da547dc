//! Links in mails.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::{Connection, params};
use tocsin_actors::domain::{Timestamp, User, UserId};
use tocsin_actors::ports::{AccountMail, LinkKind, PortError};

use super::Database;
use super::accounts::user;
use super::fault::Fault;

/// What a limit looks back.
const HOUR: Duration = Duration::from_secs(3_600);

/// The links in SQLite.
#[derive(Clone)]
pub struct Links(Arc<Database>);

impl Links {
    /// The links of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Links for Links {
    async fn issue(&self, mail: AccountMail) -> Result<bool, PortError> {
        self.0.write(1, move |connection| issue(connection, &mail)).await
    }

    async fn peek(&self, kind: LinkKind, digest: String, now: Timestamp) -> Result<Option<User>, PortError> {
        self.0.read(move |connection| holder(connection, kind, &digest, now)).await
    }

    async fn reset(&self, digest: String, password_hash: String, now: Timestamp) -> Result<Option<User>, PortError> {
        self.0
            .write(1, move |connection| {
                let Some(found) = holder(connection, LinkKind::Reset, &digest, now)? else { return Ok(None) };
                connection
                    .prepare_cached("UPDATE users SET password_hash = ?2, email_verified = 1 WHERE id = ?1")?
                    .execute(params![found.id.to_string(), password_hash])?;
                end_of(connection, found.id)?;
                Ok(Some(User { email_verified: true, ..found }))
            })
            .await
    }

    async fn verify(&self, digest: String, now: Timestamp) -> Result<Option<User>, PortError> {
        self.0
            .write(1, move |connection| {
                let Some(found) = holder(connection, LinkKind::Verify, &digest, now)? else { return Ok(None) };
                vouch(connection, found.id)?;
                connection.prepare_cached("DELETE FROM links WHERE digest = ?1")?.execute([&digest])?;
                Ok(Some(User { email_verified: true, ..found }))
            })
            .await
    }

    async fn vouch(&self, user: UserId) -> Result<(), PortError> {
        self.0.write(1, move |connection| vouch(connection, user)).await
    }

    async fn end_of(&self, user: UserId) -> Result<(), PortError> {
        self.0.write(1, move |connection| end_of(connection, user)).await
    }

    async fn sweep(&self, now: Timestamp) -> Result<(), PortError> {
        self.0
            .write(1, move |connection| {
                connection.prepare_cached("DELETE FROM links WHERE expires_at <= ?1")?.execute([now.as_millis()])?;
                connection
                    .prepare_cached("DELETE FROM account_mails WHERE sent_at <= ?1")?
                    .execute([now.minus(HOUR).as_millis()])?;
                Ok(())
            })
            .await
    }
}

fn issue(connection: &Connection, mail: &AccountMail) -> Result<bool, Fault> {
    let AccountMail { user_id, link, per_hour, spacing, now } = mail;
    let owner = user_id.to_string();
    let kind = link.as_ref().map_or("", |link| link.kind.as_str());
    let (within_the_hour, too_soon): (i64, i64) = connection
        .prepare_cached(
            "SELECT count(*), count(*) FILTER (WHERE kind = ?3 AND sent_at > ?4)
             FROM account_mails WHERE user_id = ?1 AND sent_at > ?2",
        )?
        .query_row(params![owner, now.minus(HOUR).as_millis(), kind, now.minus(*spacing).as_millis()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    if within_the_hour >= i64::from(*per_hour) || too_soon > 0 {
        return Ok(false);
    }
    connection
        .prepare_cached("INSERT INTO account_mails (user_id, kind, sent_at) VALUES (?1, ?2, ?3)")?
        .execute(params![owner, kind, now.as_millis()])?;
    if let Some(link) = link {
        connection
            .prepare_cached(
                "INSERT INTO links (digest, kind, user_id, expires_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (user_id, kind) DO UPDATE SET digest = excluded.digest, expires_at = excluded.expires_at",
            )?
            .execute(params![link.digest, kind, owner, link.expires_at.as_millis()])?;
    }
    Ok(true)
}

/// Whose link it is, while it is good and the account is not shut.
fn holder(connection: &Connection, kind: LinkKind, digest: &str, now: Timestamp) -> Result<Option<User>, Fault> {
    let mut select =
        connection.prepare_cached("SELECT user_id FROM links WHERE digest = ?1 AND kind = ?2 AND expires_at > ?3")?;
    let mut rows = select.query(params![digest, kind.as_str(), now.as_millis()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let found = user(connection, row.get::<_, String>(0)?.parse()?)?;
    Ok(found.filter(|user| user.disabled_at.is_none()))
}

fn vouch(connection: &Connection, user: UserId) -> Result<(), Fault> {
    connection.prepare_cached("UPDATE users SET email_verified = 1 WHERE id = ?1")?.execute([user.to_string()])?;
    Ok(())
}

pub(super) fn end_of(connection: &Connection, user: UserId) -> Result<(), Fault> {
    connection.prepare_cached("DELETE FROM links WHERE user_id = ?1")?.execute([user.to_string()])?;
    Ok(())
}
