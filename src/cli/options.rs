//! The options that every command has, and what they make of the configuration.

use std::path::PathBuf;

use clap::Args;

use super::Failure;
use crate::config::{Config, Profile, Sources};

/// Options of all commands.
#[derive(Debug, Args)]
pub struct GlobalOptions {
    /// Read one more configuration file, above those of the configuration directory
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Start from the defaults of this profile [default: development]
    #[arg(long, global = true, value_enum, env = "TOCSIN_PROFILE")]
    profile: Option<Profile>,
    /// Set a key of the configuration, above everything else; may be repeated
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = key_and_value)]
    set: Vec<(String, String)>,
}

impl GlobalOptions {
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
