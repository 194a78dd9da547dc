//! Leases, and writes that only their holder may do.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};
use tocsin_actors::ports::{Lease, PortError};

use super::Database;
use super::fault::Fault;

/// The leases in SQLite.
#[derive(Clone)]
pub struct Leases(Arc<Database>);

impl Leases {
    /// The leases of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Leases for Leases {
    async fn look(&self, name: &'static str) -> Result<Lease, PortError> {
        self.0.read(move |connection| look(connection, name)).await
    }

    async fn claim(&self, name: &'static str, holder: &str, expired: Option<u64>) -> Result<Lease, PortError> {
        let holder = holder.to_owned();
        self.0.write(1, move |connection| claim(connection, name, &holder, expired)).await
    }

    async fn release(&self, name: &'static str, holder: &str) -> Result<bool, PortError> {
        let holder = holder.to_owned();
        self.0
            .write(1, move |connection| {
                let released = connection
                    .prepare_cached("UPDATE leases SET holder = NULL, turn = turn + 1 WHERE name = ?1 AND holder = ?2")?
                    .execute([name, &holder])?;
                Ok(released > 0)
            })
            .await
    }
}

fn look(connection: &Connection, name: &str) -> Result<Lease, Fault> {
    let lease = connection
        .prepare_cached("SELECT holder, turn FROM leases WHERE name = ?1")?
        .query_row([name], |row| Ok(Lease { holder: row.get(0)?, turn: row.get::<_, i64>(1)?.cast_unsigned() }))
        .optional()?;
    Ok(lease.unwrap_or_default())
}

fn claim(connection: &Connection, name: &str, holder: &str, expired: Option<u64>) -> Result<Lease, Fault> {
    connection
        .prepare_cached(
            "INSERT INTO leases (name, holder, turn) VALUES (?1, ?2, 1)
             ON CONFLICT (name) DO UPDATE SET holder = ?2, turn = turn + 1
             WHERE holder IS NULL OR holder = ?2 OR turn = ?3",
        )?
        .execute(params![name, holder, expired.map(u64::cast_signed)])?;
    look(connection, name)
}

/// Who writes, where only the holder of a lease may: asked in the transaction of each write, so that a server that was
/// frozen and comes back too late changes nothing.
#[derive(Debug, Clone)]
pub struct Fence {
    /// Which lease.
    pub lease: &'static str,
    /// Who has to have it.
    pub holder: String,
}

impl Fence {
    /// Whether the holder has it now.
    pub(super) fn is_open(&self, connection: &Connection) -> Result<bool, Fault> {
        Ok(look(connection, self.lease)?.holder.as_ref() == Some(&self.holder))
    }

    /// [`PortError::Conflict`] with [`tocsin_actors::ports::LEASE_LOST`] when not.
    pub(super) fn pass(&self, connection: &Connection) -> Result<(), Fault> {
        match self.is_open(connection)? {
            true => Ok(()),
            false => Err(PortError::Conflict(tocsin_actors::ports::LEASE_LOST).into()),
        }
    }
}
