//! `POST /api/v1/auth/ws-ticket`: tickets for websockets.

use actix_web::web;
use serde::Serialize;
use tocsin_actors::auth::ws_tickets::LIFETIME;
use tocsin_actors::domain::Principal;
use tocsin_actors::ports::Grant;
use utoipa::ToSchema;

use super::super::principal::Authenticated;
use super::super::problem::Problem;
use super::super::state::State;

/// A ticket for a websocket.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ticket {
    /// For `?ticket=` of one websocket.
    #[schema(example = "tct_…")]
    ticket: String,
    /// Seconds until it is refused.
    expires_in: u64,
}

/// Makes a ticket that opens one websocket as `/ws/alerts?ticket=…`, for clients that can set no header. It works once.
#[utoipa::path(post, path = "/api/v1/auth/ws-ticket", tag = "auth", operation_id = "createTicket", security(("bearer" = [])), responses(
    (status = 200, description = "A ticket.", body = Ticket),
    (status = 429, description = "`too_many_attempts` of this person; see Retry-After"),
    (status = 503, description = "`busy`: too many tickets wait to be used; see Retry-After"),
))]
pub(in super::super) async fn create(
    state: web::Data<State>,
    who: Authenticated,
) -> Result<web::Json<Ticket>, Problem> {
    let Principal::Person { user_id, session_id, role, name } = who.0 else { return Err(Problem::invalid_token()) };
    let ticket = state.tickets.issue(Grant { user_id, session_id, role, name }).await?;
    Ok(web::Json(Ticket { ticket, expires_in: LIFETIME.as_secs() }))
}
