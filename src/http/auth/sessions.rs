//! `/api/v1/auth/sessions`: the devices that are signed in.

use actix_web::{HttpRequest, HttpResponse, web};
use tocsin_actors::auth::messages::{EndSession, Sessions};
use tocsin_actors::domain::{Principal, SessionId};
use tocsin_actors::ports::Family;

use super::super::paging::Page;
use super::super::principal::Authenticated;
use super::super::problem::Problem;
use super::super::state::State;
use super::dto::SignIn;
use super::{device, person};

/// One's sign-ins, the last used first.
#[utoipa::path(get, path = "/api/v1/auth/sessions", tag = "auth", operation_id = "listSessions", security(("bearer" = [])), responses((status = 200, description = "The sign-ins.", body = Page<SignIn>)))]
pub(in super::super) async fn list(state: web::Data<State>, who: Authenticated) -> Result<HttpResponse, Problem> {
    let current = match &who.0 {
        Principal::Person { session_id, .. } => Some(*session_id),
        Principal::Service { .. } => None,
    };
    let families = state.auth.ask(Sessions { user_id: person(&who)? }).await?;
    let items = families.into_iter().map(|family| sign_in(family, current)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Ends one of one's sign-ins: its refresh token, its access tokens and its sockets, at once.
#[utoipa::path(delete, path = "/api/v1/auth/sessions/{id}", tag = "auth", operation_id = "endSession", security(("bearer" = [])), params(("id" = String, Path)), responses(
    (status = 204, description = "Ended"),
    (status = 404, description = "`not_found`: there is no such sign-in of yours"),
))]
pub(in super::super) async fn end(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let session_id = id.parse().map_err(|_| Problem::not_found("sign-in"))?;
    let end = EndSession { user_id: person(&who)?, session_id, from: device(&request) };
    let ended = state.auth.ask(end).await?;
    if ended { Ok(HttpResponse::NoContent().finish()) } else { Err(Problem::not_found("sign-in")) }
}

fn sign_in(family: Family, current: Option<SessionId>) -> SignIn {
    SignIn {
        id: family.id.to_string(),
        created_at: family.created_at.to_string(),
        last_used_at: family.rotated_at.to_string(),
        ip: family.ip,
        user_agent: family.user_agent,
        current: current == Some(family.id),
    }
}
