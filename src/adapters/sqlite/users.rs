//! The accounts as those who look after them see them.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};
use tocsin_actors::domain::{ApiKeyId, Role, Timestamp, UserId};
use tocsin_actors::ports::{ListUsers, PortError, UserChange, UserChanged, UserRow};

use super::Database;
use super::accounts::user;
use super::fault::Fault;
use super::links;

/// The accounts in SQLite.
#[derive(Clone)]
pub struct Users(Arc<Database>);

impl Users {
    /// The accounts of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Users for Users {
    async fn list(&self, query: ListUsers) -> Result<Vec<UserRow>, PortError> {
        self.0.read(move |connection| list(connection, &query)).await
    }

    async fn get(&self, id: UserId) -> Result<Option<UserRow>, PortError> {
        self.0.read(move |connection| row(connection, id)).await
    }

    async fn change(&self, wanted: UserChange) -> Result<Option<UserChanged>, PortError> {
        self.0.write(4, move |connection| change(connection, &wanted)).await
    }
}

/// What is looked for is compared here: SQLite knows upper and lower case of ASCII only, and no index helps with the
/// middle of a word.
fn list(connection: &Connection, query: &ListUsers) -> Result<Vec<UserRow>, Fault> {
    let wanted = query.containing.to_lowercase();
    let mut select = connection.prepare_cached("SELECT id, email_folded, name FROM users WHERE id > ?1 ORDER BY id")?;
    let mut rows = select.query([query.after.map(|id| id.to_string()).unwrap_or_default()])?;
    let mut found = Vec::new();
    while let Some(candidate) = rows.next()? {
        if found.len() >= query.limit {
            break;
        }
        let (email, name): (String, String) = (candidate.get(1)?, candidate.get(2)?);
        if email.contains(&wanted) || name.to_lowercase().contains(&wanted) {
            found.extend(row(connection, candidate.get::<_, String>(0)?.parse()?)?);
        }
    }
    Ok(found)
}

fn row(connection: &Connection, id: UserId) -> Result<Option<UserRow>, Fault> {
    let Some(user) = user(connection, id)? else { return Ok(None) };
    let second_factor = connection
        .prepare_cached("SELECT 1 FROM second_factors WHERE user_id = ?1 AND enabled_at IS NOT NULL")?
        .exists([id.to_string()])?;
    Ok(Some(UserRow { user, second_factor }))
}

fn change(connection: &Connection, wanted: &UserChange) -> Result<Option<UserChanged>, Fault> {
    let UserChange { seen, role, disabled_at, takes_away } = wanted;
    let id = seen.id.to_string();
    let changed = connection
        .prepare_cached(
            "UPDATE users SET role = ?2, disabled_at = ?3
             WHERE id = ?1 AND role = ?4 AND (disabled_at IS NULL) = ?5",
        )?
        .execute(params![
            id,
            role.as_str(),
            disabled_at.map(Timestamp::as_millis),
            seen.role.as_str(),
            seen.disabled_at.is_none(),
        ])?;
    if changed == 0 {
        return Ok(None);
    }
    let was_owner = seen.role == Role::Owner && seen.disabled_at.is_none();
    if was_owner && !has_owner(connection)? {
        // What was changed above is undone with the error.
        return Err(PortError::Conflict("last_owner").into());
    }
    if *takes_away {
        links::end_of(connection, seen.id)?;
        connection.prepare_cached("DELETE FROM invitations WHERE invited_by = ?1")?.execute([&id])?;
    }
    let keys = keys_of(connection, &id)?;
    Ok(row(connection, seen.id)?.map(|row| UserChanged { row, keys }))
}

fn has_owner(connection: &Connection) -> Result<bool, Fault> {
    let mut select =
        connection.prepare_cached("SELECT 1 FROM users WHERE role = ?1 AND disabled_at IS NULL LIMIT 1")?;
    Ok(select.query_row([Role::Owner.as_str()], |_| Ok(())).optional()?.is_some())
}

fn keys_of(connection: &Connection, user: &str) -> Result<Vec<ApiKeyId>, Fault> {
    let mut select = connection.prepare_cached("SELECT id FROM api_keys WHERE user_id = ?1")?;
    let mut rows = select.query([user])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(row.get::<_, String>(0)?.parse()?);
    }
    Ok(found)
}
