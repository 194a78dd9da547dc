//! `/api/v1/auth/oauth` and `/api/v1/auth/identities`: signing in by accounts elsewhere.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use tocsin_actors::auth::messages::AuthError;
use tocsin_actors::auth::oauth::ticket::LIFETIME;
use tocsin_actors::auth::oauth::{Completed, NotSent, Outcome, Refusal, Return};
use tocsin_actors::domain;
use utoipa::{IntoParams, ToSchema};

use super::super::optional::OptionalJson;
use super::super::paging::Page;
use super::super::principal::Authenticated;
use super::super::problem::Problem;
use super::super::state::State;
use super::{cookie, device, dto, person};

/// Where the browser goes when nothing else is said, and when something went wrong.
const HOME: &str = "/";
/// Where a code of the second factor is asked for.
const CODE_PAGE: &str = "/sign-in?otp=required";
/// The longest `state` and `code` that are looked at; ours has 43 characters, the longest known code about 2,000.
const PARAMETER_MAX: usize = 4_096;

/// Where to go afterwards.
#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub(crate) struct Afterwards {
    /// `/`, or one of `oauth.return_to`, exactly as it is written there.
    return_to: Option<String>,
}

/// What a provider sends the browser back with (RFC 6749, section 4.1.2; RFC 9207).
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Answer {
    /// Which try it answers.
    #[serde(default)]
    state: String,
    /// For the tokens.
    code: Option<String>,
    /// Why there is no code.
    error: Option<String>,
    /// Who answers.
    iss: Option<String>,
}

/// Where to send the browser.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Destination {
    /// The provider's page.
    url: String,
}

/// An account at a provider that signs one in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Identity {
    /// UUIDv7.
    id: String,
    /// The provider, as it was called when this was linked.
    provider: String,
    /// Who says so.
    issuer: String,
    /// The number there.
    subject: String,
    /// The address there when this was linked.
    email: Option<String>,
    /// RFC 3339, UTC.
    created_at: String,
}

impl From<domain::Identity> for Identity {
    fn from(identity: domain::Identity) -> Self {
        Self {
            id: identity.id.to_string(),
            provider: identity.provider,
            issuer: identity.issuer,
            subject: identity.subject,
            email: identity.email,
            created_at: identity.created_at.to_string(),
        }
    }
}

/// Sends the browser to a provider, with state, PKCE S256 and, for OpenID Connect, a nonce.
#[utoipa::path(get, path = "/api/v1/auth/oauth/{provider}/start", tag = "auth", operation_id = "startOAuth", security(()), params(("provider" = String, Path), Afterwards), responses(
    (status = 302, description = "To the provider; to `/?oauth_error=provider_unreachable` when it does not answer"),
    (status = 400, description = "`invalid_parameter`: where to go afterwards is not on the list"),
    (status = 404, description = "`not_found`: there is no such provider"),
    (status = 429, description = "`too_many_attempts` from this address; see Retry-After"),
    (status = 503, description = "`busy`: attempts cannot be counted now; see Retry-After"),
))]
pub(in super::super) async fn start(
    request: HttpRequest,
    state: web::Data<State>,
    provider: web::Path<String>,
    query: web::Query<Afterwards>,
) -> Result<HttpResponse, Problem> {
    let return_to = query.into_inner().return_to;
    match state.oauth.start(&provider, return_to.as_deref().unwrap_or(HOME), None, &device(&request)).await {
        Ok(departure) => {
            let mut response = redirect(&departure.url);
            keep(&mut response, &state, departure.ticket, LIFETIME.as_secs());
            Ok(response)
        }
        Err(NotSent::Unreachable) => Ok(redirect(&home_with(Refusal::ProviderUnreachable))),
        Err(error) => Err(error.into()),
    }
}

/// Where a provider sends the browser back to. Signs in as `login` with `token_transport: cookie` does, or links.
#[utoipa::path(get, path = "/api/v1/auth/oauth/{provider}/callback", tag = "auth", operation_id = "finishOAuth", security(()), params(("provider" = String, Path), Answer), responses(
    (status = 302, description = "To `return_to`, signed in; to `/sign-in?otp=required` when the account has a second factor (then `/api/v1/auth/oauth/otp` completes it); or to `/?oauth_error=` and one of `invalid_state`, `access_denied`, `provider_refused`, `provider_unreachable`, `email_unverified`, `account_exists`, `registration_closed`, `identity_taken`, `busy`, `failed`"),
))]
pub(in super::super) async fn callback(
    request: HttpRequest,
    state: web::Data<State>,
    provider: web::Path<String>,
    query: web::Query<Answer>,
) -> HttpResponse {
    let Answer { state: returned, code, error, iss } = query.into_inner();
    let parts = [Some(&returned), code.as_ref(), error.as_ref(), iss.as_ref()];
    let sane = parts.into_iter().flatten().all(|part| part.len() <= PARAMETER_MAX);
    let ticket = request.cookie(ticket_name(&state)).map(|cookie| cookie.value().to_owned()).filter(|_| sane);
    let provider = provider.into_inner();
    let back = Return { provider, state: returned, code, error, issuer: iss, ticket, device: device(&request) };
    let mut response = match state.oauth.finish(back).await {
        Ok(done) => {
            let mut response = redirect(&done.return_to);
            match done.outcome {
                Outcome::SignedIn(signed_in) => {
                    cookie::set(&mut response, &state.refresh_cookie, signed_in.refresh_token);
                    if let Some(mark) = signed_in.device_mark {
                        cookie::set_device_mark(&mut response, &state.refresh_cookie, mark);
                    }
                }
                Outcome::Pending(pending) => {
                    response = redirect(CODE_PAGE);
                    cookie::set_pending(&mut response, &state.refresh_cookie, pending);
                }
                Outcome::Linked => {}
            }
            response
        }
        Err(refusal) => redirect(&home_with(refusal)),
    };
    keep(&mut response, &state, String::new(), 0);
    response
}

/// Completes a sign-in by a provider with a code of the second factor
///
/// The cookie that the callback has set says whose it is, for five minutes. A wrong code leaves it as it is.
#[utoipa::path(post, path = "/api/v1/auth/oauth/otp", tag = "auth", operation_id = "completeOAuth", request_body = dto::Otp, security(()), responses(
    (status = 200, description = "Signed in", body = dto::Session),
    (status = 401, description = "`invalid_credentials`: a wrong code. `otp_required`: none. `invalid_grant`: no sign-in waits; begin again"),
    (status = 403, description = "`foreign_origin`: a page of another site asks"),
    (status = 429, description = "`too_many_attempts`; see Retry-After"),
))]
pub(in super::super) async fn complete(
    request: HttpRequest,
    state: web::Data<State>,
    body: web::Json<dto::Otp>,
) -> Result<HttpResponse, Problem> {
    cookie::from_own_page(&request)?;
    let pending = cookie::pending(&request, &state.refresh_cookie).ok_or(AuthError::InvalidGrant)?;
    let dto::Otp { otp, token_transport } = body.into_inner();
    let Completed { signed_in, return_to } = state.oauth.complete(&pending, &otp, device(&request)).await?;
    let mut response = super::session(&state, signed_in, Some(return_to), token_transport, StatusCode::OK);
    cookie::set_pending(&mut response, &state.refresh_cookie, String::new());
    Ok(response)
}

/// Begins to link an account elsewhere to one's own: where to send this browser. The answer sets a cookie for it.
#[utoipa::path(post, path = "/api/v1/auth/oauth/{provider}/link", tag = "auth", operation_id = "linkOAuth", request_body = Option<Afterwards>, security(("bearer" = [])), params(("provider" = String, Path)), responses(
    (status = 200, description = "Where to go.", body = Destination),
    (status = 400, description = "`invalid_parameter`: where to go afterwards is not on the list"),
    (status = 404, description = "`not_found`: there is no such provider"),
    (status = 429, description = "`too_many_attempts` from this address; see Retry-After"),
    (status = 503, description = "`provider_unreachable`; see Retry-After"),
))]
pub(in super::super) async fn link(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    provider: web::Path<String>,
    body: OptionalJson<Afterwards>,
) -> Result<HttpResponse, Problem> {
    let return_to = body.0.and_then(|body| body.return_to);
    let user = Some(person(&who)?);
    let departure = state.oauth.start(&provider, return_to.as_deref().unwrap_or(HOME), user, &device(&request)).await?;
    let mut response = HttpResponse::Ok().json(Destination { url: departure.url });
    keep(&mut response, &state, departure.ticket, LIFETIME.as_secs());
    Ok(response)
}

/// The accounts elsewhere that sign one in, oldest first.
#[utoipa::path(get, path = "/api/v1/auth/identities", tag = "auth", operation_id = "listIdentities", security(("bearer" = [])), responses((status = 200, description = "The identities.", body = Page<Identity>)))]
pub(in super::super) async fn identities(state: web::Data<State>, who: Authenticated) -> Result<HttpResponse, Problem> {
    let found = state.oauth.identities(person(&who)?).await?;
    let items: Vec<Identity> = found.into_iter().map(Identity::from).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Removes one of them. The last way in stays.
#[utoipa::path(delete, path = "/api/v1/auth/identities/{id}", tag = "auth", operation_id = "deleteIdentity", security(("bearer" = [])), params(("id" = String, Path)), responses(
    (status = 204, description = "Removed"),
    (status = 404, description = "`not_found`: there is no such identity of yours"),
    (status = 409, description = "`last_sign_in`: the account has no password and no other identity"),
))]
pub(in super::super) async fn unlink(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found("identity"))?;
    let removed = state.oauth.unlink(person(&who)?, id, &device(&request)).await?;
    if removed { Ok(HttpResponse::NoContent().finish()) } else { Err(Problem::not_found("identity")) }
}

/// The providers, for the sign-in page.
pub(super) fn offered(state: &State) -> Vec<dto::Provider> {
    let providers = state.oauth.providers.iter();
    providers.map(|one| dto::Provider { id: one.id().to_owned(), name: one.name().to_owned() }).collect()
}

impl From<NotSent> for Problem {
    fn from(error: NotSent) -> Self {
        match error {
            NotSent::UnknownProvider => Self::not_found("provider"),
            NotSent::ForeignReturn => Self::bad_parameter("return_to", "is not on the list oauth.return_to"),
            NotSent::Guarded(error) => error.into(),
            NotSent::Unreachable => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "provider_unreachable",
                "The provider does not answer. Try again in a moment.",
            )
            .with_retry_after_seconds(5),
        }
    }
}

/// The slug for the sign-in page; it says nothing about accounts that its owner does not know.
fn code_of(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::InvalidState => "invalid_state",
        Refusal::AccessDenied => "access_denied",
        Refusal::ProviderRefused => "provider_refused",
        Refusal::ProviderUnreachable => "provider_unreachable",
        Refusal::EmailUnverified => "email_unverified",
        Refusal::AccountExists => "account_exists",
        // A shut account answers like none: whoever runs the server is to be asked in both cases.
        Refusal::RegistrationClosed | Refusal::Disabled => "registration_closed",
        Refusal::IdentityTaken => "identity_taken",
        Refusal::Busy => "busy",
        Refusal::Failed => "failed",
    }
}

fn home_with(refusal: Refusal) -> String {
    format!("{HOME}?oauth_error={}", code_of(refusal))
}

fn redirect(url: &str) -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, url)).finish()
}

fn ticket_name(state: &State) -> &'static str {
    if state.refresh_cookie.secure { "__Host-tocsin_oauth" } else { "tocsin_oauth" }
}

/// Sets the ticket, or takes it away. `Lax`: the way back from a provider begins on the provider's site.
fn keep(response: &mut HttpResponse, state: &State, ticket: String, seconds: u64) {
    let ticket = Cookie::build(ticket_name(state), ticket)
        .path("/")
        .secure(state.refresh_cookie.secure)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(i64::try_from(seconds).unwrap_or(0)))
        .finish();
    // A ticket has no character that a cookie could not hold.
    let _ = response.add_cookie(&ticket);
}
