//! Who belongs to which room.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};
use tocsin_actors::domain::{Person, RoomName, Timestamp, UserId};
use tocsin_actors::ports::{Member, PortError};

use super::Database;
use super::fault::Fault;

/// Room membership in SQLite.
#[derive(Clone)]
pub struct Membership(Arc<Database>);

impl Membership {
    /// The membership of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Membership for Membership {
    async fn add(&self, room: RoomName, member: Member) -> Result<bool, PortError> {
        self.0.write(1, move |connection| add(connection, &room, &member)).await
    }

    async fn remove(&self, room: RoomName, user: UserId) -> Result<bool, PortError> {
        self.0
            .write(1, move |connection| {
                let mut delete = connection.prepare_cached(
                    "DELETE FROM room_members
                     WHERE room_id = (SELECT id FROM rooms WHERE name = ?1) AND user_id = ?2",
                )?;
                Ok(delete.execute([room.as_str(), &user.to_string()])? > 0)
            })
            .await
    }

    async fn has(&self, room: RoomName, user: UserId) -> Result<bool, PortError> {
        self.0.read(move |connection| has(connection, &room, user)).await
    }

    async fn members(&self, room: RoomName, limit: usize) -> Result<Vec<Member>, PortError> {
        self.0.read(move |connection| members(connection, &room, limit)).await
    }

    async fn rooms_of(&self, user: UserId, limit: usize) -> Result<Vec<RoomName>, PortError> {
        self.0.read(move |connection| rooms_of(connection, user, limit)).await
    }
}

fn add(connection: &Connection, room: &RoomName, member: &Member) -> Result<bool, Fault> {
    let is_known = has(connection, room, member.person.id)?;
    connection
        .prepare_cached(
            "INSERT INTO room_members (room_id, user_id, name, joined_at)
             SELECT id, ?2, ?3, ?4 FROM rooms WHERE name = ?1
             ON CONFLICT (room_id, user_id) DO UPDATE SET name = excluded.name",
        )?
        .execute(params![
            room.as_str(),
            member.person.id.to_string(),
            &*member.person.name,
            member.joined_at.as_millis()
        ])?;
    Ok(!is_known)
}

fn has(connection: &Connection, room: &RoomName, user: UserId) -> Result<bool, Fault> {
    let known = connection
        .prepare_cached(
            "SELECT 1 FROM room_members WHERE room_id = (SELECT id FROM rooms WHERE name = ?1) AND user_id = ?2",
        )?
        .query_row([room.as_str(), &user.to_string()], |_| Ok(()))
        .optional()?;
    Ok(known.is_some())
}

fn members(connection: &Connection, room: &RoomName, limit: usize) -> Result<Vec<Member>, Fault> {
    let mut select = connection.prepare_cached(
        "SELECT user_id, name, joined_at FROM room_members
         WHERE room_id = (SELECT id FROM rooms WHERE name = ?1) LIMIT ?2",
    )?;
    let mut rows = select.query(params![room.as_str(), i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let mut members = Vec::new();
    while let Some(row) = rows.next()? {
        let person = Person { id: row.get::<_, String>(0)?.parse()?, name: row.get::<_, String>(1)?.into() };
        members.push(Member { person, joined_at: Timestamp::clamped(row.get(2)?) });
    }
    Ok(members)
}

fn rooms_of(connection: &Connection, user: UserId, limit: usize) -> Result<Vec<RoomName>, Fault> {
    let mut select = connection.prepare_cached(
        "SELECT r.name FROM room_members m JOIN rooms r ON r.id = m.room_id
         WHERE m.user_id = ?1 ORDER BY r.name LIMIT ?2",
    )?;
    let mut rows = select.query(params![user.to_string(), i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let mut names = Vec::new();
    while let Some(row) = rows.next()? {
        names.push(RoomName::parse(&row.get::<_, String>(0)?)?);
    }
    Ok(names)
}
