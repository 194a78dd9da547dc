//! `/api/v1/silences`: when people are not told, though it rings.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use tocsin_actors::domain::{AuditEvent, Quiet, RuleId, Silence, SilenceId, Timestamp, Weekly};

use super::State;
use super::dto::silence::{NewSilence, SilenceBody};
use super::paging::{self, Page, PageQuery};
use super::principal::Authenticated;
use super::problem::Problem;
use super::rules::{invalid, note};
use crate::wire::rule::Wrong;

/// The longest silence of once.
const LONGEST: std::time::Duration = std::time::Duration::from_secs(366 * 86_400);
/// The longest name of a group, in characters.
const GROUP_CHARS: usize = 200;

/// List silences
///
/// Those that are or will be, and those that ended within the last week, in the order in which they were made.
#[utoipa::path(
    get, path = "/api/v1/silences", tag = "alerts", operation_id = "listSilences",
    security(("bearer" = [])), params(PageQuery),
    responses((status = 200, description = "A page.", body = Page<SilenceBody>)),
)]
pub(super) async fn list(state: web::Data<State>, query: web::Query<PageQuery>) -> Result<HttpResponse, Problem> {
    let limit = paging::limit(query.limit.as_deref())?;
    let now = state.clock.now();
    let all: Vec<SilenceBody> =
        state.silences.current.get().iter().map(|silence| SilenceBody::new(silence, now)).collect();
    let page = paging::page_of("silences", all, |silence| silence.id.clone(), limit, query.cursor.as_deref())?;
    Ok(HttpResponse::Ok().json(page))
}

/// Make a silence
///
/// Of one rule or of all, of one group or of all; once, or every week. What rings meanwhile is an incident on every
/// dashboard, and nobody is told; what still rings at the end is told then, once. For owners and admins, and for keys with
/// `rules:write`.
#[utoipa::path(
    post, path = "/api/v1/silences", tag = "alerts", operation_id = "createSilence",
    security(("bearer" = [])), request_body = NewSilence,
    responses(
        (status = 201, description = "The silence, and its address in `Location`.", body = SilenceBody),
        (status = 409, description = "`too_many_silences`: as many as `alerts.max_silences` allows"),
        (status = 422, description = "`invalid_input`: fields that are not acceptable, each named"),
    ),
)]
pub(super) async fn create(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    body: web::Json<NewSilence>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let silence = parse(&body, &who, now).map_err(invalid)?;
    if let Some(rule) = silence.rule
        && state.rules.get(rule).await?.is_none()
    {
        return Err(invalid(vec![("/rule_id".to_owned(), "is no rule".to_owned())]));
    }
    state.silences.create(silence.clone()).await?;
    note(&state, &request, &who, AuditEvent::SilenceMade, &told(&silence)).await;
    let location = (header::LOCATION, format!("/api/v1/silences/{}", silence.id));
    Ok(HttpResponse::Created().insert_header(location).json(SilenceBody::new(&silence, now)))
}

fn told(silence: &Silence) -> String {
    let of = silence.rule.map_or_else(|| "every rule".to_owned(), |rule| rule.to_string());
    if silence.comment.is_empty() { of } else { format!("{of}: {}", silence.comment) }
}

fn parse(body: &NewSilence, who: &Authenticated, now: Timestamp) -> Result<Silence, Vec<Wrong>> {
    let mut wrong: Vec<Wrong> = Vec::new();
    let rule: Option<Option<RuleId>> = match body.rule_id.as_deref().map(str::parse).transpose() {
        Ok(rule) => Some(rule),
        Err(_) => {
            wrong.push(("/rule_id".into(), "is no rule".into()));
            None
        }
    };
    if body.group.as_ref().is_some_and(|group| group.chars().count() > GROUP_CHARS) {
        wrong.push(("/group".into(), format!("must have at most {GROUP_CHARS} characters")));
    }
    let comment = body.comment.as_deref().unwrap_or_default().trim();
    if comment.chars().count() > Silence::COMMENT_CHARS || comment.chars().any(char::is_control) {
        wrong
            .push(("/comment".into(), format!("must have at most {} characters, on one line", Silence::COMMENT_CHARS)));
    }
    let quiet = quiet(body, now).map_err(|one| wrong.push(one)).ok();
    match (rule, quiet) {
        (Some(rule), Some(quiet)) if wrong.is_empty() => Ok(Silence {
            id: SilenceId::new(now),
            rule,
            group: body.group.clone(),
            quiet,
            comment: comment.to_owned(),
            created_by: who.0.name().to_owned(),
            created_at: now,
        }),
        _ => Err(wrong),
    }
}

fn quiet(body: &NewSilence, now: Timestamp) -> Result<Quiet, Wrong> {
    let wrong = |path: &str, message: &str| (path.to_owned(), message.to_owned());
    let time =
        |path: &str, text: &str| Timestamp::parse_rfc3339(text).map_err(|error| (path.to_owned(), error.to_string()));
    match (&body.weekly, &body.until) {
        (Some(_), Some(_)) => Err(wrong("/weekly", "must be left out, where until is given")),
        (None, None) => Err(wrong("/until", "must be given: the end; or weekly, the time of the week")),
        (Some(_), None) if body.from.is_some() => Err(wrong("/from", "must be left out, where weekly is given")),
        (Some(weekly), None) => Weekly::parse(&weekly.days, &weekly.start, &weekly.end, &weekly.time_zone)
            .map(Quiet::Weekly)
            .map_err(|(field, error)| (format!("/weekly/{field}"), error.to_string())),
        (None, Some(until)) => {
            let from = body.from.as_deref().map_or(Ok(now), |from| time("/from", from))?;
            let until = time("/until", until)?;
            if until <= from.max(now) || until.since(from) > LONGEST {
                return Err(wrong("/until", "must lie in the future and after from, by at most 366 days"));
            }
            Ok(Quiet::Once { from, until })
        }
    }
}

/// Take a silence back
///
/// What rang in it and still rings is told now.
#[utoipa::path(
    delete, path = "/api/v1/silences/{id}", tag = "alerts", operation_id = "deleteSilence",
    security(("bearer" = [])), params(("id" = String, Path, description = "The silence's id.", format = Uuid)),
    responses(
        (status = 204, description = "Removed"),
        (status = 404, description = "`not_found`: there is none"),
    ),
)]
pub(super) async fn remove(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let missing = || Problem::not_found("silence");
    let id: SilenceId = id.parse().map_err(|_| missing())?;
    let silence = state.silences.current.get().iter().find(|silence| silence.id == id).cloned();
    if !state.silences.remove(id).await? {
        return Err(missing());
    }
    note(&state, &request, &who, AuditEvent::SilenceRemoved, &silence.as_ref().map(told).unwrap_or_default()).await;
    Ok(HttpResponse::NoContent().finish())
}
