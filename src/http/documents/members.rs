//! The members of one document: which are ours, and the text of all others.
//!
//! No value tree is built: `type`, `id` and `at` are looked at, every other field is carried over as the text that was
//! sent, so that numbers keep their digits.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use tocsin_actors::domain::{DocumentId, Timestamp};

use crate::http::json;

/// Keys that are compared one by one; beyond that a set is cheaper.
const FEW_KEYS: usize = 16;

/// The members of one object, by their text.
pub(super) struct Parts<'de> {
    pub(super) kind: Option<&'de str>,
    pub(super) id: Option<&'de str>,
    pub(super) at: Option<&'de str>,
    /// Every other member, as the text of an object.
    pub(super) fields: String,
    /// What is wrong: a key, and a sentence.
    pub(super) errors: Vec<(String, String)>,
}

/// Reads the members of the object that was begun.
pub(super) fn read<'de, A: MapAccess<'de>>(mut map: A) -> Result<Parts<'de>, A::Error> {
    let mut parts = Parts { kind: None, id: None, at: None, fields: String::from("{"), errors: Vec::new() };
    let mut keys = Keys::default();
    while let Some(key) = map.next_key_seed(Key)? {
        let raw: &'de RawValue = map.next_value()?;
        let value = raw.get();
        let slot = match key.as_ref() {
            "type" => Some(&mut parts.kind),
            "id" => Some(&mut parts.id),
            "at" => Some(&mut parts.at),
            _ => None,
        };
        match slot {
            // `null` is a way to leave `id` and `at` out; it is no type.
            Some(slot) => *slot = Some(value).filter(|value| key == "type" || *value != "null"),
            None => push_member(&mut parts.fields, key.clone(), value),
        }
        if let Some(twice) = keys.insert(key) {
            parts.errors.push((twice, "is there twice".to_owned()));
        }
    }
    parts.fields.push('}');
    Ok(parts)
}

fn push_member(fields: &mut String, key: Cow<'_, str>, value: &str) {
    if fields.len() > 1 {
        fields.push(',');
    }
    match key {
        // Borrowed from the body: it has nothing that needs an escape.
        Cow::Borrowed(key) => {
            fields.push('"');
            fields.push_str(key);
            fields.push('"');
        }
        Cow::Owned(key) => fields.push_str(&serde_json::Value::from(key).to_string()),
    }
    fields.push(':');
    // A line break can only stand between tokens; without it the fields fit on one line of NDJSON.
    if value.contains(['\n', '\r']) {
        json::compact(value, fields);
    } else {
        fields.push_str(value);
    }
}

/// The keys of an object so far.
#[derive(Default)]
struct Keys<'de> {
    few: Vec<Cow<'de, str>>,
    many: HashSet<Cow<'de, str>>,
}

impl<'de> Keys<'de> {
    /// Takes a key; gives it back when it was there.
    fn insert(&mut self, key: Cow<'de, str>) -> Option<String> {
        if self.few.contains(&key) || self.many.contains(&key) {
            return Some(key.into_owned());
        }
        if self.few.len() < FEW_KEYS {
            self.few.push(key);
        } else {
            self.many.insert(key);
        }
        None
    }
}

/// A key, borrowed where it has no escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

/// The text of a value that must be a string.
pub(super) fn string_of(raw: &str) -> Result<Cow<'_, str>, String> {
    match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => Ok(Cow::Borrowed(plain)),
        Some(_) => serde_json::from_str(raw).map(Cow::Owned).map_err(|_| "must be a valid string".to_owned()),
        None => Err("must be a string".to_owned()),
    }
}

/// The id of a value.
pub(super) fn id_of(raw: &str) -> Result<DocumentId, String> {
    DocumentId::parse(&string_of(raw)?).map_err(|invalid| invalid.to_string())
}

/// The time of a value.
pub(super) fn time_of(raw: &str) -> Result<Timestamp, String> {
    let time = if raw.starts_with('"') {
        Timestamp::parse_rfc3339(&string_of(raw)?)
    } else if let Ok(millis) = raw.parse::<i64>() {
        Timestamp::from_millis(millis)
    } else {
        return Err("must be an RFC 3339 text or a whole number of milliseconds since 1970".to_owned());
    };
    time.map_err(|invalid| invalid.to_string())
}
