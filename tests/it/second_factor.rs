//! The second factor, as a client sees it: asked for after all else was right, and each code once.

mod managing;
mod providers;
mod secrets;
mod throttling;

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tocsin_actors::ports::Clock as _;

use super::support::answer::answer;
use super::support::app::{PASSWORD, TestApp};
use super::support::totp;

const ROUTE: &str = "/api/v1/auth/second-factor";
const STEP: Duration = Duration::from_secs(30);
const ADA: &str = "ada@example.org";

/// What somebody's app and drawer hold.
struct Factor {
    secret: String,
    codes: Vec<String>,
}

impl Factor {
    /// Switches it on for whoever has this access token, with the code of this step.
    async fn of(app: &TestApp, token: &str) -> Self {
        let secret = begin(app, token, PASSWORD).await;
        let codes = confirm(app, token, &totp::code(&secret, app.clock.now(), 0)).await;
        Self { secret, codes }
    }

    fn code(&self, app: &TestApp, ahead: i64) -> String {
        totp::code(&self.secret, app.clock.now(), ahead)
    }

    fn wrong(&self, app: &TestApp) -> String {
        totp::wrong(&self.secret, app.clock.now())
    }
}

/// A request with an access token: the status, and the code of a problem or the whole answer.
async fn ask(app: &TestApp, token: &str, method: Method, path: &str, body: Value) -> (u16, Value) {
    let request = app.request(&method, path).bearer_auth(token);
    let answer = answer(if body.is_null() { request } else { request.json(&body) }).await;
    let code = answer.body["code"].clone();
    (answer.status, if code.is_null() { answer.body } else { code })
}

/// A post to a route of the second factor.
async fn post(app: &TestApp, token: &str, path: &str, body: Value) -> (u16, Value) {
    ask(app, token, Method::POST, &format!("{ROUTE}{path}"), body).await
}

async fn begin(app: &TestApp, token: &str, password: &str) -> String {
    let (status, begun) = post(app, token, "", json!({"password": password})).await;
    assert_eq!(status, 200, "{begun}");
    begun["secret"].as_str().unwrap().to_owned()
}

async fn confirm(app: &TestApp, token: &str, otp: &str) -> Vec<String> {
    let (status, confirmed) = post(app, token, "/confirm", json!({"otp": otp})).await;
    assert_eq!(status, 200, "{confirmed}");
    texts(&confirmed["recovery_codes"])
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// How one's own stands: whether it is asked for, and how many recovery codes are left.
async fn standing(app: &TestApp, token: &str) -> (bool, u64) {
    let (status, factor) = ask(app, token, Method::GET, ROUTE, json!(null)).await;
    assert_eq!((status, factor["enabled_at"].is_string()), (200, factor["enabled"] == true), "{factor}");
    (factor["enabled"].as_bool().unwrap(), factor["recovery_codes_left"].as_u64().unwrap())
}

/// A sign-in of Ada with her password.
async fn login(app: &TestApp, otp: impl Into<Value>) -> (u16, Value) {
    let body = json!({"email": ADA, "password": PASSWORD, "otp": otp.into()});
    ask(app, "", Method::POST, "/api/v1/auth/login", body).await
}

/// The status alone.
async fn signs_in(app: &TestApp, otp: &str) -> u16 {
    login(app, otp).await.0
}

fn refused(status: u16, code: &str) -> (u16, Value) {
    (status, json!(code))
}

#[actix_rt::test]
async fn it_is_begun_with_the_password_and_asked_for_once_a_code_has_confirmed_it() {
    let app = TestApp::start().await;
    let me = app.token.as_str();
    assert_eq!(standing(&app, me).await, (false, 0));
    let body = json!({"otp": "123456"});
    for path in ["/confirm", "/recovery-codes", "/disable"] {
        assert_eq!(post(&app, me, path, body.clone()).await, refused(409, "second_factor_not_begun"), "{path}");
    }
    for body in [json!(null), json!({}), json!({"password": ""}), json!({"password": "not the password"})] {
        assert_eq!(post(&app, me, "", body).await, refused(401, "invalid_credentials"), "a token alone is not enough");
    }
    let begun = answer(app.mine(&Method::POST, ROUTE).json(&json!({"password": PASSWORD}))).await;
    assert_eq!((begun.status, begun.header("cache-control")), (200, "no-store"), "{begun:?}");
    let first = begun.body["secret"].as_str().unwrap();
    let uri = format!(
        "otpauth://totp/localhost:ada%40example.org?secret={first}&issuer=localhost&algorithm=SHA1&digits=6&period=30"
    );
    assert_eq!((begun.body["uri"].as_str().unwrap(), totp::bytes(first).len()), (uri.as_str(), 20));
    assert!(begun.body["qr_svg"].as_str().unwrap().trim_start().starts_with("<svg"));

    // Another secret takes its place, and until a code of that has come nothing is asked for.
    let second = begin(&app, me, PASSWORD).await;
    let now = app.clock.now();
    for bad in [&totp::code(first, now, 0), &totp::wrong(&second, now), "", "abcde-fghjk", &"1".repeat(70)] {
        let problem = answer(app.mine(&Method::POST, &format!("{ROUTE}/confirm")).json(&json!({"otp": bad}))).await;
        assert_eq!((problem.problem(), &problem.body["errors"][0]["path"]), ((422, "invalid_otp"), &json!("/otp")));
    }
    assert_eq!((standing(&app, me).await, signs_in(&app, "").await), ((false, 0), 200));
    let right = totp::code(&second, now, 0);
    let codes = confirm(&app, me, &format!("{} {}", &right[..3], &right[3..])).await;
    assert!(codes.iter().all(|code| code.len() == 11 && code.as_bytes()[5] == b'-'), "{codes:?}");
    let different: std::collections::BTreeSet<&String> = codes.iter().collect();
    assert_eq!((standing(&app, me).await, different.len()), ((true, 10), 10));
    let (_, users) = app.ask(Method::GET, "/api/v1/users", None).await;
    assert_eq!(users["items"][0]["second_factor"], true);
    let again = post(&app, me, "", json!({"password": PASSWORD})).await;
    assert_eq!(again, refused(409, "second_factor_enabled"), "whoever has token and password cannot put another there");
    assert_eq!(post(&app, me, "/confirm", json!({"otp": right})).await, refused(409, "second_factor_enabled"));

    for nothing in [json!(null), json!(""), json!("  ")] {
        assert_eq!(login(&app, nothing).await, refused(401, "otp_required"));
    }
    let (dir, clock, _) = app.stop().await;
    let app = TestApp::on(dir, clock, &[]).await;
    assert_eq!(login(&app, json!(null)).await, refused(401, "otp_required"), "a restart remembers it");
    assert_eq!(login(&app, right).await, refused(401, "invalid_credentials"), "and that this code was used");
    let (status, session) = login(&app, totp::code(&second, now, 1)).await;
    assert_eq!((status, &session["user"]["email"]), (200, &json!(ADA)));
    let body = json!({"refresh_token": session["refresh_token"]});
    assert_eq!(app.ask(Method::POST, "/api/v1/auth/refresh", Some(body)).await.0, 200, "a refresh takes none");
    app.stop().await;
}

#[actix_rt::test]
async fn a_code_says_nothing_about_the_rest() {
    let app = TestApp::start().await;
    let body = json!({"email": "eve@example.org", "password": PASSWORD, "name": "Eve"});
    let (_, eve) = app.ask(Method::POST, "/api/v1/auth/register", Some(body)).await;
    let factor = Factor::of(&app, eve["access_token"].as_str().unwrap()).await;
    let attempt = async |email: &str, password: &str, otp: Value| {
        let body = json!({"email": email, "password": password, "otp": otp});
        app.ask(Method::POST, "/api/v1/auth/login", Some(body)).await
    };
    let right = json!(factor.code(&app, 1));
    let plain = attempt("nobody@example.org", "not the password", json!(null)).await;
    assert_eq!((plain.0.as_u16(), &plain.1["code"]), (401, &json!("invalid_credentials")));
    let eve_ = "eve@example.org";
    for (email, password, otp) in [
        (eve_, "not the password", json!(null)),
        (eve_, "not the password", right.clone()),
        (eve_, "not the password", json!(factor.codes[0])),
        (eve_, PASSWORD, json!(factor.wrong(&app))),
        (eve_, PASSWORD, json!("aaaaa-aaaaa")),
        (eve_, PASSWORD, json!("not a code")),
        ("nobody@example.org", PASSWORD, right.clone()),
    ] {
        assert_eq!(attempt(email, password, otp.clone()).await, plain, "{email} {password} {otp}");
    }
    // A disabled account never comes as far as the code, and its codes stay as good as they were.
    let path = format!("/api/v1/users/{}", eve["user"]["id"].as_str().unwrap());
    let shut = async |disabled: bool| {
        assert_eq!(app.ask(Method::PATCH, &path, Some(json!({"disabled": disabled}))).await.0, 200);
    };
    shut(true).await;
    for otp in [json!(null), right.clone(), json!(factor.codes[0])] {
        assert_eq!(attempt(eve_, PASSWORD, otp).await, plain);
    }
    shut(false).await;
    assert_eq!(attempt(eve_, PASSWORD, right).await.0, 200);
    assert_eq!(attempt(eve_, PASSWORD, json!(factor.codes[0])).await.0, 200);
    // An account without a second factor takes no notice of a code.
    assert_eq!(attempt(ADA, PASSWORD, json!("000000")).await.0, 200);
    app.stop().await;
}

#[actix_rt::test]
async fn a_code_works_once_in_its_step_and_in_those_beside_it() {
    let app = TestApp::with(&[("auth.otp_attempts", "100")]).await;
    let factor = Factor::of(&app, &app.token).await;
    assert_eq!(signs_in(&app, &factor.code(&app, 0)).await, 401, "it has confirmed");
    app.advance(STEP * 10);
    for (ahead, status, why) in [
        (-2, 401, "too old"),
        (2, 401, "of a clock too far ahead"),
        (-1, 200, "of a clock that is behind"),
        (-1, 401, "used"),
        (0, 200, "of now"),
        (0, 401, "used"),
        (-1, 401, "before one that was used"),
        (1, 200, "of a clock that is ahead"),
        (0, 401, "before one that was used"),
    ] {
        assert_eq!(signs_in(&app, &factor.code(&app, ahead)).await, status, "{ahead}: {why}");
    }
    app.advance(STEP);
    assert_eq!(signs_in(&app, &factor.code(&app, 0)).await, 401, "used when it was the next");
    app.advance(STEP - Duration::from_millis(1));
    let code = factor.code(&app, 1);
    let tries = join_all((0..10).map(|_| signs_in(&app, &code))).await;
    assert_eq!(tries.iter().filter(|status| **status == 200).count(), 1, "at once: {tries:?}");
    app.stop().await;
}

#[actix_rt::test]
async fn a_recovery_code_works_once_however_it_is_typed() {
    let app = TestApp::start().await;
    let Factor { codes, .. } = Factor::of(&app, &app.token).await;
    for (n, typed) in [
        codes[0].clone(),
        codes[1].to_uppercase(),
        codes[2].replace('-', ""),
        format!(" {} ", codes[3].replace('-', " ")),
    ]
    .iter()
    .enumerate()
    {
        assert_eq!(signs_in(&app, typed).await, 200, "{typed}");
        assert_eq!(login(&app, typed.as_str()).await, refused(401, "invalid_credentials"), "{typed} again");
        assert_eq!(standing(&app, &app.token).await, (true, 9 - n as u64));
    }
    let tries = join_all((0..10).map(|_| signs_in(&app, &codes[4]))).await;
    assert_eq!(tries.iter().filter(|status| **status == 200).count(), 1, "at once: {tries:?}");
    // Nobody uses another's.
    let body = json!({"email": "eve@example.org", "password": PASSWORD, "name": "Eve"});
    let (_, eve) = app.ask(Method::POST, "/api/v1/auth/register", Some(body)).await;
    let eves = Factor::of(&app, eve["access_token"].as_str().unwrap()).await;
    assert_eq!(signs_in(&app, &eves.codes[0]).await, 401);
    assert_eq!(standing(&app, eve["access_token"].as_str().unwrap()).await, (true, 10));
    app.stop().await;
}
