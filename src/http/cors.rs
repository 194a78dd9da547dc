//! What pages of other origins may do (the Fetch standard's CORS protocol).

use actix_cors::{Cors, CorsError};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    AUTHORIZATION, CONTENT_TYPE, HeaderMap, RETRY_AFTER, WWW_AUTHENTICATE,
};

use super::context::REQUEST_ID;
use super::documents::{IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED};
use super::problem::Problem;

/// How long a browser may remember the answer to a preflight, in seconds. Browsers hold it two hours at most.
const MAX_AGE_SECONDS: usize = 3_600;

/// Lets scripts of these origins call the API; those of others are told nothing. Wrap it inside [`super::edge`].
pub fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::HEAD, Method::POST, Method::PATCH, Method::DELETE])
        .allowed_headers([AUTHORIZATION, CONTENT_TYPE, ACCEPT, IDEMPOTENCY_KEY, REQUEST_ID])
        .expose_headers([REQUEST_ID, IDEMPOTENCY_REPLAYED, RETRY_AFTER, WWW_AUTHENTICATE])
        .supports_credentials()
        .max_age(MAX_AGE_SECONDS);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// The problem with a preflight that was refused.
pub(super) fn problem(error: &actix_web::Error) -> Option<Problem> {
    let error = error.as_error::<CorsError>()?;
    let detail = format!("The preflight was refused: {error}. Pages of server.allowed_origins may call the API.");
    Some(Problem::bad_request("preflight_refused", detail))
}

/// Without an origin the other headers allow nothing, and actix-cors sends them all the same.
pub(super) fn tidy(headers: &mut HeaderMap) {
    if !headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.remove(ACCESS_CONTROL_ALLOW_CREDENTIALS);
        headers.remove(ACCESS_CONTROL_EXPOSE_HEADERS);
    }
}
