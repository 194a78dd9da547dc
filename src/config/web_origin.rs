//! A web origin: scheme, host and port, and nothing behind them (RFC 6454 §4).

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use actix_web::http::Uri;

/// For instance `https://tocsin.example.com` or `http://127.0.0.1:8080`; written without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebOrigin {
    https: bool,
    host: String,
    port: Option<u16>,
}

impl WebOrigin {
    /// The origin of a plain-http server on this address; an unspecified address is shown as loopback.
    pub fn of_address(address: std::net::SocketAddr) -> Self {
        let host = match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => "127.0.0.1".to_owned(),
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) if ip.is_unspecified() => "[::1]".to_owned(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        Self { https: false, host, port: Some(address.port()).filter(|port| *port != 80) }
    }

    /// Whether it begins with `https`.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// The host, in lower case; an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether only this machine can reach it.
    pub fn is_loopback(&self) -> bool {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        self.host == "localhost"
            || self.host.ends_with(".localhost")
            || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

impl FromStr for WebOrigin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| "not a URL")?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("the scheme is neither https nor http"),
        };
        let authority = uri.authority().ok_or("there is no host")?;
        if authority.as_str().contains('@') {
            return Err("user and password do not belong here");
        }
        if uri.path() != "/" || uri.query().is_some() || text.contains('#') {
            return Err("a path does not belong here");
        }
        let usual = if https { 443 } else { 80 };
        let port = authority.port_u16().filter(|port| *port != usual);
        if authority.host().is_empty() || (authority.port().is_none() && authority.as_str().ends_with(':')) {
            return Err("there is no host or no port");
        }
        Ok(Self { https, host: authority.host().to_ascii_lowercase(), port })
    }
}

impl fmt::Display for WebOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_origins() {
        for (text, shown, loopback) in [
            ("https://Tocsin.Example.com/", "https://tocsin.example.com", false),
            ("https://a.example:443", "https://a.example", false),
            ("https://a.example:8443", "https://a.example:8443", false),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", true),
            ("http://[::1]:8080", "http://[::1]:8080", true),
            ("http://tocsin.localhost", "http://tocsin.localhost", true),
            ("http://localhost.example.com", "http://localhost.example.com", false),
        ] {
            let origin: WebOrigin = text.parse().unwrap();
            assert_eq!((origin.to_string().as_str(), origin.is_loopback()), (shown, loopback), "{text}");
        }
        for text in [
            "a.example",
            "ftp://a",
            "https://a/b",
            "https://a?x",
            "https://a#f",
            "https://u:p@a",
            "https://",
            "https://a:",
        ] {
            assert!(text.parse::<WebOrigin>().is_err(), "{text}");
        }
    }

    #[test]
    fn of_an_address() {
        for (address, shown) in [
            ("0.0.0.0:8080", "http://127.0.0.1:8080"),
            ("[::]:80", "http://[::1]"),
            ("192.0.2.1:1", "http://192.0.2.1:1"),
        ] {
            assert_eq!(WebOrigin::of_address(address.parse().unwrap()).to_string(), shown);
        }
    }
}
