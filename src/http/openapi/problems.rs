//! Which errors operations have in common, by what they take and who may call them. So no operation has to say them, and
//! none can forget them. What only some answer stands beside their handlers.

use actix_web::http::Method;
use utoipa::Modify;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response};

use super::super::principal::Access;
use super::super::problem::MEDIA_TYPE;
use super::super::routes;

/// One of them: status, code, and when it comes.
type Shared = (&'static str, &'static str, &'static str);

/// What needs no operation to be answered, for the description of the whole API.
const ANYWHERE: &str = "Some errors belong to no route: `unknown_route` (404), `method_not_allowed` (405), \
    `preflight_refused` (400) for pages of an origin that is not in `server.allowed_origins`, and `bad_request` (400), \
    `headers_too_large` (431) and `unavailable` (503) where the HTTP layer refuses. Any route may answer \
    `internal_error` (500). `/ws/alerts`, `/ws/chat` and `/socket.io/` refuse a connection with `foreign_origin` (403), `invalid_token` (401), \
    `missing_scope` or `person_required` (403), `too_many_connections` (429) or `websocket_expected` (400).";

const NO_CREDENTIAL: [Shared; 2] = [
    ("401", "unauthenticated", "no credential was sent"),
    ("401", "invalid_token", "the access token or API key is not valid, has expired, or was revoked"),
];
const PERSON: Shared = ("403", "person_required", "an API key cannot do this");
const ADMIN: Shared = ("403", "admin_required", "this is for owners and admins");
const SCOPE: Shared = ("403", "missing_scope", "the API key lacks the scope");
const JSON_BODY: [Shared; 6] = [
    ("400", "invalid_json", "the body is not JSON"),
    ("400", "incomplete_body", "the body broke off"),
    ("408", "request_timeout", "the body came too slowly"),
    ("413", "body_too_large", "the body has more than 64 KiB"),
    ("415", "unsupported_media_type", "the body is not application/json"),
    ("422", "invalid_body", "the body is JSON of another shape"),
];
const QUERY: Shared = ("400", "invalid_parameter", "a parameter is not acceptable");
const CURSOR: Shared = ("400", "invalid_cursor", "the cursor is not of this list");
const BUSY: Shared = ("503", "busy", "a queue is full, or a store does not answer; see Retry-After");
const FULL: Shared = ("507", "storage_full", "no space is left; nothing was changed");
const INTERNAL: Shared = ("default", "internal_error", "something failed in the server; its log says what");

/// Operations that are no `GET` and store nothing.
const STORE_NOTHING: [&str; 4] = ["readInvitation", "forgotPassword", "createTicket", "linkOAuth"];

/// Adds them, and says of every error that it is a problem document.
pub(super) struct Problems;

impl Modify for Problems {
    fn modify(&self, api: &mut OpenApi) {
        let about = api.info.description.get_or_insert_default();
        about.push_str("\n\n");
        about.push_str(ANYWHERE);
        for row in routes::table() {
            let Some(item) = api.paths.paths.get_mut(row.path) else { continue };
            let operation = match row.method {
                Method::GET => &mut item.get,
                Method::POST => &mut item.post,
                Method::PATCH => &mut item.patch,
                Method::DELETE => &mut item.delete,
                _ => continue,
            };
            let Some(operation) = operation else { continue };
            for shared in shared_by(operation, &row.method, row.access) {
                add(operation, shared);
            }
            as_problems(operation);
        }
    }
}

fn shared_by(operation: &Operation, method: &Method, access: Access) -> Vec<Shared> {
    let mut found = vec![INTERNAL];
    match access {
        Access::Open => {}
        Access::Person => found.extend(NO_CREDENTIAL.into_iter().chain([PERSON])),
        Access::Admin => found.extend(NO_CREDENTIAL.into_iter().chain([PERSON, ADMIN])),
        Access::AdminOr(_) => found.extend(NO_CREDENTIAL.into_iter().chain([SCOPE, ADMIN])),
        Access::Scope(_) => found.extend(NO_CREDENTIAL.into_iter().chain([SCOPE])),
    }
    // Documents are read by other means.
    if let Some(RefOr::T(body)) = &operation.request_body
        && body.content.len() == 1
    {
        found.extend(JSON_BODY);
    }
    let queries: Vec<&str> = operation.parameters.iter().flatten().filter_map(query).collect();
    found.extend((!queries.is_empty()).then_some(QUERY));
    found.extend(queries.contains(&"cursor").then_some(CURSOR));
    let is_read = *method == Method::GET;
    if access != Access::Open || !is_read {
        found.push(BUSY);
    }
    let stores = operation.operation_id.as_deref().is_none_or(|id| !STORE_NOTHING.contains(&id));
    found.extend((!is_read && stores).then_some(FULL));
    found
}

fn query(parameter: &RefOr<Parameter>) -> Option<&str> {
    match parameter {
        RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query => Some(&parameter.name),
        _ => None,
    }
}

/// Adds a code to what is said of its status, unless the operation has said it itself.
fn add(operation: &mut Operation, (status, code, sentence): Shared) {
    let responses = &mut operation.responses.responses;
    let response = responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(Response::new("")));
    let RefOr::T(Response { description, .. }) = response else { return };
    if description.contains(&format!("`{code}`")) {
        return;
    }
    if !description.is_empty() {
        let end = if description.ends_with('.') { " " } else { ". " };
        description.push_str(end);
    }
    description.push_str(&format!("`{code}`: {sentence}"));
}

fn as_problems(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let is_error = status == "default" || status.starts_with(['4', '5']);
        if let (true, RefOr::T(response)) = (is_error, response)
            && response.content.is_empty()
        {
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            response.content.insert(MEDIA_TYPE.to_owned(), problem.into());
        }
    }
}
