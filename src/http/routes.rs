//! The whole URL table.

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::{FromRequest, Handler, HttpResponse, Responder, Route, guard, web};
use tocsin_actors::domain::Scope::{
    AlertsRead, AlertsWrite, ChatRead, ChatWrite, DocumentsRead, DocumentsWrite, Exports, RulesWrite,
};

use super::principal::{Access, gate};
use super::problem::Problem;
use super::{
    assets, audit, auth, dev, documents, exports, health, incidents, invitations, openapi, rooms, rules, silences,
    users,
};
use Access::{Admin, AdminOr, Open, Person, Scope};

/// One row of the table.
pub(super) struct Endpoint {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) access: Access,
    route: Route,
}

/// Every route, with who may call it. A row cannot leave that out.
pub(super) fn table() -> Vec<Endpoint> {
    vec![
        post("/api/v1/auth/register", Open, auth::register),
        post("/api/v1/auth/login", Open, auth::login),
        post("/api/v1/auth/refresh", Open, auth::refresh),
        post("/api/v1/auth/logout", Open, auth::logout),
        post("/api/v1/auth/invitation", Open, invitations::peek),
        get("/api/v1/auth/me", Person, auth::me),
        patch("/api/v1/auth/me", Person, auth::change_me),
        get("/api/v1/auth/me/alerts", Person, auth::alerts::read),
        patch("/api/v1/auth/me/alerts", Person, auth::alerts::change),
        post("/api/v1/auth/password", Person, auth::password::change),
        post("/api/v1/auth/password/forgot", Open, auth::password::forgot),
        post("/api/v1/auth/password/reset", Open, auth::password::reset),
        post("/api/v1/auth/email/verify", Open, auth::password::verify),
        get("/api/v1/auth/sessions", Person, auth::sessions::list),
        delete("/api/v1/auth/sessions/{id}", Person, auth::sessions::end),
        post("/api/v1/auth/ws-ticket", Person, auth::tickets::create),
        get("/api/v1/auth/providers", Open, auth::providers),
        get("/api/v1/auth/oauth/{provider}/start", Open, auth::oauth::start),
        get("/api/v1/auth/oauth/{provider}/callback", Open, auth::oauth::callback),
        post("/api/v1/auth/oauth/{provider}/link", Person, auth::oauth::link),
        post("/api/v1/auth/oauth/otp", Open, auth::oauth::complete),
        get("/api/v1/auth/second-factor", Person, auth::second_factor::look),
        post("/api/v1/auth/second-factor", Person, auth::second_factor::begin),
        post("/api/v1/auth/second-factor/confirm", Person, auth::second_factor::confirm),
        post("/api/v1/auth/second-factor/recovery-codes", Person, auth::second_factor::renew),
        post("/api/v1/auth/second-factor/disable", Person, auth::second_factor::switch_off),
        get("/api/v1/auth/identities", Person, auth::oauth::identities),
        delete("/api/v1/auth/identities/{id}", Person, auth::oauth::unlink),
        get("/.well-known/jwks.json", Open, auth::jwks),
        get("/api/v1/api-keys", Person, auth::keys::list),
        post("/api/v1/api-keys", Person, auth::keys::create),
        delete("/api/v1/api-keys/{id}", Person, auth::keys::delete),
        get("/api/v1/rooms", Scope(ChatRead), rooms::list),
        post("/api/v1/rooms", Scope(ChatWrite), rooms::create),
        get("/api/v1/rooms/{room}", Scope(ChatRead), rooms::read),
        patch("/api/v1/rooms/{room}", Person, rooms::change),
        get("/api/v1/rooms/{room}/members", Scope(ChatRead), rooms::members),
        get("/api/v1/rooms/{room}/messages", Scope(ChatRead), rooms::messages::list),
        post("/api/v1/rooms/{room}/messages", Scope(ChatWrite), rooms::messages::post),
        get("/api/v1/people", Person, rooms::people::list),
        get("/api/v1/audit", Admin, audit::list),
        get("/api/v1/users", Admin, users::list),
        delete("/api/v1/users/{id}/second-factor", Admin, auth::second_factor::remove),
        get("/api/v1/users/{id}", Admin, users::read),
        patch("/api/v1/users/{id}", Admin, users::change),
        delete("/api/v1/users/{id}/sessions", Admin, users::end_sessions),
        get("/api/v1/invitations", Admin, invitations::list),
        post("/api/v1/invitations", Admin, invitations::create),
        delete("/api/v1/invitations/{id}", Admin, invitations::withdraw),
        post("/api/v1/documents", Scope(DocumentsWrite), documents::create),
        get("/api/v1/documents", Scope(DocumentsRead), documents::list),
        get("/api/v1/documents/types", Scope(DocumentsRead), documents::types),
        get("/api/v1/documents/{id}", Scope(DocumentsRead), documents::read),
        get("/api/v1/exports", Scope(Exports), exports::list),
        post("/api/v1/exports", Scope(Exports), exports::create),
        post("/api/v1/exports/preview", Scope(Exports), exports::preview),
        get("/api/v1/exports/{id}", Scope(Exports), exports::read),
        delete("/api/v1/exports/{id}", Scope(Exports), exports::remove),
        get("/d/{token}", Open, exports::link::open),
        get("/api/v1/rules", Scope(AlertsRead), rules::list),
        post("/api/v1/rules/preview", Scope(AlertsRead), rules::past::preview),
        get("/api/v1/rules/{id}", Scope(AlertsRead), rules::read),
        post("/api/v1/rules", AdminOr(RulesWrite), rules::create),
        patch("/api/v1/rules/{id}", AdminOr(RulesWrite), rules::change),
        delete("/api/v1/rules/{id}", AdminOr(RulesWrite), rules::remove),
        get("/api/v1/rules/{id}/series", Scope(AlertsRead), rules::past::series),
        get("/api/v1/silences", Scope(AlertsRead), silences::list),
        post("/api/v1/silences", AdminOr(RulesWrite), silences::create),
        delete("/api/v1/silences/{id}", AdminOr(RulesWrite), silences::remove),
        get("/api/v1/incidents", Scope(AlertsRead), incidents::list),
        get("/api/v1/incidents/{id}", Scope(AlertsRead), incidents::read),
        post("/api/v1/incidents/{id}/ack", Scope(AlertsWrite), incidents::acknowledge),
        post("/api/v1/incidents/{id}/notifications/{notification}/retry", AdminOr(RulesWrite), incidents::retry),
        get("/api/v1/dev/mails", Person, dev::list),
        get("/api/v1/dev/mails/{id}", Person, dev::read),
        get("/api/openapi.json", Open, openapi::document),
        get("/api/docs", Open, assets::docs),
        get("/livez", Open, health::live),
        get("/readyz", Open, health::ready),
        get("/metrics", Open, health::metrics),
    ]
}

/// `GET` and `HEAD`.
fn get<H, Args>(path: &'static str, access: Access, handler: H) -> Endpoint
where
    H: Handler<Args>,
    Args: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    let route = web::route().guard(guard::Any(guard::Get()).or(guard::Head())).to(handler);
    Endpoint { method: Method::GET, path, access, route }
}

fn patch<H, Args>(path: &'static str, access: Access, handler: H) -> Endpoint
where
    H: Handler<Args>,
    Args: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    Endpoint { method: Method::PATCH, path, access, route: web::patch().to(handler) }
}

fn delete<H, Args>(path: &'static str, access: Access, handler: H) -> Endpoint
where
    H: Handler<Args>,
    Args: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    Endpoint { method: Method::DELETE, path, access, route: web::delete().to(handler) }
}

fn post<H, Args>(path: &'static str, access: Access, handler: H) -> Endpoint
where
    H: Handler<Args>,
    Args: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    Endpoint { method: Method::POST, path, access, route: web::post().to(handler) }
}

/// Mounts the table: a resource a path, behind a gate that knows the access of each of its methods.
pub(super) fn mount(config: &mut web::ServiceConfig) {
    let mut paths: Vec<(&'static str, Vec<Endpoint>)> = Vec::new();
    for endpoint in table() {
        match paths.iter_mut().find(|(path, _)| *path == endpoint.path) {
            Some((_, endpoints)) => endpoints.push(endpoint),
            None => paths.push((endpoint.path, vec![endpoint])),
        }
    }
    for (path, endpoints) in paths {
        let methods: Vec<(Method, Access)> = endpoints.iter().map(|e| (e.method.clone(), e.access)).collect();
        let allow = allow(&methods);
        let resource = endpoints.into_iter().fold(web::resource(path), |resource, e| resource.route(e.route));
        let refuse = move || std::future::ready(HttpResponse::from_error(Problem::method_not_allowed(&allow)));
        let methods = std::rc::Rc::new(methods);
        let gate = move |request: ServiceRequest, next: Next<_>| {
            let methods = std::rc::Rc::clone(&methods);
            async move { gate(&methods, request, next).await }
        };
        config.service(resource.default_service(web::to(refuse)).wrap(from_fn(gate)));
    }
}

/// The value of `Allow` for a path.
fn allow(methods: &[(Method, Access)]) -> String {
    let names = methods.iter().flat_map(|(method, _)| {
        let head = (*method == Method::GET).then_some("HEAD");
        std::iter::once(method.as_str()).chain(head)
    });
    names.collect::<Vec<_>>().join(", ")
}
