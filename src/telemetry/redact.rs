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

/// A URL, or a path with its query, as it may be logged: user and password masked, and the values of secret parameters
/// in the query and the fragment.
pub fn url(url: &str) -> Cow<'_, str> {
    let (before_query, query) = match url.find(['?', '#']) {
        Some(at) => url.split_at(at),
        None => (url, ""),
    };
    // A password may hold `/`, `?` or `#` by mistake, so look for the last `@` of everything when there is a scheme.
    if let Some((scheme, rest)) = url.split_once("://")
        && let Some((_, host)) = rest.rsplit_once('@')
    {
        return Cow::Owned(format!("{scheme}://{MASK}@{}", self::url(host)));
    }
    if query.is_empty() {
        return Cow::Borrowed(url);
    }
    let mut redacted = before_query.to_owned();
    for parameter in query.split_inclusive(['?', '#', '&', ';']) {
        let (body, end) = match parameter.char_indices().next_back() {
            Some((at, '?' | '#' | '&' | ';')) => parameter.split_at(at),
            _ => (parameter, ""),
        };
        match body.split_once('=') {
            // An escaped name could hide one of ours: `%74oken` is `token`.
            Some((name, _)) if is_sensitive(name) || name.contains('%') => {
                redacted.extend([name, "=", MASK]);
            }
            _ => redacted.push_str(body),
        }
        redacted.push_str(end);
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
