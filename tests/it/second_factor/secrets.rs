//! Where secrets and codes do not get to, and what whoever runs the server does when they are lost.

use std::path::{Path, PathBuf};
use std::process::Output;

use tempfile::TempDir;
use tocsin::adapters::clock::SystemClock;

use super::*;
use crate::support::binary::{Binary, tocsin};
use crate::support::browser::Browser;

/// An account with a second factor on a server in a process of its own, in real time.
async fn enrolled(browser: &mut Browser) -> (Factor, String) {
    let body = json!({"email": ADA, "password": PASSWORD, "name": "Ada"});
    let (_, session) = browser.ask(Method::POST, "/api/v1/auth/register", "", body).await;
    let token = session["access_token"].as_str().unwrap().to_owned();
    let (_, begun) = browser.ask(Method::POST, ROUTE, &token, json!({"password": PASSWORD})).await;
    let secret = begun["secret"].as_str().unwrap().to_owned();
    let body = json!({"otp": totp::code(&secret, SystemClock.now(), 0)});
    let (status, confirmed) = browser.ask(Method::POST, &format!("{ROUTE}/confirm"), &token, body).await;
    assert_eq!(status, 200, "{confirmed}");
    (Factor { secret, codes: texts(&confirmed["recovery_codes"]) }, token)
}

fn credentials(otp: &str) -> Value {
    json!({"email": ADA, "password": PASSWORD, "otp": otp})
}

/// A code that cannot have been used, whatever the time is.
fn next(factor: &Factor) -> String {
    totp::code(&factor.secret, SystemClock.now(), 1)
}

#[actix_rt::test]
async fn no_secret_and_no_code_reaches_the_log() {
    let dir = TempDir::new().unwrap();
    let server = Binary::serve(dir.path(), &["--set", "log.level=trace"]);
    let mut browser = Browser::new(server.addr);
    let (factor, token) = enrolled(&mut browser).await;
    let (used, wrong) = (next(&factor), "987654-not-a-code");
    for (path, bearer, body, expected) in [
        ("/api/v1/auth/login", "", credentials(&used), 200),
        ("/api/v1/auth/login", "", credentials(wrong), 401),
        ("/api/v1/auth/login", "", credentials(&factor.codes[0]), 200),
        ("/api/v1/auth/second-factor/disable", &*token, json!({"otp": wrong}), 422),
        ("/api/v1/auth/second-factor/disable", &token, json!({"otp": [wrong]}), 422),
        ("/api/v1/auth/oauth/otp", "", json!({"otp": wrong}), 401),
        ("/api/v1/auth/second-factor/recovery-codes", &token, json!({"otp": factor.codes[1]}), 200),
    ] {
        let (status, answer) = browser.ask(Method::POST, path, bearer, body).await;
        assert_eq!(status, expected, "{path}: {answer}");
    }
    let (ended, log) = actix_rt::task::spawn_blocking(move || server.terminate()).await.unwrap();
    assert_eq!(ended, Some(0));
    for event in ["second_factor_enabled", "recovery_code_used", "recovery_codes_renewed"] {
        assert!(log.contains(event), "{event}: {log}");
    }
    for secret in [&factor.secret, wrong].into_iter().chain(factor.codes.iter().map(String::as_str)) {
        assert!(!log.contains(secret), "{secret} reached the log: {log}");
    }
    // Six digits may stand in a log by chance, inside a longer number; alone they do not.
    let alone = log.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == used);
    assert!(!alone, "{used} reached the log: {log}");
}

/// Every file below a directory.
fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[actix_rt::test]
async fn a_stolen_database_holds_no_secret_and_no_code() {
    let app = TestApp::start().await;
    let factor = Factor::of(&app, &app.token).await;
    assert_eq!(signs_in(&app, &factor.codes[0]).await, 200);
    let (dir, _, _) = app.stop().await;
    let plain = factor.codes.iter().flat_map(|code| [code.clone(), code.replace('-', "")]).map(String::into_bytes);
    let secrets: Vec<Vec<u8>> =
        plain.chain([factor.secret.clone().into_bytes(), totp::bytes(&factor.secret)]).collect();
    for file in files(dir.path()) {
        let bytes = std::fs::read(&file).unwrap();
        for secret in &secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "{} lies in {}", String::from_utf8_lossy(secret), file.display());
        }
    }
}

fn remove(dir: &Path, email: &str) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } =
        tocsin(dir).args(["user", "remove-second-factor", "--email", email]).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[actix_rt::test]
async fn the_last_owner_is_let_in_again_by_whoever_runs_the_server() {
    let dir = TempDir::new().unwrap();
    let server = Binary::serve(dir.path(), &[]);
    let mut browser = Browser::new(server.addr);
    let (_, token) = enrolled(&mut browser).await;
    let body = json!({"email": ADA, "password": PASSWORD});
    let (_, refused) = browser.ask(Method::POST, "/api/v1/auth/login", "", body.clone()).await;
    assert_eq!(refused["code"], "otp_required");

    let done = "ada@example.org signs in with the password alone now\n";
    assert_eq!(remove(dir.path(), " Ada@example.org"), (Some(0), done.into(), String::new()));
    assert_eq!(browser.ask(Method::POST, "/api/v1/auth/login", "", body).await.0, 200);
    let path = "/api/v1/audit?event=second_factor_removed";
    let (_, page) = browser.ask(Method::GET, path, &token, json!(null)).await;
    let entry = &page["items"][0];
    assert!(entry["user_agent"].as_str().unwrap().ends_with("on the command line"), "{page}");

    for (email, line) in [
        (ADA, "tocsin: ada@example.org has no second factor\n"),
        ("bob@example.org", "tocsin: nobody has the address bob@example.org\n"),
    ] {
        assert_eq!(remove(dir.path(), email), (Some(1), String::new(), line.into()));
    }
    drop(server.kill());
}
