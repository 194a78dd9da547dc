//! Which server, and how to reach it.

use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

/// A mail server. Shown, it is host and port and no credential.
pub struct Server {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    connect_timeout: Duration,
}

enum Security {
    None,
    StartTls { required: bool, tls: TlsParameters },
    Implicit(TlsParameters),
}

impl Server {
    /// From an `smtp://` or `smtps://` URL, as [`crate::adapters::mail::from_url`] says.
    ///
    /// # Errors
    /// A sentence that says what is wrong and holds no credential.
    pub fn from_url(url: &str, timeout: Duration, ca_file: Option<&Path>) -> Result<Self, String> {
        if !url.starts_with("smtp://") && !url.starts_with("smtps://") {
            return Err("mail.url must begin with file://, smtp:// or smtps://".into());
        }
        // The parser's own words are about the URL and might repeat it.
        let url = Url::parse(url).map_err(|error| match error {
            url::ParseError::EmptyHost => "mail.url names no host".to_owned(),
            _ => "mail.url is not a URL; characters such as @ : / % in a password are written %40 %3A %2F %25".into(),
        })?;
        let host = match url.host() {
            Some(url::Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => return Err("mail.url names no host".into()),
        };
        let tls = || tls(&host, ca_file);
        let (security, usual_port) = match (url.scheme(), option(&url)?.as_deref()) {
            ("smtps", None) => (Security::Implicit(tls()?), 465),
            ("smtps", Some(_)) => return Err("mail.url: smtps:// takes no tls option".into()),
            (_, None) => (Security::None, 25),
            (_, Some("required")) => (Security::StartTls { required: true, tls: tls()? }, 587),
            (_, Some("opportunistic")) => (Security::StartTls { required: false, tls: tls()? }, 587),
            (_, Some(_)) => return Err("mail.url: tls must be required or opportunistic".into()),
        };
        let port = url.port().unwrap_or(usual_port);
        // A host with two addresses, of which the first does not answer, leaves time for the second.
        let connect_timeout = timeout / 2;
        Ok(Self { port, security, credentials: credentials(&url)?, connect_timeout, host })
    }

    /// A connection that is encrypted and signed in as configured.
    ///
    /// # Errors
    /// A sentence. It is never for good: what is refused here is us, and not a mail.
    pub(super) async fn connect(&self) -> Result<AsyncSmtpConnection, String> {
        let hello = ClientId::default();
        let implicit = match &self.security {
            Security::Implicit(tls) => Some(tls.clone()),
            _ => None,
        };
        let failed = |error| format!("cannot connect to the mail server {self}: {}", super::reason(&error));
        let mut connection = match implicit {
            // lettre keeps this socket to itself; see `open`.
            Some(tls) => {
                let address = (self.host.as_str(), self.port);
                AsyncSmtpConnection::connect_tokio1(address, Some(self.connect_timeout), &hello, Some(tls), None).await
            }
            None => {
                let stream = self.open().await;
                let stream = stream.map_err(|error| format!("cannot connect to the mail server {self}: {error}"))?;
                AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello).await
            }
        }
        .map_err(failed)?;
        if let Security::StartTls { required, tls } = &self.security
            && (*required || connection.can_starttls())
        {
            connection.starttls(tls.clone(), &hello).await.map_err(failed)?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await.map_err(|error| match error.status() {
                // Not the server's words: some repeat what they were sent.
                Some(code) => format!("the mail server {self} refused the user name or password ({code})"),
                None => failed(error),
            })?;
        }
        Ok(connection)
    }

    /// A socket that sends at once. lettre writes the end of a mail by itself; with Nagle's algorithm (RFC 1122,
    /// section 4.2.3.4) it would wait until the server acknowledges the rest, which may take it 40 ms and more.
    async fn open(&self) -> io::Result<TcpStream> {
        let mut failed = io::Error::other("the name has no address");
        for address in lookup_host((self.host.as_str(), self.port)).await? {
            match timeout(self.connect_timeout, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    stream.set_nodelay(true)?;
                    return Ok(stream);
                }
                Ok(Err(error)) => failed = error,
                Err(_) => failed = io::Error::new(io::ErrorKind::TimedOut, "connection timed out"),
            }
        }
        Err(failed)
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// The value of the one option there is.
fn option(url: &Url) -> Result<Option<String>, String> {
    let mut tls = None;
    for (name, value) in url.query_pairs() {
        if name != "tls" {
            return Err("mail.url knows no other option than tls".into());
        }
        tls = Some(value.into_owned());
    }
    Ok(tls)
}

fn credentials(url: &Url) -> Result<Option<Credentials>, String> {
    let decode = |text: &str| match percent_decode_str(text).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err("the user name and password in mail.url must be UTF-8 once % is decoded".to_owned()),
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        (_, None) => Err("mail.url has a user name but no password".into()),
        (user, Some(password)) => Ok(Some(Credentials::new(decode(user)?, decode(password)?))),
    }
}

fn tls(host: &str, ca_file: Option<&Path>) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(path) = ca_file {
        let shown = path.display();
        let pem = std::fs::read(path).map_err(|error| format!("cannot read the CA file {shown}: {error}"))?;
        let certificate = Certificate::from_pem(&pem).map_err(|_| format!("the CA file {shown} is not PEM"))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build_rustls().map_err(|error| format!("cannot prepare TLS for mail: {error}"))
}
