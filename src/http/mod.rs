//! The HTTP edge: from requests to the ports and back.
//!
//! [`routes`] is the whole URL table, a resource is a file, `dto` has the wire types, [`problem`] every error.
//!
//! ```ignore
//! App::new().wrap(from_fn(http::edge)).configure(|config| http::configure(config, state.clone()))
//! ```

mod assets;
mod audit;
mod auth;
mod body;
mod context;
mod cors;
mod dev;
mod documents;
mod dto;
mod edge;
mod exports;
mod health;
mod incidents;
mod invitations;
mod json;
mod openapi;
mod optional;
mod pace;
pub mod paging;
pub mod principal;
pub mod problem;
mod query;
mod rooms;
mod routes;
mod rules;
mod silences;
mod state;
mod users;

use actix_web::{HttpRequest, HttpResponse, web};

pub use assets::{Asset, Source as AssetSource, embedded};
pub use auth::RefreshCookie;
pub use body::Budget;
pub use context::RequestContext;
pub use cors::cors;
pub use edge::edge;
pub use openapi::openapi_json;
pub use principal::{Access, Authenticated};
pub use problem::Problem;
pub use state::{Append, Check, Dependency, DevMail, DevMails, Limits, Live, PublishedKeys, State};

/// Bodies of resources other than documents.
const SMALL_BODY_BYTES: usize = 64 * 1024;

/// Mounts every route on an application that is wrapped in [`edge`].
pub fn configure(config: &mut web::ServiceConfig, state: web::Data<State>) {
    config
        .app_data(state)
        .app_data(
            web::JsonConfig::default()
                .limit(SMALL_BODY_BYTES)
                .error_handler(|error, _| body::json_problem(&error).into()),
        )
        .app_data(web::PathConfig::default().error_handler(|_, _| Problem::unknown_route().into()))
        .app_data(web::QueryConfig::default().error_handler(|error, _| query::problem(&error).into()));
    routes::mount(config);
    config.default_service(web::to(fallback));
}

/// What no route answers: the frontend, or nothing.
async fn fallback(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    assets::serve(&request, &state.assets).unwrap_or_else(HttpResponse::from_error)
}
