//! The value of a rule over time, and what a rule would have done: both from the documents that are stored.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use tocsin_actors::domain::{RuleId, Timestamp};
use tocsin_actors::metric::replay::{Question, replay};
use utoipa::{IntoParams, ToSchema};

use super::super::dto::rule::{PointBody, PreviewBody, SeriesBody};
use super::super::problem::Problem;
use super::super::{State, query};
use super::{find, invalid};
use crate::wire::rule::RuleInput;

/// Points in one answer.
const MAX_POINTS: u64 = 2_000;
/// Points when nobody asks for a step.
const DEFAULT_POINTS: u64 = 900;
/// How far back a series reaches when nobody says.
const DEFAULT_SPAN: Duration = Duration::from_secs(15 * 60);
/// The longest stretch of one series: its documents are counted from the store.
const MAX_SPAN: Duration = Duration::from_secs(24 * 3_600);
const DAY_SECONDS: u64 = MAX_SPAN.as_secs();
/// The longest stretch of a preview.
const MAX_PREVIEW: Duration = Duration::from_secs(31 * 24 * 3_600);
/// Points of a preview.
const PREVIEW_POINTS: u32 = 600;
/// Incidents of a preview that are listed.
const MAX_INCIDENTS: usize = 1_000;

fn question(state: &State, (from, to): (Timestamp, Timestamp), step: Duration) -> Question {
    Question {
        from,
        to,
        step,
        future_tolerance: state.limits.future_tolerance,
        max_groups: state.limits.max_groups,
        max_incidents: MAX_INCIDENTS,
    }
}

/// Which stretch of time, how finely.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in super::super) struct SeriesQuery {
    /// The first instant: RFC 3339, or milliseconds since 1970; 15 minutes before `to` when left out.
    from: Option<String>,
    /// The last instant, at most 24 hours after the first; now when left out.
    to: Option<String>,
    /// Seconds from one point to the next; at most 2,000 points.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 86400)]
    step_seconds: Option<String>,
}

/// Read the value of a rule over time
///
/// The measure over the rule's window at each instant, from the documents.
#[utoipa::path(
    get, path = "/api/v1/rules/{id}/series", tag = "alerts", operation_id = "getRuleSeries",
    security(("bearer" = [])),
    params(("id" = String, Path, description = "The rule's id.", format = Uuid), SeriesQuery),
    responses(
        (status = 200, description = "The values, oldest first.", body = SeriesBody),
        (status = 400, description = "`invalid_parameter`: one that is not acceptable, or there would be too many points"),
        (status = 404, description = "`not_found`: there is no such rule"),
    ),
)]
pub(in super::super) async fn series(
    state: web::Data<State>,
    id: web::Path<String>,
    query: web::Query<SeriesQuery>,
) -> Result<HttpResponse, Problem> {
    let stretch = Stretch::parse(&query, state.clock.now())?;
    let rule = find(&state, &id).await?;
    let step = Duration::from_secs(stretch.step_seconds);
    let question = question(&state, (stretch.from, stretch.to), step);
    let replayed = replay(&*state.documents, rule, question).await?;
    let items = replayed.series.into_iter().map(PointBody::from).collect();
    Ok(HttpResponse::Ok().json(SeriesBody { items, step_seconds: stretch.step_seconds }))
}

/// A stretch of time that is worth at most [`MAX_POINTS`].
#[derive(Debug, PartialEq, Eq)]
struct Stretch {
    from: Timestamp,
    to: Timestamp,
    step_seconds: u64,
}

impl Stretch {
    fn parse(query: &SeriesQuery, now: Timestamp) -> Result<Self, Problem> {
        let to = query::time("to", query.to.as_deref())?.unwrap_or(now);
        let from = query::time("from", query.from.as_deref())?.unwrap_or_else(|| to.minus(DEFAULT_SPAN));
        if from > to {
            return Err(Problem::bad_parameter("from", "must not lie after to"));
        }
        let span = to.since(from);
        if span > MAX_SPAN {
            return Err(Problem::bad_parameter("from", "must lie at most 24 hours before to"));
        }
        let default = span.as_secs().div_ceil(DEFAULT_POINTS).max(1);
        let step_seconds = query::number("step_seconds", query.step_seconds.as_deref(), (1, DAY_SECONDS), default)?;
        if span.as_secs() / step_seconds >= MAX_POINTS {
            let least = span.as_secs() / MAX_POINTS + 1;
            let message = format!("must be {least} or more for this stretch: at most {MAX_POINTS} points");
            return Err(Problem::bad_parameter("step_seconds", message));
        }
        Ok(Self { from, to, step_seconds })
    }
}

/// A rule to try, and on what.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PreviewQuestion)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct PreviewInput {
    /// The rule; it is not stored, and nobody is told.
    rule: RuleInput,
    /// The first instant: RFC 3339, or milliseconds since 1970.
    #[schema(value_type = String, format = DateTime)]
    from: Instant,
    /// The last instant, at most 31 days after the first; now when left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    to: Option<Instant>,
}

/// RFC 3339, or milliseconds since 1970.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Instant {
    Text(String),
    Millis(i64),
}

impl Instant {
    fn parse(&self, path: &str) -> Result<Timestamp, Problem> {
        let parsed = match self {
            Self::Text(text) => Timestamp::parse_rfc3339(text),
            Self::Millis(millis) => Timestamp::from_millis(*millis),
        };
        parsed.map_err(|error| invalid(vec![(path.to_owned(), error.to_string())]))
    }
}

/// Try a rule on what is stored
///
/// The same state machine that watches, moved by the time of the documents: judged once for each instant at which
/// something counts or stops counting. Nothing is stored and nobody is told.
#[utoipa::path(
    post, path = "/api/v1/rules/preview", tag = "alerts", operation_id = "previewRule",
    security(("bearer" = [])), request_body = PreviewInput,
    responses(
        (status = 200, description = "What it would have done.", body = PreviewBody),
        (status = 422, description = "`invalid_input`: fields that are not acceptable, each named"),
    ),
)]
pub(in super::super) async fn preview(
    state: web::Data<State>,
    body: web::Json<PreviewInput>,
) -> Result<HttpResponse, Problem> {
    let PreviewInput { rule, from, to } = body.into_inner();
    let now = state.clock.now();
    let of_rule = |wrong: Vec<(String, String)>| {
        invalid(wrong.into_iter().map(|(path, message)| (format!("/rule{path}"), message)).collect())
    };
    let id = rule.id.as_deref().and_then(|id| id.parse().ok()).unwrap_or_else(|| RuleId::new(now));
    let rule = rule.parse(id).map_err(of_rule)?;
    let from = from.parse("/from")?;
    let to = to.map(|to| to.parse("/to")).transpose()?.unwrap_or(now);
    let span = to.since(from);
    if from > to || span > MAX_PREVIEW {
        return Err(invalid(vec![("/from".to_owned(), "must lie before to, by at most 31 days".to_owned())]));
    }
    let step =
        Duration::from_millis(u64::try_from(span.as_millis()).unwrap_or(u64::MAX).div_ceil(PREVIEW_POINTS.into()));
    let step = step.max(Duration::from_millis(1));
    let replayed = replay(&*state.documents, rule, question(&state, (from, to), step)).await?;
    Ok(HttpResponse::Ok().json(PreviewBody::new(replayed, step)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_never_has_more_points_than_allowed() {
        let now = Timestamp::clamped(100_000_000);
        let of = |from: Option<i64>, step: Option<&str>| {
            let from = from.map(|seconds_ago| (now.as_millis() - seconds_ago * 1_000).to_string());
            Stretch::parse(&SeriesQuery { from, to: None, step_seconds: step.map(str::to_owned) }, now)
        };
        for (from, step, expected) in [
            (None, None, Some(1)),
            (Some(60), None, Some(1)),
            (Some(3_600), None, Some(4)),
            (Some(86_400), None, Some(96)),
            (Some(86_401), None, None),
            (Some(1_999), Some("1"), Some(1)),
            (Some(2_000), Some("1"), None),
            (Some(2_000), Some("2"), Some(2)),
            (Some(-1), None, None),
            (None, Some("0"), None),
            (None, Some("x"), None),
        ] {
            assert_eq!(of(from, step).ok().map(|stretch| stretch.step_seconds), expected, "{from:?} {step:?}");
        }
    }
}
