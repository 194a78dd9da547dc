//! `/api/v1/rules`: what is watched, and what it measured.

pub(super) mod past;

use std::collections::BTreeMap;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::value::RawValue;
use tocsin_actors::domain::{AuditEntry, AuditEvent, AuditId, Principal, Rule, RuleId, Scope};

use super::State;
use super::auth::device;
use super::dto::rule::RuleBody;
use super::paging::{self, Page, PageQuery};
use super::principal::Authenticated;
use super::problem::{FieldError, Problem};
use crate::wire::rule::{RuleInput, Wrong};

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
pub(super) async fn list(
    state: web::Data<State>,
    who: Authenticated,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging::limit(query.limit.as_deref())?;
    let all: Vec<RuleBody> = state.rules.list().await?.into_iter().map(|rule| shown(rule, &who)).collect();
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
pub(super) async fn read(
    state: web::Data<State>,
    who: Authenticated,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(shown(find(&state, &id).await?, &who)))
}

/// The rule as whoever asks may see it.
fn shown(rule: Rule, who: &Authenticated) -> RuleBody {
    let changes = match &who.0 {
        Principal::Person { role, .. } => role.is_admin(),
        Principal::Service { scopes, .. } => scopes.contains(&Scope::RulesWrite),
    };
    if changes { RuleBody::from(rule) } else { RuleBody::masked(rule) }
}

async fn find(state: &State, id: &str) -> Result<Rule, Problem> {
    let missing = || Problem::not_found("rule");
    let id: RuleId = id.parse().map_err(|_| missing())?;
    state.rules.get(id).await?.ok_or_else(missing)
}

pub(super) fn invalid(wrong: Vec<Wrong>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", "A field is not acceptable.")
        .with_errors(wrong.into_iter().map(|(path, message)| FieldError::new(path, message)).collect())
}

/// Make a rule
///
/// It watches at once, and counts what is stored already. For owners and admins, and for keys with `rules:write`.
#[utoipa::path(
    post, path = "/api/v1/rules", tag = "alerts", operation_id = "createRule",
    security(("bearer" = [])), request_body = RuleInput,
    responses(
        (status = 201, description = "The rule, and its address in `Location`.", body = RuleBody),
        (status = 409, description = "`rule_name_taken`; `too_many_rules`: as many as `alerts.max_rules` allows"),
        (status = 422, description = "`invalid_input`: fields that are not acceptable, each named"),
    ),
)]
pub(super) async fn create(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    body: web::Json<RuleInput>,
) -> Result<HttpResponse, Problem> {
    let rule = body.parse(RuleId::new(state.clock.now())).map_err(invalid)?;
    state.rule_book.create(rule.clone()).await?;
    note(&state, &request, &who, AuditEvent::RuleMade, &rule.name).await;
    let location = (header::LOCATION, format!("/api/v1/rules/{}", rule.id));
    Ok(HttpResponse::Created().insert_header(location).json(RuleBody::from(rule)))
}

/// Change a rule
///
/// By a JSON merge patch (RFC 7396): what is left out stays, and `null` takes an optional field away; `where` and
/// `measure` are replaced whole. The changed rule takes over from the documents that are stored, without a gap; an
/// incident that is open goes on when its value is over the new line, and is resolved when not.
#[utoipa::path(
    patch, path = "/api/v1/rules/{id}", tag = "alerts", operation_id = "changeRule",
    security(("bearer" = [])), params(("id" = String, Path, description = "The rule's id.", format = Uuid)),
    request_body(content = RuleInput, description = "Some of its fields."),
    responses(
        (status = 200, description = "The rule as it is now.", body = RuleBody),
        (status = 404, description = "`not_found`: there is none"),
        (status = 409, description = "`rule_name_taken`"),
        (status = 422, description = "`invalid_input`: fields that are not acceptable, each named"),
    ),
)]
pub(super) async fn change(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    id: web::Path<String>,
    patch: web::Json<Fields>,
) -> Result<HttpResponse, Problem> {
    let before = find(&state, &id).await?;
    let id = before.id;
    let input = merged(&RuleBody::from(before), patch.into_inner())?;
    let rule = input.parse(id).map_err(invalid)?;
    if !state.rule_book.replace(rule.clone()).await? {
        return Err(Problem::not_found("rule"));
    }
    note(&state, &request, &who, AuditEvent::RuleChanged, &rule.name).await;
    Ok(HttpResponse::Ok().json(RuleBody::from(rule)))
}

/// Fields by name, each as it was written: numbers keep their digits.
type Fields = BTreeMap<String, Box<RawValue>>;

/// A rule with some of its fields exchanged.
fn merged(rule: &RuleBody, patch: Fields) -> Result<RuleInput, Problem> {
    let broken = |error: serde_json::Error| Problem::internal(error.to_string());
    let mut fields: Fields =
        serde_json::to_string(rule).and_then(|json| serde_json::from_str(&json)).map_err(broken)?;
    for (name, value) in patch {
        let value = match (name.as_str(), fields.get(&name)) {
            // Its parts are exchanged one by one.
            ("notify", Some(before)) if value.get().starts_with('{') => {
                let mut parts: Fields = serde_json::from_str(before.get()).map_err(broken)?;
                let changes: Fields = serde_json::from_str(value.get()).map_err(broken)?;
                parts.extend(changes);
                parts.retain(|_, part| part.get() != "null");
                serde_json::value::to_raw_value(&parts).map_err(broken)?
            }
            _ => value,
        };
        fields.insert(name, value);
    }
    fields.retain(|_, value| value.get() != "null");
    if let Some(measure) = fields.get_mut("measure") {
        // It says of itself whether it is exact.
        let mut parts: Fields = serde_json::from_str(measure.get()).unwrap_or_default();
        parts.remove("approximate");
        parts.retain(|_, part| part.get() != "null");
        *measure = serde_json::value::to_raw_value(&parts).map_err(broken)?;
    }
    let json = serde_json::to_string(&fields).map_err(broken)?;
    serde_json::from_str(&json).map_err(|error| {
        let text = error.to_string();
        let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
        invalid(vec![(String::new(), what.to_owned())])
    })
}

/// Remove a rule
///
/// What it has open is resolved; its incidents stay.
#[utoipa::path(
    delete, path = "/api/v1/rules/{id}", tag = "alerts", operation_id = "deleteRule",
    security(("bearer" = [])), params(("id" = String, Path, description = "The rule's id.", format = Uuid)),
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
    let rule = find(&state, &id).await?;
    if !state.rule_book.remove(rule.id).await? {
        return Err(Problem::not_found("rule"));
    }
    note(&state, &request, &who, AuditEvent::RuleRemoved, &rule.name).await;
    Ok(HttpResponse::NoContent().finish())
}

/// Writes down who did what to a rule or a silence. A store that cannot do it undoes nothing: the log of the server has it then.
pub(super) async fn note(state: &State, request: &HttpRequest, who: &Authenticated, event: AuditEvent, of: &str) {
    let (from, at) = (device(request), state.clock.now());
    let (user_id, by) = match &who.0 {
        Principal::Person { user_id, session_id, .. } => ((Some(*user_id), Some(*session_id)), None),
        Principal::Service { name, .. } => ((None, None), Some(name)),
    };
    slog::info!(state.log, "audit"; "event" => event.as_str(), "of" => of, "who" => who.0.name(),
        "ip" => &from.ip, "request_id" => &from.request_id);
    let detail = match by {
        Some(key) => format!("{of} (by the key {key})"),
        None => of.to_owned(),
    };
    let entry = AuditEntry {
        id: AuditId::new(at),
        at,
        event,
        user_id: user_id.0,
        by: None,
        detail: Some(detail),
        session_id: user_id.1,
        ip: from.ip,
        user_agent: from.user_agent.chars().take(AuditEntry::USER_AGENT_CHARS).collect(),
        request_id: from.request_id,
    };
    if let Err(error) = state.audit.append(entry).await {
        slog::error!(state.log, "the audit log could not be written"; "event" => event.as_str(), "error" => %error);
    }
}
