//! Rules on the wire.

use serde::Serialize;
use tocsin_actors::domain::{FieldPath, Rule, Timestamp};
use tocsin_actors::metric::replay::{Past, Replayed};
use utoipa::ToSchema;

use crate::wire::filter::FilterBody;

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
    /// All of these must hold for a document.
    #[serde(rename = "where")]
    filters: Vec<FilterBody>,
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
    /// A field: each of its values has a window, and incidents, of its own.
    #[schema(example = "customer.city")]
    group_by: Option<String>,
    /// So often all of them are told again while it rings and nobody has said "I am on it".
    #[schema(minimum = 60, maximum = 86400, example = 3600)]
    repeat_seconds: Option<u64>,
    /// Who is told.
    notify: NotifyBody,
    /// A rule that is switched off does not watch.
    enabled: bool,
}

/// What is measured over the window.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Measure)]
pub(in crate::http) struct MeasureBody {
    /// `count` of the documents; or of the numbers in `field`: `sum`, `avg`, `min`, `max`, `p95`.
    #[schema(pattern = "^(count|sum|avg|min|max|p95)$", example = "count")]
    kind: &'static str,
    /// The field that holds the numbers.
    field: Option<String>,
    /// Whether the value is near the true one (within 1 %) rather than exact.
    approximate: bool,
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
    /// The address of a server that is told; without what follows the host for those who may not change it.
    #[schema(example = "https://example.org/hook")]
    webhook: Option<String>,
}

impl RuleBody {
    /// For somebody who may read it and not change it.
    pub(in crate::http) fn masked(mut rule: Rule) -> Self {
        let webhook = rule.notify_webhook.take().map(|url| url.masked());
        let mut body = Self::from(rule);
        body.notify.webhook = webhook;
        body
    }
}

impl From<Rule> for RuleBody {
    fn from(rule: Rule) -> Self {
        let field = |field: &FieldPath| field.as_str().to_owned();
        Self {
            id: rule.id.to_string(),
            kind: rule.selection.source.as_str().to_owned(),
            name: rule.name,
            filters: rule.selection.filters.iter().map(FilterBody::from).collect(),
            measure: MeasureBody {
                kind: rule.measure.as_str(),
                field: rule.measure.field().map(field),
                approximate: rule.measure.is_approximate(),
            },
            window_seconds: rule.window.as_secs(),
            comparison: rule.comparison.as_str(),
            threshold: rule.threshold,
            recover_at: rule.hysteresis.recover_at,
            for_seconds: rule.hysteresis.hold.as_secs(),
            keep_firing_seconds: rule.hysteresis.keep_firing.as_secs(),
            group_by: rule.group_by.as_ref().map(field),
            notify: NotifyBody {
                emails: rule.notify_emails,
                room: rule.notify_room.map(|room| room.as_str().to_owned()),
                webhook: rule.notify_webhook.as_ref().map(|url| url.expose().to_owned()),
            },
            repeat_seconds: rule.repeat.map(|repeat| repeat.as_secs()),
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
    /// The measure over the window that ends at it; `null` where there is nothing to measure. Of a rule with groups, that
    /// of the furthest.
    #[serde(serialize_with = "crate::wire::number::serialize_optional")]
    value: Option<f64>,
}

impl From<(Timestamp, Option<f64>)> for PointBody {
    fn from((at, value): (Timestamp, Option<f64>)) -> Self {
        Self { at: at.to_string(), value }
    }
}

/// What a rule would have done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Preview)]
pub(in crate::http) struct PreviewBody {
    /// The incidents there would have been, in the order in which they began; the first 1,000.
    #[schema(max_items = 1000)]
    incidents: Vec<PastBody>,
    /// How many there would have been.
    total: u64,
    /// The values over the time that was asked about, oldest first.
    #[schema(max_items = 2000)]
    series: Vec<PointBody>,
    /// The time from one value to the next, in milliseconds.
    #[schema(minimum = 1)]
    step_ms: u64,
    /// How many documents counted.
    counted: u64,
    /// How many were left out, because there were too many groups.
    refused: u64,
}

/// An incident that there would have been.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PreviewIncident, example = json!({"started_at": "2026-11-24T07:47:00.000Z", "resolved_at": null, "peak": 51, "group": null}))]
pub(in crate::http) struct PastBody {
    /// When it would have begun.
    #[schema(format = DateTime)]
    started_at: String,
    /// When it would have ended; `null` when not within the time that was asked about.
    #[schema(format = DateTime)]
    resolved_at: Option<String>,
    /// Its furthest value.
    #[serde(serialize_with = "crate::wire::number::serialize")]
    peak: f64,
    /// Its group.
    group: Option<String>,
}

impl From<Past> for PastBody {
    fn from(past: Past) -> Self {
        Self {
            started_at: past.started_at.to_string(),
            resolved_at: past.resolved_at.map(|at| at.to_string()),
            peak: past.peak,
            group: past.group.map(|group| group.to_string()),
        }
    }
}

impl PreviewBody {
    pub(in crate::http) fn new(replayed: Replayed, step: std::time::Duration) -> Self {
        Self {
            incidents: replayed.incidents.into_iter().map(PastBody::from).collect(),
            total: replayed.total,
            series: replayed.series.into_iter().map(PointBody::from).collect(),
            step_ms: u64::try_from(step.as_millis()).unwrap_or(u64::MAX),
            counted: replayed.counted,
            refused: replayed.refused,
        }
    }
}
