//! The options that every command has, and what they make of the configuration.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, Command};

use super::Failure;
use crate::config::{Config, Profile, Sources};

/// Options of all commands. Not `Debug`, since a value may be secret.
#[derive(Args)]
pub struct GlobalOptions {
    /// Read one more configuration file, above those of the configuration directory
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Start from the defaults of this profile [default: development]
    #[arg(long, global = true, value_enum, env = "TOCSIN_PROFILE")]
    profile: Option<Profile>,
    /// Filled in by [`GlobalOptions::with_sets`].
    #[arg(skip)]
    set: Vec<(String, String)>,
}

const SET: &str = "set";

/// Gives a command and those below it the option `--set`. Not a global option of clap's: of those given both before and
/// after the name of a command, it keeps only the later ones.
pub(super) fn accept_sets(command: Command) -> Command {
    let set = Arg::new(SET)
        .long("set")
        .value_name("KEY=VALUE")
        .value_parser(key_and_value)
        .action(ArgAction::Append)
        .help("Set a key of the configuration, above everything else; may be repeated");
    command.arg(set).mut_subcommands(accept_sets)
}

fn sets(matches: &ArgMatches) -> Vec<(String, String)> {
    let own = matches.get_many(SET).into_iter().flatten().cloned();
    let below = matches.subcommand().map(|(_, inner)| sets(inner)).unwrap_or_default();
    own.chain(below).collect()
}

impl GlobalOptions {
    /// Adds what was given with `--set`, in the order in which it was given.
    pub(super) fn with_sets(mut self, matches: &ArgMatches) -> Self {
        self.set = sets(matches);
        self
    }

    /// Loads the configuration from the files, the environment and these options.
    ///
    /// # Errors
    /// When the configuration cannot be used.
    pub fn load(&self) -> Result<Config, Failure> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
            .filter(|(name, _)| name.starts_with("TOCSIN__"))
            .collect();
        let sources = Sources {
            profile: self.profile.unwrap_or_default(),
            config_dir: Some(config_dir()?),
            file: self.config.clone(),
            environment,
            sets: self.set.clone(),
        };
        Ok(Config::load(&sources)?)
    }
}

/// `./config`, which may be missing, or what `TOCSIN_CONFIG_DIR` names, which may not.
fn config_dir() -> Result<PathBuf, Failure> {
    match std::env::var_os("TOCSIN_CONFIG_DIR").filter(|dir| !dir.is_empty()) {
        None => Ok(PathBuf::from("config")),
        Some(dir) => {
            let dir = PathBuf::from(dir);
            if dir.is_dir() {
                return Ok(dir);
            }
            Err(Failure::new(format!("TOCSIN_CONFIG_DIR: {} is not a directory; name one or unset it", dir.display())))
        }
    }
}

fn key_and_value(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.to_owned())),
        _ => Err("write it as key=value, for instance server.bind=127.0.0.1:9000"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_add_up_before_and_after_the_command() {
        let command = accept_sets(Command::new("t").subcommand(Command::new("a").subcommand(Command::new("b"))));
        let matches =
            command.get_matches_from(["t", "--set", "x=1", "--set=y=2=3", "a", "--set", "x=4", "b", "--set", "z="]);
        let given: Vec<_> = sets(&matches).into_iter().map(|(key, value)| format!("{key}:{value}")).collect();
        assert_eq!(given, ["x:1", "y:2=3", "x:4", "z:"]);
    }

    #[test]
    fn a_set_without_a_value_is_bad_usage() {
        for text in ["server.bind", "=1", " =1"] {
            assert!(key_and_value(text).is_err(), "{text}");
        }
    }
}
