//! `/api/v1/api-keys`: keys for services. Only people make them.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use tocsin_actors::auth::messages::{AuthError, CreateKey, DeleteKey, Keys};
use tocsin_actors::domain::{Scope, Timestamp};

use super::super::paging::Page;
use super::super::principal::{Authenticated, admins_only, is_admin};
use super::super::problem::Problem;
use super::super::state::State;
use super::dto::{ApiKey, NewApiKey, ShownApiKey};
use super::{device, person};

/// One's API keys, oldest first.
#[utoipa::path(get, path = "/api/v1/api-keys", tag = "auth", operation_id = "listApiKeys", security(("bearer" = [])), responses((status = 200, description = "The keys, without the keys themselves.", body = Page<ApiKey>)))]
pub(in super::super) async fn list(state: web::Data<State>, who: Authenticated) -> Result<HttpResponse, Problem> {
    let keys = state.auth.ask(Keys { user_id: person(&who)? }).await?;
    let items: Vec<ApiKey> = keys.into_iter().map(ApiKey::from).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Makes an API key. The answer is the only one that shows it.
#[utoipa::path(post, path = "/api/v1/api-keys", tag = "auth", operation_id = "createApiKey", request_body = NewApiKey, security(("bearer" = [])), responses(
    (status = 201, description = "The key, shown this once.", body = ShownApiKey),
    (status = 403, description = "`admin_required`: `rules:write` is for owners and admins to give"),
    (status = 409, description = "`too_many_keys`"),
    (status = 422, description = "`invalid_input`: fields that are not acceptable, each named"),
))]
pub(in super::super) async fn create(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    body: web::Json<NewApiKey>,
) -> Result<HttpResponse, Problem> {
    let NewApiKey { name, scopes, expires_at } = body.into_inner();
    let invalid = |path, error: tocsin_actors::domain::Invalid| AuthError::Invalid(vec![(path, error.to_string())]);
    let scopes = scopes
        .iter()
        .map(|scope| Scope::parse(scope))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| invalid("/scopes", error))?;
    // A key may do what its maker may.
    if scopes.contains(&Scope::RulesWrite) && !is_admin(&who) {
        return Err(admins_only());
    }
    let expires_at = expires_at
        .map(|text| Timestamp::parse_rfc3339(&text))
        .transpose()
        .map_err(|error| invalid("/expires_at", error))?;
    let create = CreateKey { user_id: Some(person(&who)?), name, scopes, expires_at, from: device(&request) };
    let (about, key) = state.auth.ask(create).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(ShownApiKey { about: about.into(), key }))
}

/// Removes one of one's API keys; it is refused from then on.
#[utoipa::path(delete, path = "/api/v1/api-keys/{id}", tag = "auth", operation_id = "deleteApiKey", security(("bearer" = [])), params(("id" = String, Path)), responses(
    (status = 204, description = "Removed"),
    (status = 404, description = "`not_found`: there is no such key of yours"),
))]
pub(in super::super) async fn delete(
    request: HttpRequest,
    state: web::Data<State>,
    who: Authenticated,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let key_id = id.parse().map_err(|_| Problem::not_found("API key"))?;
    let removed = state.auth.ask(DeleteKey { user_id: person(&who)?, key_id, from: device(&request) }).await?;
    if removed { Ok(HttpResponse::NoContent().finish()) } else { Err(Problem::not_found("API key")) }
}
