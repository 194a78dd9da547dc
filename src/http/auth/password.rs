//! `/api/v1/auth/password` and `/api/v1/auth/email`: passwords and the links in mails.

use actix_web::{HttpRequest, HttpResponse, web};
use tocsin_actors::auth::password_messages::{ChangePassword, ForgotPassword, ResetPassword, VerifyEmail};
use tocsin_actors::domain::Principal;

use super::super::principal::Authenticated;
use super::super::problem::Problem;
use super::super::state::State;
use super::device;
use super::dto::{Forgotten, LinkToken, OnItsWay, PasswordChange, PasswordReset};

/// Changes one's own password. Ends one's other sign-ins unless told not to; the one that asks goes on.
#[utoipa::path(post, path = "/api/v1/auth/password", tag = "auth", operation_id = "changePassword", request_body = PasswordChange, security(("bearer" = [])), responses(
    (status = 204, description = "Changed"),
    (status = 401, description = "`invalid_credentials`: the current password is wrong"),
    (status = 422, description = "`invalid_input`: a password that is not acceptable"),
    (status = 429, description = "`too_many_attempts` at this account; see Retry-After"),
))]
pub(in super::super) async fn change(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    body: web::Json<PasswordChange>,
) -> Result<HttpResponse, Problem> {
    let Principal::Person { user_id, session_id, .. } = who.0 else { return Err(Problem::invalid_token()) };
    let PasswordChange { current_password, new_password, end_other_sessions } = body.into_inner();
    let change = ChangePassword {
        user_id,
        session_id,
        current: current_password,
        new: new_password,
        end_other_sessions: end_other_sessions.unwrap_or(true),
        device: device(&request),
    };
    state.auth.ask(change).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Mails a link to choose a new password, if the address has an account. The answer does not say whether it has.
#[utoipa::path(post, path = "/api/v1/auth/password/forgot", tag = "auth", operation_id = "forgotPassword", request_body = Forgotten, security(()), responses(
    (status = 202, description = "The same for every address", body = OnItsWay),
    (status = 429, description = "`too_many_attempts` from this address; see Retry-After"),
))]
pub(in super::super) async fn forgot(
    request: HttpRequest,
    state: web::Data<State>,
    body: web::Json<Forgotten>,
) -> Result<HttpResponse, Problem> {
    state.auth.ask(ForgotPassword { email: body.into_inner().email, device: device(&request) }).await?;
    Ok(accepted("If this address has an account, a mail with a link is on its way to it."))
}

/// Chooses a new password by a mailed link. Ends every sign-in of the account.
#[utoipa::path(post, path = "/api/v1/auth/password/reset", tag = "auth", operation_id = "resetPassword", request_body = PasswordReset, security(()), responses(
    (status = 204, description = "Chosen; sign in with it"),
    (status = 401, description = "`invalid_link`: used, expired, or replaced by a newer one"),
    (status = 422, description = "`invalid_input`: a password that is not acceptable; the link is as good as before"),
    (status = 429, description = "`too_many_attempts` from this address; see Retry-After"),
))]
pub(in super::super) async fn reset(
    request: HttpRequest,
    state: web::Data<State>,
    body: web::Json<PasswordReset>,
) -> Result<HttpResponse, Problem> {
    let PasswordReset { token, new_password } = body.into_inner();
    state.auth.ask(ResetPassword { token, new_password, device: device(&request) }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Shows by a mailed link that the address of an account is one's own.
#[utoipa::path(post, path = "/api/v1/auth/email/verify", tag = "auth", operation_id = "verifyEmail", request_body = LinkToken, security(()), responses(
    (status = 204, description = "Verified"),
    (status = 401, description = "`invalid_link`: used, expired, or replaced by a newer one"),
    (status = 429, description = "`too_many_attempts` from this address; see Retry-After"),
))]
pub(in super::super) async fn verify(
    request: HttpRequest,
    state: web::Data<State>,
    body: web::Json<LinkToken>,
) -> Result<HttpResponse, Problem> {
    state.auth.ask(VerifyEmail { token: body.into_inner().token, device: device(&request) }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// 202, with a sentence that is the same for everybody.
pub(super) fn accepted(detail: &'static str) -> HttpResponse {
    HttpResponse::Accepted().json(OnItsWay { detail })
}
