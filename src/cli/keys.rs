//! `tocsin keys`: the keys that sign access tokens, in the configured directory itself.

use std::time::Duration;

use clap::{Args, Subcommand};
use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::Clock as _;

use super::{Failure, GlobalOptions, print};
use crate::adapters::clock::SystemClock;
use crate::adapters::webhook::SigningKey;
use crate::app::signing_keys::{self, KeyLine, Rotation};

/// What to do with the keys.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the keys that sign and verify access tokens
    List,
    Rotate(Rotate),
    /// Show the key by which calls of webhooks are signed, for those who are called
    Webhook,
}

/// Make a new signing key, also while the server runs
///
/// It is published first and signs after auth.key_notice_minutes. The key before it verifies until its last token has
/// expired.
#[derive(Debug, Args)]
struct Rotate {
    /// Sign with it at once; whoever keeps a copy of the published keys may refuse tokens for a while
    #[arg(long)]
    now: bool,
    /// For a key that leaked: sign with it at once and remove all others, so that every access token made with them is
    /// refused; sign-ins go on, with the next refresh
    #[arg(long, conflicts_with = "now")]
    revoke: bool,
}

/// Runs the command.
pub(super) fn run(options: &GlobalOptions, arguments: &Arguments) -> Result<(), Failure> {
    let config = options.load()?;
    match &arguments.command {
        Command::Webhook => print(&format!("{}\n", SigningKey::shown(&config.auth.keys_dir)?)),
        Command::List => print(&table(&signing_keys::list(&config)?)),
        Command::Rotate(Rotate { now, revoke }) => {
            let how = match (revoke, now) {
                (true, _) => Rotation::Revoking,
                (false, true) => Rotation::Now,
                (false, false) => Rotation::Announced,
            };
            let (kid, start) = signing_keys::rotate(&config, how)?;
            print(&told(&kid, start, how, SystemClock.now()))
        }
    }
}

fn told(kid: &str, start: Timestamp, how: Rotation, now: Timestamp) -> String {
    if how == Rotation::Revoking {
        return format!("key {kid} signs now, and the others are gone; a running server follows within two seconds\n");
    }
    if start.since(now) == Duration::ZERO {
        return format!("key {kid} signs now\n");
    }
    format!("key {kid} is published and signs from {start}\n")
}

fn table(keys: &[KeyLine]) -> String {
    if keys.is_empty() {
        return "there are no keys yet; the server makes the first one when it starts\n".to_owned();
    }
    let mut text = format!("{:<43}  {:<9}  {:<24}  {}\n", "KID", "STATE", "SIGNS FROM", "VERIFIES UNTIL");
    for KeyLine { kid, state, start, until } in keys {
        let [start, until] = [start, until].map(|at| at.map_or_else(|| "-".to_owned(), |at| at.to_string()));
        text.push_str(&format!("{kid:<43}  {state:<9}  {start:<24}  {until}\n"));
    }
    text
}
