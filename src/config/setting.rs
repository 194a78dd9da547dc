//! From a value without a type to the type of a field, and back to something that may be shown.

use std::fmt::Display;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use config::ValueKind;

use super::key::{Key, Shape, Unit};
use super::secret::Secret;
use super::service_url::ServiceUrl;
use crate::telemetry::redact;

/// A type that a field of a section may have.
pub(super) trait FromSetting: Sized {
    /// The typed value, or what is wrong with it.
    fn from_setting(value: &ValueKind, key: &Key) -> Result<Self, String>;

    /// What stands for a key that nobody set and that has no default; none if there must be a value.
    fn absent() -> Option<Self> {
        None
    }
}

impl<T: FromSetting> FromSetting for Option<T> {
    fn from_setting(value: &ValueKind, key: &Key) -> Result<Self, String> {
        T::from_setting(value, key).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// A size in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(u64);

impl ByteSize {
    /// In bytes.
    pub fn bytes(self) -> u64 {
        self.0
    }

    /// In bytes, as a length in memory.
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// A value as it may stand in an error or in `config print`: secrets masked.
pub(super) fn shown(key: &Key, value: &ValueKind) -> String {
    match (key.shape, value) {
        (Shape::Secret, _) => redact::MASK.to_owned(),
        (Shape::Url(_), ValueKind::String(text)) => format!("\"{}\"", redact::url(text)),
        // A URL in a list is still a URL with its password.
        (Shape::Url(_), _) => "a value of another type".to_owned(),
        (Shape::SecretTables(_), ValueKind::Array(_)) => without_secrets(to_toml(value)).to_string(),
        (Shape::SecretTables(_), _) => redact::MASK.to_owned(),
        // TOML would write a text of many lines, or one with quotation marks, in other forms.
        (_, ValueKind::String(text)) => serde_json::Value::from(text.as_str()).to_string(),
        (_, other) => to_toml(other).to_string(),
    }
}

/// A value as it may stand in an error: secrets masked, and no longer than a line should be.
pub(super) fn shown_briefly(key: &Key, value: &ValueKind) -> String {
    const MAX_CHARS: usize = 100;
    let text = shown(key, value);
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// The value as TOML, which is also how it is shown.
pub(super) fn to_toml(value: &ValueKind) -> toml::Value {
    match value {
        ValueKind::Nil => toml::Value::String(String::new()),
        ValueKind::Boolean(truth) => toml::Value::Boolean(*truth),
        ValueKind::I64(number) => toml::Value::Integer(*number),
        ValueKind::Float(number) => toml::Value::Float(*number),
        ValueKind::String(text) => toml::Value::String(text.clone()),
        ValueKind::Array(list) => toml::Value::Array(list.iter().map(|entry| to_toml(&entry.kind)).collect()),
        ValueKind::Table(table) => {
            toml::Value::Table(table.iter().map(|(name, entry)| (name.clone(), to_toml(&entry.kind))).collect())
        }
        wide => toml::Value::String(wide.to_string()),
    }
}

/// Masks the fields of tables whose names say that they are secret.
pub(super) fn without_secrets(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::Array(list) => toml::Value::Array(list.into_iter().map(without_secrets).collect()),
        toml::Value::Table(table) => {
            let masked = table.into_iter().map(|(name, value)| {
                let secret = redact::is_sensitive(&name);
                let value = if secret { toml::Value::String(redact::MASK.to_owned()) } else { without_secrets(value) };
                (name, value)
            });
            toml::Value::Table(masked.collect())
        }
        other => other,
    }
}

fn not_expected(value: &ValueKind, key: &Key) -> String {
    format!("{} is not {}", shown_briefly(key, value), key.shape.expected())
}

fn text<'v>(value: &'v ValueKind, key: &Key) -> Result<&'v str, String> {
    match value {
        ValueKind::String(text) => Ok(text),
        other => Err(not_expected(other, key)),
    }
}

/// Text that a type parses; its own words for what is wrong are kept.
pub(super) fn parsed<T>(value: &ValueKind, key: &Key) -> Result<T, String>
where
    T: FromStr,
    T::Err: Display,
{
    text(value, key)?.parse().map_err(|reason| format!("{}: {reason}", not_expected(value, key)))
}

/// Gives a type that parses from text its place among the field types.
macro_rules! from_text {
    ($($type:ty),+ $(,)?) => {
        $(impl $crate::config::setting::FromSetting for $type {
            fn from_setting(value: &::config::ValueKind, key: &$crate::config::key::Key) -> Result<Self, String> {
                $crate::config::setting::parsed(value, key)
            }
        })+
    };
}
pub(super) use from_text;

from_text!(SocketAddr);

/// A list of texts, each parsed.
impl<T> FromSetting for Vec<T>
where
    T: FromStr,
    T::Err: Display,
{
    fn from_setting(value: &ValueKind, key: &Key) -> Result<Self, String> {
        let ValueKind::Array(list) = value else {
            return Err(not_expected(value, key));
        };
        list.iter().map(|entry| parsed(&entry.kind, key)).collect()
    }
}

impl FromSetting for PathBuf {
    fn from_setting(value: &ValueKind, key: &Key) -> Result<Self, String> {
        match text(value, key)? {
            "" => Err("is empty".to_owned()),
            path => Ok(Self::from(path)),
        }
    }
}

impl FromSetting for Secret {
    fn from_setting(value: &ValueKind, key: &Key) -> Result<Self, String> {
        match text(value, key)? {
            "" => Err("is empty".to_owned()),
            secret => Ok(Self::new(secret)),
        }
    }
}

impl FromSetting for ServiceUrl {
    fn from_setting(value: &ValueKind, key: &Key) -> Result<Self, String> {
        let url: Self = parsed(value, key)?;
        match key.shape {
            Shape::Url(schemes) if !schemes.contains(&url.scheme()) => Err(not_expected(value, key)),
            _ => Ok(url),
        }
    }
}

fn integer(value: &ValueKind, key: &Key) -> Result<(u64, Unit), String> {
    match (key.shape, value) {
        (Shape::Integer { min, max, unit }, ValueKind::I64(number)) if (min..=max).contains(number) => {
            let number = u64::try_from(*number).map_err(|_| not_expected(value, key))?;
            Ok((number, unit))
        }
        _ => Err(not_expected(value, key)),
    }
}

macro_rules! from_integer {
    ($($type:ty),+) => {
        $(impl FromSetting for $type {
            fn from_setting(value: &ValueKind, key: &Key) -> Result<Self, String> {
                let (number, _) = integer(value, key)?;
                Self::try_from(number).map_err(|_| not_expected(value, key))
            }
        })+
    };
}
from_integer!(u8, u32, u64, usize);

impl FromSetting for Duration {
    fn from_setting(value: &ValueKind, key: &Key) -> Result<Self, String> {
        let (number, unit) = integer(value, key)?;
        match unit {
            Unit::Milliseconds => Ok(Self::from_millis(number)),
            Unit::Seconds => Ok(Self::from_secs(number)),
            Unit::Minutes => Ok(Self::from_secs(number * 60)),
            Unit::Hours => Ok(Self::from_secs(number * 3_600)),
            Unit::Days => Ok(Self::from_secs(number * 86_400)),
            Unit::One | Unit::KiB | Unit::MiB => Err("is not described as a time".to_owned()),
        }
    }
}

impl FromSetting for ByteSize {
    fn from_setting(value: &ValueKind, key: &Key) -> Result<Self, String> {
        let (number, unit) = integer(value, key)?;
        match unit {
            Unit::KiB => Ok(Self(number << 10)),
            Unit::MiB => Ok(Self(number << 20)),
            _ => Err("is not described as a size".to_owned()),
        }
    }
}
