//! The command line: what all commands share, and which there are. A command a file.

mod client;
mod config;
mod demo;
mod export;
mod failure;
mod keys;
mod options;
mod progress;
mod seed;
mod send;
mod serve;
mod user;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use failure::Failure;
pub use options::GlobalOptions;

use crate::app;
use crate::config::Config;

/// A self-hosted server that takes documents, watches the last minute, and rings when a line is crossed.
#[derive(Parser)]
#[command(name = "tocsin", version)]
struct Cli {
    #[command(flatten)]
    global: GlobalOptions,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (the default)
    Serve,
    /// Check or show the configuration
    Config(config::Arguments),
    Send(send::Send),
    Demo(demo::Demo),
    Seed(seed::Seed),
    Export(Box<export::Export>),
    /// Manage the keys that sign access tokens, and show the one that signs calls of webhooks
    Keys(keys::Arguments),
    /// Manage accounts
    User(user::Arguments),
}

/// Runs the command that the arguments of the process name. Bad usage ends the process with 2.
pub fn run() -> ExitCode {
    let matches = options::accept_sets(Cli::command()).get_matches();
    let Cli { global, command } = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let global = global.with_sets(&matches);
    let result = match command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(&global),
        Command::Config(arguments) => config::run(&global, &arguments),
        Command::Send(send) => with_config(&global, async |config| send.run(&config).await),
        Command::Demo(demo) => with_config(&global, async |config| demo.run(&config).await),
        Command::Seed(seed) => with_config(&global, async |config| seed.run(app::documents(&config)?).await),
        Command::Export(export) => {
            let run = async |config: Config| {
                export.run(&*app::snapshots(&config)?, app::exports::bounds_alone(&config.exports))
            };
            with_config(&global, run)
        }
        Command::Keys(arguments) => keys::run(&global, &arguments),
        Command::User(user) => with_config(&global, async |config| user.run(&config).await),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody is left to tell when standard error is closed.
            _ = writeln!(std::io::stderr().lock(), "tocsin: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Loads the configuration and runs a command that waits for things.
fn with_config(
    global: &GlobalOptions,
    command: impl AsyncFnOnce(Config) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let config = global.load()?;
    actix_rt::System::new().block_on(command(config))
}

/// Writes to standard output. A reader that has gone away, as `head` does, is no failure.
///
/// # Errors
/// When it cannot be written for another reason.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_do_not_contradict_each_other() {
        options::accept_sets(Cli::command()).debug_assert();
    }
}
