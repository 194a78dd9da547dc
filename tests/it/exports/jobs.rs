//! Jobs: whose they are, how many, cancelled or cut short at any moment, and from one state of the documents.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{ask_for, file, made, path_of, post, read};
use crate::support::answer::answer;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::binary::{Binary, tocsin};
use crate::support::soon;

/// Enough that its file takes a while, in a debug build.
async fn with_many(sets: &[(&str, &str)]) -> TestApp {
    let app = TestApp::with(sets).await;
    for batch in 0..6 {
        let text = "x".repeat(200);
        let lines: Vec<String> =
            (0..10_000).map(|n| format!(r#"{{"type":"A","id":"a{batch}-{n}","at":{n},"text":"{text}"}}"#)).collect();
        post(&app, &lines).await;
    }
    app
}

/// The files under a directory, those that are being written too.
fn files(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

fn kept(app: &TestApp) -> Vec<String> {
    files(&app.dir.path().join("exports"))
}

#[actix_rt::test]
async fn a_job_is_followed_and_cancelled_at_any_moment() {
    let app = with_many(&[("exports.concurrent", "1"), ("exports.threads", "1")]).await;
    let mut viewer = app.viewer().await;
    let (status, first) = ask_for(&app, json!({"type": "A", "format": "xlsx"}), &[]).await;
    assert_eq!((status, &first["url"]), (StatusCode::ACCEPTED, &json!(null)), "{first}");
    let (_, second) = ask_for(&app, json!({"type": "A", "format": "csv"}), &[]).await;
    let running = |id: &Value, status: &'static str| {
        let id = id.clone();
        move |frame: &Value| {
            frame["type"] == "export" && frame["export"]["id"] == id && frame["export"]["status"] == status
        }
    };
    viewer.until("that it runs", running(&first["id"], "running")).await;
    assert_eq!(read(&app, &second).await["status"], "queued", "one at a time");
    for export in [&second, &first] {
        let gone =
            answer(app.mine(&Method::DELETE, &format!("/api/v1/exports/{}", export["id"].as_str().unwrap()))).await;
        assert_eq!(gone.status, 204);
        let after = read(&app, export).await;
        assert_eq!(
            (&after["status"], &after["url"], &after["rows"]),
            (&json!("cancelled"), &json!(null), &json!(null))
        );
    }
    viewer.until("that it is cancelled", running(&first["id"], "cancelled")).await;
    assert_eq!(kept(&app), Vec::<String>::new(), "nothing is left of it");
    let third = made(&app, json!({"type": "A", "format": "csv", "size": 10})).await;
    viewer.until("that it is done", running(&third["id"], "done")).await;
    assert_eq!(kept(&app).len(), 1);
    app.stop().await;
}

#[actix_rt::test]
async fn what_a_stop_cut_short_begins_again() {
    let app = with_many(&[]).await;
    let mut viewer = app.viewer().await;
    let (_, export) = ask_for(&app, json!({"type": "A", "format": "csv"}), &[]).await;
    viewer.until("that it runs", |frame| frame["type"] == "export" && frame["export"]["status"] == "running").await;
    drop(viewer);
    let (dir, clock, token) = app.stop().await;
    assert_eq!(files(&dir.path().join("exports")), Vec::<String>::new(), "no half file");
    let mut app = TestApp::on(dir, clock, &[]).await;
    app.token = token;
    let done = soon("the file", async {
        loop {
            let now = read(&app, &export).await;
            if now["status"] == "done" {
                return now;
            }
        }
    })
    .await;
    assert_eq!(done["rows"], 60_000);
    let text = String::from_utf8(file(&app, &done).await).unwrap();
    assert_eq!(text.matches("\r\n").count(), 60_001);
    app.stop().await;
}

#[actix_rt::test]
async fn what_a_crash_cut_short_leaves_nothing_and_begins_again() {
    let dir = TempDir::new().unwrap();
    let seeded = tocsin(dir.path()).args(["seed", "--documents", "15000", "--types", "A"]).output().unwrap();
    assert!(seeded.status.success(), "{seeded:?}");
    // The issuer of tokens, the same after a restart on another port.
    let url = ["--set", "server.public_url=http://localhost"];
    let server = Binary::serve(dir.path(), &url);
    let token = RefCell::new(String::new());
    let ask = async |server: &Binary, method: Method, path: &str, body: Option<Value>| -> Value {
        let mut request = reqwest::Client::new()
            .request(method, format!("{}{path}", server.url()))
            .bearer_auth(token.borrow().as_str());
        if let Some(body) = body {
            request = request.json(&body);
        }
        soon("an answer", request.send()).await.unwrap().json().await.unwrap()
    };
    let owner = json!({"email": "ada@example.org", "password": PASSWORD, "name": "Ada"});
    let owner = ask(&server, Method::POST, "/api/v1/auth/register", Some(owner)).await;
    *token.borrow_mut() = owner["access_token"].as_str().unwrap_or_else(|| panic!("{owner}")).to_owned();
    let export = ask(&server, Method::POST, "/api/v1/exports", Some(json!({"type": "A", "format": "xlsx"}))).await;
    let path = format!("/api/v1/exports/{}", export["id"].as_str().unwrap_or_else(|| panic!("{export}")));
    soon("that it runs", async { while ask(&server, Method::GET, &path, None).await["status"] != "running" {} }).await;
    server.kill();
    let server = Binary::serve(dir.path(), &url);
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
    assert_eq!(done["rows"], 15_000, "{done}");
    assert_eq!(files(&dir.path().join("data/exports")).len(), 1, "the file, and no half one");
    server.kill();
}

#[actix_rt::test]
async fn a_file_is_of_one_state_of_the_documents() {
    let app = Arc::new(with_many(&[]).await);
    let mut viewer = app.viewer().await;
    let (_, export) = ask_for(&app, json!({"type": "A", "format": "csv"}), &[]).await;
    viewer.until("that it runs", |frame| frame["type"] == "export" && frame["export"]["status"] == "running").await;
    // Fields that no document had, in the middle of what is being read.
    let lines: Vec<String> =
        (0..500).map(|n| format!(r#"{{"type":"A","id":"new{n}","at":{n},"other":true}}"#)).collect();
    post(&app, &lines).await;
    viewer.until("that it is done", |frame| frame["type"] == "export" && frame["export"]["status"] == "done").await;
    let done = read(&app, &export).await;
    let text = String::from_utf8(file(&app, &done).await).unwrap();
    let rows = text.matches("\r\n").count() as u64 - 1;
    assert_eq!(done["rows"], rows);
    // It began before or after they came, and not between.
    let with_new = text.starts_with("id,type,at,text,other\r\n") && rows == 60_500;
    assert!(with_new || (text.starts_with("id,type,at,text\r\n") && rows == 60_000), "{rows}");
}

#[actix_rt::test]
async fn the_same_key_makes_one_file() {
    let app = TestApp::start().await;
    post(&app, &[r#"{"type":"A"}"#.to_owned()]).await;
    let spec = json!({"type": "A", "format": "csv"});
    let key = [("Idempotency-Key", "again"), ("Prefer", "wait=60")];
    let (status, first) = ask_for(&app, spec.clone(), &key).await;
    let (again, second) = ask_for(&app, spec, &key).await;
    assert_eq!((status, again), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!((&first["id"], &first["url"]), (&second["id"], &second["url"]));
    assert_eq!(kept(&app).len(), 1);
    let (status, problem) = ask_for(&app, json!({"type": "A", "format": "xlsx"}), &key).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("idempotency_key_reused")));
    app.stop().await;
}

#[actix_rt::test]
async fn exports_of_others_are_as_if_there_were_none() {
    let app = TestApp::start().await;
    post(&app, &[r#"{"type":"A"}"#.to_owned()]).await;
    let export = made(&app, json!({"type": "A", "format": "ndjson"})).await;
    let path = format!("/api/v1/exports/{}", export["id"].as_str().unwrap());
    let other = app.api_key(&["exports"]).await;
    let reads = app.api_key(&["documents:read"]).await;
    for method in [Method::GET, Method::DELETE] {
        let asked = answer(app.request(&method, &path).bearer_auth(&other)).await;
        assert_eq!(asked.problem(), (404, "not_found"), "{method}");
        assert_eq!(answer(app.request(&method, &path).bearer_auth(&reads)).await.problem(), (403, "missing_scope"));
        assert_eq!(answer(app.request(&method, &path)).await.status, 401);
    }
    let list = answer(app.request(&Method::GET, "/api/v1/exports").bearer_auth(&other)).await;
    assert_eq!(list.body, json!({"items": [], "next_cursor": null}));
    assert_eq!(answer(app.request(&Method::GET, &path_of(&export))).await.status, 200, "but the link opens it");
    app.stop().await;
}

#[actix_rt::test]
async fn nobody_has_more_than_allowed() {
    let app = with_many(&[("exports.per_user", "2"), ("exports.concurrent", "1"), ("exports.max_rows", "50000")]).await;
    let spec = json!({"type": "A", "format": "xlsx", "size": 50_000});
    let (_, first) = ask_for(&app, spec.clone(), &[]).await;
    let (_, second) = ask_for(&app, spec.clone(), &[]).await;
    let (status, problem) = ask_for(&app, spec.clone(), &[]).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("too_many_exports")));
    for export in [&second, &first] {
        answer(app.mine(&Method::DELETE, &format!("/api/v1/exports/{}", export["id"].as_str().unwrap()))).await;
    }
    let (status, problem) = ask_for(&app, json!({"type": "A", "format": "csv", "size": 50_001}), &[]).await;
    assert_eq!((status, &problem["errors"][0]["path"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/size")));
    let (status, failed) = ask_for(&app, json!({"type": "A", "format": "csv"}), &[("Prefer", "wait=60")]).await;
    assert_eq!((status, &failed["status"]), (StatusCode::ACCEPTED, &json!("failed")), "{failed}");
    assert!(failed["error"].as_str().unwrap().contains("exports.max_rows"), "{failed}");
    app.stop().await;
}

#[actix_rt::test]
async fn files_that_expired_are_removed_and_stay_in_the_list() {
    let mut app = TestApp::with(&[("exports.kept_minutes", "1")]).await;
    app.token = app.api_key(&["documents:write", "exports"]).await;
    post(&app, &[r#"{"type":"A"}"#.to_owned()]).await;
    let export = made(&app, json!({"type": "A", "format": "csv"})).await;
    assert_eq!(kept(&app).len(), 1);
    soon("the file to be removed", async {
        while !kept(&app).is_empty() {
            app.advance(Duration::from_secs(30));
            actix_rt::task::yield_now().await;
        }
    })
    .await;
    let listed = read(&app, &export).await;
    assert_eq!((&listed["status"], &listed["rows"]), (&json!("done"), &json!(1)));
    assert_eq!(answer(app.request(&Method::GET, &path_of(&export))).await.problem(), (410, "link_expired"));
    app.stop().await;
}
