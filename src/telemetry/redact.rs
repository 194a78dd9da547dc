//! What must not reach a log: the values of headers, of query parameters, and the user and password in a URL.

use std::borrow::Cow;

/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// Parts of names whose values are secret. A name that merely contains one is masked too: too much beats too little.
const SENSITIVE: [&str; 12] =
    ["token", "ticket", "key", "password", "passwd", "secret", "auth", "cookie", "session", "sig", "credential", "otp"];

/// Names that are secret as they stand: the parameters of a sign-in redirect (RFC 6749 §4.1.2).
const SENSITIVE_EXACT: [&str; 3] = ["code", "state", "sid"];

/// Whether a header or parameter of this name holds a secret.
pub fn is_sensitive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SENSITIVE.iter().any(|part| name.contains(part)) || SENSITIVE_EXACT.contains(&name.as_str())
}

/// A header's value as it may be logged.
pub fn header<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if is_sensitive(name) { Cow::Borrowed(MASK) } else { Cow::Borrowed(value) }
}

/// A URL, or a path with its query, as it may be logged: user and password masked, and the values of secret parameters.
pub fn url(url: &str) -> Cow<'_, str> {
    // A password may hold `/`, `?` or `#` by mistake, so everything up to the last `@` counts as user and password.
    match url.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => match rest.rsplit_once('@') {
            Some((_, host)) => Cow::Owned(format!("{scheme}://{MASK}@{}", parameters(host))),
            None => parameters(url),
        },
        _ => parameters(url),
    }
}

/// RFC 3986 §3.1.
fn is_scheme(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

/// Masks the values of secret `name=value` parts, in the query and anywhere else.
fn parameters(text: &str) -> Cow<'_, str> {
    const ENDS: [char; 4] = ['?', '#', '&', ';'];
    if !text.contains('=') {
        return Cow::Borrowed(text);
    }
    let mut redacted = String::with_capacity(text.len());
    for part in text.split_inclusive(ENDS) {
        let body = part.strip_suffix(ENDS).unwrap_or(part);
        match body.split_once('=') {
            // An escaped name could hide one of ours: `%74oken` is `token`.
            Some((name, _)) if is_sensitive(name) || name.contains('%') => redacted.extend([name, "=", MASK]),
            Some((name, value)) if value.contains("://") => redacted.extend([name, "=", &url(value)]),
            _ => redacted.push_str(body),
        }
        redacted.extend(part.chars().next_back().filter(|c| ENDS.contains(c)));
    }
    Cow::Owned(redacted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_urls() {
        for (given, expected) in [
            ("/api/v1/documents?type=error&limit=5", "/api/v1/documents?type=error&limit=5"),
            ("/ws/alerts?ticket=abc", "/ws/alerts?ticket=***"),
            ("/x?a=1&access_token=t.t.t&b=2#id_token=q", "/x?a=1&access_token=***&b=2#id_token=***"),
            ("/cb?code=1&state=2;API_KEY=3", "/cb?code=***&state=***;API_KEY=***"),
            ("/x?%74oken=abc", "/x?%74oken=***"),
            ("/x?flag&token", "/x?flag&token"),
            ("/x?token=abc&next=http://h/@y", "/x?token=***&next=http://***@y"),
            ("https://h/x?email=a@b.c&token=abc", "https://***@b.c&token=***"),
            ("/x?next=http://u:p@h", "/x?next=http://***@h"),
            ("/x/token=abc", "/x/token=***"),
            ("smtp://user:pass@mail:587", "smtp://***@mail:587"),
            ("postgres://u:p@h/db?sslmode=require&password=x", "postgres://***@h/db?sslmode=require&password=***"),
            ("smtp://u:a/b?c#d@e@mail", "smtp://***@mail"),
            ("sqlite://./data/tocsin.db", "sqlite://./data/tocsin.db"),
        ] {
            assert_eq!(url(given), expected);
        }
    }

    #[test]
    fn masks_headers() {
        for (name, value, expected) in [
            ("Authorization", "Bearer x", MASK),
            ("cookie", "a=b", MASK),
            ("Set-Cookie", "a=b", MASK),
            ("X-Api-Key", "tcs_x", MASK),
            ("Proxy-Authorization", "Basic x", MASK),
            ("Accept", "text/html", "text/html"),
        ] {
            assert_eq!(header(name, value), expected, "{name}");
        }
    }
}
