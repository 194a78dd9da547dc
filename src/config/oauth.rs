//! `[oauth]`: providers of sign-ins.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use config::{Value, ValueKind};
use url::Url;

use super::key::{Key, Shape, section};
use super::secret::Secret;
use super::setting::FromSetting;

section! {
    /// Signing in by accounts elsewhere (OAuth 2.0, OpenID Connect). Each provider is told the callback
    /// `<server.public_url>/api/v1/auth/oauth/<id>/callback`. It works for browsers that open the server under that
    /// origin: `localhost` and `127.0.0.1` are two.
    OAuth "oauth" {
        /// The providers, in the order of the sign-in page. `kind` is `google`, `github` or `oidc`; `issuer` is the URL
        /// of an `oidc` provider, `base_url` that of a GitHub Enterprise Server; `name` stands on the button and
        /// `scopes` are what is asked for, both with a usual value.
        providers: Vec<Provider> =
            Key::new("oauth.providers", Shape::SecretTables(PROVIDER_FIELDS)).default("[]");
        /// Where a browser may be sent after signing in, beside `/`; compared as they are written.
        return_to: Vec<ReturnTo> =
            Key::new("oauth.return_to", Shape::List("paths such as /keys, or URLs")).default("");
    }
}

const PROVIDER_FIELDS: &str =
    "providers, each with id, kind, client_id, client_secret, and issuer where the kind is oidc";
const GOOGLE: &str = "https://accounts.google.com";
const GITHUB: &str = "https://github.com";

/// A provider of sign-ins.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its short name, in paths; unique.
    pub id: String,
    /// For its button.
    pub name: String,
    /// What it speaks.
    pub kind: ProviderKind,
    /// How it knows us.
    pub client_id: String,
    /// How we prove it.
    pub client_secret: Secret,
    /// What is asked for; empty for what is usual.
    pub scopes: Vec<String>,
}

/// What a provider speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderKind {
    /// OpenID Connect, found by its issuer.
    OpenId {
        /// The issuer's URL.
        issuer: String,
    },
    /// GitHub's own.
    GitHub {
        /// The address of an Enterprise Server; `None` for github.com.
        base_url: Option<String>,
    },
}

impl FromSetting for Vec<Provider> {
    fn from_setting(value: &ValueKind, _: &Key) -> Result<Self, String> {
        let ValueKind::Array(list) = value else {
            return Err("is not a list of tables".to_owned());
        };
        let mut providers: Self = Self::new();
        for (index, entry) in list.iter().enumerate() {
            let place = |problem: String| format!("provider {}: {problem}", index + 1);
            let provider = read(entry).map_err(place)?;
            if providers.iter().any(|other| other.id == provider.id) {
                return Err(place(format!("the id {} is taken by an earlier one", provider.id)));
            }
            providers.push(provider);
        }
        Ok(providers)
    }
}

/// By hand, because an error of a library would quote what it cannot read, and that may be the secret.
fn read(entry: &Value) -> Result<Provider, String> {
    let ValueKind::Table(table) = &entry.kind else { return Err("is not a table".to_owned()) };
    let mut fields: BTreeMap<&str, &ValueKind> = table.iter().map(|(name, value)| (&**name, &value.kind)).collect();
    let mut text = |name: &str| match fields.remove(name) {
        None => Ok(None),
        Some(ValueKind::String(text)) if !text.trim().is_empty() => Ok(Some(text.clone())),
        Some(_) => Err(format!("{name} is not a text with something in it")),
    };
    let (id, kind, name) = (text("id")?, text("kind")?, text("name")?);
    let (client_id, client_secret) = (text("client_id")?, text("client_secret")?);
    let (issuer, base_url) = (text("issuer")?, text("base_url")?);
    let scopes = scopes(fields.remove("scopes"))?;
    if let Some(unknown) = fields.keys().next() {
        return Err(format!("{unknown} is not known"));
    }
    let id = id.filter(|id| is_id(id)).ok_or("id is not 1 to 32 of a-z 0-9 -")?;
    let (kind, usual_name) = kind_of(kind.as_deref(), issuer, base_url, &id)?;
    Ok(Provider {
        name: name.unwrap_or(usual_name),
        id,
        kind,
        client_id: client_id.ok_or("client_id is missing")?,
        client_secret: Secret::new(&client_secret.ok_or("client_secret is missing")?),
        scopes,
    })
}

fn kind_of(
    kind: Option<&str>,
    issuer: Option<String>,
    base_url: Option<String>,
    id: &str,
) -> Result<(ProviderKind, String), String> {
    match (kind, issuer, base_url) {
        (Some("google"), None, None) => Ok((ProviderKind::OpenId { issuer: GOOGLE.to_owned() }, "Google".to_owned())),
        (Some("oidc"), Some(issuer), None) => {
            Ok((ProviderKind::OpenId { issuer: address("issuer", issuer)? }, id.to_owned()))
        }
        (Some("oidc"), None, _) => Err("issuer is missing".to_owned()),
        (Some("github"), None, base_url) => {
            let base_url = base_url.filter(|url| url.trim_end_matches('/') != GITHUB);
            let base_url = base_url.map(|url| address("base_url", url)).transpose()?;
            Ok((ProviderKind::GitHub { base_url }, "GitHub".to_owned()))
        }
        (Some("google" | "github"), Some(_), _) => Err("issuer belongs to the kind oidc".to_owned()),
        (Some("google" | "oidc"), _, Some(_)) => Err("base_url belongs to the kind github".to_owned()),
        _ => Err("kind is not google, github or oidc".to_owned()),
    }
}

fn is_id(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn scopes(value: Option<&ValueKind>) -> Result<Vec<String>, String> {
    // RFC 6749, section 3.3.
    let is_scope =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
    let entries = match value {
        None => return Ok(Vec::new()),
        Some(ValueKind::Array(entries)) => entries,
        Some(_) => return Err("scopes is not a list of texts".to_owned()),
    };
    let scope = |entry: &Value| match &entry.kind {
        ValueKind::String(text) if is_scope(text) => Ok(text.clone()),
        _ => Err("scopes is not a list of scopes".to_owned()),
    };
    entries.iter().map(scope).collect()
}

/// An https URL; plain http only on this machine, because our secret and people's names travel there.
fn address(field: &str, text: String) -> Result<String, String> {
    let url = Url::parse(&text).map_err(|_| format!("{field} is not a URL"))?;
    if !is_secure(&url) {
        return Err(format!("{field} is not an https URL"));
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(format!("{field} has more than host and path"));
    }
    Ok(text)
}

fn is_secure(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_local)
}

/// Where a browser may be sent: a path of ours, or a whole URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTo(String);

impl FromStr for ReturnTo {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') {
            return Err("there are characters in it that no URL has");
        }
        // Two slashes would name a host.
        let is_path = text.starts_with('/') && !text.starts_with("//");
        let is_url = Url::parse(text).is_ok_and(|url| is_secure(&url) && url.username().is_empty());
        if is_path || is_url { Ok(Self(text.to_owned())) } else { Err("it is neither a path nor an https URL") }
    }
}

impl fmt::Display for ReturnTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Profile, Sources};
    use super::*;

    const SECRET: &str = "hunter2-hunter2";

    fn load(providers: &str) -> Result<Config, String> {
        let sets = vec![("oauth.providers".to_owned(), providers.to_owned())];
        Config::load(&Sources { profile: Profile::Test, sets, ..Sources::default() }).map_err(|error| error.to_string())
    }

    fn provider(fields: &str) -> String {
        format!("[{{ client_id = 'us', client_secret = '{SECRET}', {fields} }}]")
    }

    #[test]
    fn several_at_once() {
        let config = load(
            "[{ id = 'google', kind = 'google', client_id = 'a', client_secret = 'hunter2-hunter2' },
              { id = 'hub', kind = 'github', client_id = 'b', client_secret = 'hunter2-hunter2', base_url = 'https://git.example.org' },
              { id = 'house', kind = 'oidc', name = 'Our house', client_id = 'c', client_secret = 'hunter2-hunter2', issuer = 'https://id.example.org', scopes = ['openid', 'email'] }]",
        )
        .unwrap();
        let found: Vec<(&str, &str)> = config.oauth.providers.iter().map(|p| (&*p.id, &*p.name)).collect();
        assert_eq!(found, [("google", "Google"), ("hub", "GitHub"), ("house", "Our house")]);
        assert_eq!(config.oauth.providers[0].kind, ProviderKind::OpenId { issuer: GOOGLE.to_owned() });
        assert_eq!(config.oauth.providers[2].scopes, ["openid", "email"]);
        for shown in [config.settings().to_text(), config.settings().to_json().to_string(), format!("{config:?}")] {
            assert!(!shown.contains("hunter2"), "{shown}");
        }
        assert!(config.settings().to_text().contains("id.example.org"), "what is no secret is shown");
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        for (fields, expected) in [
            ("kind = 'google'", "id is not"),
            ("id = 'A', kind = 'google'", "id is not"),
            ("id = 'a'", "kind is not"),
            ("id = 'a', kind = 'saml'", "kind is not"),
            ("id = 'a', kind = 'oidc'", "issuer is missing"),
            ("id = 'a', kind = 'oidc', issuer = 'id.example.org'", "issuer is not a URL"),
            ("id = 'a', kind = 'oidc', issuer = 'http://id.example.org'", "issuer is not an https URL"),
            ("id = 'a', kind = 'oidc', issuer = 'https://id.example.org?x=1'", "more than host and path"),
            ("id = 'a', kind = 'google', issuer = 'https://id.example.org'", "belongs to the kind oidc"),
            ("id = 'a', kind = 'google', base_url = 'https://id.example.org'", "belongs to the kind github"),
            ("id = 'a', kind = 'google', colour = 'red'", "colour is not known"),
            ("id = 'a', kind = 'google', scopes = ['a b']", "scopes is not"),
            ("id = 'a', kind = 'google', name = 7", "name is not a text"),
        ] {
            let error = load(&provider(fields)).unwrap_err();
            assert!(error.contains(expected) && !error.contains("hunter2"), "{error}");
        }
        for text in
            [SECRET.to_owned(), format!("{{ client_secret = '{SECRET}' }}"), format!("[{{ client_secret = '{SECRET}'")]
        {
            let error = load(&text).unwrap_err();
            assert!(error.starts_with("oauth.providers: ") && !error.contains("hunter2"), "{error}");
        }
        let twice = provider("id = 'a', kind = 'google'")
            .replace("}]", "}, { id = 'a', kind = 'github', client_id = 'x', client_secret = 'y' }]");
        assert!(load(&twice).unwrap_err().contains("taken by an earlier one"));
    }

    #[test]
    fn where_browsers_may_be_sent() {
        for good in ["/keys", "/a?b=c", "https://app.example.org/done", "http://127.0.0.1:5173/"] {
            assert_eq!(good.parse::<ReturnTo>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "keys",
            "//evil.example.org",
            "/\\evil.example.org",
            "http://app.example.org/",
            "javascript:alert(1)",
            "/a b",
            "https://u@evil.example.org/",
        ] {
            assert!(bad.parse::<ReturnTo>().is_err(), "{bad}");
        }
    }
}
