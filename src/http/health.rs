//! Whether the server runs, whether it can work, and its numbers.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::future::join_all;
use serde::Serialize;
use slog::warn;
use utoipa::ToSchema;

use super::State;
use super::context::RequestContext;
use super::problem::Problem;
use super::state::Dependency;
use crate::telemetry::metrics::CONTENT_TYPE;

/// How long a dependency may take to answer before it counts as down.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

/// How a dependency, or the whole, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// It works.
    Ok,
    /// The server works; a dependency that it can do without for a while does not.
    Degraded,
    /// It does not work.
    Down,
}

/// Whether the server can work.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"status": "ok", "checks": {"database": {"status": "ok"}, "mail": {"status": "ok"}}}))]
pub(super) struct Readiness {
    /// Of the whole.
    status: Status,
    /// Of each dependency, by its name.
    checks: BTreeMap<&'static str, CheckStatus>,
}

/// How one dependency is. Why, the log says.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckStatus {
    /// `ok` or `down`.
    status: Status,
}

/// Tell whether the process runs
#[utoipa::path(
    get, path = "/livez", tag = "health", operation_id = "live", security(()),
    responses((status = 200, description = "It runs.", body = Object, example = json!({"status": "ok"}))),
)]
pub(super) async fn live() -> HttpResponse {
    no_store().json(serde_json::json!({"status": "ok"}))
}

/// Tell whether the server can work
#[utoipa::path(
    get, path = "/readyz", tag = "health", operation_id = "ready", security(()),
    responses(
        (status = 200, description = "It can.", body = Readiness),
        (status = 503, description = "A dependency that it needs is down.", body = Readiness),
    ),
)]
pub(super) async fn ready(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let log = RequestContext::of(&request).map_or_else(|| state.log.clone(), |context| context.log);
    let answers = join_all(state.dependencies.iter().map(|dependency| ask(dependency, &log))).await;
    let whole =
        judge(state.dependencies.iter().zip(&answers).map(|(dependency, status)| (dependency.required, *status)));
    let checks =
        state.dependencies.iter().zip(answers).map(|(dependency, status)| (dependency.name, CheckStatus { status }));
    let body = Readiness { status: whole, checks: checks.collect() };
    let mut response = no_store();
    if whole == Status::Down {
        response.status(actix_web::http::StatusCode::SERVICE_UNAVAILABLE);
    }
    response.json(body)
}

async fn ask(dependency: &Dependency, log: &slog::Logger) -> Status {
    let cause = match tokio::time::timeout(CHECK_TIMEOUT, dependency.check.check()).await {
        Ok(Ok(())) => return Status::Ok,
        Ok(Err(cause)) => cause,
        Err(_) => format!("no answer within {} s", CHECK_TIMEOUT.as_secs()),
    };
    warn!(log, "a dependency is down"; "dependency" => dependency.name, "required" => dependency.required, "cause" => cause);
    Status::Down
}

/// Of (required, status): the whole is down with a required one, degraded with another.
fn judge(checks: impl Iterator<Item = (bool, Status)>) -> Status {
    checks.fold(Status::Ok, |whole, (required, status)| match (whole, required, status) {
        (Status::Down, _, _) | (_, true, Status::Down) => Status::Down,
        (_, false, Status::Down) => Status::Degraded,
        (whole, _, _) => whole,
    })
}

/// Tell the numbers
///
/// In the text format of Prometheus.
#[utoipa::path(
    get, path = "/metrics", tag = "health", operation_id = "metrics", security(()),
    responses((status = 200, description = "The metrics.", body = String, content_type = "text/plain")),
)]
pub(super) async fn metrics(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let text = state.metrics.encode().map_err(|error| Problem::internal(error.to_string()))?;
    Ok(no_store().content_type(CONTENT_TYPE).body(text))
}

fn no_store() -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.insert_header((actix_web::http::header::CACHE_CONTROL, "no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_required_takes_the_server_down() {
        use Status::{Degraded, Down, Ok};
        for (checks, whole) in [
            (&[][..], Ok),
            (&[(true, Ok), (false, Ok)], Ok),
            (&[(true, Ok), (false, Down)], Degraded),
            (&[(true, Down), (false, Ok)], Down),
            (&[(true, Down), (false, Down)], Down),
        ] {
            assert_eq!(judge(checks.iter().copied()), whole, "{checks:?}");
        }
    }
}
