//! `[log]`: what the server writes about itself.

use std::str::FromStr;

use slog::Level;

use super::key::{Key, Shape, section};
use super::setting::from_text;

section! {
    /// What the server writes about itself, to standard output.
    Log "log" {
        /// How much is written: a level (error, warn, info, debug, trace), also by module, for instance
        /// `info,actix_server=warn`.
        level: LogFilter =
            Key::new("log.level", Shape::Text("a level, or levels by module like info,actix_server=warn"))
            .default("info").test("warn");
        /// Lines for people, or one JSON object a line.
        format: LogFormat = Key::new("log.format", Shape::Choice(&["text", "json"])).default("json").local("text");
        /// Lines that may wait to be written; when it is full, lines are dropped, counted, and the count is written.
        queue: usize = Key::count("log.queue", 16..=1_000_000).default("8192");
    }
}

/// The form of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("unknown word"),
        }
    }
}

/// Which lines are written: a level for all, and others for some modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFilter {
    default: Level,
    targets: Vec<(String, Level)>,
}

impl LogFilter {
    /// Everything up to a level.
    pub fn up_to(level: Level) -> Self {
        Self { default: level, targets: Vec::new() }
    }

    /// Whether a line of this level and module is written. The longest module path that fits decides.
    pub fn allows(&self, level: Level, target: &str) -> bool {
        let fits = |path: &str| target.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
        let nearest = self.targets.iter().filter(|(path, _)| fits(path)).max_by_key(|(path, _)| path.len());
        level.is_at_least(nearest.map_or(self.default, |(_, level)| *level))
    }

    /// The finest level that any module may write.
    pub fn finest(&self) -> Level {
        let all = self.targets.iter().map(|(_, level)| *level).chain([self.default]);
        all.max_by_key(|level| level.as_usize()).unwrap_or(self.default)
    }
}

fn level(word: &str) -> Result<Level, String> {
    match word {
        "error" => Ok(Level::Error),
        "warn" => Ok(Level::Warning),
        "info" => Ok(Level::Info),
        "debug" => Ok(Level::Debug),
        "trace" => Ok(Level::Trace),
        other => Err(format!("{other:?} is not error, warn, info, debug or trace")),
    }
}

impl FromStr for LogFilter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut default = None;
        let mut targets = Vec::new();
        for part in text.split(',').map(str::trim) {
            match part.split_once('=') {
                Some((path, word)) if !path.trim().is_empty() => {
                    targets.push((path.trim().to_owned(), level(word.trim())?));
                }
                Some(_) => return Err("there is no module before the `=`".to_owned()),
                None if default.is_none() => default = Some(level(part)?),
                None => return Err("there are two levels for all".to_owned()),
            }
        }
        Ok(Self { default: default.unwrap_or(Level::Info), targets })
    }
}

from_text!(LogFilter, LogFormat);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_path_decides() {
        let filter: LogFilter = "info, actix_server=warn,tocsin::http=debug,tocsin::http::ws=error".parse().unwrap();
        for (level, target, allowed) in [
            (Level::Info, "tocsin::app", true),
            (Level::Debug, "tocsin::app", false),
            (Level::Info, "actix_server::worker", false),
            (Level::Warning, "actix_server::worker", true),
            (Level::Info, "actix_server_extra", true),
            (Level::Debug, "tocsin::http", true),
            (Level::Debug, "tocsin::http::ws", false),
            (Level::Error, "tocsin::http::ws::codec", true),
        ] {
            assert_eq!(filter.allows(level, target), allowed, "{level} {target}");
        }
        assert_eq!(filter.finest(), Level::Debug);
        assert_eq!("a=trace".parse::<LogFilter>().unwrap().default, Level::Info);
    }

    #[test]
    fn refuses_what_is_no_level() {
        for text in ["", "loud", "info,debug", "=info", "a=loud", "INFO "] {
            assert!(text.parse::<LogFilter>().is_err(), "{text}");
        }
    }
}
