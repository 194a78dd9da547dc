//! `/api/v1/auth/second-factor`: codes of an authenticator app, and recovery codes.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use tocsin_actors::auth::second_factor::messages::{Begin, Confirm, Look, Remove, Renew, SwitchOff};
use tocsin_actors::domain::Principal;
use utoipa::ToSchema;

use super::super::optional::OptionalJson;
use super::super::principal::Authenticated;
use super::super::problem::Problem;
use super::super::state::State;
use super::{device, person};

/// Whether signing in takes a second factor.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecondFactor {
    /// Whether it does.
    enabled: bool,
    /// Since when: RFC 3339, UTC.
    #[schema(format = DateTime)]
    enabled_at: Option<String>,
    /// Recovery codes that were not used yet.
    recovery_codes_left: u32,
}

/// Who begins.
#[derive(Default, Deserialize, ToSchema)]
pub(crate) struct SecondFactorStart {
    /// The password, where the account has one.
    #[schema(format = Password)]
    password: Option<String>,
}

/// A secret that waits to be confirmed; shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct Enrolment {
    /// In Base32, to be typed into an app.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    secret: String,
    /// For an app on the same device.
    #[schema(example = "otpauth://totp/…")]
    uri: String,
    /// The URI as a QR code, an image in SVG.
    qr_svg: String,
}

/// What the app shows.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Code {
    /// Six digits, or a recovery code.
    #[schema(example = "123456")]
    otp: String,
}

/// For when the app is lost; shown once. Each works once.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// Ten of them.
    #[schema(example = json!(["k3v9t-0xw2m"]))]
    recovery_codes: Vec<String>,
}

/// Tells whether one's own account has a second factor
#[utoipa::path(get, path = "/api/v1/auth/second-factor", tag = "second factor", operation_id = "getSecondFactor", security(("bearer" = [])), responses(
    (status = 200, description = "How it stands.", body = SecondFactor),
))]
pub(in super::super) async fn look(
    state: web::Data<State>,
    who: Authenticated,
) -> Result<web::Json<SecondFactor>, Problem> {
    let standing = state.auth.ask(Look { user_id: person(&who)? }).await?;
    Ok(web::Json(SecondFactor {
        enabled: standing.enabled_at.is_some(),
        enabled_at: standing.enabled_at.map(|at| at.to_string()),
        recovery_codes_left: standing.recovery_codes,
    }))
}

/// Begins a second factor
///
/// Makes a secret for an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds). Nothing is asked for until a code
/// of it was confirmed; beginning again makes another.
#[utoipa::path(post, path = "/api/v1/auth/second-factor", tag = "second factor", operation_id = "beginSecondFactor", request_body = Option<SecondFactorStart>, security(("bearer" = [])), responses(
    (status = 200, description = "The secret.", body = Enrolment),
    (status = 401, description = "`invalid_credentials`: the password is wrong. `invalid_grant`: the sign-in of an account without a password has ended"),
    (status = 403, description = "`recent_sign_in_required`: an account without a password begins within ten minutes after signing in"),
    (status = 409, description = "`second_factor_enabled`"),
    (status = 429, description = "`too_many_attempts` at this account; see Retry-After"),
))]
pub(in super::super) async fn begin(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    body: OptionalJson<SecondFactorStart>,
) -> Result<HttpResponse, Problem> {
    let SecondFactorStart { password } = body.0.unwrap_or_default();
    let Principal::Person { user_id, session_id, .. } = who.0 else { return Err(Problem::invalid_token()) };
    let begun = state.auth.ask(Begin { user_id, session_id, password, from: device(&request) }).await?;
    Ok(HttpResponse::Ok().json(Enrolment { secret: begun.secret, uri: begun.uri, qr_svg: begun.qr_svg }))
}

/// Confirms a second factor with the first code of the app
///
/// From now on signing in takes a code.
#[utoipa::path(post, path = "/api/v1/auth/second-factor/confirm", tag = "second factor", operation_id = "confirmSecondFactor", request_body = Code, security(("bearer" = [])), responses(
    (status = 200, description = "Recovery codes.", body = RecoveryCodes),
    (status = 409, description = "`second_factor_not_begun`, `second_factor_enabled`"),
    (status = 422, description = "`invalid_otp`: a wrong code"),
    (status = 429, description = "`too_many_attempts` at this account; see Retry-After"),
))]
pub(in super::super) async fn confirm(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    body: web::Json<Code>,
) -> Result<HttpResponse, Problem> {
    let confirm = Confirm { user_id: person(&who)?, otp: body.into_inner().otp, from: device(&request) };
    let recovery_codes = state.auth.ask(confirm).await?;
    Ok(HttpResponse::Ok().json(RecoveryCodes { recovery_codes }))
}

/// Makes other recovery codes; those before end
#[utoipa::path(post, path = "/api/v1/auth/second-factor/recovery-codes", tag = "second factor", operation_id = "renewRecoveryCodes", request_body = Code, security(("bearer" = [])), responses(
    (status = 200, description = "Recovery codes.", body = RecoveryCodes),
    (status = 409, description = "`second_factor_not_begun`"),
    (status = 422, description = "`invalid_otp`: a wrong code"),
    (status = 429, description = "`too_many_attempts` at this account; see Retry-After"),
))]
pub(in super::super) async fn renew(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    body: web::Json<Code>,
) -> Result<HttpResponse, Problem> {
    let renew = Renew { user_id: person(&who)?, otp: body.into_inner().otp, from: device(&request) };
    let recovery_codes = state.auth.ask(renew).await?;
    Ok(HttpResponse::Ok().json(RecoveryCodes { recovery_codes }))
}

/// Switches the second factor off
#[utoipa::path(post, path = "/api/v1/auth/second-factor/disable", tag = "second factor", operation_id = "disableSecondFactor", request_body = Code, security(("bearer" = [])), responses(
    (status = 204, description = "Signing in takes the password alone."),
    (status = 409, description = "`second_factor_not_begun`"),
    (status = 422, description = "`invalid_otp`: a wrong code"),
    (status = 429, description = "`too_many_attempts` at this account; see Retry-After"),
))]
pub(in super::super) async fn switch_off(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    body: web::Json<Code>,
) -> Result<HttpResponse, Problem> {
    let off = SwitchOff { user_id: person(&who)?, otp: body.into_inner().otp, from: device(&request) };
    state.auth.ask(off).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Removes the second factor of somebody who has lost the app and the recovery codes
///
/// An admin does so for members, an owner for everybody else. Make sure who asks for it.
#[utoipa::path(delete, path = "/api/v1/users/{id}/second-factor", tag = "users", operation_id = "removeSecondFactor", security(("bearer" = [])), params(("id" = String, Path)), responses(
    (status = 204, description = "Removed."),
    (status = 403, description = "`owner_required`: they are an admin or an owner"),
    (status = 404, description = "`not_found`: there is no such account, or it has no second factor"),
    (status = 409, description = "`own_account`: one's own is switched off with a code"),
))]
pub(in super::super) async fn remove(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let nothing = || Problem::not_found("second factor");
    let id = id.parse().map_err(|_| nothing())?;
    let removed = state.auth.ask(Remove { by: person(&who)?, id, from: device(&request) }).await?;
    if removed { Ok(HttpResponse::NoContent().finish()) } else { Err(nothing()) }
}
