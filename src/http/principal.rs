//! On whose behalf a request is made.

use std::future::{Ready, ready};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use tocsin_actors::domain::{Principal, Scope};

use super::State;
use super::problem::Problem;

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, without a credential.
    Open,
    /// A person with an access token; no API key.
    Person,
    /// An owner or an admin with an access token.
    Admin,
    /// A person, or a key with this scope.
    Scope(Scope),
    /// An owner or an admin, or a key with this scope.
    AdminOr(Scope),
}

/// The principal of a route that needs one; the gate before the route has checked it.
#[derive(Debug, Clone)]
pub struct Authenticated(pub Principal);

impl FromRequest for Authenticated {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let principal = request.extensions().get::<Principal>().cloned();
        ready(principal.map(Self).ok_or_else(missing_credential))
    }
}

fn missing_credential() -> Problem {
    Problem::unauthenticated("Send Authorization: Bearer with an access token or an API key.")
}

/// Checks the credential of a request.
///
/// # Errors
/// 401 when there is none or it is refused; what the store of keys says when it cannot be asked.
pub async fn authenticate(state: &State, headers: &HeaderMap) -> Result<Principal, Problem> {
    let token = bearer(headers)?;
    state.identity.identify(token).await?.ok_or_else(Problem::invalid_token)
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let value = headers.get(header::AUTHORIZATION).ok_or_else(missing_credential)?;
    let (scheme, token) = value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or_else(missing_credential)?;
    let token = token.trim();
    if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() { Ok(token) } else { Err(missing_credential()) }
}

/// Whether a principal has a scope.
///
/// # Errors
/// 403 that names it when not.
pub fn require(principal: &Principal, scope: Scope) -> Result<(), Problem> {
    if principal.has(scope) { Ok(()) } else { Err(Problem::missing_scope(scope)) }
}

/// Stands before the routes of one path: lets through who has access, with the principal in the extensions.
pub(super) async fn gate<B: MessageBody + 'static>(
    methods: &[(Method, Access)],
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let access = methods.iter().find(|(known, _)| known == method).map(|(_, access)| *access);
    if let Some(access) = access
        && let Err(problem) = admit(access, &request).await
    {
        return Ok(request.into_response(HttpResponse::from_error(problem)));
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

async fn admit(access: Access, request: &ServiceRequest) -> Result<(), Problem> {
    if access == Access::Open {
        return Ok(());
    }
    let state = request.app_data::<web::Data<State>>().ok_or_else(|| Problem::internal("no http::State"))?;
    let principal = authenticate(state, request.headers()).await?;
    match (access, &principal) {
        (Access::Scope(scope) | Access::AdminOr(scope), _) if !principal.has(scope) => {
            return Err(Problem::missing_scope(scope));
        }
        (Access::Admin | Access::AdminOr(_), Principal::Person { role, .. }) if !role.is_admin() => {
            return Err(admins_only());
        }
        (Access::Person | Access::Admin, Principal::Service { .. }) => return Err(Problem::person_required()),
        _ => {}
    }
    request.extensions_mut().insert(principal);
    Ok(())
}

/// Whether it is an owner or an admin, in person.
pub(super) fn is_admin(who: &Authenticated) -> bool {
    matches!(&who.0, Principal::Person { role, .. } if role.is_admin())
}

/// The refusal of everybody else.
pub(super) fn admins_only() -> Problem {
    let detail = "This is for owners and admins. Ask one of them.";
    Problem::new(actix_web::http::StatusCode::FORBIDDEN, "admin_required", detail)
}
