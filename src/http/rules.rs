//! `/api/v1/rules`: what is watched, and what it measured.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use tocsin_actors::domain::{Rule, RuleId, Timestamp};
use tocsin_actors::metric::series::series as counts_at;
use utoipa::IntoParams;

use super::dto::rule::{PointBody, RuleBody, SeriesBody};
use super::paging::{self, Page, PageQuery};
use super::problem::Problem;
use super::{State, query};

/// Points in one answer.
const MAX_POINTS: u64 = 2_000;
/// Points when nobody asks for a step.
const DEFAULT_POINTS: u64 = 900;
/// How far back a series reaches when nobody says.
const DEFAULT_SPAN: Duration = Duration::from_secs(15 * 60);
/// The longest stretch of one series: its documents are counted from the store.
const MAX_SPAN: Duration = Duration::from_secs(24 * 3_600);
const DAY_SECONDS: u64 = MAX_SPAN.as_secs();

/// List rules
///
/// By name.
#[utoipa::path(
    get, path = "/api/v1/rules", tag = "alerts", operation_id = "listRules",
    security(("bearer" = [])), params(PageQuery),
    responses(
        (status = 200, description = "A page.", body = Page<RuleBody>),
    ),
)]
pub(super) async fn list(state: web::Data<State>, query: web::Query<PageQuery>) -> Result<HttpResponse, Problem> {
    let limit = paging::limit(query.limit.as_deref())?;
    let all: Vec<RuleBody> = state.rules.list().await?.into_iter().map(RuleBody::from).collect();
    let page = paging::page_of("rules", all, |rule| rule.id.clone(), limit, query.cursor.as_deref())?;
    Ok(HttpResponse::Ok().json(page))
}

/// Read one rule
#[utoipa::path(
    get, path = "/api/v1/rules/{id}", tag = "alerts", operation_id = "getRule",
    security(("bearer" = [])), params(("id" = String, Path, description = "The rule's id.", format = Uuid)),
    responses(
        (status = 200, description = "The rule.", body = RuleBody),
        (status = 404, description = "`not_found`: there is none"),
    ),
)]
pub(super) async fn read(state: web::Data<State>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(RuleBody::from(find(&state, &id).await?)))
}

async fn find(state: &State, id: &str) -> Result<Rule, Problem> {
    let missing = || Problem::not_found("rule");
    let id: RuleId = id.parse().map_err(|_| missing())?;
    state.rules.get(id).await?.ok_or_else(missing)
}

/// Which stretch of time, how finely.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SeriesQuery {
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
/// The exact measure over the rule's window at each instant, counted from the documents.
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
pub(super) async fn series(
    state: web::Data<State>,
    id: web::Path<String>,
    query: web::Query<SeriesQuery>,
) -> Result<HttpResponse, Problem> {
    let stretch = Stretch::parse(&query, state.clock.now())?;
    let rule = find(&state, &id).await?;
    let begin = stretch.from.minus(rule.window);
    let arrivals =
        state.documents.arrivals(rule.source, begin, stretch.to, state.limits.future_tolerance).await?.counts;
    let step = Duration::from_secs(stretch.step_seconds);
    let points = counts_at(&arrivals, rule.window, stretch.from, stretch.to, step);
    let items = points.into_iter().map(PointBody::from).collect();
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
