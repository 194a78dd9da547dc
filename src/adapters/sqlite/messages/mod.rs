//! What is said in rooms.

mod reading;
mod writing;

#[cfg(test)]
pub(super) use self::writing::FORGET_EDITS;

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _};
use tocsin_actors::domain::{ChatMessage, RoomName};
use tocsin_actors::ports::{Missed, Page, PortError, Write, Written};

use super::Database;
use super::fault::Fault;

/// The messages in SQLite.
#[derive(Clone)]
pub struct Messages(Arc<Database>);

impl Messages {
    /// The messages of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Messages for Messages {
    async fn write(&self, room: RoomName, writes: Vec<Write>) -> Result<Option<Vec<Written>>, PortError> {
        self.0.write(writes.len(), move |connection| writing::write(connection, &room, &writes)).await
    }

    async fn page(&self, room: RoomName, page: Page, limit: usize) -> Result<Vec<ChatMessage>, PortError> {
        self.0.read(move |connection| reading::page(connection, &room, page, limit)).await
    }

    async fn missed(&self, room: RoomName, after: u64, upto: u64, limit: usize) -> Result<Option<Missed>, PortError> {
        self.0.read(move |connection| reading::missed(connection, &room, after, upto, limit)).await
    }
}

/// The row of a room, and its last number.
fn room(connection: &Connection, name: &RoomName) -> Result<Option<(i64, i64)>, Fault> {
    let mut select = connection.prepare_cached("SELECT id, seq FROM rooms WHERE name = ?1")?;
    Ok(select.query_row([name.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}
