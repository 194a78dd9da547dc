//! `/api/v1/invitations` and `/api/v1/auth/invitation`: inviting people, and looking at an invitation.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use tocsin_actors::auth::invitations::{Invite, PeekInvitation, Withdraw};
use tocsin_actors::auth::messages::AuthError;
use tocsin_actors::domain;
use tocsin_actors::domain::Role;
use utoipa::ToSchema;

use super::State;
use super::auth::{device, person};
use super::paging::Page;
use super::principal::Authenticated;
use super::problem::Problem;

/// Who is to be invited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewInvitation {
    /// The address; the account will have it.
    #[schema(example = "ada@example.org")]
    email: String,
    /// `member` or `admin`; `member` if left out.
    role: Option<String>,
}

/// An invitation that waits.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Invitation {
    /// UUIDv7.
    id: String,
    /// The address.
    email: String,
    /// `member` or `admin`.
    role: &'static str,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    created_at: String,
    /// RFC 3339, UTC; from when on it is refused.
    #[schema(format = DateTime)]
    expires_at: String,
    /// Who invites; `null` when they are gone.
    invited_by: Option<Inviter>,
}

/// Who invites.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Inviter {
    /// UUIDv7.
    id: String,
    /// What others see.
    name: String,
}

/// The token of an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InvitationToken {
    /// What stands behind `#token=` in the link.
    token: String,
}

/// An invitation, as the invited see it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ShownInvitation {
    /// The address; the account will have it.
    email: String,
    /// The name of who invites; `null` when they are gone.
    invited_by: Option<String>,
    /// RFC 3339, UTC; from when on it is refused.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl From<domain::Invitation> for Invitation {
    fn from(invitation: domain::Invitation) -> Self {
        Self {
            id: invitation.id.to_string(),
            email: invitation.email,
            role: invitation.role.as_str(),
            created_at: invitation.created_at.to_string(),
            expires_at: invitation.expires_at.to_string(),
            invited_by: Some(Inviter { id: invitation.invited_by.to_string(), name: invitation.inviter }),
        }
    }
}

/// Invites somebody
///
/// Mails the address a link to make an account, which works once. A second invitation of an address ends the first. To
/// invite an admin takes an owner.
#[utoipa::path(post, path = "/api/v1/invitations", tag = "users", operation_id = "invite", request_body = NewInvitation, security(("bearer" = [])), responses(
    (status = 201, description = "The mail is on its way.", body = Invitation),
    (status = 403, description = "`registration_closed`. `owner_required`: an admin is to be invited"),
    (status = 409, description = "`email_taken`. `too_many_invitations`: as many wait as may"),
    (status = 422, description = "`invalid_input`: fields that are not acceptable, each named"),
    (status = 429, description = "`too_many_attempts` to invite this address; see Retry-After"),
))]
pub(super) async fn create(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    body: web::Json<NewInvitation>,
) -> Result<HttpResponse, Problem> {
    let NewInvitation { email, role } = body.into_inner();
    let role = match role.as_deref() {
        None | Some("member") => Role::Member,
        Some("admin") => Role::Admin,
        Some(_) => {
            return Err(AuthError::Invalid(vec![("/role", "must be member or admin".to_owned())]).into());
        }
    };
    let invite = Invite { by: person(&who)?, email, role, from: device(&request) };
    let invitation = state.auth.ask(invite).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(Invitation::from(invitation)))
}

/// Lists the invitations that wait, the oldest first
#[utoipa::path(get, path = "/api/v1/invitations", tag = "users", operation_id = "listInvitations", security(("bearer" = [])), responses(
    (status = 200, description = "The invitations.", body = Page<Invitation>),
))]
pub(super) async fn list(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let pending = state.invitations.pending(state.clock.now()).await?;
    let items: Vec<Invitation> = pending.into_iter().map(Invitation::from).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Withdraws an invitation; its link is refused from then on
#[utoipa::path(delete, path = "/api/v1/invitations/{id}", tag = "users", operation_id = "withdrawInvitation", security(("bearer" = [])), params(("id" = String, Path)), responses(
    (status = 204, description = "Withdrawn"),
    (status = 403, description = "`owner_required`: an admin is invited"),
    (status = 404, description = "`not_found`: there is no such invitation, or it was used or has expired"),
))]
pub(super) async fn withdraw(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found("invitation"))?;
    let withdraw = Withdraw { by: person(&who)?, id, from: device(&request) };
    let withdrawn = state.auth.ask(withdraw).await?;
    if withdrawn { Ok(HttpResponse::NoContent().finish()) } else { Err(Problem::not_found("invitation")) }
}

/// Shows the invitation of a token. Changes nothing: `POST /api/v1/auth/register` uses it up.
#[utoipa::path(post, path = "/api/v1/auth/invitation", tag = "auth", operation_id = "readInvitation", request_body = InvitationToken, security(()), responses(
    (status = 200, description = "The invitation.", body = ShownInvitation),
    (status = 401, description = "`invalid_link`: used, expired, withdrawn, or replaced by a newer one"),
    (status = 429, description = "`too_many_attempts` from this address; see Retry-After"),
))]
pub(super) async fn peek(
    request: HttpRequest,
    state: web::Data<State>,
    body: web::Json<InvitationToken>,
) -> Result<web::Json<ShownInvitation>, Problem> {
    let peek = PeekInvitation { token: body.into_inner().token, device: device(&request) };
    let domain::Invitation { email, inviter, expires_at, .. } = state.auth.ask(peek).await?;
    Ok(web::Json(ShownInvitation { email, invited_by: Some(inviter), expires_at: expires_at.to_string() }))
}
