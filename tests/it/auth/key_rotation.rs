//! The keys that sign access tokens take turns, by schedule and by hand, and nobody is signed out but by a revocation.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::access_tokens::answers;
use super::{LOGIN, ME, REGISTER, TestApp, credentials, newcomer, refresh, sign_in, text};
use crate::support::binary::{Binary, tocsin};
use crate::support::soon;

const JWKS: &str = "/.well-known/jwks.json";
const DAY: Duration = Duration::from_secs(24 * 3_600);
const MINUTE: Duration = Duration::from_secs(60);

/// The key that a token names.
pub(super) fn kid(token: &str) -> String {
    let header = BASE64.decode(token.split('.').next().unwrap()).unwrap();
    text(&serde_json::from_slice(&header).unwrap(), "kid")
}

fn kids(set: &Value) -> Vec<String> {
    set["keys"].as_array().unwrap().iter().map(|key| text(key, "kid")).collect()
}

async fn published(app: &TestApp) -> Vec<String> {
    kids(&app.ask(Method::GET, JWKS, None).await.1)
}

/// Waits until so many keys are published; which.
pub(super) async fn published_are(app: &TestApp, count: usize) -> Vec<String> {
    soon("the keys", async {
        loop {
            let kids = published(app).await;
            if kids.len() == count {
                return kids;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

/// Signs the owner in once more; the access token.
pub(super) async fn new_token(app: &TestApp) -> String {
    let (status, answer) = app.ask(Method::POST, LOGIN, Some(credentials())).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    text(&answer, "access_token")
}

fn key_files(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir.join("keys")).unwrap().map(|entry| entry.unwrap());
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.retain(|name| name.starts_with("access"));
    names.sort();
    names
}

#[actix_rt::test]
async fn a_key_is_published_before_it_signs_and_verifies_until_its_last_token_expired() {
    let app = TestApp::start().await;
    let first = published_are(&app, 1).await.remove(0);
    app.advance(DAY * 90 - MINUTE * 10);
    let both = published_are(&app, 2).await;
    assert_eq!(both[0], first);
    app.advance(MINUTE * 10 - Duration::from_millis(1));
    let last = new_token(&app).await;
    assert_eq!(kid(&last), first, "published and not signing yet");
    app.advance(Duration::from_millis(1));
    let next = new_token(&app).await;
    assert_eq!(kid(&next), both[1]);
    app.advance(MINUTE * 10);
    assert_eq!(answers(&app, &last).await, StatusCode::OK, "within the leeway, by the old key");
    assert_eq!(published(&app).await.len(), 2);
    app.advance(MINUTE);
    assert_eq!(published_are(&app, 1).await, both[1..]);
    assert_eq!((answers(&app, &last).await, answers(&app, &next).await).0, StatusCode::UNAUTHORIZED);
    soon("the old file to go", async {
        while key_files(app.dir.path()).len() > 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let metrics = app.http.get(format!("http://{}/metrics", app.addr)).send().await.unwrap().text().await.unwrap();
    assert!(metrics.lines().any(|line| line == "tocsin_auth_signing_keys 1.0"), "{metrics}");
    app.stop().await;
}

#[actix_rt::test]
async fn where_the_schedule_is_off_the_key_stays() {
    let app = TestApp::with(&[("auth.key_rotation_days", "0")]).await;
    let token = sign_in(&app).await;
    let keys = published(&app).await;
    let (dir, clock, _) = app.stop().await;
    clock.advance(DAY * 80);
    // A server looks at the keys before it serves.
    let app = TestApp::on(dir, clock, &[("auth.key_rotation_days", "0"), ("auth.refresh_idle_days", "90")]).await;
    app.advance(DAY * 9);
    let (status, answer) = refresh(&app, &token).await;
    assert_eq!((status, kid(&text(&answer, "access_token"))), (StatusCode::OK, keys[0].clone()));
    assert_eq!(published(&app).await, keys);
    app.stop().await;
}

#[actix_rt::test]
async fn an_installation_with_one_key_without_a_time_goes_on() {
    let app = TestApp::start().await;
    let (dir, clock, token) = app.stop().await;
    let keys = dir.path().join("keys");
    std::fs::rename(keys.join(&key_files(dir.path())[0]), keys.join("access.pk8")).unwrap();
    let app = TestApp::on(dir, clock, &[]).await;
    assert_eq!(answers(&app, &token).await, StatusCode::OK);
    // It is older than any rotation, so its successor is announced at once.
    let both = published_are(&app, 2).await;
    assert_eq!((kid(&token), kid(&new_token(&app).await)), (both[0].clone(), both[0].clone()));
    app.advance(MINUTE * 10);
    assert_eq!(kid(&new_token(&app).await), both[1]);
    app.stop().await;
}

#[actix_rt::test]
async fn nodes_on_one_directory_trust_each_others_tokens_and_agree_on_the_next_key() {
    let one = TestApp::start().await;
    let two = TestApp::on(Arc::clone(&one.dir), Arc::clone(&one.clock), &[]).await;
    assert_eq!(answers(&two, &one.token).await, StatusCode::OK);
    one.advance(DAY * 90 - MINUTE * 10);
    assert_eq!(published_are(&one, 2).await, published_are(&two, 2).await);
    one.advance(MINUTE * 10);
    let (ours, theirs) = (new_token(&one).await, new_token(&two).await);
    assert_eq!(kid(&ours), kid(&theirs));
    assert_eq!((answers(&two, &ours).await, answers(&one, &theirs).await), (StatusCode::OK, StatusCode::OK));
    assert_eq!(key_files(one.dir.path()).len(), 2);
    one.stop().await;
    two.stop().await;
}

#[actix_rt::test]
async fn a_damaged_key_changes_nothing_while_it_runs_and_stops_the_next_start() {
    let app = TestApp::start().await;
    let path = app.dir.path().join("keys").join(&key_files(app.dir.path())[0]);
    std::fs::write(&path, b"rubbish").unwrap();
    app.advance(MINUTE);
    assert_eq!(answers(&app, &new_token(&app).await).await, StatusCode::OK);
    let (dir, ..) = app.stop().await;
    std::fs::create_dir(dir.path().join("data")).unwrap();
    std::fs::rename(dir.path().join("keys"), dir.path().join("data/keys")).unwrap();
    let path = dir.path().join("data/keys").join(path.file_name().unwrap());
    let starts = |part: &str| {
        let output = tocsin(dir.path()).arg("serve").output().unwrap();
        let line = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), line.matches('\n').count()), (Some(1), 1), "{line}");
        assert!(line.starts_with("tocsin: ") && line.contains(part), "{line}");
    };
    starts("is damaged: restore it, or run tocsin keys rotate --revoke");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    starts("run chmod 600");
    assert_eq!(keys(dir.path(), &["rotate"]).status.code(), Some(1));
    assert_eq!(keys(dir.path(), &["rotate", "--revoke"]).status.code(), Some(0), "the way out");
    assert_eq!(listed(dir.path()).len(), 1);
}

fn keys(dir: &Path, arguments: &[&str]) -> Output {
    tocsin(dir).arg("keys").args(arguments).output().unwrap()
}

/// The lines of `tocsin keys list`: kid, state, and two times.
fn listed(dir: &Path) -> Vec<Vec<String>> {
    let output = keys(dir, &["list"]);
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{output:?}");
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.starts_with("KID "), "{table}");
    table.lines().skip(1).map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

fn states(dir: &Path) -> Vec<String> {
    listed(dir).into_iter().map(|line| line[1].clone()).collect()
}

/// The published keys of a real server, once they are these.
async fn follows(server: &Binary, expected: &[String]) {
    soon("the server to follow", async {
        loop {
            let answer = reqwest::get(format!("{}{JWKS}", server.url())).await.unwrap();
            assert_eq!(answer.headers()["cache-control"], "public, max-age=300");
            if kids(&answer.json().await.unwrap()) == expected {
                return;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[actix_rt::test]
async fn whoever_runs_the_server_rotates_and_revokes_while_it_runs() {
    let dir = TempDir::new().unwrap();
    let none = keys(dir.path(), &["list"]);
    assert!(String::from_utf8(none.stdout).unwrap().starts_with("there are no keys yet"));
    let server = Binary::serve(dir.path(), &[]);
    let http = reqwest::Client::new();
    let post = async |path: &str, body: Value| -> Value {
        let request = http.post(format!("{}{path}", server.url())).json(&body);
        soon("an answer", request.send()).await.unwrap().json().await.unwrap()
    };
    let me = async |token: &str| {
        let request = http.get(format!("{}{ME}", server.url())).bearer_auth(token);
        soon("an answer", request.send()).await.unwrap().status()
    };
    let session = post(REGISTER, newcomer("ada@example.org")).await;
    let first = text(&session, "access_token");
    assert_eq!(states(dir.path()), ["signing"]);

    let told = String::from_utf8(keys(dir.path(), &["rotate"]).stdout).unwrap();
    let lines = listed(dir.path());
    assert_eq!(states(dir.path()), ["signing", "next"]);
    assert_eq!(told, format!("key {} is published and signs from {}\n", lines[1][0], lines[1][2]));
    assert_eq!(String::from_utf8(keys(dir.path(), &["rotate"]).stdout).unwrap(), told, "announced once");
    follows(&server, &[lines[0][0].clone(), lines[1][0].clone()]).await;

    assert_eq!(keys(dir.path(), &["rotate", "--now"]).status.code(), Some(0));
    let lines = listed(dir.path());
    assert_eq!(states(dir.path()), ["verifying", "signing", "next"]);
    assert!(lines[0][3] > lines[1][2], "it verifies longer than the next one signs: {lines:?}");
    follows(&server, &lines.iter().map(|line| line[0].clone()).collect::<Vec<_>>()).await;
    let second = text(&post(LOGIN, credentials()).await, "access_token");
    assert_eq!((kid(&first), kid(&second)), (lines[0][0].clone(), lines[1][0].clone()));
    assert_eq!((me(&first).await, me(&second).await), (StatusCode::OK, StatusCode::OK));

    let mut socket = crate::support::viewer::Viewer::connect(server.addr).await;
    socket.send(json!({"type": "auth", "token": second})).await;
    socket.until("a snapshot", |frame| frame["type"] == "snapshot").await;
    assert_eq!(keys(dir.path(), &["rotate", "--revoke"]).status.code(), Some(0));
    assert_eq!(states(dir.path()), ["signing"]);
    follows(&server, &[listed(dir.path())[0][0].clone()]).await;
    assert_eq!((me(&first).await, me(&second).await), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    assert_eq!(socket.closed().await, 4401);
    let next = post(super::REFRESH, json!({"refresh_token": session["refresh_token"]})).await;
    assert_eq!(me(&text(&next, "access_token")).await, StatusCode::OK, "sign-ins go on");
    assert_eq!(keys(dir.path(), &["rotate", "--revoke", "--now"]).status.code(), Some(2));
    let (code, log) = actix_rt::task::spawn_blocking(move || server.terminate()).await.unwrap();
    assert_eq!((code, log.matches("signing keys were revoked").count()), (Some(0), 1), "{log}");
    let keys = dir.path().join("data/keys");
    for name in key_files(&dir.path().join("data")) {
        assert_eq!(std::fs::metadata(keys.join(&name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}
