//! `/api/v1/documents`: posting and reading documents.

mod members;
mod parse;
mod refusals;

use std::time::Instant;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tocsin_actors::domain::{DocumentId, DocumentType, Timestamp};
use tocsin_actors::ports::{Appended, IdempotencyKey, ListDocuments, Order};
use utoipa::IntoParams;

use super::dto::document::{Accepted, DocumentBody, DocumentIn, TypeCount};
use super::paging::{self, Page, PageQuery};
use super::principal::Authenticated;
use super::problem::Problem;
use super::{State, body, query};
use parse::{Bounds, Format};

pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
pub(super) const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The longest `Idempotency-Key`, in characters.
const MAX_KEY_CHARS: usize = 255;

/// Ids that an answer lists.
const MAX_IDS: usize = 1_000;

/// Larger bodies are parsed off the thread that serves connections: some milliseconds each.
const INLINE_PARSE_BYTES: usize = 256 * 1024;

/// Post documents
///
/// One object, an array, or one object a line. All of a request is stored or none of it is, and 201 means that it is on
/// disk. A document whose `id` is known already is counted as a duplicate and changes nothing.
#[utoipa::path(
    post, path = "/api/v1/documents", tag = "documents", operation_id = "postDocuments",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header,
        description = "Makes a repeat within 24 hours harmless: the first answer comes again. 1 to 255 visible ASCII characters.")),
    request_body(description = "One document, an array of them, or a document a line.", content(
        (DocumentIn = "application/json", example = json!({"type": "error", "id": "checkout-4711", "message": "card declined", "amount": 12.50})),
        (DocumentIn = "application/x-ndjson"),
    )),
    responses(
        (status = 201, description = "All of it is on disk.", body = Accepted,
            headers(("Idempotency-Replayed" = String, description = "`true` when this is the answer to an earlier request."))),
        (status = 400, description = "`invalid_json`, `invalid_utf8`, `too_deep`, `empty_body`, `incomplete_body`: the body cannot be read. `invalid_parameter`: the Idempotency-Key. Nothing was stored"),
        (status = 408, description = "`request_timeout`: the body came too slowly"),
        (status = 413, description = "`body_too_large`, `too_many_documents`: nothing was stored"),
        (status = 415, description = "`unsupported_media_type`. `unsupported_encoding`: a Content-Encoding"),
        (status = 422, description = "`invalid_document`, `no_documents`: nothing was stored. `idempotency_key_reused`: it was used for another request"),
    ),
)]
pub(super) async fn create(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<State>,
    Authenticated(principal): Authenticated,
) -> Result<HttpResponse, Problem> {
    let accepted_at = Instant::now();
    let (format, media_type) = format_of(&request)?;
    let key = idempotency_key(&request)?;
    let body::Body { bytes: body, share } =
        body::read(&request, payload, state.limits.body_bytes, &state.bodies).await?;
    let key = key.map(|key| IdempotencyKey {
        owner: principal.key(),
        key,
        fingerprint: fingerprint(&request, media_type, &body),
    });
    let bounds = Bounds { depth: state.limits.json_depth, documents: state.limits.documents_per_request };
    let documents = parse_off_thread(body, format, bounds, state.clock.now()).await?;
    let ids = documents.iter().take(MAX_IDS).map(|document| document.id.clone()).collect();
    let appended = state.ingest.append(documents, key, accepted_at).await?;
    drop(share);
    Ok(answer(appended, ids))
}

async fn parse_off_thread(
    body: Bytes,
    format: Format,
    bounds: Bounds,
    now: Timestamp,
) -> Result<Vec<tocsin_actors::domain::Document>, Problem> {
    if body.len() <= INLINE_PARSE_BYTES {
        return parse::parse(&body, format, bounds, now);
    }
    let parsed = web::block(move || parse::parse(&body, format, bounds, now)).await;
    parsed.map_err(|error| Problem::internal(error.to_string()))?
}

fn answer(appended: Appended, ids: Vec<DocumentId>) -> HttpResponse {
    let replayed = appended.replayed.is_some();
    let (accepted, duplicates, ids) = appended.replayed.unwrap_or_else(|| {
        let accepted = appended.places.iter().flatten().count();
        let duplicates = appended.places.len() - accepted;
        (u64::try_from(accepted).unwrap_or(u64::MAX), u64::try_from(duplicates).unwrap_or(u64::MAX), ids)
    });
    let mut response = HttpResponse::build(StatusCode::CREATED);
    if replayed {
        response.insert_header((IDEMPOTENCY_REPLAYED, "true"));
    }
    response.json(Accepted { accepted, duplicates, ids: ids.iter().map(ToString::to_string).collect() })
}

fn format_of(request: &HttpRequest) -> Result<(Format, &'static str), Problem> {
    const ACCEPTED: &str = "application/json, application/x-ndjson";
    if request.headers().get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        let detail = "Send the body without Content-Encoding.";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_encoding", detail));
    }
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = value.split(';').next().unwrap_or_default().trim();
    let is = |name: &str| media_type.eq_ignore_ascii_case(name);
    if is("application/json") {
        Ok((Format::Json, "application/json"))
    } else if ["application/x-ndjson", "application/ndjson", "application/jsonl"].into_iter().any(is) {
        Ok((Format::Ndjson, "application/x-ndjson"))
    } else {
        Err(Problem::unsupported_media_type(ACCEPTED))
    }
}

pub(super) fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let fits = |key: &&str| (1..=MAX_KEY_CHARS).contains(&key.len()) && key.bytes().all(|c| c.is_ascii_graphic());
    match value.to_str().ok().filter(fits) {
        Some(key) => Ok(Some(key.to_owned())),
        None => Err(Problem::bad_parameter("Idempotency-Key", "must be 1 to 255 visible ASCII characters")),
    }
}

/// What makes a request the same request: SHA-256, in hexadecimal.
pub(super) fn fingerprint(request: &HttpRequest, media_type: &str, body: &[u8]) -> String {
    let mut sum = Sha256::new();
    for part in [request.method().as_str(), request.path(), media_type] {
        sum.update(part);
        sum.update([0]);
    }
    sum.update(body);
    sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Which documents, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Of one type only.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Not before this time: RFC 3339, or milliseconds since 1970.
    from: Option<String>,
    /// Before this time.
    to: Option<String>,
    /// At most so many, 1 to 1000.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// `next_cursor` of the page before, with the same other parameters.
    cursor: Option<String>,
    /// By time: `asc` for oldest first, `desc` for newest first.
    #[param(default = "desc", pattern = "^(asc|desc)$")]
    order: Option<String>,
}

/// List documents
///
/// By their time, newest first unless asked otherwise.
#[utoipa::path(
    get, path = "/api/v1/documents", tag = "documents", operation_id = "listDocuments",
    security(("bearer" = [])), params(ListQuery),
    responses(
        (status = 200, description = "A page.", body = Page<DocumentIn>),
    ),
)]
pub(super) async fn list(state: web::Data<State>, query: web::Query<ListQuery>) -> Result<HttpResponse, Problem> {
    let kind = query.kind.as_deref().map(DocumentType::parse).transpose();
    let kind = kind.map_err(|invalid| Problem::bad_parameter("type", invalid))?;
    let order = match query.order.as_deref() {
        None | Some("desc") => Order::Descending,
        Some("asc") => Order::Ascending,
        Some(_) => return Err(Problem::bad_parameter("order", "must be asc or desc")),
    };
    let (from, to) = (query::time("from", query.from.as_deref())?, query::time("to", query.to.as_deref())?);
    let limit = paging::limit(query.limit.as_deref())?;
    let list = format!("documents {kind:?} {from:?} {to:?} {order:?}");
    let after = query.cursor.as_deref().map(|cursor| position_of(&list, cursor)).transpose()?;
    let mut found = state.documents.list(ListDocuments { kind, from, to, order, after, limit: limit + 1 }).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found
        .last()
        .filter(|_| more)
        .map(|(place, last)| paging::encode(&list, &format!("{} {place}", last.at.as_millis())));
    let items: Vec<DocumentBody> = found.into_iter().map(|(_, document)| document.into()).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

fn position_of(list: &str, cursor: &str) -> Result<(Timestamp, u64), Problem> {
    let position = paging::decode(list, cursor)?;
    let parts = position.split_once(' ').and_then(|(at, place)| Some((at.parse().ok()?, place.parse().ok()?)));
    let (at, place) = parts.ok_or_else(|| Problem::bad_parameter("cursor", "is not of this list"))?;
    Ok((Timestamp::clamped(at), place))
}

/// Read one document
#[utoipa::path(
    get, path = "/api/v1/documents/{id}", tag = "documents", operation_id = "getDocument",
    security(("bearer" = [])), params(("id" = String, Path, description = "The document's id.")),
    responses(
        (status = 200, description = "The document.", body = DocumentIn),
        (status = 404, description = "`not_found`: there is none"),
    ),
)]
pub(super) async fn read(state: web::Data<State>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    let missing = || Problem::not_found("document");
    let id = DocumentId::parse(&id).map_err(|_| missing())?;
    let document = state.documents.get(id).await?.ok_or_else(missing)?;
    Ok(HttpResponse::Ok().json(DocumentBody::from(document)))
}

/// List the types of documents
///
/// Each with the number of its documents.
#[utoipa::path(
    get, path = "/api/v1/documents/types", tag = "documents", operation_id = "listDocumentTypes",
    security(("bearer" = [])), params(PageQuery),
    responses(
        (status = 200, description = "A page, by type.", body = Page<TypeCount>),
    ),
)]
pub(super) async fn types(state: web::Data<State>, query: web::Query<PageQuery>) -> Result<HttpResponse, Problem> {
    let limit = paging::limit(query.limit.as_deref())?;
    let all: Vec<TypeCount> = state.documents.types().await?.into_iter().map(TypeCount::from).collect();
    let page = paging::page_of("types", all, |item| item.kind.clone(), limit, query.cursor.as_deref())?;
    Ok(HttpResponse::Ok().json(page))
}
