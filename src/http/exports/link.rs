//! `/d/{token}`: the file behind a link, for whoever has it.

use std::ops::Range;
use std::time::Duration;

use actix_web::body::SizedStream;
use actix_web::http::header::{self, ByteRangeSpec, ContentRangeSpec, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use tocsin_actors::domain::{Export, ExportFile};
use tocsin_actors::export::run::object_name;
use tocsin_actors::ports::About;

use super::super::State;
use super::super::assets::has_tag;
use super::super::problem::Problem;
use crate::wire::disposition::attachment;

/// How long an address of the storage itself is good for: long enough to begin a download, and to begin it again.
const ADDRESS_LASTS: Duration = Duration::from_secs(3_600);

/// Open a file
///
/// For whoever has the link, without an account, until it expires. Where files are kept in object storage, this leads
/// there.
#[utoipa::path(
    get, path = "/d/{token}", tag = "exports", operation_id = "openExport", security(()),
    params(
        ("token" = String, Path, description = "The last part of `url`."),
        ("Range" = Option<String>, Header, description = "One range of bytes (RFC 9110, section 14)."),
    ),
    responses(
        (status = 200, description = "The file.", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, description = "The part of it that was asked for.", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 302, description = "It is kept elsewhere, at `Location`."),
        (status = 304, description = "It is the one that is known already."),
        (status = 404, description = "`not_found`: there is no such link"),
        (status = 410, description = "`link_expired`: the link expired, or the file was removed"),
        (status = 416, description = "`range_not_satisfiable`: the file is shorter"),
    ),
)]
pub(in crate::http) async fn open(
    request: HttpRequest,
    state: web::Data<State>,
    token: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let missing = || Problem::not_found("file");
    let export = state.exports.by_token(&token).await?.ok_or_else(missing)?;
    let now = state.clock.now();
    let file = export.file.as_ref().filter(|_| export.is_open(now)).ok_or_else(expired)?;
    let about = About {
        content_type: export.spec.media_type().to_owned(),
        file_name: export.spec.file_name(export.created_at),
    };
    let etag = format!("\"{}\"", file.sha256);
    if has_tag(request.headers(), &etag) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    // An address of the storage is signed for GET alone.
    if request.method() == Method::GET {
        let lasts = export.expires_at.map_or(ADDRESS_LASTS, |at| at.since(now)).min(ADDRESS_LASTS);
        if let Some(address) = state.exports.objects().link(&object_name(export.id), &about, lasts).await? {
            let uncached = (header::CACHE_CONTROL, "no-store");
            return Ok(HttpResponse::Found()
                .insert_header((header::LOCATION, address))
                .insert_header(uncached)
                .finish());
        }
    }
    send(&request, &state, &export, file, (&about, etag)).await
}

async fn send(
    request: &HttpRequest,
    state: &State,
    export: &Export,
    file: &ExportFile,
    (about, etag): (&About, String),
) -> Result<HttpResponse, Problem> {
    let wanted = wanted(request.headers(), file.bytes, &etag)?;
    let range = wanted.clone().unwrap_or(0..file.bytes);
    let status = if wanted.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let mut answer = HttpResponse::build(status);
    answer
        .insert_header((header::CONTENT_TYPE, about.content_type.as_str()))
        .insert_header((header::CONTENT_DISPOSITION, attachment(&about.file_name)))
        .insert_header((header::ETAG, etag))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header(("x-robots-tag", "noindex"));
    if wanted.is_some() {
        let last = range.end.saturating_sub(1);
        let part = ContentRangeSpec::Bytes { range: Some((range.start, last)), instance_length: Some(file.bytes) };
        answer.insert_header(header::ContentRange(part));
    }
    let length = range.end - range.start;
    if request.method() == Method::HEAD {
        // The length is told, the bytes are not.
        return Ok(answer
            .no_chunking(length)
            .body(SizedStream::new(length, futures_util::stream::empty::<Result<bytes::Bytes, std::io::Error>>())));
    }
    let pieces = state.exports.objects().read(&object_name(export.id), range).await?.ok_or_else(expired)?;
    Ok(answer.body(SizedStream::new(length, pieces)))
}

fn expired() -> Problem {
    let detail = "This link has expired, or its file was removed. Whoever gave it to you can make another.";
    Problem::new(StatusCode::GONE, "link_expired", detail)
}

/// The range that is asked for; none for the whole file. Several ranges at once are answered with the whole file, as
/// RFC 9110 (section 14.2) allows.
fn wanted(headers: &HeaderMap, bytes: u64, etag: &str) -> Result<Option<Range<u64>>, Problem> {
    let changed = headers.get(header::IF_RANGE).is_some_and(|tag| tag.as_bytes() != etag.as_bytes());
    let Some(value) = headers.get(header::RANGE).filter(|_| !changed) else { return Ok(None) };
    let parsed = value.to_str().ok().and_then(|text| text.parse::<header::Range>().ok());
    let Some(header::Range::Bytes(specs)) = parsed else { return Ok(None) };
    let [spec] = specs.as_slice() else { return Ok(None) };
    match (spec, spec.to_satisfiable_range(bytes)) {
        (_, Some((first, last))) => Ok(Some(first..last + 1)),
        // Nothing at the end of nothing.
        (ByteRangeSpec::Last(_), None) | (_, None) => {
            let detail = format!("The file has {bytes} bytes.");
            let problem = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable", detail);
            Err(problem.with_header(header::CONTENT_RANGE, &format!("bytes */{bytes}")))
        }
    }
}
