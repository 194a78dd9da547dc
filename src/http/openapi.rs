//! The description of the API (OpenAPI 3.1).

mod problems;

use actix_web::HttpResponse;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use self::problems::Problems;
use super::problem::{Problem, ProblemDocument};
use super::{
    assets, audit, auth, dev, documents, exports, health, incidents, invitations, rooms, rules, silences, users,
};

/// Every operation, in the order of the URL table.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tocsin",
        description = "Services post documents, rules watch the last minute, and when a line is crossed it rings.\n\n\
            Errors are problem documents (RFC 9457). Times are RFC 3339 in UTC with milliseconds. Lists come in pages: \
            give `next_cursor` back as `cursor`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(
        auth::register, auth::login, auth::refresh, auth::logout, auth::me, auth::change_me,
        auth::alerts::read, auth::alerts::change, auth::providers,
        auth::oauth::start, auth::oauth::callback, auth::oauth::link, auth::oauth::identities, auth::oauth::unlink,
        auth::jwks,
        auth::password::change, auth::password::forgot, auth::password::reset, auth::password::verify,
        auth::sessions::list, auth::sessions::end,
        auth::tickets::create, auth::oauth::complete,
        auth::second_factor::look, auth::second_factor::begin, auth::second_factor::confirm,
        auth::second_factor::renew, auth::second_factor::switch_off, auth::second_factor::remove,
        auth::keys::list, auth::keys::create, auth::keys::delete,
        audit::list,
        users::list, users::read, users::change, users::end_sessions,
        invitations::list, invitations::create, invitations::withdraw, invitations::peek,
        documents::create, documents::list, documents::types, documents::read,
        exports::list, exports::create, exports::preview, exports::read, exports::remove, exports::link::open,
        rules::list, rules::read, rules::create, rules::change, rules::remove, rules::past::series, rules::past::preview,
        silences::list, silences::create, silences::remove,
        incidents::list, incidents::read, incidents::acknowledge, incidents::retry,
        rooms::list, rooms::create, rooms::read, rooms::change, rooms::members,
        rooms::messages::list, rooms::messages::post, rooms::people::list,
        dev::list, dev::read,
        document, assets::docs,
        health::live, health::ready, health::metrics,
    ),
    tags(
        (name = "auth", description = "Accounts, sign-ins and API keys."),
        (name = "second factor", description = "Codes of an authenticator app, and recovery codes."),
        (name = "users", description = "Accounts and invitations, for owners and admins."),
        (name = "documents", description = "What services post."),
        (name = "exports", description = "Documents as files behind links."),
        (name = "alerts", description = "What is watched and what rang."),
        (name = "chat", description = "Rooms, and what is said there; live over `/ws/chat` and `/socket.io/`."),
        (name = "health", description = "For whoever runs it."),
        (name = "development", description = "In the development profile only."),
        (name = "description", description = "This description."),
    ),
    components(schemas(ProblemDocument)),
    modifiers(&Bearer, &Problems),
)]
struct Api;

/// How callers show who they are.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An access token of a person, or an API key (`tcs_…`) of a service."))
            .build();
        api.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

/// The description as JSON, as `docs/openapi.json` holds it.
///
/// # Errors
/// Never in practice: it is made of text.
pub fn openapi_json() -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&Api::openapi())?;
    text.push('\n');
    Ok(text)
}

/// Describe the API
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "description", operation_id = "openapi", security(()),
    responses((status = 200, description = "OpenAPI 3.1.", body = Object)),
)]
pub(super) async fn document() -> Result<HttpResponse, Problem> {
    let text = openapi_json().map_err(|error| Problem::internal(error.to_string()))?;
    Ok(HttpResponse::Ok().content_type("application/json").body(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::principal::Access;

    /// Who may call what is said twice, for the gate and for readers: in the table and beside each handler.
    #[test]
    fn the_description_has_every_route_with_its_access() {
        let described: serde_json::Value = serde_json::from_str(&openapi_json().unwrap()).unwrap();
        let mut expected: Vec<(String, bool)> = crate::http::routes::table()
            .iter()
            .map(|row| (format!("{} {}", row.method.as_str().to_lowercase(), row.path), row.access == Access::Open))
            .collect();
        let mut found = Vec::new();
        for (path, item) in described["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                found.push((format!("{method} {path}"), operation["security"] == serde_json::json!([{}])));
            }
        }
        expected.sort();
        found.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn parameters_of_a_path_stand_in_it() {
        let described: serde_json::Value = serde_json::from_str(&openapi_json().unwrap()).unwrap();
        for (path, item) in described["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
                for parameter in parameters {
                    let name = format!("{{{}}}", parameter["name"].as_str().unwrap());
                    assert_eq!(path.contains(&name), parameter["in"] == "path", "{method} {path} {name}");
                }
            }
        }
    }

    /// `UPDATE_OPENAPI=1` writes the file anew.
    #[test]
    fn the_written_description_is_what_the_code_says() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
        let described = openapi_json().unwrap();
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(&path, &described).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == described, "docs/openapi.json is stale; run `make docs`");
    }
}
