//! Which field of a document is meant, and what it holds.

use std::fmt;
use std::sync::Arc;

use super::{Decimal, Invalid};

/// A field of a document: `amount`, or by a path, `customer.city`. In lists, `items.0.price`; a point that belongs to
/// a name is written `\.`, a backslash `\\`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath {
    text: Arc<str>,
    names: Arc<[String]>,
}

impl FieldPath {
    /// The longest path, in bytes.
    pub const MAX_BYTES: usize = 256;
    /// The deepest, in names.
    pub const MAX_NAMES: usize = 16;

    /// Checks and takes a path.
    ///
    /// # Errors
    /// When a name in it is empty, or it is too long or too deep.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() > Self::MAX_BYTES {
            return Err(Invalid(format!("must be at most {} bytes", Self::MAX_BYTES)));
        }
        let mut names = vec![String::new()];
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            let literal = match character {
                '.' => {
                    names.push(String::new());
                    continue;
                }
                '\\' => characters
                    .next()
                    .filter(|next| matches!(next, '.' | '\\'))
                    .ok_or_else(|| Invalid("must have a point or a backslash after a backslash: \\. or \\\\".into()))?,
                other => other,
            };
            if let Some(name) = names.last_mut() {
                name.push(literal);
            }
        }
        if names.iter().any(String::is_empty) {
            return Err(Invalid("must be a name such as amount, or names with points between them".into()));
        }
        if names.len() > Self::MAX_NAMES {
            return Err(Invalid(format!("must be at most {} names deep", Self::MAX_NAMES)));
        }
        Ok(Self { text: text.into(), names: names.into() })
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The names, from the outside in.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What a field holds, as far as rules care.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scalar {
    /// `null`, or there is no such field.
    Nothing,
    /// `true` or `false`.
    Bool(bool),
    /// A number that can be summed.
    Number(Decimal),
    /// A text.
    Text(String),
    /// A list, an object, or a number that is too large.
    Other,
}

impl Scalar {
    /// From the JSON text of a value.
    #[must_use]
    pub fn of_json(json: &str) -> Self {
        match json.as_bytes().first() {
            Some(b'n') => Self::Nothing,
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'"') => serde_json::from_str(json).map_or(Self::Other, Self::Text),
            Some(b'-' | b'0'..=b'9') => Decimal::parse(json).map_or(Self::Other, Self::Number),
            _ => Self::Other,
        }
    }

    /// As JSON again.
    #[must_use]
    pub fn to_json(&self) -> String {
        match self {
            Self::Nothing | Self::Other => "null".to_owned(),
            Self::Bool(is) => is.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
        }
    }

    /// As the name of a group: the text itself, anything else as JSON writes it.
    #[must_use]
    pub fn to_group(&self) -> Option<String> {
        match self {
            Self::Nothing | Self::Other => None,
            Self::Text(text) => Some(text.clone()),
            other => Some(other.to_json()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_names_with_points_between() {
        for (text, names) in [
            ("amount", &["amount"][..]),
            ("customer.city", &["customer", "city"]),
            ("items.0.price", &["items", "0", "price"]),
            (r"a\.b.c\\d", &["a.b", r"c\d"]),
            ("größe 漢", &["größe 漢"]),
        ] {
            assert_eq!(FieldPath::parse(text).unwrap().names(), names, "{text}");
        }
        let deep = vec!["a"; 17].join(".");
        for text in ["", ".", "a.", ".a", "a..b", r"a\", r"a\n", &"x".repeat(257), &deep] {
            assert!(FieldPath::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn values_are_what_json_says() {
        for (json, scalar, back, group) in [
            ("null", Scalar::Nothing, "null", None),
            ("true", Scalar::Bool(true), "true", Some("true")),
            ("1e2", Scalar::Number(Decimal::parse("100").unwrap()), "100", Some("100")),
            (r#""a\u00e9\n""#, Scalar::Text("aé\n".into()), r#""aé\n""#, Some("aé\n")),
            ("[1]", Scalar::Other, "null", None),
            ("1e300", Scalar::Other, "null", None),
        ] {
            assert_eq!(Scalar::of_json(json), scalar, "{json}");
            assert_eq!(scalar.to_json(), back, "{json}");
            assert_eq!(scalar.to_group().as_deref(), group, "{json}");
        }
    }
}
