//! Passwords and the mails around them: changing, forgetting, and showing that an address is one's own.

mod hashing;
mod verifying;

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tocsin::adapters::files::{Reader, Stored};

use super::support::app::{PASSWORD, TestApp};
use super::support::soon;

const ADA: &str = "ada@example.org";
const ANOTHER: &str = "seven quiet lighthouses";
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// Every mail to an address, oldest first, once there are so many.
pub(super) async fn mails(app: &TestApp, to: &str, count: usize) -> Vec<Stored> {
    let reader = Reader::new(app.dir.path().join("mail"));
    let arrived = async {
        loop {
            let found = written(&reader, to);
            if found.len() >= count {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let found = soon("mails", arrived).await;
    assert_eq!(found.len(), count, "more mails than expected: {found:?}");
    found
}

fn written(reader: &Reader, to: &str) -> Vec<Stored> {
    let mut all: Vec<Stored> =
        reader.list(100).unwrap().iter().filter_map(|mail| reader.get(&mail.id).unwrap()).collect();
    all.retain(|mail| mail.summary.to == to);
    all.reverse();
    all
}

/// Stops the server, which finishes what it has to send, and counts the mails to an address.
async fn mails_at_the_end(app: TestApp, to: &str) -> usize {
    let (dir, _, _) = app.stop().await;
    written(&Reader::new(dir.path().join("mail")), to).len()
}

/// The link of a mail: the page, and the token in its fragment.
pub(super) fn link(mail: &Stored) -> (String, String) {
    let line = mail.text.lines().find(|line| line.contains("#token=")).unwrap_or_else(|| panic!("no link: {mail:?}"));
    assert!(mail.html.contains(&format!("href=\"{}\"", line.trim())), "{mail:?}");
    let (page, token) = line.trim().split_once("#token=").unwrap();
    (page.to_owned(), token.to_owned())
}

async fn post(app: &TestApp, path: &str, body: Value) -> (StatusCode, Value) {
    app.ask(Method::POST, &format!("/api/v1/auth/{path}"), Some(body)).await
}

/// The status and the code of an answer.
async fn outcome(app: &TestApp, path: &str, body: Value) -> (u16, String) {
    let (status, answer) = post(app, path, body).await;
    (status.as_u16(), answer["code"].as_str().unwrap_or_default().to_owned())
}

async fn login(app: &TestApp, email: &str, password: &str) -> (StatusCode, Value) {
    post(app, "login", json!({"email": email, "password": password})).await
}

async fn forgot(app: &TestApp, email: &str) {
    let (status, answer) = post(app, "password/forgot", json!({"email": email})).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
}

/// Asks for a link and reads it; `count` is which mail to this address it is.
pub(crate) async fn reset_token(app: &TestApp, count: usize) -> String {
    forgot(app, ADA).await;
    link(mails(app, ADA, count).await.last().unwrap()).1
}

async fn me(app: &TestApp, token: &str) -> StatusCode {
    let request = app.request(&Method::GET, "/api/v1/auth/me").bearer_auth(token);
    soon("an answer", request.send()).await.unwrap().status()
}

fn refused(code: &str) -> (u16, String) {
    (401, code.to_owned())
}

const DONE: (u16, String) = (204, String::new());

#[actix_rt::test]
async fn a_password_is_changed_by_who_knows_it_and_their_other_sign_ins_end() {
    let app = TestApp::start().await;
    let other = login(&app, ADA, PASSWORD).await.1;
    let change = |current: &str, new: &str| json!({"current_password": current, "new_password": new});

    assert_eq!(outcome(&app, "password", change("not the one", ANOTHER)).await, refused("invalid_credentials"));
    for bad in ["short", "password123", "ada@example.org", "aaaaaaaaaaaa", &"x ".repeat(513)] {
        let (status, problem) = post(&app, "password", change(PASSWORD, bad)).await;
        assert_eq!((status.as_u16(), &problem["errors"][0]["path"]), (422, &json!("/new_password")), "{problem}");
    }
    assert_eq!(me(&app, other["access_token"].as_str().unwrap()).await, StatusCode::OK, "nothing has happened yet");

    assert_eq!(outcome(&app, "password", change(PASSWORD, ANOTHER)).await, DONE);
    assert_eq!(me(&app, &app.token).await, StatusCode::OK, "the one that asked goes on");
    assert_eq!(me(&app, other["access_token"].as_str().unwrap()).await, StatusCode::UNAUTHORIZED);
    let refresh = json!({"refresh_token": other["refresh_token"]});
    assert_eq!(outcome(&app, "refresh", refresh).await, refused("invalid_grant"));
    assert_eq!(login(&app, ADA, PASSWORD).await.0, StatusCode::UNAUTHORIZED);
    let kept = login(&app, ADA, ANOTHER).await.1;

    let mut keep = change(ANOTHER, PASSWORD);
    keep["end_other_sessions"] = json!(false);
    assert_eq!(outcome(&app, "password", keep).await, DONE);
    assert_eq!(me(&app, kept["access_token"].as_str().unwrap()).await, StatusCode::OK, "where that was asked for");
    let told = mails(&app, ADA, 2).await;
    assert_eq!(told[0].summary.subject, "[Tocsin] Your password was changed");
    app.stop().await;
}

#[actix_rt::test]
async fn a_long_password_counts_to_its_last_character() {
    let app = TestApp::start().await;
    let long = format!("{}end", "so many words ".repeat(40));
    let change = json!({"current_password": PASSWORD, "new_password": long});
    assert_eq!(outcome(&app, "password", change).await, DONE);
    assert_eq!(login(&app, ADA, &long[..long.len() - 1]).await.0, StatusCode::UNAUTHORIZED, "nothing was cut");
    assert_eq!(login(&app, ADA, &long).await.0, StatusCode::OK);
    app.stop().await;
}

#[actix_rt::test]
async fn only_a_person_changes_a_password() {
    let mut app = TestApp::start().await;
    let body = json!({"current_password": PASSWORD, "new_password": ANOTHER});
    app.token = app.api_key(&["documents:read"]).await;
    assert_eq!(post(&app, "password", body.clone()).await.0, StatusCode::FORBIDDEN);
    app.token.clear();
    assert_eq!(post(&app, "password", body).await.0, StatusCode::UNAUTHORIZED);
    app.stop().await;
}

#[actix_rt::test]
async fn a_forgotten_password_is_chosen_anew_once_and_every_sign_in_ends() {
    let app = TestApp::start().await;
    let other = login(&app, ADA, PASSWORD).await.1;
    forgot(&app, " ADA@example.org ").await;
    let mail = mails(&app, ADA, 1).await.remove(0);
    let (page, token) = link(&mail);
    assert_eq!((page.as_str(), token.len()), ("http://localhost/reset", 47));
    assert_eq!(mail.summary.subject, "[Tocsin] Choose a new password");
    for (name, value) in [("Auto-Submitted", "auto-generated"), ("From", "Tocsin <tocsin@localhost>")] {
        assert!(mail.headers.iter().any(|(n, v)| n == name && v == value), "{name}: {:?}", mail.headers);
    }
    let reset = |password: &str| json!({"token": token, "new_password": password});

    // Mail scanners open every link. No browser sends them the fragment; not even with it in the query does it count.
    for page in ["/reset".to_owned(), format!("/reset?token={token}"), format!("/verify?token={token}")] {
        let request = app.request(&Method::GET, &page).header("accept", "text/html");
        assert_eq!(soon("a page", request.send()).await.unwrap().status(), StatusCode::OK);
    }
    assert_eq!(app.ask(Method::GET, "/api/v1/auth/password/reset", None).await.0, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(me(&app, &app.token).await, StatusCode::OK, "asking ends nothing");
    let (status, problem) = post(&app, "password/reset", reset("12345678")).await;
    assert_eq!((status.as_u16(), &problem["errors"][0]["path"]), (422, &json!("/new_password")), "{problem}");

    assert_eq!(outcome(&app, "password/reset", reset(ANOTHER)).await, DONE, "the link is as good as it was");
    assert_eq!(outcome(&app, "password/reset", reset("yet another password")).await, refused("invalid_link"));
    for access in [app.token.as_str(), other["access_token"].as_str().unwrap()] {
        assert_eq!(me(&app, access).await, StatusCode::UNAUTHORIZED);
    }
    let refresh = json!({"refresh_token": other["refresh_token"]});
    assert_eq!(outcome(&app, "refresh", refresh).await, refused("invalid_grant"));
    assert_eq!(login(&app, ADA, PASSWORD).await.0, StatusCode::UNAUTHORIZED);
    let (status, session) = login(&app, ADA, ANOTHER).await;
    assert_eq!((status, &session["user"]["email_verified"]), (StatusCode::OK, &json!(true)), "the mail arrived there");
    app.stop().await;
}

#[actix_rt::test]
async fn a_link_lasts_half_an_hour_and_a_newer_one_or_a_change_ends_it() {
    let app = TestApp::start().await;
    let expired = reset_token(&app, 1).await;
    app.advance(30 * MINUTE);
    let reset = |token: &str| json!({"token": token, "new_password": ANOTHER});
    assert_eq!(outcome(&app, "password/reset", reset(&expired)).await, refused("invalid_link"));

    let older = reset_token(&app, 2).await;
    app.advance(SECOND);
    let newer = reset_token(&app, 3).await;
    assert_eq!(outcome(&app, "password/reset", reset(&older)).await, refused("invalid_link"));
    app.advance(30 * MINUTE - Duration::from_millis(1));
    assert_eq!(outcome(&app, "password/reset", reset(&newer)).await, DONE, "its last moment");
    // One tells of the change. Mails are in the order of their times, so it has to be there before the clock moves on.
    mails(&app, ADA, 4).await;

    app.advance(HOUR);
    let token = reset_token(&app, 5).await;
    let mut app = app;
    app.token = login(&app, ADA, ANOTHER).await.1["access_token"].as_str().unwrap().to_owned();
    let change = json!({"current_password": ANOTHER, "new_password": PASSWORD});
    assert_eq!(outcome(&app, "password", change).await, DONE);
    assert_eq!(outcome(&app, "password/reset", reset(&token)).await, refused("invalid_link"));
    app.stop().await;
}

const HOUR: Duration = Duration::from_secs(3_600);

#[actix_rt::test]
async fn no_token_does_the_work_of_another() {
    let app = TestApp::start().await;
    let session = login(&app, ADA, PASSWORD).await.1;
    let reset = reset_token(&app, 1).await;
    assert_eq!(me(&app, &reset).await, StatusCode::UNAUTHORIZED, "a link signs nobody in");
    assert_eq!(outcome(&app, "refresh", json!({"refresh_token": reset})).await, refused("invalid_grant"));
    assert_eq!(outcome(&app, "email/verify", json!({"token": reset})).await, refused("invalid_link"));
    let key = app.api_key(&["documents:read"]).await;
    let long = "x".repeat(10_000);
    for token in [
        session["access_token"].as_str().unwrap(),
        session["refresh_token"].as_str().unwrap(),
        &key,
        &reset.replace("tcl_", ""),
        &reset.to_uppercase(),
        &long,
        "",
    ] {
        let body = json!({"token": token, "new_password": ANOTHER});
        assert_eq!(outcome(&app, "password/reset", body).await, refused("invalid_link"));
        assert_eq!(outcome(&app, "email/verify", json!({"token": token})).await, refused("invalid_link"));
    }
    assert_eq!(outcome(&app, "password/reset", json!({"token": reset, "new_password": ANOTHER})).await, DONE);
    app.stop().await;
}

#[actix_rt::test]
async fn forgetting_says_the_same_for_every_address_and_mails_only_accounts() {
    let app = TestApp::start().await;
    let known = post(&app, "password/forgot", json!({"email": ADA})).await;
    for unknown in ["nobody@example.org", "not an address", ""] {
        assert_eq!(post(&app, "password/forgot", json!({"email": unknown})).await, known);
    }
    mails(&app, ADA, 1).await;
    let sent = async {
        loop {
            let (_, metrics) = app.ask(Method::GET, "/metrics", None).await;
            let metrics = metrics.as_str().unwrap();
            let has = |line: &str| metrics.lines().any(|one| one == line);
            if has("tocsin_mails_sent_total 1") && has("tocsin_auth_mails_waiting 0.0") {
                return;
            }
        }
    };
    soon("the metrics of one mail", sent).await;
    assert_eq!(mails_at_the_end(app, "nobody@example.org").await, 0);
}

#[actix_rt::test]
async fn an_account_gets_so_many_mails_an_hour_and_the_last_link_stays_good() {
    let app = TestApp::with(&[("auth.mails_per_hour", "2")]).await;
    reset_token(&app, 1).await;
    app.advance(SECOND);
    let token = reset_token(&app, 2).await;
    for _ in 0..5 {
        forgot(&app, ADA).await;
    }
    let (dir, clock, _) = app.stop().await;
    let app = TestApp::on(dir, clock, &[("auth.mails_per_hour", "2")]).await;
    forgot(&app, ADA).await;
    assert_eq!(outcome(&app, "password/reset", json!({"token": token, "new_password": ANOTHER})).await, DONE);
    // The third tells of the change, which nothing keeps back.
    assert_eq!(mails_at_the_end(app, ADA).await, 3);
}

#[actix_rt::test]
async fn links_outlive_a_restart_and_are_stored_as_digests() {
    let app = TestApp::start().await;
    let token = reset_token(&app, 1).await;
    let (dir, clock, _) = app.stop().await;
    for entry in std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file())
    {
        let bytes = std::fs::read(&entry).unwrap();
        let found = bytes.windows(token.len()).any(|window| window == token.as_bytes());
        assert!(!found, "the token lies in {}", entry.display());
    }
    let app = TestApp::on(dir, clock, &[]).await;
    assert_eq!(outcome(&app, "password/reset", json!({"token": token, "new_password": ANOTHER})).await, DONE);
    app.stop().await;
}
