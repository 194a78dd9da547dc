//! Rules: what is watched, and where the line is.

use std::time::Duration;

use super::{DocumentType, Invalid, RoomName, RuleId};

/// Which documents a rule watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleSource {
    /// Documents of every type; `any` in the API.
    Any,
    /// Documents of one type.
    Type(DocumentType),
}

impl RuleSource {
    /// From the word of the API: `any` or a type.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text == "any" { Ok(Self::Any) } else { DocumentType::parse(text).map(Self::Type) }
    }

    /// The word of the API.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Any => "any",
            Self::Type(kind) => kind.as_str(),
        }
    }

    /// Whether a document of this type is watched.
    #[must_use]
    pub fn wants(&self, kind: &DocumentType) -> bool {
        match self {
            Self::Any => true,
            Self::Type(wanted) => wanted == kind,
        }
    }
}

/// What is measured over the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// How many documents.
    Count,
}

impl Measure {
    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
        }
    }
}

/// How the value stands to the threshold when the line is crossed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
}

impl Comparison {
    /// From the sign of the API.
    ///
    /// # Errors
    /// When it is another sign.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            ">" => Ok(Self::Above),
            ">=" => Ok(Self::AtLeast),
            "<" => Ok(Self::Below),
            "<=" => Ok(Self::AtMost),
            _ => Err(Invalid("must be one of > >= < <=".into())),
        }
    }

    /// The sign of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
        }
    }

    /// Whether `value` is over the line.
    #[must_use]
    pub fn crossed(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::Above => value > threshold,
            Self::AtLeast => value >= threshold,
            Self::Below => value < threshold,
            Self::AtMost => value <= threshold,
        }
    }

    /// Whether `value` has recovered: it is not over the line, and at `recover_at` or better if there is one.
    #[must_use]
    pub fn recovered(self, value: f64, threshold: f64, recover_at: Option<f64>) -> bool {
        !self.crossed(value, threshold) && recover_at.is_none_or(|line| self.worse(value, line) == line)
    }

    /// The one of two values that lies further over the line.
    #[must_use]
    pub fn worse(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Above | Self::AtLeast => a.max(b),
            Self::Below | Self::AtMost => a.min(b),
        }
    }
}

/// Where a rule stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleState {
    /// The value is on the good side.
    Ok,
    /// The value is over the line, and not long enough yet.
    Pending,
    /// It rings.
    Firing,
}

impl RuleState {
    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Pending => "pending",
            Self::Firing => "firing",
        }
    }
}

/// What keeps a value that swings about its line from ringing at each swing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Hysteresis {
    /// It has recovered when it is here or better; when it is not over the line any more, if there is none.
    pub recover_at: Option<f64>,
    /// So long without a break it must be over the line before it rings; zero rings at once.
    pub hold: Duration,
    /// So long without a break it must have recovered before the ringing ends; zero ends it at once.
    pub keep_firing: Duration,
}

impl Hysteresis {
    /// The longest time of either kind.
    pub const MAX: Duration = Duration::from_secs(3_600);

    /// Whether it fits a line.
    ///
    /// # Errors
    /// When it would recover over the line, or takes longer than [`Self::MAX`].
    pub fn check(self, comparison: Comparison, threshold: f64) -> Result<(), Invalid> {
        if self.recover_at.is_some_and(|value| !value.is_finite() || comparison.crossed(value, threshold)) {
            return Err(Invalid("recover_at must be a number that is not over the threshold".into()));
        }
        if self.hold.max(self.keep_firing) > Self::MAX {
            return Err(Invalid("for_seconds and keep_firing_seconds must be at most 3600".into()));
        }
        Ok(())
    }

    /// How far back one must look to know where a rule stands.
    #[must_use]
    pub fn memory(self) -> Duration {
        self.hold.max(self.keep_firing)
    }
}

/// A rule: ring when the measure of what `source` posted within the window crosses the threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its identity.
    pub id: RuleId,
    /// What people call it; unique.
    pub name: String,
    /// Which documents are watched.
    pub source: RuleSource,
    /// What is measured.
    pub measure: Measure,
    /// The length of the window: 1 second to 1 hour.
    pub window: Duration,
    /// On which side of the threshold it rings.
    pub comparison: Comparison,
    /// The line, in the unit of the measure.
    pub threshold: f64,
    /// How steady its value must be.
    pub hysteresis: Hysteresis,
    /// Whom to mail: addresses, or `@admins` for every owner and admin.
    pub notify_emails: Vec<String>,
    /// The group where it is said.
    pub notify_room: Option<RoomName>,
    /// A rule that is switched off does not watch.
    pub enabled: bool,
}

impl Rule {
    /// The entry of `notify_emails` that stands for every owner and admin.
    pub const ADMINS: &'static str = "@admins";
    /// The longest window.
    pub const MAX_WINDOW: Duration = Duration::from_secs(3_600);
}
