//! Exports in object storage: there and back, a store that is away, and nothing left of what was cut short.

use std::cell::RefCell;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, StatusCode, redirect};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{ask_for, made, path_of, post, read};
use crate::support::answer::answer;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::binary::Binary;
use crate::support::moto::Moto;
use crate::support::s3::{ACCESS_KEY, BUCKET, ClosedPort, S3Server, SECRET_KEY, settings};
use crate::support::soon;

const KEY: (&str, &str) = (ACCESS_KEY, SECRET_KEY);

/// More than two parts of an upload.
const DOCUMENTS: usize = 2_000;

fn documents(texts: usize) -> Vec<Vec<String>> {
    let text = "é".repeat(texts / 2);
    let line = |n: usize| format!(r#"{{"type":"A","id":"a{n}","at":{n},"text":"{text}"}}"#);
    let lines: Vec<String> = (0..DOCUMENTS).map(line).collect();
    // A request takes 16 MiB.
    lines.chunks(DOCUMENTS / 2).map(<[String]>::to_vec).collect()
}

/// A server with a file of about 20 MiB to export, or more with larger texts.
async fn with(sets: &[(&str, &str)]) -> TestApp {
    let app = TestApp::with(sets).await;
    for batch in documents(10_000) {
        post(&app, &batch).await;
    }
    app
}

async fn get(url: &str, method: Method, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
    let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
    let mut request = client.request(method, url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = soon("an answer", request.send()).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    (status, headers, response.bytes().await.unwrap().to_vec())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// Whether this is the whole file of the export, by its name, type, size and content.
fn is_whole(export: &Value, headers: &HeaderMap, body: &[u8]) {
    assert_eq!(text(headers, "content-type"), "text/csv; charset=utf-8");
    let name = export["file_name"].as_str().unwrap();
    let disposition = text(headers, "content-disposition");
    assert!(disposition.starts_with(&format!("attachment; filename=\"{name}\"")), "{disposition}");
    assert_eq!(export["bytes"], body.len());
    let lines = body.iter().filter(|byte| **byte == b'\n').count();
    assert!(body.starts_with(b"id,type,at,text\r\n") && lines == DOCUMENTS + 1, "{lines} lines");
}

#[actix_rt::test]
async fn a_file_arrives_and_its_link_leads_there() {
    let server = S3Server::start();
    let endpoint = server.endpoint();
    let app = with(&settings(&endpoint, KEY)).await;
    let export = made(&app, json!({"type": "A", "format": "csv"})).await;
    assert!(server.asked("partNumber") >= 3, "in parts");
    let link = format!("http://{}{}", app.addr, path_of(&export));
    let (status, headers, _) = get(&link, Method::GET, &[]).await;
    assert_eq!((status, text(&headers, "cache-control")), (StatusCode::FOUND, "no-store"));
    let address = text(&headers, "location").to_owned();
    assert!(address.starts_with(&endpoint) && address.contains("X-Amz-Expires=3600"), "{address}");
    assert!(!address.contains(SECRET_KEY));
    let (status, headers, body) = get(&address, Method::GET, &[]).await;
    assert_eq!(status, StatusCode::OK);
    is_whole(&export, &headers, &body);
    let (status, headers, part) = get(&address, Method::GET, &[("Range", "bytes=100-199")]).await;
    assert_eq!((status, &part[..]), (StatusCode::PARTIAL_CONTENT, &body[100..200]));
    assert_eq!(text(&headers, "content-range"), format!("bytes 100-199/{}", body.len()));
    // An address is signed for one method, so the server answers this one.
    let (status, headers, none) = get(&link, Method::HEAD, &[]).await;
    assert_eq!((status, none.len()), (StatusCode::OK, 0));
    assert_eq!(text(&headers, "content-length"), body.len().to_string());

    let removed =
        answer(app.mine(&Method::DELETE, &format!("/api/v1/exports/{}", export["id"].as_str().unwrap()))).await;
    assert_eq!(removed.status, 204);
    assert_eq!(get(&link, Method::GET, &[]).await.0, StatusCode::GONE);
    assert_eq!(get(&address, Method::GET, &[]).await.0, StatusCode::NOT_FOUND, "the address opens nothing either");
    app.stop().await;
}

#[actix_rt::test]
async fn the_server_passes_files_through_where_it_is_told_to() {
    let server = S3Server::start();
    let endpoint = server.endpoint();
    let app = with(&[&settings(&endpoint, KEY)[..], &[("storage.links", "server")]].concat()).await;
    let export = made(&app, json!({"type": "A", "format": "csv"})).await;
    let link = format!("http://{}{}", app.addr, path_of(&export));
    let (status, headers, body) = get(&link, Method::GET, &[]).await;
    assert_eq!(status, StatusCode::OK);
    is_whole(&export, &headers, &body);
    let size = body.len();
    // Over the border of two parts, to the end, and the last ones.
    for (range, part) in [
        ("bytes=8388600-8388620".to_owned(), 8_388_600..8_388_621),
        (format!("bytes={}-", size - 300_000), size - 300_000..size),
        ("bytes=-5".to_owned(), size - 5..size),
    ] {
        let (status, headers, some) = get(&link, Method::GET, &[("Range", &range)]).await;
        assert_eq!(status, StatusCode::PARTIAL_CONTENT, "{range}");
        assert!(some == body[part.clone()], "{range}");
        assert_eq!(text(&headers, "content-range"), format!("bytes {}-{}/{size}", part.start, part.end - 1));
    }
    app.stop().await;
}

#[actix_rt::test]
async fn a_store_that_is_away_ends_an_export_with_the_reason_and_nothing_else() {
    let port = ClosedPort::take();
    let endpoint = port.endpoint();
    let app = TestApp::with(&[&settings(&endpoint, KEY)[..], &[("exports.attempts", "2")]].concat()).await;
    post(&app, &[r#"{"type":"A"}"#.to_owned()]).await;
    let (status, export) = ask_for(&app, json!({"type": "A", "format": "csv"}), &[]).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{export}");
    let failed = soon("the end", async {
        loop {
            let now = read(&app, &export).await;
            if now["status"] != "running" && now["status"] != "queued" {
                return now;
            }
            app.advance(Duration::from_millis(10));
        }
    })
    .await;
    assert_eq!(failed["status"], "failed", "{failed}");
    let error = failed["error"].as_str().unwrap();
    assert!(error.contains("could not be stored (2 attempts): object storage is busy"), "{error}");
    assert_eq!(answer(app.request(&Method::GET, "/livez")).await.status, 200);
    let ready = answer(app.request(&Method::GET, "/readyz")).await;
    assert_eq!((ready.status, &ready.body["status"]), (200, &json!("degraded")), "{ready:?}");
    post(&app, &[r#"{"type":"A"}"#.to_owned()]).await;

    let server = S3Server::start_at(port);
    let done = made(&app, json!({"type": "A", "format": "csv"})).await;
    assert_eq!(done["rows"], 2);
    assert_eq!(server.asked("PUT "), 1);
    app.stop().await;
}

#[actix_rt::test]
async fn one_that_is_cancelled_leaves_neither_a_file_nor_parts() {
    let server = S3Server::start();
    // The first part stays on its way: one goes at a time, and the store waits for two.
    server.take_parts_together(2);
    let endpoint = server.endpoint();
    let app = with(&[&settings(&endpoint, KEY)[..], &[("storage.parallel_parts", "1")]].concat()).await;
    let (_, export) = ask_for(&app, json!({"type": "A", "format": "csv"}), &[]).await;
    soon("a part", async {
        while server.asked("partNumber") == 0 {
            actix_rt::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(read(&app, &export).await["status"], "running");
    let path = format!("/api/v1/exports/{}", export["id"].as_str().unwrap());
    assert_eq!(answer(app.mine(&Method::DELETE, &path)).await.status, 204);
    assert_eq!(read(&app, &export).await["status"], "cancelled");
    assert_eq!((server.asked("DELETE "), server.files()), (1, Vec::<String>::new()), "the upload was given up");
    let next = made(&app, json!({"type": "A", "format": "csv", "size": 1})).await;
    assert_eq!((&next["rows"], server.files().is_empty()), (&json!(1), false));
    app.stop().await;
}

#[actix_rt::test]
async fn what_a_crash_cut_short_leaves_no_parts_once_it_is_begun_again() {
    let (store, dir) = (Moto::start(&[]), TempDir::new().unwrap());
    let sets: Vec<String> = store.settings().iter().map(|(key, value)| format!("{key}={value}")).collect();
    let mut arguments = vec!["--set", "server.public_url=http://localhost"];
    arguments.extend(sets.iter().flat_map(|set| ["--set", set]));
    let server = Binary::serve(dir.path(), &arguments);
    let token = RefCell::new(String::new());
    let ask = async |server: &Binary, method: Method, path: &str, body: Option<(&str, String)>| -> Value {
        let mut request =
            Client::new().request(method, format!("{}{path}", server.url())).bearer_auth(token.borrow().as_str());
        if let Some((kind, body)) = body {
            request = request.header("Content-Type", kind).body(body);
        }
        soon("an answer", request.send()).await.unwrap().json().await.unwrap()
    };
    let owner = json!({"email": "ada@example.org", "password": PASSWORD, "name": "Ada"}).to_string();
    let owner = ask(&server, Method::POST, "/api/v1/auth/register", Some(("application/json", owner))).await;
    *token.borrow_mut() = owner["access_token"].as_str().unwrap_or_else(|| panic!("{owner}")).to_owned();
    for batch in documents(12_000) {
        ask(&server, Method::POST, "/api/v1/documents", Some(("application/x-ndjson", batch.join("\n")))).await;
    }
    let uploads = async || store.client().list_multipart_uploads().bucket(BUCKET).send().await.unwrap().uploads().len();
    let objects = async || store.client().list_objects_v2().bucket(BUCKET).send().await.unwrap().contents().len();
    let spec = json!({"type": "A", "format": "csv"}).to_string();
    let export = ask(&server, Method::POST, "/api/v1/exports", Some(("application/json", spec))).await;
    let path = format!("/api/v1/exports/{}", export["id"].as_str().unwrap_or_else(|| panic!("{export}")));
    soon("an upload", async { while uploads().await == 0 {} }).await;
    server.kill();
    assert_eq!((uploads().await, objects().await), (1, 0), "it was in the middle of it");

    let server = Binary::serve(dir.path(), &arguments);
    let done = soon("the file", async {
        loop {
            let now = ask(&server, Method::GET, &path, None).await;
            if now["status"] == "done" {
                return now;
            }
            assert_ne!(now["status"], "failed", "{now}");
        }
    })
    .await;
    assert_eq!(done["rows"], DOCUMENTS);
    assert_eq!((uploads().await, objects().await), (0, 1), "one file, and no parts");
    server.kill();
}
