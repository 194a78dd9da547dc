//! `/api/v1/incidents`: what rang, and who is on it.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use tocsin_actors::domain::{Incident, IncidentId, IncidentState, NotificationId};
use tocsin_actors::ports::{Change, ListIncidents};
use utoipa::IntoParams;

use super::State;
use super::paging::{self, Page};
use super::principal::Authenticated;
use super::problem::Problem;
use crate::wire::incident::IncidentBody;

/// Which incidents.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// In one state only: `firing` or `resolved`.
    #[param(pattern = "^(firing|resolved)$")]
    state: Option<String>,
    /// At most so many, 1 to 1000.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// `next_cursor` of the page before, with the same other parameters.
    cursor: Option<String>,
}

/// List incidents
///
/// Newest first.
#[utoipa::path(
    get, path = "/api/v1/incidents", tag = "alerts", operation_id = "listIncidents",
    security(("bearer" = [])), params(ListQuery),
    responses(
        (status = 200, description = "A page.", body = Page<IncidentBody>),
    ),
)]
pub(super) async fn list(state: web::Data<State>, query: web::Query<ListQuery>) -> Result<HttpResponse, Problem> {
    let wanted = match query.state.as_deref() {
        None => None,
        Some("firing") => Some(IncidentState::Firing),
        Some("resolved") => Some(IncidentState::Resolved),
        Some(_) => return Err(Problem::bad_parameter("state", "must be firing or resolved")),
    };
    let limit = paging::limit(query.limit.as_deref())?;
    let list = format!("incidents {wanted:?}");
    let after = query.cursor.as_deref().map(|cursor| position_of(&list, cursor)).transpose()?;
    let mut found = state.incidents.list(ListIncidents { state: wanted, after, limit: limit + 1 }).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found.last().filter(|_| more).map(|last| paging::encode(&list, &last.id.to_string()));
    let items: Vec<IncidentBody> = found.into_iter().map(|incident| as_now(&state, incident)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

fn position_of(list: &str, cursor: &str) -> Result<IncidentId, Problem> {
    let position = paging::decode(list, cursor)?;
    position.parse().map_err(|_| Problem::bad_parameter("cursor", "is not of this list"))
}

/// With the value of this moment: the store has the one of the last change.
fn as_now(state: &State, mut incident: Incident) -> IncidentBody {
    if incident.state == IncidentState::Firing
        && let Some((value, peak)) = (state.live)(&incident)
    {
        (incident.value, incident.peak) = (value, peak);
    }
    incident.into()
}

fn missing() -> Problem {
    Problem::not_found("incident")
}

/// Read one incident
#[utoipa::path(
    get, path = "/api/v1/incidents/{id}", tag = "alerts", operation_id = "getIncident",
    security(("bearer" = [])), params(("id" = String, Path, description = "The incident's id.", format = Uuid)),
    responses(
        (status = 200, description = "The incident.", body = IncidentBody),
        (status = 404, description = "`not_found`: there is none"),
    ),
)]
pub(super) async fn read(state: web::Data<State>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    let id: IncidentId = id.parse().map_err(|_| missing())?;
    let incident = state.incidents.get(id).await?.ok_or_else(missing)?;
    Ok(HttpResponse::Ok().json(as_now(&state, incident)))
}

/// Say "I am on it"
///
/// The first name stays; saying it again changes nothing.
#[utoipa::path(
    post, path = "/api/v1/incidents/{id}/ack", tag = "alerts", operation_id = "acknowledgeIncident",
    security(("bearer" = [])), params(("id" = String, Path, description = "The incident's id.", format = Uuid)),
    responses(
        (status = 200, description = "The incident as it is now.", body = IncidentBody),
        (status = 404, description = "`not_found`: there is none"),
    ),
)]
pub(super) async fn acknowledge(
    state: web::Data<State>,
    id: web::Path<String>,
    Authenticated(principal): Authenticated,
) -> Result<HttpResponse, Problem> {
    let id: IncidentId = id.parse().map_err(|_| missing())?;
    let by = principal.name().to_owned();
    let incident = state.incidents.change(id, Change::Acknowledge { by }).await?.ok_or_else(missing)?;
    (state.on_changed)(incident.clone());
    Ok(HttpResponse::Ok().json(as_now(&state, incident)))
}

/// Send a message again
///
/// One that was given up, because it was refused for good or tried too often: it is due at once, and its tries count
/// from none. For owners and admins, and for keys with `rules:write`.
#[utoipa::path(
    post, path = "/api/v1/incidents/{id}/notifications/{notification}/retry", tag = "alerts",
    operation_id = "retryNotification", security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "The incident's id.", format = Uuid),
        ("notification" = String, Path, description = "The message's id.", format = Uuid),
    ),
    responses(
        (status = 200, description = "The incident as it is now.", body = IncidentBody),
        (status = 404, description = "`not_found`: there is no such message of it that was given up"),
    ),
)]
pub(super) async fn retry(state: web::Data<State>, ids: web::Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let missing = || Problem::not_found("message that was given up");
    let (incident, message) = ids.into_inner();
    let incident: IncidentId = incident.parse().map_err(|_| missing())?;
    let message: NotificationId = message.parse().map_err(|_| missing())?;
    let revived = state.outbox.revive(incident, message, state.clock.now()).await?.ok_or_else(missing)?;
    (state.on_queued)();
    (state.on_changed)(revived.clone());
    Ok(HttpResponse::Ok().json(as_now(&state, revived)))
}
