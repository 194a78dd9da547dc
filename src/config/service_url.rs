//! The address of a service we use: a database, a mail server, a directory.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::secret::Secret;
use crate::telemetry::redact;

/// A URL that may carry a user and a password. Shown with those masked.
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceUrl {
    scheme: Box<str>,
    text: Secret,
}

impl ServiceUrl {
    /// The scheme in lower case, for instance `smtp`.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The whole URL, credentials included, for the client that connects.
    pub fn expose(&self) -> &str {
        self.text.expose()
    }

    /// The path behind `file://` or `sqlite://`, relative or absolute; none for a service behind a network.
    pub fn path(&self) -> Option<&Path> {
        let (_, rest) = self.expose().split_once("://")?;
        is_path(&self.scheme).then(|| Path::new(rest))
    }
}

fn is_path(scheme: &str) -> bool {
    matches!(scheme, "file" | "sqlite")
}

impl FromStr for ServiceUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (scheme, rest) = text.split_once("://").ok_or("there is no `://` in it")?;
        let scheme = scheme.to_ascii_lowercase();
        let whole = rest.trim();
        if whole.is_empty() || whole.contains(char::is_control) {
            return Err("there is nothing usable behind the scheme");
        }
        if !is_path(&scheme) {
            check_authority(rest)?;
        }
        Ok(Self { scheme: scheme.into(), text: Secret::new(text) })
    }
}

/// A host, and a port between 1 and 65535 if there is one.
fn check_authority(rest: &str) -> Result<(), &'static str> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match host_and_port.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => host_and_port.split_once(':').map_or((host_and_port, None), |(host, port)| (host, Some(port))),
    };
    if host.is_empty() || host.contains(char::is_whitespace) {
        return Err("there is no host in it; a `/`, `?` or `#` in a password is written %2F, %3F, %23");
    }
    match port.map(str::parse::<u16>) {
        None => Ok(()),
        Some(Ok(port)) if port > 0 => Ok(()),
        Some(_) => Err("the port is not a number from 1 to 65535; a `/` in a password is written %2F"),
    }
}

impl fmt::Display for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redact::url(self.expose()))
    }
}

impl fmt::Debug for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_services_use() {
        for (text, scheme, path) in [
            ("file://./data/mail", "file", Some("./data/mail")),
            ("sqlite:///var/lib/tocsin/tocsin.db", "sqlite", Some("/var/lib/tocsin/tocsin.db")),
            ("SMTP://mail.example.com:2525", "smtp", None),
            ("smtp://[::1]:25", "smtp", None),
            ("smtps://user:p%40ss@mail.example.com", "smtps", None),
        ] {
            let url: ServiceUrl = text.parse().unwrap();
            assert_eq!((url.scheme(), url.path()), (scheme, path.map(Path::new)), "{text}");
            assert_eq!(url.expose(), text);
        }
    }

    #[test]
    fn refuses_what_no_client_could_use() {
        for text in
            ["mail.example.com", "smtp://", "smtp://:25", "smtp://h:0", "smtp://h:99999", "smtp://u:a/b@h", "file://"]
        {
            assert!(text.parse::<ServiceUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn never_shows_the_password() {
        let url: ServiceUrl = "smtp://ann:hunter2@mail.example.com:587".parse().unwrap();
        assert_eq!(format!("{url} {url:?}"), "smtp://***@mail.example.com:587 smtp://***@mail.example.com:587");
    }
}
