//! Which mailer a URL stands for.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tocsin_actors::ports::Mailer;

use super::{files, mime, smtp};

/// The mailer of `mail.url`:
///
/// | URL | mail |
/// | --- | --- |
/// | `file://<directory>` | is written there, an .eml file each; a relative directory counts from the working directory |
/// | `smtp://[user:password@]host[:25]` | goes out unencrypted |
/// | `smtp://…[:587]?tls=required` | goes out after STARTTLS, or not at all |
/// | `smtp://…[:587]?tls=opportunistic` | goes out after STARTTLS where the server offers it |
/// | `smtps://…[:465]` | goes out over TLS from the first byte |
///
/// `from` is an address or `Name <address>`. `timeout` is for one mail as a whole. `ca_file` holds PEM certificates of
/// authorities that are trusted beside those of the system.
///
/// # Errors
/// A sentence that says what is wrong and holds no credential.
pub fn from_url(url: &str, from: &str, timeout: Duration, ca_file: Option<&Path>) -> Result<Arc<dyn Mailer>, String> {
    let from = mime::sender(from)?;
    if let Some(directory) = directory(url) {
        return Ok(Arc::new(files::Mailer::new(directory, from)?));
    }
    let server = smtp::Server::from_url(url, timeout, ca_file)?;
    Ok(Arc::new(smtp::Mailer::new(server, from, timeout)))
}

/// The directory of a `file://` URL.
#[must_use]
pub fn directory(url: &str) -> Option<PathBuf> {
    url.strip_prefix("file://").filter(|path| !path.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn refused(url: &str, from: &str) -> String {
        from_url(url, from, Duration::from_secs(1), None).err().unwrap()
    }

    #[test]
    fn what_cannot_be_meant_is_refused_without_a_word_of_the_password() {
        let from = "tocsin@example.com";
        for (url, part) in [
            ("", "must begin with file://, smtp:// or smtps://"),
            ("http://user:hunter2@example.com", "must begin with file://, smtp:// or smtps://"),
            ("file://", "must begin with file://, smtp:// or smtps://"),
            ("smtp://", "names no host"),
            ("smtp://user:hunter2@", "names no host"),
            ("smtp://user:hunter2@example.com:70000", "is not a URL"),
            ("smtp://user:hunter2@example.com?tls=maybe", "tls must be required or opportunistic"),
            ("smtp://user:hunter2@example.com?ssl=hunter2", "knows no other option than tls"),
            ("smtps://user:hunter2@example.com?tls=required", "smtps:// takes no tls option"),
            ("smtp://user@example.com", "has a user name but no password"),
            ("smtp://user:%ff@example.com", "must be UTF-8"),
        ] {
            let error = refused(url, from);
            assert!(error.contains(part), "{url}: {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
        for from in ["", "nobody", "a@b\r\nBcc: c@d", "two@example.com, three@example.com"] {
            let error = refused("smtp://example.com", from);
            assert!(error.contains("must be an address"), "{from:?}: {error}");
        }
    }

    #[test]
    fn a_missing_ca_file_is_named() {
        let ca_file = Some(Path::new("no-such-ca.pem"));
        let error = from_url("smtps://example.com", "a@example.com", Duration::from_secs(1), ca_file).err().unwrap();
        assert!(error.contains("no-such-ca.pem"), "{error}");
    }
}
