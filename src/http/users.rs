//! `/api/v1/users`: the accounts, for owners and admins.

use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt as _;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tocsin_actors::auth::messages::AuthError;
use tocsin_actors::auth::people::rules::Wish;
use tocsin_actors::auth::people::{ChangeUser, EndSessionsOf};
use tocsin_actors::domain::{Role, UserId};
use tocsin_actors::ports;
use tocsin_actors::ports::ListUsers;
use utoipa::{IntoParams, ToSchema};

use super::State;
use super::auth::{device, person};
use super::paging::{self, Page};
use super::principal::Authenticated;
use super::problem::Problem;

/// The longest text that is looked for, in bytes.
const QUERY_MAX: usize = 320;

/// Which accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Those with this in the address or the name, without regard to case.
    q: Option<String>,
    /// At most so many, 1 to 1000.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// `next_cursor` of the page before, with the same other parameters.
    cursor: Option<String>,
}

/// An account, for those who look after it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserRow {
    /// UUIDv7.
    id: String,
    /// The address.
    email: String,
    /// What others see.
    name: String,
    /// `owner`, `admin` or `member`.
    role: &'static str,
    /// Whether the address was shown to be theirs.
    email_verified: bool,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    created_at: String,
    /// Since when nothing signs in to it; `null` when it is open.
    #[schema(format = DateTime)]
    disabled_at: Option<String>,
    /// Whether signing in takes a second factor.
    second_factor: bool,
    /// When a sign-in that has not ended was last used; `null` when there is none, or when that cannot be read now.
    #[schema(format = DateTime)]
    last_seen_at: Option<String>,
}

/// Sign-ins are looked up of so many accounts at once.
const LOOKED_UP: usize = 4;

impl UserRow {
    /// With when they were last here, unless that cannot be read now.
    async fn of(state: &State, row: ports::UserRow) -> Self {
        let ports::UserRow { user, second_factor } = row;
        let sign_ins = state.refresh_tokens.of_user(user.id).await.unwrap_or_default();
        let last_seen_at = sign_ins.first().map(|last| last.rotated_at);
        Self {
            id: user.id.to_string(),
            email: user.email,
            name: user.name,
            role: user.role.as_str(),
            email_verified: user.email_verified,
            created_at: user.created_at.to_string(),
            disabled_at: user.disabled_at.map(|at| at.to_string()),
            second_factor,
            last_seen_at: last_seen_at.map(|at| at.to_string()),
        }
    }
}

/// What is to become of an account; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UserPatch {
    /// `owner`, `admin` or `member`.
    role: Option<String>,
    /// Whether it is shut.
    disabled: Option<bool>,
}

/// Lists accounts, the oldest first
///
/// For owners and admins.
#[utoipa::path(get, path = "/api/v1/users", tag = "users", operation_id = "listUsers", security(("bearer" = [])), params(ListQuery), responses(
    (status = 200, description = "A page.", body = Page<UserRow>),
))]
pub(super) async fn list(state: web::Data<State>, query: web::Query<ListQuery>) -> Result<HttpResponse, Problem> {
    let ListQuery { q, limit, cursor } = query.into_inner();
    let limit = paging::limit(limit.as_deref())?;
    let containing = q.map(|text| text.trim().to_owned()).unwrap_or_default();
    if containing.len() > QUERY_MAX {
        return Err(Problem::bad_parameter("q", format!("must have at most {QUERY_MAX} bytes")));
    }
    let list = format!("users {containing:?}");
    let after = cursor.map(|cursor| {
        let position = paging::decode(&list, &cursor)?;
        position.parse().map_err(|_| Problem::bad_parameter("cursor", "is not of this list"))
    });
    let query = ListUsers { containing, after: after.transpose()?, limit: limit + 1 };
    let mut found = state.users.list(query).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found.last().filter(|_| more).map(|last| paging::encode(&list, &last.user.id.to_string()));
    let rows = stream::iter(found).map(|row| UserRow::of(&state, row));
    Ok(HttpResponse::Ok().json(Page { items: rows.buffered(LOOKED_UP).collect().await, next_cursor }))
}

/// Reads an account
///
/// For owners and admins.
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "users", operation_id = "getUser", security(("bearer" = [])), params(("id" = String, Path)), responses(
    (status = 200, description = "The account.", body = UserRow),
    (status = 404, description = "`not_found`: there is no such account"),
))]
pub(super) async fn read(state: web::Data<State>, id: web::Path<String>) -> Result<web::Json<UserRow>, Problem> {
    let row = state.users.get(known(&id)?).await?.ok_or_else(nobody)?;
    Ok(web::Json(UserRow::of(&state, row).await))
}

/// Changes what somebody may do, or whether they come in at all
///
/// An admin disables and enables members; roles, and anything about admins and owners, are for owners. Whoever is
/// disabled or gets a lesser role is signed out everywhere at once; the API keys of a disabled account are refused. A
/// greater role counts from the next refresh on.
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "users", operation_id = "changeUser", request_body = UserPatch, security(("bearer" = [])), params(("id" = String, Path)), responses(
    (status = 200, description = "The account as it is now.", body = UserRow),
    (status = 403, description = "`owner_required`: it is about a role, an admin or an owner"),
    (status = 404, description = "`not_found`: there is no such account"),
    (status = 409, description = "`own_account`. `last_owner`: no owner would be left who is not disabled"),
    (status = 422, description = "`invalid_input`: a role that there is not"),
))]
pub(super) async fn change(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    id: web::Path<String>,
    body: web::Json<UserPatch>,
) -> Result<web::Json<UserRow>, Problem> {
    let UserPatch { role, disabled } = body.into_inner();
    let role = role.map(|role| Role::parse(&role)).transpose();
    let role = role.map_err(|error| AuthError::Invalid(vec![("/role", error.to_string())]))?;
    let by = person(&who)?;
    let change = ChangeUser { by, id: known(&id)?, wish: Wish { role, disabled }, from: device(&request) };
    let row = state.auth.ask(change).await?.ok_or_else(nobody)?;
    Ok(web::Json(UserRow::of(&state, row).await))
}

/// Ends every sign-in of somebody, their access tokens and sockets, at once
///
/// An admin does so for members, an owner for everybody.
#[utoipa::path(delete, path = "/api/v1/users/{id}/sessions", tag = "users", operation_id = "endSessionsOf", security(("bearer" = [])), params(("id" = String, Path)), responses(
    (status = 204, description = "Ended"),
    (status = 403, description = "`owner_required`: they are an admin or an owner"),
    (status = 404, description = "`not_found`: there is no such account"),
))]
pub(super) async fn end_sessions(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let end = EndSessionsOf { by: person(&who)?, id: known(&id)?, from: device(&request) };
    if state.auth.ask(end).await? { Ok(HttpResponse::NoContent().finish()) } else { Err(nobody()) }
}

fn known(id: &str) -> Result<UserId, Problem> {
    id.parse().map_err(|_| nobody())
}

fn nobody() -> Problem {
    Problem::not_found("account")
}
