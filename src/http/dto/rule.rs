//! Rules on the wire.

use serde::Serialize;
use tocsin_actors::domain::{Rule, Timestamp};
use utoipa::ToSchema;

/// A rule: ring when the measure of what `type` posted within the window crosses the threshold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rule)]
pub(in crate::http) struct RuleBody {
    /// Its id.
    #[schema(format = Uuid)]
    pub(in crate::http) id: String,
    /// What people call it; unique.
    #[schema(example = "errors-last-minute")]
    name: String,
    /// The type of the documents that are watched, or `any`.
    #[serde(rename = "type")]
    #[schema(example = "error")]
    kind: String,
    /// What is measured.
    measure: MeasureBody,
    /// The length of the window in seconds.
    #[schema(minimum = 1, maximum = 3600, example = 60)]
    window_seconds: u64,
    /// On which side of the threshold it rings.
    #[schema(pattern = "^(>|>=|<|<=)$", example = ">")]
    comparison: &'static str,
    /// The line, in the unit of the measure.
    #[serde(serialize_with = "crate::wire::number::serialize")]
    #[schema(example = 50)]
    threshold: f64,
    /// The value at which it has recovered; not over the line, when there is none.
    #[serde(serialize_with = "crate::wire::number::serialize_optional")]
    #[schema(example = 40)]
    recover_at: Option<f64>,
    /// So long without a break it must be over the line before it rings.
    #[schema(minimum = 0, maximum = 3600, example = 0)]
    for_seconds: u64,
    /// So long without a break it must have recovered before the ringing ends.
    #[schema(minimum = 0, maximum = 3600, example = 0)]
    keep_firing_seconds: u64,
    /// Who is told.
    notify: NotifyBody,
    /// A rule that is switched off does not watch.
    enabled: bool,
}

/// What is measured over the window.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Measure)]
pub(in crate::http) struct MeasureBody {
    /// `count`: how many documents.
    #[schema(pattern = "^count$", example = "count")]
    kind: &'static str,
}

/// Who is told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notify)]
pub(in crate::http) struct NotifyBody {
    /// Addresses, or `@admins` for every owner and admin.
    #[schema(example = json!(["@admins"]))]
    emails: Vec<String>,
    /// The group where it is said.
    #[schema(example = "incidents")]
    room: Option<String>,
}

impl From<Rule> for RuleBody {
    fn from(rule: Rule) -> Self {
        Self {
            id: rule.id.to_string(),
            kind: rule.source.as_str().to_owned(),
            name: rule.name,
            measure: MeasureBody { kind: rule.measure.as_str() },
            window_seconds: rule.window.as_secs(),
            comparison: rule.comparison.as_str(),
            threshold: rule.threshold,
            recover_at: rule.hysteresis.recover_at,
            for_seconds: rule.hysteresis.hold.as_secs(),
            keep_firing_seconds: rule.hysteresis.keep_firing.as_secs(),
            notify: NotifyBody {
                emails: rule.notify_emails,
                room: rule.notify_room.map(|room| room.as_str().to_owned()),
            },
            enabled: rule.enabled,
        }
    }
}

/// The value of a rule over time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Series)]
pub(in crate::http) struct SeriesBody {
    /// The values, oldest first.
    #[schema(max_items = 2000)]
    pub(in crate::http) items: Vec<PointBody>,
    /// The time from one to the next, in seconds.
    #[schema(minimum = 1)]
    pub(in crate::http) step_seconds: u64,
}

/// The value of a rule at an instant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Point, example = json!({"at": "2026-11-24T07:47:00.000Z", "value": 51}))]
pub(in crate::http) struct PointBody {
    /// The instant.
    #[schema(format = DateTime)]
    at: String,
    /// The measure over the window that ends at it.
    value: u64,
}

impl From<(Timestamp, u64)> for PointBody {
    fn from((at, value): (Timestamp, u64)) -> Self {
        Self { at: at.to_string(), value }
    }
}
