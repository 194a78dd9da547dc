//! The description of a key: one row from which reading, checking, `config print` and the documentation are made.

use std::ops::RangeInclusive;

use config::ValueKind;

use super::profile::Profile;
use super::setting::FromSetting;

/// The unit a whole number is given in. The typed field carries it on (`Duration`, `ByteSize`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A plain number.
    One,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days of 24 hours.
    Days,
    /// 1,024 bytes.
    KiB,
    /// 1,048,576 bytes.
    MiB,
}

impl Unit {
    /// The word that follows a number, with its space; empty for a plain number.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::One => "",
            Self::Milliseconds => " milliseconds",
            Self::Seconds => " seconds",
            Self::Minutes => " minutes",
            Self::Hours => " hours",
            Self::Days => " days",
            Self::KiB => " KiB",
            Self::MiB => " MiB",
        }
    }
}

/// What a value looks like before it has its type.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Text of a form that the words describe.
    Text(&'static str),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number within a range.
    Integer {
        /// The least that is allowed.
        min: i64,
        /// The most that is allowed.
        max: i64,
        /// What is counted.
        unit: Unit,
    },
    /// The address of a service, with one of these schemes. User and password in it are masked wherever it is shown.
    Url(&'static [&'static str]),
    /// Text that is never shown.
    Secret,
    /// A list of texts of a form that the words describe.
    List(&'static str),
    /// A list of tables of a form that the words describe.
    Tables(&'static str),
    /// The same, with fields that are never shown: those whose name says so.
    SecretTables(&'static str),
}

impl Shape {
    /// What may be given, as the end of a sentence that begins with "give".
    pub(super) fn expected(&self) -> String {
        match self {
            Self::Text(what) => (*what).to_owned(),
            Self::Choice(words) => format!("one of {}", words.join(", ")),
            Self::Integer { min, max, unit } => format!("a whole number from {min} to {max}{}", unit.suffix()),
            Self::Url(schemes) => {
                let all: Vec<_> = schemes.iter().map(|scheme| format!("{scheme}://…")).collect();
                format!("a URL, {}", all.join(", "))
            }
            Self::Secret => "text".to_owned(),
            Self::List(what) => format!("a list of {what}"),
            Self::Tables(what) | Self::SecretTables(what) => format!("a list of {what}"),
        }
    }

    /// How much of a value is kept from print and errors.
    pub(super) fn secrecy(&self) -> Option<&'static str> {
        match self {
            Self::Url(_) => Some("user and password"),
            Self::Secret => Some("all of it"),
            Self::SecretTables(_) => Some("the fields whose names say so"),
            _ => None,
        }
    }
}

/// Whether a value of this shape becomes the field's type; the error says what is wrong with it.
pub(super) type Check = fn(&ValueKind, &Key) -> Result<(), String>;

/// One key of the configuration.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The whole name, for instance `server.bind`.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// What a value looks like.
    pub shape: Shape,
    /// Whether production refuses to start until somebody sets it.
    pub required_in_production: bool,
    /// Filled in from other values when nobody sets the key, for instance `http://<server.bind>`.
    pub derived: Option<&'static str>,
    default: Option<&'static str>,
    local_default: Option<&'static str>,
    test_default: Option<&'static str>,
    pub(super) check: Check,
}

impl Key {
    /// A key without a default.
    pub(super) const fn new(name: &'static str, shape: Shape) -> Self {
        Self {
            name,
            doc: "",
            shape,
            required_in_production: false,
            derived: None,
            default: None,
            local_default: None,
            test_default: None,
            check: |_, _| Ok(()),
        }
    }

    /// A plain number.
    pub(super) const fn count(name: &'static str, range: RangeInclusive<i64>) -> Self {
        Self::number(name, range, Unit::One)
    }

    /// A number of some unit.
    pub(super) const fn number(name: &'static str, range: RangeInclusive<i64>, unit: Unit) -> Self {
        Self::new(name, Shape::Integer { min: *range.start(), max: *range.end(), unit })
    }

    /// The default in every profile that has no other; written as it would be in an environment variable.
    pub(super) const fn default(mut self, text: &'static str) -> Self {
        self.default = Some(text);
        self
    }

    /// The default in the profiles `development` and `test`.
    pub(super) const fn local(mut self, text: &'static str) -> Self {
        self.local_default = Some(text);
        self
    }

    /// The default in the profile `test`.
    pub(super) const fn test(mut self, text: &'static str) -> Self {
        self.test_default = Some(text);
        self
    }

    /// A default made from other values: `<key>` stands for the value of that key.
    pub(super) const fn derived(mut self, template: &'static str) -> Self {
        self.derived = Some(template);
        self
    }

    /// Production has no default for it.
    pub(super) const fn required(mut self) -> Self {
        self.required_in_production = true;
        self
    }

    /// Adds what the field of a section knows: its doc comment and its type.
    pub(super) const fn field(mut self, doc: &'static str, check: Check) -> Self {
        self.doc = doc;
        self.check = check;
        self
    }

    /// The built-in default of a profile, as text.
    pub fn default_in(&self, profile: Profile) -> Option<&'static str> {
        match profile {
            Profile::Production if self.required_in_production => None,
            Profile::Production => self.default,
            Profile::Development => self.local_default.or(self.default),
            Profile::Test => self.test_default.or(self.local_default).or(self.default),
        }
    }

    /// The environment variable that sets it.
    pub fn environment_variable(&self) -> String {
        format!("{}{}", super::layer::ENVIRONMENT_PREFIX, self.name.replace('.', "__").to_uppercase())
    }

    /// The part of the name before the last dot; empty at the top level.
    pub(super) fn section(&self) -> &'static str {
        self.name.rsplit_once('.').map_or("", |(section, _)| section)
    }
}

/// The [`Check`] of a type.
pub(super) fn check<T: FromSetting>(value: &ValueKind, key: &Key) -> Result<(), String> {
    T::from_setting(value, key).map(drop)
}

/// A section: its name, what it is for, and its keys.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// The table in the file; empty for the top level.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Its keys, in the order in which they are shown.
    pub keys: &'static [Key],
}

/// Declares a section: for each field its documentation, name, type and key. This is the one place where a key is
/// added.
macro_rules! section {
    (
        $(#[doc = $about:literal])+
        $name:ident $table:literal {
            $( $(#[doc = $doc:literal])+ $field:ident: $type:ty = $key:expr; )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone)]
        pub struct $name {
            $( $(#[doc = $doc])+ pub $field: $type, )+
        }

        impl $name {
            /// The description of this section.
            pub(super) const SECTION: $crate::config::key::Section = $crate::config::key::Section {
                name: $table,
                about: concat!($($about),+),
                keys: &[$( $key.field(concat!($($doc),+), $crate::config::key::check::<$type>) ),+],
            };

            /// Takes the fields out of the resolved values.
            pub(super) fn read(
                settings: &$crate::config::Settings,
            ) -> Result<Self, $crate::config::ConfigError> {
                Ok(Self { $( $field: settings.typed($key.name)? ),+ })
            }
        }
    };
}
pub(super) use section;
