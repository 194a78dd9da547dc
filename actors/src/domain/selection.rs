//! Which documents a rule or an export takes: by type, and by what their fields hold.

use super::{DocumentType, FieldPath, Invalid, RuleSource, Scalar};

/// How a field stands to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// The same value of the same kind; a field that is not there equals `null`.
    Equal,
    /// Not [`Operator::Equal`]: also where the field is not there.
    NotEqual,
    /// A greater number, or a text that comes later.
    Greater,
    /// Greater or the same.
    GreaterOrEqual,
    /// A smaller number, or a text that comes earlier.
    Less,
    /// Smaller or the same.
    LessOrEqual,
    /// The same as one of several.
    In,
    /// A text with this text in it.
    Contains,
    /// With `true`: there, and not `null`; with `false`: neither.
    Exists,
}

impl Operator {
    const WORDS: [(&'static str, Self); 17] = [
        ("=", Self::Equal),
        ("!=", Self::NotEqual),
        (">", Self::Greater),
        (">=", Self::GreaterOrEqual),
        ("<", Self::Less),
        ("<=", Self::LessOrEqual),
        ("in", Self::In),
        ("contains", Self::Contains),
        ("exists", Self::Exists),
        // What people also write.
        ("==", Self::Equal),
        ("eq", Self::Equal),
        ("ne", Self::NotEqual),
        ("gt", Self::Greater),
        ("gte", Self::GreaterOrEqual),
        ("lt", Self::Less),
        ("lte", Self::LessOrEqual),
        ("<>", Self::NotEqual),
    ];

    /// From the word of the API.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let known = Self::WORDS.iter().find(|(word, _)| *word == text).map(|(_, operator)| *operator);
        known.ok_or_else(|| Invalid("must be one of = != > >= < <= in contains exists".into()))
    }

    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, operator)| *operator == self).map_or("=", |(word, _)| word)
    }
}

/// One condition on one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Which field.
    pub field: FieldPath,
    /// How it must stand.
    pub operator: Operator,
    /// To what; several only for [`Operator::In`].
    pub values: Vec<Scalar>,
}

impl Filter {
    /// The most values of one condition.
    pub const MAX_VALUES: usize = 100;
    /// The longest text of one, in bytes.
    pub const MAX_TEXT: usize = 1_000;

    /// Checks and takes a condition.
    ///
    /// # Errors
    /// When the values are not of a kind or number that the operator compares.
    pub fn new(field: FieldPath, operator: Operator, values: Vec<Scalar>) -> Result<Self, Invalid> {
        if values.iter().any(|value| matches!(value, Scalar::Text(text) if text.len() > Self::MAX_TEXT)) {
            return Err(Invalid("must be a text of at most 1000 bytes".into()));
        }
        let comparable = |value: &Scalar| *value != Scalar::Other;
        let (fits, wanted) = match (operator, values.as_slice()) {
            (Operator::In, all) => (
                (1..=Self::MAX_VALUES).contains(&all.len()) && all.iter().all(comparable),
                "must be a list of 1 to 100 texts, numbers, true, false or null",
            ),
            (Operator::Equal | Operator::NotEqual, all) => {
                (matches!(all, [one] if comparable(one)), "must be a text, a number below 10^28, true, false or null")
            }
            (Operator::Greater | Operator::GreaterOrEqual | Operator::Less | Operator::LessOrEqual, all) => {
                (matches!(all, [Scalar::Number(_) | Scalar::Text(_)]), "must be a number below 10^28, or a text")
            }
            (Operator::Contains, all) => {
                (matches!(all, [Scalar::Text(text)] if !text.is_empty()), "must be a text that is not empty")
            }
            (Operator::Exists, all) => (matches!(all, [Scalar::Bool(_)]), "must be true or false"),
        };
        if !fits {
            return Err(Invalid(wanted.into()));
        }
        Ok(Self { field, operator, values })
    }

    /// Whether a value passes.
    #[must_use]
    pub fn passes(&self, found: &Scalar) -> bool {
        let Some(value) = self.values.first() else { return false };
        let ordered = || match (found, value) {
            (Scalar::Number(_), Scalar::Number(_)) | (Scalar::Text(_), Scalar::Text(_)) => Some(found.cmp(value)),
            _ => None,
        };
        match self.operator {
            Operator::Equal => found == value,
            Operator::NotEqual => found != value,
            Operator::Greater => ordered().is_some_and(std::cmp::Ordering::is_gt),
            Operator::GreaterOrEqual => ordered().is_some_and(std::cmp::Ordering::is_ge),
            Operator::Less => ordered().is_some_and(std::cmp::Ordering::is_lt),
            Operator::LessOrEqual => ordered().is_some_and(std::cmp::Ordering::is_le),
            Operator::In => self.values.contains(found),
            Operator::Contains => {
                matches!((found, value), (Scalar::Text(text), Scalar::Text(part)) if text.contains(part.as_str()))
            }
            Operator::Exists => (*found != Scalar::Nothing) == (*value == Scalar::Bool(true)),
        }
    }
}

/// Which documents are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Of which type.
    pub source: RuleSource,
    /// All of these must pass.
    pub filters: Vec<Filter>,
}

impl Selection {
    /// The most conditions.
    pub const MAX_FILTERS: usize = 16;

    /// Every document of a source.
    #[must_use]
    pub fn all(source: RuleSource) -> Self {
        Self { source, filters: Vec::new() }
    }

    /// Every document of a type.
    #[must_use]
    pub fn of_type(kind: DocumentType) -> Self {
        Self::all(RuleSource::Type(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(operator: &str, values: &[&str]) -> Result<Filter, Invalid> {
        let values = values.iter().map(|json| Scalar::of_json(json)).collect();
        Filter::new(FieldPath::parse("f").unwrap(), Operator::parse(operator).unwrap(), values)
    }

    #[test]
    fn values_pass_or_do_not() {
        for (operator, values, passing, failing) in [
            ("=", &["1"][..], &["1", "1.0", "10e-1"][..], &["2", "\"1\"", "null", "true", "[1]"][..]),
            ("=", &["null"], &["null"], &["0", "\"\"", "{}"]),
            ("!=", &["\"a\""], &["\"b\"", "null", "1", "{}"], &["\"a\""]),
            (">", &["10"], &["10.0001", "1e9"], &["10", "9", "\"11\"", "null", "1e99"]),
            (">=", &["\"2026-01\""], &["\"2026-01\"", "\"2026-11\""], &["\"2025-12\"", "2027"]),
            ("<", &["0"], &["-0.1"], &["0", "-0"]),
            ("<=", &["0"], &["0", "-1"], &["0.0000001"]),
            ("in", &["\"a\"", "2", "null"], &["\"a\"", "2.0", "null"], &["\"b\"", "3"]),
            ("contains", &["\"time\""], &["\"a timeout\""], &["\"Time\"", "[\"time\"]", "null"]),
            ("exists", &["true"], &["0", "\"\"", "{}", "false"], &["null"]),
            ("exists", &["false"], &["null"], &["0"]),
        ] {
            let filter = filter(operator, values).unwrap();
            for (found, expected) in passing.iter().map(|f| (f, true)).chain(failing.iter().map(|f| (f, false))) {
                assert_eq!(filter.passes(&Scalar::of_json(found)), expected, "{found} {operator} {values:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_compared_is_refused() {
        let long = format!("\"{}\"", "x".repeat(1_001));
        let many = vec!["1"; 101];
        for (operator, values) in [
            ("=", &["[1]"][..]),
            ("=", &["1e300"]),
            ("=", &[]),
            ("=", &["1", "2"]),
            (">", &["null"]),
            (">", &["true"]),
            ("in", &[]),
            ("in", &["{}"]),
            ("in", &many),
            ("contains", &["1"]),
            ("contains", &["\"\""]),
            ("exists", &["1"]),
            ("contains", &[&long]),
        ] {
            assert!(filter(operator, values).is_err(), "{operator} {values:?}");
        }
        assert!(Operator::parse("~").is_err());
        for (word, operator) in Operator::WORDS {
            assert_eq!(Operator::parse(word).unwrap(), operator);
            assert_eq!(Operator::parse(operator.as_str()).unwrap(), operator);
        }
    }
}
