//! The configuration: layered, checked, and every value knows its source.
//!
//! Built-in defaults < `default.toml` < `<profile>.toml` < `--config FILE` < `TOCSIN__…` < `--set`. A key is described
//! once, in the file of its section; reading, checking, `config print` and `docs/configuration.md` follow from that.

mod alerts;
mod auth;
mod chat;
mod check;
mod data_dir;
mod database;
mod error;
mod exports;
mod key;
mod layer;
mod limits;
mod log;
mod mail;
mod network;
mod oauth;
mod profile;
mod redis;
mod render;
mod secret;
mod server;
mod service_url;
mod setting;
mod settings;
mod storage;
mod web_origin;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

pub use alerts::{Alerts, DefaultRule};
pub use auth::{Auth, EmailVerification, Registration};
pub use chat::Chat;
pub use data_dir::DataDir;
pub use database::Database;
pub use error::ConfigError;
pub use exports::Exports;
pub use key::{Key, Section, Shape, Unit};
pub use layer::Sources;
pub use limits::Limits;
pub use log::{Log, LogFilter, LogFormat};
pub use mail::Mail;
pub use network::Network;
pub use oauth::{OAuth, Provider, ProviderKind, ReturnTo};
pub use profile::Profile;
pub use redis::Redis;
pub use render::documentation;
pub use secret::Secret;
pub use server::Server;
pub use service_url::ServiceUrl;
pub use setting::ByteSize;
pub use settings::Settings;
pub use storage::{Links, PathStyle, Region, Storage};
pub use web_origin::WebOrigin;

/// Every section, in the order in which they are shown.
const SECTIONS: &[Section] = &[
    data_dir::DataDir::SECTION,
    Server::SECTION,
    Database::SECTION,
    Redis::SECTION,
    Storage::SECTION,
    Mail::SECTION,
    Auth::SECTION,
    OAuth::SECTION,
    Limits::SECTION,
    Alerts::SECTION,
    Chat::SECTION,
    Exports::SECTION,
    Log::SECTION,
];

/// The whole configuration, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// The profile it was loaded for.
    pub profile: Profile,
    /// The directory for everything the server writes.
    pub data_dir: PathBuf,
    /// Listening, proxies and stopping.
    pub server: Server,
    /// Where records are kept.
    pub database: Database,
    /// What several servers share.
    pub redis: Redis,
    /// Where exported files are kept.
    pub storage: Storage,
    /// How mail is sent.
    pub mail: Mail,
    /// Accounts, passwords and tokens.
    pub auth: Auth,
    /// Providers of sign-ins.
    pub oauth: OAuth,
    /// How much anybody may ask for.
    pub limits: Limits,
    /// What is watched, and how live it is shown.
    pub alerts: Alerts,
    /// Rooms, and what goes on in them.
    pub chat: Chat,
    /// Files of documents.
    pub exports: Exports,
    /// What the server writes about itself.
    pub log: Log,
    settings: Settings,
}

impl Config {
    /// Loads and checks the configuration.
    ///
    /// # Errors
    /// The first thing that is wrong: an unknown key, a wrong type, a value out of range, or one that is missing.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let settings = Settings::resolve(sources, SECTIONS)?;
        let config = Self {
            profile: sources.profile,
            data_dir: data_dir::DataDir::read(&settings)?.data_dir,
            server: Server::read(&settings)?,
            database: Database::read(&settings)?,
            redis: Redis::read(&settings)?,
            storage: Storage::read(&settings)?,
            mail: Mail::read(&settings)?,
            auth: Auth::read(&settings)?,
            oauth: OAuth::read(&settings)?,
            limits: Limits::read(&settings)?,
            alerts: Alerts::read(&settings)?,
            chat: Chat::read(&settings)?,
            exports: Exports::read(&settings)?,
            log: Log::read(&settings)?,
            settings,
        };
        check::check(&config)?;
        Ok(config)
    }

    /// The configuration of a test: the profile `test`, its data in a directory of its own, and what else it sets.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn for_test(data_dir: &Path, sets: &[(&str, &str)]) -> Result<Self, ConfigError> {
        let own = [("data_dir".to_owned(), data_dir.display().to_string())];
        let more = sets.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self::load(&Sources {
            profile: Profile::Test,
            sets: own.into_iter().chain(more).collect(),
            ..Sources::default()
        })
    }

    /// The resolved values, each with its source.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The origin under which the server is reached, once it listens on `bound`: what was set, or else that address.
    pub fn public_url(&self, bound: SocketAddr) -> WebOrigin {
        if self.settings.is_derived("server.public_url") {
            WebOrigin::of_address(bound)
        } else {
            self.server.configured_public_url.clone()
        }
    }
}

#[cfg(test)]
mod tests;
