//! What happens to every request, whatever its route: an id, a line in the log, metrics, headers, and a problem
//! document where the framework or a panic would have answered otherwise.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, web};
use futures_util::FutureExt as _;
use slog::{error, info, o, warn};
use tocsin_actors::domain::Principal;

use super::State;
use super::context::{REQUEST_ID, RequestContext, client_address, request_id};
use super::problem::Problem;
use super::{cors, pace};

/// Headers of every answer. The page loads nothing from elsewhere and nobody may frame it.
const SECURITY_HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; \
         connect-src 'self' ws: wss:; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=()"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
];

/// The middleware of the whole application: `App::new().wrap(from_fn(edge))`. Needs `web::Data<State>`.
///
/// # Errors
/// Only when a handler panicked: a [`Problem`] that has all the headers of an answer.
pub async fn edge<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(state) = request.app_data::<web::Data<State>>().cloned() else {
        return Err(Problem::internal("the application was built without http::State").into());
    };
    let started = Instant::now();
    let headers = request.headers();
    let id = request_id(headers, state.clock.now());
    let peer = request.peer_addr().map(|peer| peer.ip());
    let client = client_address(peer, headers, &*state.is_trusted_proxy);
    let log = state.log.new(o!("request_id" => id.clone()));
    let path = loggable(request.path()).to_owned();
    let line = Line { log: log.clone(), method: request.method().to_string(), path, client };
    request.extensions_mut().insert(RequestContext { request_id: id.clone(), client, log });

    let body = pace::put_on(&mut request, state.bodies.idle());
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(response)) => {
            let mut response = response.map_into_boxed_body();
            if needs_problem(response.response()) {
                response = as_problem(response);
            }
            finish(&mut response, &id, &line.path);
            line.answered(&state, &response, started.elapsed());
            Ok(response.map_body(|_, answer| pace::hold(answer, body)))
        }
        Ok(Err(error)) => Err(line.failed(&state, problem_of(&error), &id, started.elapsed())),
        Err(panic) => {
            let problem = Problem::internal(format!("a handler panicked: {}", panic_message(&*panic)));
            Err(line.failed(&state, problem, &id, started.elapsed()))
        }
    }
}

/// A path as it may be written down: the rest of a link is a secret.
fn loggable(path: &str) -> &str {
    if path.starts_with("/d/") { "/d/…" } else { path }
}

/// Whether the framework wrote this error and not we.
fn needs_problem<B>(response: &HttpResponse<B>) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let status = response.status();
    (status.is_client_error() || status.is_server_error())
        && content_type.is_none_or(|content_type| content_type.starts_with("text/plain"))
}

fn as_problem(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let cause = response.response().error().map(ToString::to_string);
    let preflight = response.response().error().and_then(cors::problem);
    let mut problem = preflight.unwrap_or_else(|| Problem::of_status(response.status()));
    if let Some(cause) = cause {
        problem = problem.caused_by(cause);
    }
    for name in [header::ALLOW, header::RETRY_AFTER, header::WWW_AUTHENTICATE] {
        if let Some(value) = response.headers().get(&name).and_then(|value| value.to_str().ok()) {
            problem = problem.with_header(name, value);
        }
    }
    response.into_response(HttpResponse::from_error(problem))
}

fn problem_of(error: &Error) -> Problem {
    let status = error.as_response_error().status_code();
    Problem::of_status(status).caused_by(error.to_string())
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}

fn finish(response: &mut ServiceResponse<BoxBody>, id: &str, path: &str) {
    let headers = response.headers_mut();
    cors::tidy(headers);
    for (name, value) in SECURITY_HEADERS {
        set_default(headers, name, value);
    }
    if path.starts_with("/api/") || path.starts_with("/.well-known/") {
        set_default(headers, header::CACHE_CONTROL, "no-store");
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

fn set_default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// The one line of a request.
struct Line {
    log: slog::Logger,
    method: String,
    path: String,
    client: Option<std::net::IpAddr>,
}

impl Line {
    fn answered(&self, state: &State, response: &ServiceResponse<BoxBody>, took: Duration) {
        let request = response.request();
        let route = request.match_pattern();
        let principal = request.extensions().get::<Principal>().map(Principal::key);
        let problem = response.response().error().and_then(|error| error.as_error::<Problem>());
        if let Some(problem) = problem {
            self.explain(problem);
        }
        let bytes = match response.response().body().size() {
            BodySize::Sized(bytes) => Some(bytes),
            BodySize::None => Some(0),
            BodySize::Stream => None,
        };
        let code = problem.map(|problem| problem.code().to_owned());
        self.write(state, response.status(), &Facts { route, principal, code, bytes }, took);
    }

    /// Logs a request that ended without a response, and makes one of the problem.
    fn failed(&self, state: &State, mut problem: Problem, id: &str, took: Duration) -> Error {
        self.explain(&problem);
        let facts = Facts { route: None, principal: None, code: Some(problem.code().to_owned()), bytes: None };
        self.write(state, problem.status(), &facts, took);
        for (name, value) in SECURITY_HEADERS {
            problem = problem.with_header(name, value);
        }
        problem.with_header(header::CACHE_CONTROL, "no-store").with_header(REQUEST_ID, id).into()
    }

    fn explain(&self, problem: &Problem) {
        match problem.cause() {
            Some(cause) if problem.status() == StatusCode::INTERNAL_SERVER_ERROR => {
                error!(self.log, "a request failed"; "cause" => cause);
            }
            Some(cause) => warn!(self.log, "a request was refused"; "code" => problem.code(), "cause" => cause),
            None => {}
        }
    }

    fn write(&self, state: &State, status: StatusCode, facts: &Facts, took: Duration) {
        let fallback = if status.is_success() || status.is_redirection() { "static" } else { "unmatched" };
        let route = facts.route.as_deref().unwrap_or(fallback);
        state.metrics.observe_request(&self.method, route, status.as_u16(), took);
        info!(self.log, "request";
            "method" => &self.method,
            "route" => route,
            "path" => &self.path,
            "status" => status.as_u16(),
            "code" => facts.code.as_deref(),
            "bytes" => facts.bytes,
            "ms" => (took.as_secs_f64() * 1e6).round() / 1e3,
            "client" => self.client.map(|client| client.to_string()),
            "principal" => facts.principal.as_deref(),
        );
    }
}

/// What the line says beside method, path and status.
struct Facts {
    route: Option<String>,
    principal: Option<String>,
    code: Option<String>,
    bytes: Option<u64>,
}
