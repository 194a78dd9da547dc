//! `/api/v1/auth`: accounts and sign-ins.

pub(super) mod alerts;
mod cookie;
pub(super) mod dto;
pub(super) mod keys;
pub(super) mod oauth;
pub(super) mod password;
pub(super) mod second_factor;
pub(super) mod sessions;
pub(super) mod tickets;

pub use cookie::RefreshCookie;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use tocsin_actors::auth::invitations::Join;
use tocsin_actors::auth::messages::{AuthError, Device, Login, Logout, Reach, Refresh, Register, Rename, SignedIn};
use tocsin_actors::auth::password_messages::RegisterUnverified;
use tocsin_actors::auth::people::rules::Refused;
use tocsin_actors::domain::{Principal, UserId};

use self::dto::{Credentials, MeChange, NewAccount, OnItsWay, RefreshToken, Session, SignOut, Transport, User};
use super::context::RequestContext;
use super::optional::OptionalJson;
use super::principal::Authenticated;
use super::problem::{FieldError, Problem};
use super::state::State;

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        let detail = format!("{}.", capitalised(&error.to_string()));
        match error {
            AuthError::InvalidCredentials => Self::new(StatusCode::UNAUTHORIZED, "invalid_credentials", detail),
            AuthError::OtpRequired => Self::new(StatusCode::UNAUTHORIZED, "otp_required", detail),
            AuthError::InvalidOtp => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_otp", detail)
                .with_error("/otp", "is wrong, or was used already"),
            AuthError::RecentSignInRequired => Self::new(StatusCode::FORBIDDEN, "recent_sign_in_required", detail),
            AuthError::InvalidGrant => Self::new(StatusCode::UNAUTHORIZED, "invalid_grant", detail),
            AuthError::InvalidLink => Self::new(StatusCode::UNAUTHORIZED, "invalid_link", detail),
            AuthError::EmailTaken => {
                Self::new(StatusCode::CONFLICT, "email_taken", detail).with_error("/email", "has an account already")
            }
            AuthError::RegistrationClosed => Self::new(StatusCode::FORBIDDEN, "registration_closed", detail),
            AuthError::InvitationRequired => Self::new(StatusCode::FORBIDDEN, "invitation_required", detail),
            AuthError::TooManyInvitations => Self::new(StatusCode::CONFLICT, "too_many_invitations", detail),
            AuthError::Refused(refused) => {
                let (status, code) = match refused {
                    Refused::OwnAccount => (StatusCode::CONFLICT, "own_account"),
                    Refused::OwnerRequired => (StatusCode::FORBIDDEN, "owner_required"),
                    Refused::AdminRequired => (StatusCode::FORBIDDEN, "admin_required"),
                    Refused::LastOwner => (StatusCode::CONFLICT, "last_owner"),
                };
                Self::new(status, code, detail)
            }
            AuthError::TooMany(wait) => {
                let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", detail).with_retry_after_seconds(seconds)
            }
            AuthError::Invalid(fields) => {
                let errors = fields.into_iter().map(|(path, message)| FieldError::new(path, message)).collect();
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", detail).with_errors(errors)
            }
            AuthError::Port(error) => error.into(),
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Makes an account and signs in. With the token of an invitation it has the invited address and its role.
#[utoipa::path(post, path = "/api/v1/auth/register", tag = "auth", request_body = NewAccount, security(()), responses(
    (status = 201, description = "The account, signed in", body = Session),
    (status = 202, description = "Where addresses are verified: a mail says how to go on, whether or not the address has an account", body = OnItsWay),
    (status = 401, description = "`invalid_link`: an invitation that was used, has expired, was withdrawn or replaced"),
    (status = 403, description = "`registration_closed`, `invitation_required`"),
    (status = 409, description = "`email_taken`"),
    (status = 422, description = "`invalid_input`: fields that are not acceptable, each named"),
    (status = 429, description = "`too_many_attempts` from this address; see Retry-After"),
))]
pub(super) async fn register(
    request: HttpRequest,
    state: web::Data<State>,
    body: web::Json<NewAccount>,
) -> Result<HttpResponse, Problem> {
    let NewAccount { email, password, name, invitation, token_transport } = body.into_inner();
    let device = device(&request);
    if let Some(token) = invitation {
        let signed_in = state.auth.ask(Join { token, email, password, name, device }).await?;
        return Ok(session(&state, signed_in, None, token_transport, StatusCode::CREATED));
    }
    let register = Register { email: email.unwrap_or_default(), password, name, device };
    if state.verifies_email {
        state.auth.ask(RegisterUnverified(register)).await?;
        return Ok(password::accepted("A mail to this address says how to go on."));
    }
    let signed_in = state.auth.ask(register).await?;
    Ok(session(&state, signed_in, None, token_transport, StatusCode::CREATED))
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth", request_body = Credentials, security(()), responses(
    (status = 200, description = "Signed in", body = Session),
    (status = 401, description = "`invalid_credentials`, whatever was wrong. `otp_required`: all was right, and the account has a second factor"),
    (status = 429, description = "`too_many_attempts`, from this address or at this account; see Retry-After"),
))]
pub(super) async fn login(
    request: HttpRequest,
    state: web::Data<State>,
    body: web::Json<Credentials>,
) -> Result<HttpResponse, Problem> {
    let Credentials { email, password, otp, token_transport } = body.into_inner();
    let signed_in = state.auth.ask(Login { email, password, otp, device: device(&request) }).await?;
    Ok(session(&state, signed_in, None, token_transport, StatusCode::OK))
}

/// Trades a refresh token, from the body or the cookie, for a new pair.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth", request_body = Option<RefreshToken>, security(()), responses(
    (status = 200, description = "A new pair", body = Session),
    (status = 401, description = "`invalid_grant`: sign in again"),
    (status = 403, description = "`foreign_origin`: a page of another site asks, with the cookie"),
))]
pub(super) async fn refresh(
    request: HttpRequest,
    state: web::Data<State>,
    body: OptionalJson<RefreshToken>,
) -> Result<HttpResponse, Problem> {
    let token = body.0.and_then(|body| body.refresh_token);
    let (token, transport) = presented(&request, &state, token)?.ok_or(AuthError::InvalidGrant)?;
    match state.auth.ask(Refresh { token, from: device(&request) }).await {
        Ok(signed_in) => Ok(session(&state, signed_in, None, Some(transport), StatusCode::OK)),
        // The cookie stays unless it is known to be worthless: an error of ours signs nobody out.
        Err(AuthError::InvalidGrant) if transport == Transport::Cookie => {
            let mut response = HttpResponse::from_error(Problem::from(AuthError::InvalidGrant));
            cookie::clear(&mut response, &state.refresh_cookie);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// Ends the sign-in of a refresh token, from the body or the cookie, and others of the same person if asked to. Needs no access token: that may have expired.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth", request_body = Option<SignOut>, security(()), responses(
    (status = 204, description = "Signed out"),
    (status = 403, description = "`foreign_origin`: a page of another site asks, with the cookie"),
))]
pub(super) async fn logout(
    request: HttpRequest,
    state: web::Data<State>,
    body: OptionalJson<SignOut>,
) -> Result<HttpResponse, Problem> {
    let SignOut { refresh_token, scope } = body.0.unwrap_or_default();
    let reach = scope.unwrap_or_default().into();
    if let Some((token, _)) = presented(&request, &state, refresh_token)? {
        state.auth.ask(Logout { token, reach, from: device(&request) }).await?;
    }
    let mut response = HttpResponse::NoContent().finish();
    if reach != Reach::Others {
        cookie::clear(&mut response, &state.refresh_cookie);
    }
    Ok(response)
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/auth/me", tag = "auth", security(("bearer" = [])), responses((status = 200, description = "The account.", body = User)))]
pub(super) async fn me(state: web::Data<State>, who: Authenticated) -> Result<web::Json<User>, Problem> {
    let user = state.accounts.by_id(person(&who)?).await?.ok_or_else(Problem::invalid_token)?;
    Ok(web::Json(user.into()))
}

/// Changes one's own name.
#[utoipa::path(patch, path = "/api/v1/auth/me", tag = "auth", request_body = MeChange, security(("bearer" = [])), responses(
    (status = 200, description = "The account as it is now.", body = User),
    (status = 422, description = "`invalid_input`: a name that is not acceptable"),
))]
pub(super) async fn change_me(
    state: web::Data<State>,
    who: Authenticated,
    body: web::Json<MeChange>,
) -> Result<web::Json<User>, Problem> {
    let user = state.auth.ask(Rename { user_id: person(&who)?, name: body.into_inner().name }).await?;
    Ok(web::Json(user.into()))
}

/// The OAuth providers of the sign-in page.
#[utoipa::path(get, path = "/api/v1/auth/providers", tag = "auth", security(()), responses((status = 200, description = "What the sign-in page offers.", body = dto::Providers)))]
pub(super) async fn providers(state: web::Data<State>) -> web::Json<dto::Providers> {
    web::Json(dto::Providers { items: oauth::offered(&state), next_cursor: None, registration: state.registration })
}

/// The public keys that verify access tokens (RFC 7517). Choose by `kid`: keys take turns, and the next one is here before it signs.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "auth", security(()), responses((status = 200, description = "A JWK set. Cache-Control says how long a copy may be kept.", body = Object)))]
pub(super) async fn jwks(state: web::Data<State>) -> HttpResponse {
    let keys = &state.published_keys;
    let kept = format!("public, max-age={}", keys.max_age.as_secs());
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, kept)).json((keys.set)())
}

pub(super) fn device(request: &HttpRequest) -> Device {
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let context = RequestContext::of(request);
    let ip = context.as_ref().and_then(|context| context.client);
    Device {
        user_agent: user_agent.unwrap_or_default().to_owned(),
        ip: ip.map(|ip| ip.to_string()).unwrap_or_default(),
        mark: cookie::device_mark(request),
        request_id: context.map(|context| context.request_id).unwrap_or_default(),
    }
}

/// The person behind a route that only people may call.
pub(super) fn person(who: &Authenticated) -> Result<UserId, Problem> {
    match &who.0 {
        Principal::Person { user_id, .. } => Ok(*user_id),
        Principal::Service { .. } => Err(Problem::invalid_token()),
    }
}

fn session(
    state: &State,
    signed_in: SignedIn,
    return_to: Option<String>,
    transport: Option<Transport>,
    status: StatusCode,
) -> HttpResponse {
    let SignedIn { user, access_token, expires_in_seconds, refresh_token, device_mark } = signed_in;
    let mut body = Session {
        user: user.into(),
        access_token,
        token_type: "Bearer",
        expires_in: expires_in_seconds,
        refresh_token: Some(refresh_token),
        return_to,
    };
    let kept = if transport == Some(Transport::Cookie) { body.refresh_token.take() } else { None };
    let mut response = HttpResponse::build(status).json(&body);
    if let Some(token) = kept {
        cookie::set(&mut response, &state.refresh_cookie, token);
        if let Some(mark) = device_mark {
            cookie::set_device_mark(&mut response, &state.refresh_cookie, mark);
        }
    }
    response
}

/// The refresh token of a request, and how it came.
fn presented(
    request: &HttpRequest,
    state: &State,
    in_body: Option<String>,
) -> Result<Option<(String, Transport)>, Problem> {
    if let Some(token) = in_body {
        return Ok(Some((token, Transport::Body)));
    }
    let Some(token) = cookie::read(request, &state.refresh_cookie) else { return Ok(None) };
    cookie::from_own_page(request)?;
    Ok(Some((token, Transport::Cookie)))
}
