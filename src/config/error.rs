//! Why a configuration is refused: one line that names the key, where its value came from, and what to do.

use crate::telemetry::escape;

/// A configuration that cannot be used. Displays as one line without control characters and without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The key, or the file when a whole file cannot be read.
    pub subject: String,
    /// What is wrong.
    pub problem: String,
    /// Where the value came from; none when there is no value.
    pub source: Option<String>,
    /// What to do.
    pub remedy: String,
}

impl ConfigError {
    /// An error about a key that has a value.
    pub(super) fn new(subject: &str, problem: impl Into<String>, source: &str, remedy: impl Into<String>) -> Self {
        Self {
            subject: subject.to_owned(),
            problem: problem.into(),
            source: Some(source.to_owned()),
            remedy: remedy.into(),
        }
    }

    /// An error about something that is not there.
    pub(super) fn missing(subject: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { subject: subject.to_owned(), problem: problem.into(), source: None, remedy: remedy.into() }
    }
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let source = self.source.as_ref().map(|source| format!(" (from {source})")).unwrap_or_default();
        let line = format!("{}: {}{source}; {}", self.subject, self.problem, self.remedy);
        f.write_str(&escape::controls(&line))
    }
}

impl std::error::Error for ConfigError {}
