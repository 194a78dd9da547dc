//! Rules: what is watched, and where the line is.

use std::cmp::Ordering;
use std::time::Duration;

use super::{Decimal, DocumentType, FieldPath, Invalid, RoomName, RuleId, Selection};

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

/// What is made of the numbers in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    /// Their sum, exact; 0 where there are none.
    Sum,
    /// Their sum over their number, rounded down at the 28th decimal; nothing where there are none.
    Avg,
    /// The smallest; nothing where there are none.
    Min,
    /// The largest; nothing where there are none.
    Max,
    /// The one that 95 % do not exceed, within 1 % of it; nothing where there are none.
    P95,
}

impl Aggregate {
    const WORDS: [(&'static str, Self); 5] =
        [("sum", Self::Sum), ("avg", Self::Avg), ("min", Self::Min), ("max", Self::Max), ("p95", Self::P95)];
}

/// What is measured over the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// How many documents.
    Count,
    /// What is made of the numbers in a field; documents without one there are left out.
    Of(Aggregate, FieldPath),
}

impl Measure {
    /// From the words of the API.
    ///
    /// # Errors
    /// With the part that is wrong, `kind` or `field`, and why.
    pub fn parse(kind: &str, field: Option<&str>) -> Result<Self, (&'static str, Invalid)> {
        if kind == "count" {
            return match field {
                None => Ok(Self::Count),
                Some(_) => Err(("field", Invalid("must be left out for count: it counts documents".into()))),
            };
        }
        let aggregate = Aggregate::WORDS.iter().find(|(word, _)| *word == kind).map(|(_, aggregate)| *aggregate);
        let aggregate =
            aggregate.ok_or_else(|| ("kind", Invalid("must be one of count sum avg min max p95".into())))?;
        let field =
            field.ok_or_else(|| ("field", Invalid("must be given: the field that holds the numbers".into())))?;
        FieldPath::parse(field).map(|field| Self::Of(aggregate, field)).map_err(|error| ("field", error))
    }

    /// The word of the API.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Of(aggregate, _) => {
                Aggregate::WORDS.iter().find(|(_, known)| known == aggregate).map_or("sum", |(word, _)| word)
            }
        }
    }

    /// The field that holds the numbers.
    #[must_use]
    pub fn field(&self) -> Option<&FieldPath> {
        match self {
            Self::Count => None,
            Self::Of(_, field) => Some(field),
        }
    }

    /// Whether its value is near the true one rather than equal to it.
    #[must_use]
    pub fn is_approximate(&self) -> bool {
        matches!(self, Self::Of(Aggregate::P95, _))
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

    /// Whether a value that stands so to the line is over it.
    #[must_use]
    pub fn crossed(self, value_to_line: Ordering) -> bool {
        match self {
            Self::Above => value_to_line.is_gt(),
            Self::AtLeast => value_to_line.is_ge(),
            Self::Below => value_to_line.is_lt(),
            Self::AtMost => value_to_line.is_le(),
        }
    }

    /// Whether a value that stands so to a line is there, or on its good side.
    #[must_use]
    pub fn at_or_better(self, value_to_line: Ordering) -> bool {
        match self {
            Self::Above | Self::AtLeast => value_to_line.is_le(),
            Self::Below | Self::AtMost => value_to_line.is_ge(),
        }
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

/// Where a rule stands; what is worse is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
        let is_over = |value: f64| value.partial_cmp(&threshold).is_none_or(|order| comparison.crossed(order));
        if self.recover_at.is_some_and(|value| Decimal::from_f64(value).is_err() || is_over(value)) {
            return Err(Invalid("must be a number that is not over the threshold".into()));
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

/// The address of a server that is told of incidents. What follows the host may be a secret, so it is shown to nobody
/// but those who may change it.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl(String);

impl WebhookUrl {
    /// The longest, in bytes.
    pub const MAX_BYTES: usize = 2_000;

    /// Takes an address; what it may be is for the edge to check, which knows what a URL is.
    ///
    /// # Errors
    /// When it is not of HTTP, or too long.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let of_http =
            ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme) && text.len() > scheme.len());
        if !of_http || text.len() > Self::MAX_BYTES || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(Invalid("must be an address such as https://example.org/hook, of at most 2000 bytes".into()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The whole address.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The address without what may be a secret.
    #[must_use]
    pub fn masked(&self) -> String {
        let host = self.0.find("://").map_or(0, |at| at + 3);
        let end = self.0.get(host..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(self.0.len(), |at| host + at);
        format!("{}/…", self.0.get(..end).unwrap_or_default())
    }
}

impl std::fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
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
    pub selection: Selection,
    /// Every value of this field has a window, and incidents, of its own; all documents share one, if there is none.
    pub group_by: Option<FieldPath>,
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
    /// The address of a server that is told.
    pub notify_webhook: Option<WebhookUrl>,
    /// So often all of them are told again while it rings and nobody has said "I am on it"; never, if it is nothing.
    pub repeat: Option<Duration>,
    /// A rule that is switched off does not watch.
    pub enabled: bool,
}

impl Rule {
    /// The entry of `notify_emails` that stands for every owner and admin.
    pub const ADMINS: &'static str = "@admins";
    /// The longest window.
    pub const MAX_WINDOW: Duration = Duration::from_secs(3_600);
}
