//! Why a command failed.

use std::fmt;

use crate::config::ConfigError;
use crate::telemetry::escape;

/// One line that says what to do; the process ends with 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(String);

impl Failure {
    /// A failure in words.
    pub fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self(format!("configuration: {error}"))
    }
}

impl From<String> for Failure {
    fn from(line: String) -> Self {
        Self(line)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape::controls(&self.0))
    }
}

impl std::error::Error for Failure {}
