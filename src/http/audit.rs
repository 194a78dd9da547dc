//! `/api/v1/audit`: what happened to accounts and sign-ins. For owners and admins.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use tocsin_actors::domain::{AuditEntry, AuditEvent};
use tocsin_actors::ports::ListAudit;
use utoipa::{IntoParams, ToSchema};

use super::State;
use super::paging::{self, Page};
use super::problem::Problem;

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Of one account only.
    user_id: Option<String>,
    /// Of one kind only, such as `sign_in_failed`.
    event: Option<String>,
    /// At most so many, 1 to 1000.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// `next_cursor` of the page before, with the same other parameters.
    cursor: Option<String>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Entry {
    /// UUIDv7.
    id: String,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// What.
    #[schema(example = "signed_in")]
    event: &'static str,
    /// Whose account; `null` when there is none.
    user_id: Option<String>,
    /// Who did it, where that is not the account itself.
    by: Option<String>,
    /// What is worth knowing beside it, such as `member to admin`.
    detail: Option<String>,
    /// Which sign-in.
    session_id: Option<String>,
    /// From which address.
    ip: String,
    /// With which client, as it names itself.
    user_agent: String,
    /// The request, as in the server's log.
    request_id: String,
}

impl From<AuditEntry> for Entry {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: entry.id.to_string(),
            at: entry.at.to_string(),
            event: entry.event.as_str(),
            user_id: entry.user_id.map(|id| id.to_string()),
            by: entry.by.map(|id| id.to_string()),
            detail: entry.detail,
            session_id: entry.session_id.map(|id| id.to_string()),
            ip: entry.ip,
            user_agent: entry.user_agent,
            request_id: entry.request_id,
        }
    }
}

/// Read the audit log
///
/// The latest first. For owners and admins.
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "auth", operation_id = "listAudit",
    security(("bearer" = [])), params(ListQuery),
    responses(
        (status = 200, description = "A page.", body = Page<Entry>),
    ),
)]
pub(super) async fn list(state: web::Data<State>, query: web::Query<ListQuery>) -> Result<HttpResponse, Problem> {
    let ListQuery { user_id, event, limit, cursor } = query.into_inner();
    let limit = paging::limit(limit.as_deref())?;
    let list = format!("audit {user_id:?} {event:?}");
    let user_id = user_id.map(|id| id.parse().map_err(|error| Problem::bad_parameter("user_id", error))).transpose()?;
    let event = event.map(|event| AuditEvent::parse(&event).map_err(|error| Problem::bad_parameter("event", error)));
    let before = cursor.map(|cursor| {
        let position = paging::decode(&list, &cursor)?;
        position.parse().map_err(|_| Problem::bad_parameter("cursor", "is not of this list"))
    });
    let query = ListAudit { user_id, event: event.transpose()?, before: before.transpose()?, limit: limit + 1 };
    let mut found = state.audit.list(query).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found.last().filter(|_| more).map(|last| paging::encode(&list, &last.id.to_string()));
    Ok(HttpResponse::Ok().json(Page { items: found.into_iter().map(Entry::from).collect(), next_cursor }))
}
