//! `[redis]`: what several servers share.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::key::{Key, Shape, Unit, section};
use super::service_url::ServiceUrl;
use super::setting::from_text;

section! {
    /// What several servers share: who is signed in, who has tried how often, news, and the time. Without it, there is one server.
    Redis "redis" {
        /// The server, `redis://user:password@host:6379/0`, or `rediss://…` for TLS; unset keeps everything in the
        /// database and in memory. It must not evict keys: give it `maxmemory-policy noeviction`.
        url: Option<ServiceUrl> = Key::new("redis.url", Shape::Url(&["redis", "rediss"]));
        /// Connections that are kept open for commands; when all are taken, requests wait for redis.timeout_ms and then
        /// get 503 with Retry-After.
        connections: usize = Key::count("redis.connections", 1..=1_024).default("8");
        /// How long connecting may take.
        connect_timeout: Duration = Key::number("redis.connect_timeout_ms", 10..=60_000, Unit::Milliseconds).default("1000");
        /// How long a command may take, and how long it may wait for a connection.
        timeout: Duration = Key::number("redis.timeout_ms", 10..=60_000, Unit::Milliseconds).default("1000");
        /// What every key and channel begins with, so that others can use the same Redis.
        prefix: KeyPrefix = Key::new("redis.prefix", Shape::Text("up to 64 letters, digits and :._-, like tocsin:")).default("tocsin:");
        /// A PEM file with certificates to trust for Redis, instead of those of the system.
        ca_file: Option<PathBuf> = Key::new("redis.ca_file", Shape::Text("the path of a PEM file"));
    }
}

from_text!(KeyPrefix);

/// What names in a shared Redis begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPrefix(Box<str>);

impl FromStr for KeyPrefix {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = |c: char| c.is_ascii_alphanumeric() || ":._-".contains(c);
        if text.len() > 64 || !text.chars().all(known) {
            return Err("it has other characters, or more");
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for KeyPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_cannot_be_mistaken_for_a_pattern() {
        for text in ["tocsin:", "a.b_c-9:", "", &"x".repeat(64)] {
            assert_eq!(text.parse::<KeyPrefix>().unwrap().to_string(), text);
        }
        for text in ["a b", "a*", "ü", "[x]", &"x".repeat(65)] {
            assert!(text.parse::<KeyPrefix>().is_err(), "{text}");
        }
    }
}
