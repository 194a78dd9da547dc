//! Links: whoever has one may open the file, in parts too, until it ends.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::{file, made, path_of, post};
use crate::support::answer::answer;
use crate::support::app::TestApp;
use crate::support::soon;

async fn with_file() -> (TestApp, Value) {
    let app = TestApp::start().await;
    let lines: Vec<String> = (0..500).map(|n| format!(r#"{{"type":"A","id":"a{n}","text":"é{n}"}}"#)).collect();
    post(&app, &lines).await;
    let export = made(&app, json!({"type": "A", "format": "csv"})).await;
    (app, export)
}

async fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, Vec<u8>) {
    ask(app, Method::GET, path, headers).await
}

async fn ask(app: &TestApp, method: Method, path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, Vec<u8>) {
    let mut request = app.request(&method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = soon("an answer", request.send()).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.bytes().await.unwrap().to_vec())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[actix_rt::test]
async fn a_link_answers_get_head_and_ranges() {
    let (app, export) = with_file().await;
    let (whole, path) = (file(&app, &export).await, path_of(&export));
    let bytes = whole.len();
    let (status, headers, body) = ask(&app, Method::HEAD, &path, &[]).await;
    assert_eq!((status, body.len()), (200, 0));
    assert_eq!(text(&headers, "content-length"), bytes.to_string());
    assert_eq!(text(&headers, "content-type"), "text/csv; charset=utf-8");
    assert_eq!(text(&headers, "accept-ranges"), "bytes");
    let name = export["file_name"].as_str().unwrap();
    assert!(name.starts_with("documents-A-2026") && name.ends_with(".csv"), "{name}");
    let disposition = text(&headers, "content-disposition");
    assert!(disposition.starts_with(&format!("attachment; filename=\"{name}\"")), "{disposition}");
    let etag = text(&headers, "etag").to_owned();
    assert_eq!(etag, format!("{:?}", export["sha256"].as_str().unwrap()));

    for (range, part) in [
        ("bytes=0-9".to_owned(), 0..10),
        ("bytes=100-".to_owned(), 100..bytes),
        ("bytes=-7".to_owned(), bytes - 7..bytes),
        (format!("bytes=5-{}", bytes * 2), 5..bytes),
    ] {
        let (status, headers, body) = get(&app, &path, &[("Range", &range)]).await;
        assert_eq!((status, &body[..]), (206, &whole[part.clone()]), "{range}");
        let said = format!("bytes {}-{}/{bytes}", part.start, part.end - 1);
        assert_eq!(text(&headers, "content-range"), said);
    }
    let (status, headers, _) = get(&app, &path, &[("Range", &format!("bytes={bytes}-"))]).await;
    assert_eq!((status, text(&headers, "content-range")), (416, format!("bytes */{bytes}").as_str()));
    for odd in ["bytes=0-1,4-5", "lines=1-2", "bytes=x"] {
        assert_eq!(get(&app, &path, &[("Range", odd)]).await.0, 200, "{odd} is answered with the whole file");
    }
    let changed = get(&app, &path, &[("Range", "bytes=0-9"), ("If-Range", "\"other\"")]).await;
    assert_eq!((changed.0, changed.2.len()), (200, bytes));
    assert_eq!(get(&app, &path, &[("Range", "bytes=0-9"), ("If-Range", &etag)]).await.0, 206);
    assert_eq!(get(&app, &path, &[("If-None-Match", &etag)]).await.0, 304);
    app.stop().await;
}

#[actix_rt::test]
async fn a_link_cannot_be_guessed_ends_and_can_be_revoked() {
    let (app, export) = with_file().await;
    let path = path_of(&export);
    let mut other = path.clone();
    let last = other.pop().unwrap();
    other.push(if last == 'A' { 'B' } else { 'A' });
    for wrong in [other.as_str(), "/d/", "/d/x", &format!("{path}x"), &path[..path.len() - 1]] {
        assert_eq!(answer(app.request(&Method::GET, wrong)).await.status, 404, "{wrong}");
    }
    app.advance(Duration::from_secs(7 * 86_400 - 1));
    assert_eq!(get(&app, &path, &[]).await.0, 200, "to the last second");
    app.advance(Duration::from_secs(1));
    let gone = answer(app.request(&Method::GET, &path)).await;
    assert_eq!(gone.problem(), (410, "link_expired"));
    app.stop().await;

    let (app, export) = with_file().await;
    let (id, path) = (export["id"].as_str().unwrap(), path_of(&export));
    let removed = answer(app.mine(&Method::DELETE, &format!("/api/v1/exports/{id}"))).await;
    assert_eq!(removed.status, 204);
    assert_eq!(answer(app.request(&Method::GET, &path)).await.problem(), (410, "link_expired"));
    assert_eq!(answer(app.mine(&Method::GET, &format!("/api/v1/exports/{id}"))).await.status, 404);
    assert_eq!(std::fs::read_dir(app.dir.path().join("exports")).unwrap().count(), 0);
    app.stop().await;
}
