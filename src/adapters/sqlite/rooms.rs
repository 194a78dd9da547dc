//! Rooms, and up to where people have read in them.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, Params, Row, ffi, params};
use tocsin_actors::domain::{History, Room, RoomKind, RoomName, RoomSummary, Timestamp, UserId};
use tocsin_actors::ports::{ListRooms, PortError, ReadRoom};

use super::Database;
use super::fault::{Fault, broke};

/// The rooms in SQLite.
#[derive(Clone)]
pub struct Rooms(Arc<Database>);

impl Rooms {
    /// The rooms of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Rooms for Rooms {
    async fn create(&self, room: Room, at_most: u64) -> Result<(), PortError> {
        self.0.write(1, move |connection| create(connection, &room, at_most)).await
    }

    async fn direct(&self, room: Room) -> Result<(Room, bool), PortError> {
        self.0.write(1, move |connection| direct(connection, &room)).await
    }

    async fn get(&self, name: RoomName) -> Result<Option<Room>, PortError> {
        self.0.read(move |connection| get(connection, &name)).await
    }

    async fn several(&self, names: Vec<RoomName>) -> Result<Vec<Room>, PortError> {
        self.0
            .read(move |connection| {
                let names: Vec<&str> = names.iter().map(RoomName::as_str).collect();
                let names = serde_json::Value::from(names).to_string();
                select(connection, "WHERE name IN (SELECT value FROM json_each(?1))", [names])
            })
            .await
    }

    async fn list(&self, query: ListRooms) -> Result<Vec<Room>, PortError> {
        self.0.read(move |connection| list(connection, &query)).await
    }

    async fn read_by(&self, reader: UserId, names: Vec<RoomName>) -> Result<Vec<ReadRoom>, PortError> {
        self.0
            .read(move |connection| {
                let found = names.iter().map(|name| read_room(connection, name, reader));
                Ok(found.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
            })
            .await
    }

    async fn set_topic(&self, name: RoomName, topic: String) -> Result<bool, PortError> {
        self.0
            .write(1, move |connection| {
                let mut update = connection.prepare_cached("UPDATE rooms SET topic = ?2 WHERE name = ?1")?;
                Ok(update.execute([name.as_str(), &topic])? > 0)
            })
            .await
    }

    async fn mark_read(&self, name: RoomName, reader: UserId, seq: u64) -> Result<u64, PortError> {
        self.0.write(1, move |connection| mark_read(connection, &name, reader, seq)).await
    }

    async fn read_mark(&self, name: RoomName, reader: UserId) -> Result<u64, PortError> {
        self.0.read(move |connection| read_mark(connection, &name, reader)).await
    }
}

pub(super) const COUNT_GROUPS: &str = "SELECT count(*) FROM rooms WHERE first IS NULL";
pub(super) const GROUPS_AFTER: &str = "WHERE name > ?1 AND first IS NULL ORDER BY name";
const COLUMNS: &str = "name, topic, history, created_by, created_at, epoch, seq, first, second";

fn insert(connection: &Connection, room: &Room) -> rusqlite::Result<usize> {
    let (first, second) = match room.kind {
        RoomKind::Group => (None, None),
        RoomKind::Direct(first, second) => (Some(first.to_string()), Some(second.to_string())),
    };
    connection
        .prepare_cached(
            "INSERT INTO rooms (name, topic, history, created_by, created_at, epoch, seq, first, second)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            room.name.as_str(),
            room.topic,
            room.history.as_str(),
            room.created_by.map(|by| by.to_string()),
            room.created_at.as_millis(),
            room.epoch.to_string(),
            signed(room.seq),
            first,
            second,
        ])
}

fn create(connection: &Connection, room: &Room, at_most: u64) -> Result<(), Fault> {
    let groups: i64 = connection.prepare_cached(COUNT_GROUPS)?.query_row([], |row| row.get(0))?;
    match insert(connection, room) {
        Err(error) if broke(&error, ffi::SQLITE_CONSTRAINT_UNIQUE) => Err(PortError::Conflict("room_exists").into()),
        Err(error) => Err(error.into()),
        // Undone with the error.
        Ok(_) if unsigned(groups) >= at_most => Err(PortError::Conflict("too_many_rooms").into()),
        Ok(_) => Ok(()),
    }
}

fn direct(connection: &Connection, room: &Room) -> Result<(Room, bool), Fault> {
    let RoomKind::Direct(first, second) = room.kind else {
        return Err(PortError::Failed("a direct room needs its two".into()).into());
    };
    let pair = [first.to_string(), second.to_string()];
    if let Some(known) = select(connection, "WHERE first = ?1 AND second = ?2", pair)?.pop() {
        return Ok((known, false));
    }
    insert(connection, room)?;
    Ok((room.clone(), true))
}

fn get(connection: &Connection, name: &RoomName) -> Result<Option<Room>, Fault> {
    Ok(select(connection, "WHERE name = ?1", [name.as_str()])?.pop())
}

fn select(connection: &Connection, which: &str, parameters: impl Params) -> Result<Vec<Room>, Fault> {
    let mut select = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM rooms {which}"))?;
    let mut rows = select.query(parameters)?;
    let mut rooms = Vec::new();
    while let Some(row) = rows.next()? {
        rooms.push(from_row(row)?);
    }
    Ok(rooms)
}

fn from_row(row: &Row<'_>) -> Result<Room, Fault> {
    let text = |column: usize| row.get::<_, String>(column);
    let kind = match (row.get::<_, Option<String>>(7)?, row.get::<_, Option<String>>(8)?) {
        (Some(first), Some(second)) => RoomKind::direct(first.parse()?, second.parse()?),
        _ => RoomKind::Group,
    };
    Ok(Room {
        name: RoomName::parse(&text(0)?)?,
        kind,
        topic: text(1)?,
        history: History::parse(&text(2)?)?,
        created_by: row.get::<_, Option<String>>(3)?.map(|by| by.parse()).transpose()?,
        created_at: Timestamp::clamped(row.get(4)?),
        epoch: text(5)?.parse()?,
        seq: unsigned(row.get(6)?),
    })
}

/// What is looked for is compared here: SQLite knows upper and lower case of ASCII only, and no index helps with the
/// middle of a word.
fn list(connection: &Connection, query: &ListRooms) -> Result<Vec<Room>, Fault> {
    let wanted = query.containing.to_lowercase();
    let mut select = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM rooms {GROUPS_AFTER}"))?;
    let mut rows = select.query([query.after.as_ref().map_or("", RoomName::as_str)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if found.len() >= query.limit {
            break;
        }
        let room = from_row(row)?;
        if room.name.as_str().contains(&wanted) || room.topic.to_lowercase().contains(&wanted) {
            found.push(room);
        }
    }
    Ok(found)
}

fn read_room(connection: &Connection, name: &RoomName, reader: UserId) -> Result<Option<ReadRoom>, Fault> {
    let Some(room) = get(connection, name)? else { return Ok(None) };
    let read_seq = read_mark(connection, name, reader)?;
    let unread: i64 = connection
        .prepare_cached(
            "SELECT count(*) FROM (
                 SELECT 1 FROM room_messages m JOIN rooms r ON r.id = m.room_id
                 WHERE r.name = ?1 AND m.seq > ?2 AND m.deleted = 0 AND m.author_id <> ?3 LIMIT ?4)",
        )?
        .query_row(
            params![name.as_str(), signed(read_seq), reader.to_string(), signed(RoomSummary::UNREAD_MAX)],
            |row| row.get(0),
        )?;
    let last_at: Option<i64> = connection
        .prepare_cached(
            "SELECT m.at FROM room_messages m JOIN rooms r ON r.id = m.room_id
             WHERE r.name = ?1 ORDER BY m.seq DESC LIMIT 1",
        )?
        .query_row([name.as_str()], |row| row.get(0))
        .optional()?;
    Ok(Some(ReadRoom { room, read_seq, unread: unsigned(unread), last_at: last_at.map(Timestamp::clamped) }))
}

fn mark_read(connection: &Connection, name: &RoomName, reader: UserId, seq: u64) -> Result<u64, Fault> {
    connection
        .prepare_cached(
            "INSERT INTO room_marks (room_id, user_id, seq) SELECT id, ?2, ?3 FROM rooms WHERE name = ?1
             ON CONFLICT (room_id, user_id) DO UPDATE SET seq = max(seq, excluded.seq)",
        )?
        .execute(params![name.as_str(), reader.to_string(), signed(seq)])?;
    read_mark(connection, name, reader)
}

fn read_mark(connection: &Connection, name: &RoomName, reader: UserId) -> Result<u64, Fault> {
    let mut select = connection.prepare_cached(
        "SELECT seq FROM room_marks WHERE room_id = (SELECT id FROM rooms WHERE name = ?1) AND user_id = ?2",
    )?;
    let seq: Option<i64> = select.query_row([name.as_str(), &reader.to_string()], |row| row.get(0)).optional()?;
    Ok(unsigned(seq.unwrap_or(0)))
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
