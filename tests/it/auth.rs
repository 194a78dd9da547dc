//! Accounts and sign-ins, from the first registration to the last sign-out.

mod access_tokens;
mod api_keys;
mod hostile_tokens;
mod key_rotation;
mod python;
mod refreshing;
mod user_add;

use std::time::Duration;

use reqwest::header::SET_COOKIE;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::app::{PASSWORD, TestApp};
use super::support::binary::Binary;
use super::support::soon;

const REGISTER: &str = "/api/v1/auth/register";
const LOGIN: &str = "/api/v1/auth/login";
const REFRESH: &str = "/api/v1/auth/refresh";
const LOGOUT: &str = "/api/v1/auth/logout";
const ME: &str = "/api/v1/auth/me";

fn newcomer(email: &str) -> Value {
    json!({"email": email, "password": PASSWORD, "name": "Bob"})
}

fn credentials() -> Value {
    json!({"email": "ada@example.org", "password": PASSWORD})
}

fn text(answer: &Value, name: &str) -> String {
    answer[name].as_str().unwrap_or_else(|| panic!("no {name} in {answer}")).to_owned()
}

/// Signs the owner in once more; the refresh token.
async fn sign_in(app: &TestApp) -> String {
    let (status, answer) = app.ask(Method::POST, LOGIN, Some(credentials())).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    text(&answer, "refresh_token")
}

async fn refresh(app: &TestApp, token: &str) -> (StatusCode, Value) {
    app.ask(Method::POST, REFRESH, Some(json!({"refresh_token": token}))).await
}

/// Asserts that a token is refused as one that has ended.
async fn ended(app: &TestApp, token: &str) {
    let (status, problem) = refresh(app, token).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("invalid_grant")), "{problem}");
}

#[actix_rt::test]
async fn register_login_me_refresh_logout() {
    let mut app = TestApp::start().await;
    let (status, session) = app.ask(Method::POST, LOGIN, Some(credentials())).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!((&session["token_type"], &session["expires_in"]), (&json!("Bearer"), &json!(600)));
    app.token = text(&session, "access_token");
    let (status, me) = app.ask(Method::GET, ME, None).await;
    assert_eq!((status, &me), (StatusCode::OK, &session["user"]));
    assert_eq!((&me["email"], &me["email_verified"]), (&json!("ada@example.org"), &json!(false)));

    let (status, renamed) = app.ask(Method::PATCH, ME, Some(json!({"name": "Countess"}))).await;
    assert_eq!((status, &renamed["name"]), (StatusCode::OK, &json!("Countess")));
    let first = text(&session, "refresh_token");
    let (status, next) = refresh(&app, &first).await;
    assert_eq!((status, &next["user"]), (StatusCode::OK, &renamed), "a fresh token says what is so now");
    let second = text(&next, "refresh_token");
    app.token = text(&next, "access_token");
    assert_eq!(app.ask(Method::GET, ME, None).await.0, StatusCode::OK);

    let body = Some(json!({"refresh_token": second}));
    // Also when the access token has expired, and twice.
    app.token.clear();
    for _ in 0..2 {
        assert_eq!(app.ask(Method::POST, LOGOUT, body.clone()).await.0, StatusCode::NO_CONTENT);
    }
    ended(&app, &second).await;
    ended(&app, &first).await;
    assert_eq!(app.ask(Method::GET, ME, None).await.0, StatusCode::UNAUTHORIZED);
    app.stop().await;
}

#[actix_rt::test]
async fn a_token_that_was_made_up_ends_nothing() {
    let app = TestApp::start().await;
    let good = sign_in(&app).await;
    let (body, seal) = good.rsplit_once('.').unwrap();
    let family = body.split('_').nth(1).unwrap();
    for made_up in [format!("tcr_{family}_x"), format!("tcr_{family}_x.{seal}"), body.to_owned(), format!("{good}A")] {
        ended(&app, &made_up).await;
        let body = Some(json!({"refresh_token": made_up}));
        assert_eq!(app.ask(Method::POST, LOGOUT, body).await.0, StatusCode::NO_CONTENT);
    }
    assert_eq!(refresh(&app, &good).await.0, StatusCode::OK);
    app.stop().await;
}

#[actix_rt::test]
async fn a_sign_in_outlives_a_restart_and_not_its_limits() {
    let app = TestApp::start().await;
    let token = sign_in(&app).await;
    let (dir, clock, _) = app.stop().await;
    let app = TestApp::on(dir, clock, &[]).await;
    let day = Duration::from_secs(24 * 3_600);
    app.advance(day * 14);
    let (status, next) = refresh(&app, &token).await;
    assert_eq!(status, StatusCode::OK, "{next}");
    app.advance(day * 14 + Duration::from_millis(1));
    ended(&app, &text(&next, "refresh_token")).await;
    app.stop().await;
}

#[actix_rt::test]
async fn nobody_learns_which_addresses_have_an_account() {
    let app = TestApp::start().await;
    let wrong = json!({"email": "ada@example.org", "password": "incorrect horse battery"});
    let unknown = json!({"email": "nobody@example.org", "password": PASSWORD});
    let known = app.ask(Method::POST, LOGIN, Some(wrong)).await;
    assert_eq!((known.0, &known.1["code"]), (StatusCode::UNAUTHORIZED, &json!("invalid_credentials")));
    assert_eq!(known, app.ask(Method::POST, LOGIN, Some(unknown)).await);
    let loud = json!({"email": " ADA@example.org ", "password": PASSWORD});
    assert_eq!(app.ask(Method::POST, LOGIN, Some(loud)).await.0, StatusCode::OK, "addresses have no case");
    app.stop().await;
}

#[actix_rt::test]
async fn the_first_is_owner_and_the_next_ones_are_members() {
    let app = TestApp::start().await;
    let (_, ada) = app.ask(Method::GET, ME, None).await;
    assert_eq!(ada["role"], "owner");
    let (status, bob) = app.ask(Method::POST, REGISTER, Some(newcomer("bob@example.org"))).await;
    assert_eq!((status, &bob["user"]["role"]), (StatusCode::CREATED, &json!("member")));
    let (status, taken) = app.ask(Method::POST, REGISTER, Some(newcomer("BOB@example.org"))).await;
    assert_eq!((status, &taken["code"]), (StatusCode::CONFLICT, &json!("email_taken")));
    let bad = json!({"email": "eve", "password": "short", "name": ""});
    let (status, problem) = app.ask(Method::POST, REGISTER, Some(bad)).await;
    let paths: Vec<&Value> = problem["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
    assert_eq!((status, paths.len()), (StatusCode::UNPROCESSABLE_ENTITY, 3), "{problem}");
    app.stop().await;
}

#[actix_rt::test]
async fn where_registration_is_not_open_nobody_registers() {
    for (how, code) in [("closed", "registration_closed"), ("invite", "invitation_required")] {
        let app = TestApp::start().await;
        let (dir, clock, _) = app.stop().await;
        let app = TestApp::on(dir, clock, &[("auth.registration", how)]).await;
        let (status, problem) = app.ask(Method::POST, REGISTER, Some(newcomer("bob@example.org"))).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!(code)), "{how}");
        let (_, providers) = app.ask(Method::GET, "/api/v1/auth/providers", None).await;
        assert_eq!(providers["registration"], how);
        sign_in(&app).await;
        app.stop().await;
    }
}

async fn post(app: &TestApp, path: &str, body: Value, headers: &[(&str, &str)]) -> Response {
    let mut request = app.http.post(format!("http://{}{path}", app.addr)).json(&body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    soon("an answer", request.send()).await.unwrap()
}

/// The cookie of an answer: `name=value`, and its attributes.
fn cookie(response: &Response) -> (String, Vec<String>) {
    let line = response.headers()[SET_COOKIE].to_str().unwrap();
    let mut parts = line.split("; ").map(str::to_owned);
    let mut attributes = (parts.next().unwrap(), parts.collect::<Vec<_>>());
    attributes.1.sort();
    attributes
}

#[actix_rt::test]
async fn a_browser_keeps_the_refresh_token_where_no_script_reads_it() {
    for (url, prefix, secure) in [("http://localhost", "", false), ("https://tocsin.example.org", "__Host-", true)] {
        let app = TestApp::with(&[("server.public_url", url)]).await;
        let mut body = credentials();
        body["token_transport"] = json!("cookie");
        let response = post(&app, LOGIN, body, &[]).await;
        assert_eq!(response.status(), StatusCode::OK);
        let (first, attributes) = cookie(&response);
        assert!(first.starts_with(&format!("{prefix}tocsin_refresh=tcr_")), "{first}");
        let mut expected = vec!["HttpOnly", "Max-Age=1209600", "Path=/", "SameSite=Strict"];
        expected.extend(secure.then_some("Secure"));
        assert_eq!(attributes, expected, "{url}");
        let session: Value = response.json().await.unwrap();
        assert!(session.get("refresh_token").is_none() && session["access_token"].is_string(), "{session}");

        let foreign = [("cookie", first.as_str()), ("origin", "https://evil.example.org")];
        assert_eq!(post(&app, REFRESH, json!({}), &foreign).await.status(), StatusCode::FORBIDDEN);
        let response = post(&app, REFRESH, json!({}), &[("cookie", &first)]).await;
        assert_eq!(response.status(), StatusCode::OK);
        let (second, attributes) = cookie(&response);
        assert_eq!((second == first, attributes.len()), (false, expected.len()));
        let session: Value = response.json().await.unwrap();
        assert!(session.get("refresh_token").is_none(), "{session}");

        let response = post(&app, LOGOUT, json!({}), &[("cookie", &second)]).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert!(cookie(&response).1.contains(&"Max-Age=0".to_owned()));
        let response = post(&app, REFRESH, json!({}), &[("cookie", &second)]).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert!(cookie(&response).1.contains(&"Max-Age=0".to_owned()), "a worthless cookie is taken away");
        app.stop().await;
    }
}

#[actix_rt::test]
async fn no_secret_reaches_the_log() {
    let dir = TempDir::new().unwrap();
    let server = Binary::serve(dir.path(), &["--set", "log.level=trace"]);
    let http = reqwest::Client::new();
    let ask = async |method: Method, path: &str, bearer: &str, body: Value| -> Value {
        let request = http.request(method, format!("{}{path}", server.url())).bearer_auth(bearer).json(&body);
        soon("an answer", request.send()).await.unwrap().json().await.unwrap_or_default()
    };
    let mut account = newcomer("ada@example.org");
    let session = ask(Method::POST, REGISTER, "", account.clone()).await;
    let (access, first) = (text(&session, "access_token"), text(&session, "refresh_token"));
    let key = ask(Method::POST, "/api/v1/api-keys", &access, json!({"name": "k", "scopes": ["documents:read"]})).await;
    let key = text(&key, "key");
    ask(Method::GET, "/api/v1/documents", &key, json!({})).await;
    let session = ask(Method::POST, REFRESH, "", json!({"refresh_token": first})).await;
    let second = text(&session, "refresh_token");
    let mistyped = "another horse, and not the right one";
    account["password"] = json!(mistyped);
    ask(Method::POST, LOGIN, "", account).await;
    ask(Method::POST, REGISTER, "", json!({"email": "x", "password": mistyped, "name": 7})).await;
    ask(Method::POST, LOGOUT, &format!("{access}x"), json!({"refresh_token": second})).await;
    let (code, log) = actix_rt::task::spawn_blocking(move || server.terminate()).await.unwrap();
    assert_eq!(code, Some(0));
    assert!(log.contains("sign_in_failed") && log.contains("account_made"), "{log}");
    for (what, secret) in [
        ("password", PASSWORD),
        ("mistyped password", mistyped),
        ("access token", &access),
        ("refresh token", &first),
        ("successor", &second),
        ("API key", &key),
    ] {
        assert!(!log.contains(secret), "the {what} reached the log");
    }
}
