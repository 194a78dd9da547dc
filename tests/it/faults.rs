//! What breaks: the process, the disk's room, the mail server.

use std::collections::HashSet;
use std::io::ErrorKind::ConnectionRefused;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::support::app::{PASSWORD, TestApp};
use super::support::binary::{Binary, tocsin};
use super::support::soon;

async fn sign_up(url: &str) -> String {
    let body = json!({"email": "ada@example.org", "password": PASSWORD, "name": "Ada"});
    let answer = reqwest::Client::new().post(format!("{url}/api/v1/auth/register")).json(&body).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[actix_rt::test]
async fn killed_twenty_times_while_ingesting_nothing_answered_is_lost_or_doubled() {
    let dir = TempDir::new().unwrap();
    let mut token = String::new();
    let answered: Arc<Mutex<HashSet<String>>> = Arc::default();
    // The issuer of tokens, the same whatever the port.
    let settings = ["--set", "server.public_url=http://localhost"];
    for round in 0..20 {
        let server = Binary::serve(dir.path(), &settings);
        if token.is_empty() {
            token = sign_up(&server.url()).await;
        }
        let enough = answered.lock().unwrap().len() + 40;
        let dead = Arc::new(AtomicBool::new(false));
        let senders: Vec<_> = (0..3)
            .map(|sender| {
                let (url, token, answered, dead) = (server.url(), token.clone(), answered.clone(), dead.clone());
                actix_rt::spawn(async move { post_until_dead(&url, &token, (round, sender), &answered, &dead).await })
            })
            .collect();
        soon("enough answers", async {
            while answered.lock().unwrap().len() < enough {
                tokio::task::yield_now().await;
            }
        })
        .await;
        server.kill();
        dead.store(true, Ordering::SeqCst);
        for sender in senders {
            sender.await.unwrap();
        }
    }
    let server = Binary::serve(dir.path(), &settings);
    let stored = all_ids(&server.url(), &token).await;
    let unique: HashSet<&String> = stored.iter().collect();
    assert_eq!(unique.len(), stored.len(), "doubled");
    let answered = answered.lock().unwrap();
    let lost: Vec<&String> = answered.iter().filter(|id| !unique.contains(id)).collect();
    assert!(lost.is_empty(), "{} of {} lost: {lost:?}", lost.len(), answered.len());
    drop(server.kill());
}

/// Posts one document after the other, each of them twice, until the server is gone.
async fn post_until_dead(
    url: &str,
    token: &str,
    who: (u32, u32),
    answered: &Mutex<HashSet<String>>,
    dead: &AtomicBool,
) {
    let http = reqwest::Client::new();
    for n in 0.. {
        let id = format!("{}-{}-{n}", who.0, who.1);
        for _ in 0..2 {
            let body = json!({"type": "order", "id": id, "n": n});
            let request = http.post(format!("{url}/api/v1/documents")).bearer_auth(token).json(&body);
            match request.send().await {
                Ok(response) if response.status() == StatusCode::CREATED => {
                    answered.lock().unwrap().insert(id.clone());
                }
                Ok(response) => panic!("{}", response.status()),
                Err(_) => return,
            }
        }
        if dead.load(Ordering::SeqCst) {
            return;
        }
    }
}

async fn all_ids(url: &str, token: &str) -> Vec<String> {
    let http = reqwest::Client::new();
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = http.get(format!("{url}/api/v1/documents?type=order&limit=1000{cursor}")).bearer_auth(token);
        let page: Value = page.send().await.unwrap().json().await.unwrap();
        ids.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

#[actix_rt::test]
async fn a_full_database_says_so_and_takes_nothing_by_halves() {
    let app = TestApp::with(&[("database.max_mib", "2")]).await;
    let big = json!({"type": "blob", "text": "x".repeat(100_000)});
    let mut stored = 0;
    let status = loop {
        let (status, answer) = app.ask(Method::POST, "/api/v1/documents", Some(json!([big, big, big]))).await;
        if status != StatusCode::CREATED {
            assert_eq!(answer["status"], status.as_u16(), "{answer}");
            break status;
        }
        stored += 3;
    };
    assert_eq!(status, StatusCode::INSUFFICIENT_STORAGE);
    let (status, types) = app.ask(Method::GET, "/api/v1/documents/types", None).await;
    assert_eq!((status, &types["items"][0]["count"]), (StatusCode::OK, &json!(stored)));
    app.stop().await;
}

#[actix_rt::test]
async fn sigterm_ends_it_with_zero() {
    let dir = TempDir::new().unwrap();
    let server = Binary::serve(dir.path(), &[]);
    sign_up(&server.url()).await;
    let (code, output) = actix_rt::task::spawn_blocking(move || server.terminate()).await.unwrap();
    assert_eq!(code, Some(0), "{output}");
    assert!(!output.contains(PASSWORD), "a password reached the log");
}

#[actix_rt::test]
async fn a_server_that_stops_refuses_new_connections_and_finishes_what_it_has() {
    let dir = TempDir::new().unwrap();
    let server = Binary::serve(dir.path(), &[]);
    let (url, addr) = (server.url(), server.addr);
    let token = sign_up(&url).await;
    let mut half = TcpStream::connect(addr).await.unwrap();
    let head = format!(
        "POST /api/v1/documents HTTP/1.1\r\nHost: {addr}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 16\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n"
    );
    half.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    half.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    half.write_all(b"{\"type\":").await.unwrap();
    let ending = actix_rt::task::spawn_blocking(move || server.terminate());
    soon("a refused connection", async {
        while TcpStream::connect(addr).await.map_err(|error| error.kind()).err() != Some(ConnectionRefused) {}
    })
    .await;
    half.write_all(b"\"error\"}").await.unwrap();
    let mut answer = String::new();
    half.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let (code, output) = ending.await.unwrap();
    assert_eq!(code, Some(0), "{output}");
}

#[test]
fn a_newer_database_is_refused_in_one_line() {
    let dir = TempDir::new().unwrap();
    drop(Binary::serve(dir.path(), &[]).kill());
    let database = dir.path().join("data/tocsin.db");
    let changed = Command::new("sqlite3").arg(&database).arg("PRAGMA user_version = 9999").status().unwrap();
    assert!(changed.success());
    let refused = tocsin(dir.path()).arg("serve").output().unwrap();
    let stderr = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains("9999") && stderr.contains("newer"), "{stderr}");
}
