//! The profile: which set of defaults a process starts from.

use std::fmt;

/// Where the server runs. Chosen by `--profile` or `TOCSIN_PROFILE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Profile {
    /// On the desk of a developer: everything works without being set.
    #[default]
    Development,
    /// For others: what must be kept or reached has to be set.
    Production,
    /// Under a test: a free port, cheap hashes.
    Test,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 3] = [Self::Development, Self::Production, Self::Test];

    /// The name, as in `config/<name>.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
            Self::Test => "test",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
