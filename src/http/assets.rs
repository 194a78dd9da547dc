//! The frontend, embedded in the binary.

use std::borrow::Cow;

use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;

use super::State;
use super::problem::Problem;

/// What `make build` leaves for the binary. Debug builds read the directory at run time.
#[derive(rust_embed::RustEmbed)]
#[folder = "frontend/dist/"]
#[allow_missing = true]
struct Dist;

/// A file of the frontend.
#[derive(Debug, Clone)]
pub struct Asset {
    /// What is in it.
    pub bytes: Bytes,
    /// SHA-256 of that.
    pub sha256: [u8; 32],
}

/// Where files come from: a path without a leading slash to a file.
pub type Source = fn(&str) -> Option<Asset>;

/// The files in the binary.
#[must_use]
pub fn embedded(path: &str) -> Option<Asset> {
    let file = Dist::get(path)?;
    let sha256 = file.metadata.sha256_hash();
    let bytes = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    Some(Asset { bytes, sha256 })
}

/// Paths that belong to the server: what is unknown below them is an error and not a page.
const SERVER_PATHS: [&str; 9] =
    ["/api", "/ws", "/socket.io", "/d", "/metrics", "/livez", "/readyz", "/.well-known", "/assets"];

/// File names below it carry a hash of their content.
const HASHED: &str = "assets/";

const NOT_BUILT: &str = "<!doctype html><meta charset=utf-8><title>Tocsin</title>\
    <p>The server runs; its frontend was not built. Run <code>make build</code>, or <code>make run</code>.";

/// The page of the API's description
#[utoipa::path(
    get, path = "/api/docs", tag = "description", operation_id = "docs", security(()),
    responses((status = 200, description = "A page for people.", body = String, content_type = "text/html")),
)]
pub(super) async fn docs(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    page(&request, state.assets, "docs.html")
}

/// A file, or the page of the frontend that will make sense of the path.
///
/// # Errors
/// 404 for what is neither, 405 for other methods than GET and HEAD on a file.
pub(super) fn serve(request: &HttpRequest, source: &Source) -> Result<HttpResponse, Problem> {
    let path = request.path();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let name = path.trim_start_matches('/');
    let is_sibling = name.ends_with(".br") || name.ends_with(".gz");
    if !name.is_empty() && !is_sibling && source(name).is_some() {
        return if is_read { Ok(file(request, *source, name)) } else { Err(Problem::method_not_allowed("GET, HEAD")) };
    }
    if is_read && wants_page(path, request.headers()) {
        return Ok(page(request, *source, "index.html"));
    }
    Err(Problem::unknown_route())
}

fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let below = |prefix: &&str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let accepts_html =
        headers.get_all(header::ACCEPT).any(|value| value.to_str().is_ok_and(|v| v.contains("text/html")));
    !SERVER_PATHS.iter().any(below) && (path == "/" || accepts_html)
}

fn page(request: &HttpRequest, source: Source, name: &str) -> HttpResponse {
    if source(name).is_some() {
        return file(request, source, name);
    }
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type("text/html; charset=utf-8")
        .body(NOT_BUILT)
}

fn file(request: &HttpRequest, source: Source, name: &str) -> HttpResponse {
    let Some((asset, encoding)) = best(request.headers(), source, name) else {
        return HttpResponse::from_error(Problem::unknown_route());
    };
    let hash: String = asset.sha256.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{hash}\"");
    let mut response = HttpResponse::build(StatusCode::OK);
    response.insert_header((header::VARY, "Accept-Encoding"));
    response.insert_header((header::ETAG, etag.clone()));
    let forever = name.starts_with(HASHED);
    let caching = if forever { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.insert_header((header::CACHE_CONTROL, caching));
    if has_tag(request.headers(), &etag) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    if let Some(encoding) = encoding {
        response.insert_header((header::CONTENT_ENCODING, encoding));
    }
    response.content_type(media_type(name)).body(asset.bytes)
}

/// The smallest form that the client takes (RFC 9110, section 12.5.3).
fn best(headers: &HeaderMap, source: Source, name: &str) -> Option<(Asset, Option<&'static str>)> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (coding, ending) in [("br", "br"), ("gzip", "gz")] {
        if accepts(accepted, coding)
            && let Some(asset) = source(&format!("{name}.{ending}"))
        {
            return Some((asset, Some(coding)));
        }
    }
    source(name).map(|asset| (asset, None))
}

fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = parts.any(|part| {
            part.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|quality| quality <= 0.0)
        });
        named && !refused
    })
}

pub(super) fn has_tag(headers: &HeaderMap, etag: &str) -> bool {
    headers.get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(',')).any(
        |tag| {
            let tag = tag.trim();
            tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
        },
    )
}

/// By the ending; text is UTF-8.
fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[path = "assets_tests.rs"]
mod tests;
