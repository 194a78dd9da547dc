//! The one place where adapters meet actors: build, run, drain.

pub mod bell;
pub mod stores;

pub use stores::Stores;

use std::io;

use slog::Logger;

use crate::config::Config;

/// Builds the server and runs it until it is told to stop.
///
/// # Errors
/// Whatever keeps it from starting.
pub async fn run(_config: Config, _logger: Logger) -> io::Result<()> {
    Err(io::Error::other("the server is not built yet; `tocsin config check` works"))
}
/// The store of documents, without a server around it.
pub fn documents(config: &Config) -> io::Result<std::sync::Arc<dyn tocsin_actors::ports::Documents>> {
    Ok(Stores::open(config, |_| {}).map_err(io::Error::other)?.documents)
}
