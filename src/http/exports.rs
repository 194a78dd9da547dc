//! `/api/v1/exports`: documents as files behind a link.

pub(super) mod link;

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use tocsin_actors::domain::{ExportId, RuleSource};
use tocsin_actors::export::desk::TakenBack;
use tocsin_actors::export::state::Fault;
use tocsin_actors::ports::{IdempotencyKey, ListExports};

use super::State;
use super::documents::{IDEMPOTENCY_REPLAYED, fingerprint, idempotency_key};
use super::paging::{self, Page, PageQuery};
use super::principal::Authenticated;
use super::problem::Problem;
use super::rules::invalid;
use crate::wire::export::{ExportBody, ExportInput, SampleBody};

/// The longest that a request waits for a file.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// Ask for a file
///
/// Documents of one type or of any, as CSV, an Excel workbook or NDJSON. It is written in the background, from one state
/// of the store: what comes or changes meanwhile is not in it. `GET` tells how far it is, `/ws/alerts` too.
#[utoipa::path(
    post, path = "/api/v1/exports", tag = "exports", operation_id = "createExport",
    security(("bearer" = [])), request_body = ExportInput,
    params(
        ("Idempotency-Key" = Option<String>, Header,
            description = "Makes a repeat within 24 hours harmless: the first export comes again. 1 to 255 visible ASCII characters."),
        ("Prefer" = Option<String>, Header, description = "`wait=N` waits for the file, up to N seconds and 60 (RFC 7240)."),
    ),
    responses(
        (status = 201, description = "It was waited for, and is done.", body = ExportBody),
        (status = 202, description = "It is noted, and its address in `Location`.", body = ExportBody,
            headers(("Idempotency-Replayed" = String, description = "`true` when this is the export of an earlier request."))),
        (status = 400, description = "`invalid_parameter`: the Idempotency-Key"),
        (status = 409, description = "`too_many_exports`: as many as `exports.per_user` wait or run, or as many as `exports.kept_per_user` are kept"),
        (status = 422, description = "`invalid_input`: fields that are not acceptable, each named. `unknown_type`: there is no document of this type. `idempotency_key_reused`: it was used for another request"),
    ),
)]
pub(super) async fn create(
    request: HttpRequest,
    state: web::Data<State>,
    Authenticated(principal): Authenticated,
    input: web::Json<ExportInput>,
) -> Result<HttpResponse, Problem> {
    let spec = input.parse().map_err(invalid)?;
    if spec.query.size.is_some_and(|size| size > state.limits.export_rows) {
        let message = format!("must be at most {}, which is exports.max_rows", state.limits.export_rows);
        return Err(invalid(vec![("/size".into(), message)]));
    }
    known(&state, &spec.query.selection.source).await?;
    let key = idempotency_key(&request)?.map(|key| IdempotencyKey {
        owner: principal.key(),
        key,
        // What is the same when it is read, is the same request.
        fingerprint: fingerprint(&request, "application/json", &serde_json::to_vec(&*input).unwrap_or_default()),
    });
    let wait = wanted_wait(request.headers());
    let created = state.exports.create(principal.key(), spec, key).await?;
    let id = created.export.id;
    if let Some(wait) = wait {
        state.exports.wait(id, wait).await;
    }
    let now = state.exports.get(&principal.key(), id).await?.unwrap_or_else(|| state.exports.view(created.export));
    let body = ExportBody::from(&now);
    let waited_for = wait.is_some() && body.status == "done";
    let mut answer = HttpResponse::build(if waited_for { StatusCode::CREATED } else { StatusCode::ACCEPTED });
    answer.insert_header((header::LOCATION, format!("/api/v1/exports/{id}")));
    if let Some(wait) = wait {
        answer.insert_header((PREFERENCE_APPLIED, format!("wait={}", wait.as_secs())));
    }
    if created.replayed {
        answer.insert_header((IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true")));
    }
    Ok(answer.json(body))
}

/// See what a file would hold
///
/// Its first 50 rows, as CSV would have them. Nothing is stored.
#[utoipa::path(
    post, path = "/api/v1/exports/preview", tag = "exports", operation_id = "previewExport",
    security(("bearer" = [])), request_body = ExportInput,
    responses(
        (status = 200, description = "What it would begin with.", body = SampleBody),
        (status = 422, description = "`invalid_input`: fields that are not acceptable, each named. `unknown_type`: there is no document of this type. `too_many_columns`: the documents have more fields than a file may have columns"),
    ),
)]
pub(super) async fn preview(state: web::Data<State>, input: web::Json<ExportInput>) -> Result<HttpResponse, Problem> {
    let spec = input.parse().map_err(invalid)?;
    known(&state, &spec.query.selection.source).await?;
    match state.exports.sample(spec).await {
        Ok(sample) => Ok(HttpResponse::Ok().json(SampleBody::from(sample))),
        Err(Fault::Reading(error) | Fault::Storing(error)) => Err(error.into()),
        Err(Fault::Impossible(sentence)) => {
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "too_many_columns", sentence))
        }
        Err(fault @ (Fault::Cancelled | Fault::Broken)) => Err(Problem::internal(fault.to_string())),
    }
}

async fn known(state: &State, source: &RuleSource) -> Result<(), Problem> {
    let RuleSource::Type(kind) = source else { return Ok(()) };
    if state.documents.types().await?.iter().any(|(known, _)| known == kind) {
        return Ok(());
    }
    let detail = format!("There is no document of the type {kind}. GET /api/v1/documents/types lists those there are.");
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_type", detail);
    Err(problem.with_error("/type", "is a type of no document"))
}

/// `wait=N` of `Prefer` (RFC 7240, section 4.3).
fn wanted_wait(headers: &HeaderMap) -> Option<Duration> {
    let lines = headers.get_all(PREFER).filter_map(|value| value.to_str().ok());
    let wait = |preference: &str| preference.trim().strip_prefix("wait=")?.trim_matches('"').parse().ok();
    let seconds = lines.flat_map(|line| line.split([',', ';'])).find_map(wait)?;
    Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
}

/// List exports
///
/// Your own, newest first.
#[utoipa::path(
    get, path = "/api/v1/exports", tag = "exports", operation_id = "listExports",
    security(("bearer" = [])), params(PageQuery),
    responses((status = 200, description = "A page.", body = Page<ExportBody>)),
)]
pub(super) async fn list(
    state: web::Data<State>,
    Authenticated(principal): Authenticated,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging::limit(query.limit.as_deref())?;
    let list = format!("exports {}", principal.key());
    let after = query.cursor.as_deref().map(|cursor| position_of(&list, cursor)).transpose()?;
    let mut found = state.exports.list(ListExports { owner: principal.key(), after, limit: limit + 1 }).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found.last().filter(|_| more).map(|last| paging::encode(&list, &last.export.id.to_string()));
    let items: Vec<ExportBody> = found.iter().map(ExportBody::from).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

fn position_of(list: &str, cursor: &str) -> Result<ExportId, Problem> {
    let position = paging::decode(list, cursor)?;
    position.parse().map_err(|_| Problem::bad_parameter("cursor", "is not of this list"))
}

/// Read one export
#[utoipa::path(
    get, path = "/api/v1/exports/{id}", tag = "exports", operation_id = "getExport",
    security(("bearer" = [])), params(("id" = String, Path, description = "The export's id.", format = Uuid)),
    responses(
        (status = 200, description = "The export.", body = ExportBody),
        (status = 404, description = "`not_found`: there is none, or it is somebody else's"),
    ),
)]
pub(super) async fn read(
    state: web::Data<State>,
    Authenticated(principal): Authenticated,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let missing = || Problem::not_found("export");
    let id: ExportId = id.parse().map_err(|_| missing())?;
    let view = state.exports.get(&principal.key(), id).await?.ok_or_else(missing)?;
    Ok(HttpResponse::Ok().json(ExportBody::from(&view)))
}

/// Cancel an export, or remove its file
///
/// One that waits or runs is cancelled. One that is over is removed: its file is gone, and its link opens nothing any more.
#[utoipa::path(
    delete, path = "/api/v1/exports/{id}", tag = "exports", operation_id = "deleteExport",
    security(("bearer" = [])), params(("id" = String, Path, description = "The export's id.", format = Uuid)),
    responses(
        (status = 204, description = "Cancelled or removed"),
        (status = 404, description = "`not_found`: there is none, or it is somebody else's"),
    ),
)]
pub(super) async fn remove(
    state: web::Data<State>,
    Authenticated(principal): Authenticated,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let missing = || Problem::not_found("export");
    let id: ExportId = id.parse().map_err(|_| missing())?;
    match state.exports.take_back(&principal.key(), id).await? {
        TakenBack::Cancelled | TakenBack::Removed => Ok(HttpResponse::NoContent().finish()),
        TakenBack::Unknown => Err(missing()),
    }
}
