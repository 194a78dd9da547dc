//! `tocsin config`: check or show the configuration.

use clap::{Args, Subcommand, ValueEnum};

use super::{Failure, GlobalOptions, print};
use crate::config::documentation;

/// What to do with the configuration.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say whether the configuration can be used, or what is wrong with it
    Check,
    /// Show every value and where it came from, secrets masked
    Print {
        /// How to show it
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Write docs/configuration.md
    #[command(hide = true)]
    Docs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// One `key = value   # source` a line
    Text,
    /// One JSON object
    Json,
}

/// Runs the command.
pub(super) fn run(options: &GlobalOptions, arguments: &Arguments) -> Result<(), Failure> {
    match arguments.command {
        Command::Check => {
            let config = options.load()?;
            print(&format!("configuration ok (profile {})\n", config.profile))
        }
        Command::Print { format: Format::Text } => print(&options.load()?.settings().to_text()),
        Command::Print { format: Format::Json } => print(&format!("{:#}\n", options.load()?.settings().to_json())),
        Command::Docs => print(&documentation()),
    }
}
