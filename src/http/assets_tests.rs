use super::*;
use actix_web::body::to_bytes;
use actix_web::test::TestRequest;

fn files(path: &str) -> Option<Asset> {
    let bytes: &'static [u8] = match path {
        "index.html" => b"<html>",
        "docs.html" => b"<docs>",
        "assets/app-1a2b.js" => b"plain",
        "assets/app-1a2b.js.br" => b"brotli",
        "assets/app-1a2b.js.gz" => b"gzip",
        _ => return None,
    };
    Some(Asset { bytes: Bytes::from_static(bytes), sha256: [u8::try_from(bytes.len()).unwrap(); 32] })
}

fn nothing(_: &str) -> Option<Asset> {
    None
}

fn get(path: &str, headers: &[(&str, &str)]) -> HttpRequest {
    headers
        .iter()
        .fold(TestRequest::get().uri(path), |request, header| request.insert_header(*header))
        .to_http_request()
}

#[test]
fn pages_are_for_browsers_and_files_for_everybody() {
    let html = &[("accept", "text/html,*/*")][..];
    for (path, headers, found) in [
        ("/", &[][..], true),
        ("/incidents/4711", html, true),
        ("/incidents/4711", &[], false),
        ("/api/v1/nothing", html, false),
        ("/ws/alerts", html, false),
        ("/d/abc", html, false),
        ("/documents", html, true),
        ("/assets/app-1a2b.js", &[], true),
        ("/assets/app-1a2b.js.br", html, false),
        ("/assets/gone.js", html, false),
    ] {
        let source: Source = files;
        assert_eq!(serve(&get(path, headers), &source).is_ok(), found, "{path} {headers:?}");
    }
}

#[actix_rt::test]
async fn the_smallest_form_is_served_and_kept() {
    for (accepted, coding, body) in [
        ("br, gzip", Some("br"), "brotli"),
        ("gzip", Some("gzip"), "gzip"),
        ("br;q=0, gzip;q=0.5", Some("gzip"), "gzip"),
        ("identity", None, "plain"),
    ] {
        let source: Source = files;
        let response = serve(&get("/assets/app-1a2b.js", &[("accept-encoding", accepted)]), &source).unwrap();
        let headers = response.headers().clone();
        assert_eq!(headers.get("content-encoding").map(|v| v.to_str().unwrap()), coding, "{accepted}");
        assert_eq!(headers.get("vary").unwrap(), "Accept-Encoding");
        assert_eq!(headers.get("cache-control").unwrap(), "public, max-age=31536000, immutable");
        assert_eq!(headers.get("content-type").unwrap(), "text/javascript; charset=utf-8");
        assert_eq!(to_bytes(response.into_body()).await.unwrap(), body);
        let etag = headers.get("etag").unwrap().to_str().unwrap();
        let again = get("/assets/app-1a2b.js", &[("accept-encoding", accepted), ("if-none-match", etag)]);
        assert_eq!(serve(&again, &source).unwrap().status(), StatusCode::NOT_MODIFIED);
    }
}

#[test]
fn html_is_asked_for_again_each_time() {
    let source: Source = files;
    let response = serve(&get("/", &[]), &source).unwrap();
    assert_eq!(response.headers().get("cache-control").unwrap(), "no-cache");
}

#[test]
fn a_file_is_only_read() {
    let source: Source = files;
    let request = TestRequest::post().uri("/index.html").to_http_request();
    assert_eq!(serve(&request, &source).unwrap_err().status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[actix_rt::test]
async fn without_a_frontend_the_page_says_what_to_do() {
    let source: Source = nothing;
    let response = serve(&get("/", &[]), &source).unwrap();
    assert!(String::from_utf8_lossy(&to_bytes(response.into_body()).await.unwrap()).contains("make build"));
}
