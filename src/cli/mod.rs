//! The command line: what all commands share, and which there are. A command a file.

mod config;
mod failure;
mod options;
mod serve;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use failure::Failure;
pub use options::GlobalOptions;

/// A self-hosted server that takes documents, watches the last minute, and rings when a line is crossed.
#[derive(Debug, Parser)]
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
}

/// Runs the command that the arguments of the process name. Bad usage ends the process with 2.
pub fn run() -> ExitCode {
    let Cli { global, command } = Cli::parse();
    let result = match command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(&global),
        Command::Config(arguments) => config::run(&global, &arguments),
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
