//! A sign-in by a provider waits for the code.

use reqwest::header::COOKIE;

use super::*;
use crate::support::browser::Browser;
use crate::support::provider::{Person, Provider};

const GRACE: Person = Person { subject: 1, email: "grace@example.org", verified: true };
const OTP: &str = "/api/v1/auth/oauth/otp";
const WAITS: &str = "/sign-in?otp=required";

/// A server with the providers `house` (OpenID Connect) and `hub` (GitHub's kind).
async fn world(sets: &[(&str, &str)]) -> (TestApp, Provider) {
    let provider = Provider::start();
    let providers = format!("[{}, {}]", provider.entry("house", "oidc"), provider.entry("hub", "github"));
    let sets: Vec<(&str, &str)> =
        [("oauth.providers", &*providers), ("oauth.return_to", "/keys")].iter().chain(sets).copied().collect();
    (TestApp::with(&sets).await, provider)
}

/// Goes to a provider as Grace and comes back; where that leads.
async fn visit(app: &TestApp, provider: &Provider, browser: &mut Browser, id: &str) -> String {
    visit_as(app, provider, browser, id, &GRACE).await
}

async fn visit_as(app: &TestApp, provider: &Provider, browser: &mut Browser, id: &str, person: &Person) -> String {
    let (_, url) = browser.get(&format!("/api/v1/auth/oauth/{id}/start?return_to=/keys")).await;
    let (state, code) = provider.consent(&url.parse().unwrap(), person, app.clock.now());
    browser.get(&format!("/api/v1/auth/oauth/{id}/callback?state={state}&code={code}")).await.1
}

/// Grace comes by the provider, and switches a second factor on.
async fn grace(app: &TestApp, provider: &Provider) -> (Factor, Value) {
    let mut browser = Browser::new(app.addr);
    assert_eq!(visit(app, provider, &mut browser, "house").await, "/keys");
    let session = browser.session().await.unwrap();
    (Factor::of(app, session["access_token"].as_str().unwrap()).await, session)
}

/// The page sends a code; the status, and the code of a problem or the whole answer.
async fn complete(browser: &mut Browser, otp: &str) -> (u16, Value) {
    let (status, answer) = browser.ask(Method::POST, OTP, "", json!({"otp": otp, "token_transport": "cookie"})).await;
    (status, if answer["code"].is_null() { answer } else { answer["code"].clone() })
}

fn waits(browser: &Browser) -> bool {
    browser.cookies.contains_key("tocsin_pending")
}

#[actix_rt::test]
async fn nobody_is_signed_in_before_the_code_and_a_wrong_one_leaves_it_waiting() {
    let (app, provider) = world(&[]).await;
    let (factor, _) = grace(&app, &provider).await;
    let mut browser = Browser::new(app.addr);
    assert_eq!(visit(&app, &provider, &mut browser, "house").await, WAITS);
    let cookie = browser.last.iter().find(|line| line.starts_with("tocsin_pending=")).unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=300"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    let pending = browser.cookies["tocsin_pending"].clone();
    assert!(!browser.cookies.contains_key("tocsin_refresh") && !browser.cookies.contains_key("tocsin_device"));
    assert!(browser.session().await.is_none());
    let me = app.request(&Method::GET, "/api/v1/auth/me").bearer_auth(&pending);
    assert_eq!(answer(me).await.status, 401, "what waits opens nothing");

    for (otp, code) in [
        (factor.wrong(&app).as_str(), "invalid_credentials"),
        ("aaaaa-aaaaa", "invalid_credentials"),
        (&factor.code(&app, 0), "invalid_credentials"),
        ("", "otp_required"),
    ] {
        assert_eq!(complete(&mut browser, otp).await, refused(401, code), "{otp}");
        assert!(waits(&browser) && browser.session().await.is_none());
    }
    let (status, session) = complete(&mut browser, &factor.code(&app, 1)).await;
    assert_eq!((status, &session["return_to"], &session["user"]["email"]), (200, &json!("/keys"), &json!(GRACE.email)));
    assert!(session.get("refresh_token").is_none() && !waits(&browser));
    assert_eq!(browser.session().await.unwrap()["user"], session["user"]);

    // Once: whoever has kept the cookie needs another sign-in at the provider, and not only another code.
    let mut other = Browser::new(app.addr);
    other.cookies.insert("tocsin_pending".into(), pending);
    assert_eq!(complete(&mut other, &factor.codes[0]).await, refused(401, "invalid_grant"));
    assert!(other.session().await.is_none());

    // A client that is no browser has the refresh token in the body.
    assert_eq!(visit(&app, &provider, &mut other, "house").await, WAITS);
    let (status, session) = other.ask(Method::POST, OTP, "", json!({"otp": factor.codes[1]})).await;
    assert_eq!((status, session["refresh_token"].is_string()), (200, true));
    assert!(!other.cookies.contains_key("tocsin_refresh"));
    app.stop().await;
}

#[actix_rt::test]
async fn what_does_not_wait_is_refused() {
    let (app, provider) = world(&[]).await;
    let (factor, session) = grace(&app, &provider).await;
    let mut browser = Browser::new(app.addr);
    assert_eq!(visit(&app, &provider, &mut browser, "house").await, WAITS);
    let pending = browser.cookies["tocsin_pending"].clone();
    let right = factor.code(&app, 1);

    let mut other = Browser::new(app.addr);
    assert_eq!(complete(&mut other, &right).await, refused(401, "invalid_grant"), "nothing waits");
    let (body, seal) = pending.rsplit_once('.').unwrap();
    let mallory = pending.replacen(pending.split('.').next().unwrap(), &"0".repeat(32), 1);
    let elsewhere = format!("{}.2f.{seal}", body.rsplit_once('.').unwrap().0);
    for forged in [&pending[1..], body, &format!("{pending}x"), &mallory, &elsewhere, "x", &"x".repeat(3_000)] {
        other.cookies.insert("tocsin_pending".into(), forged.into());
        assert_eq!(complete(&mut other, &right).await, refused(401, "invalid_grant"), "{forged}");
    }

    // A page of another site sends neither the code nor the cookie.
    for (name, value) in [("origin", "https://evil.example.org"), ("origin", "null"), ("sec-fetch-site", "cross-site")]
    {
        let request = app.request(&Method::POST, OTP).json(&json!({"otp": right}));
        let foreign = answer(request.header(COOKIE, format!("tocsin_pending={pending}")).header(name, value)).await;
        assert_eq!(foreign.problem(), (403, "foreign_origin"), "{name}: {value}");
    }

    // An account that was disabled meanwhile; the code is as good as before.
    let path = format!("/api/v1/users/{}", session["user"]["id"].as_str().unwrap());
    for (disabled, expected) in [(true, refused(401, "invalid_grant")), (false, (200, json!(null)))] {
        assert_eq!(app.ask(Method::PATCH, &path, Some(json!({"disabled": disabled}))).await.0, 200);
        if disabled {
            let location = visit(&app, &provider, &mut other, "house").await;
            assert_eq!(location, "/?oauth_error=registration_closed", "and nothing waits from then on");
        }
        let (status, answer) = complete(&mut browser, &right).await;
        assert_eq!((status, if status == 200 { json!(null) } else { answer }), expected);
    }

    // Five minutes.
    app.advance(STEP * 4);
    assert_eq!(visit(&app, &provider, &mut browser, "house").await, WAITS);
    app.advance(Duration::from_secs(300));
    assert_eq!(complete(&mut browser, &factor.codes[0]).await, refused(401, "invalid_grant"));
    assert_eq!(visit(&app, &provider, &mut browser, "house").await, WAITS);
    app.advance(Duration::from_millis(299_999));
    assert_eq!(complete(&mut browser, &factor.codes[0]).await.0, 200);
    app.stop().await;
}

#[actix_rt::test]
async fn codes_are_counted_here_too() {
    let (app, provider) = world(&[("auth.otp_attempts", "2")]).await;
    let (factor, _) = grace(&app, &provider).await;
    app.advance(STEP * 2);
    let mut browser = Browser::new(app.addr);
    assert_eq!(visit(&app, &provider, &mut browser, "house").await, WAITS);
    for _ in 0..2 {
        let wrong = factor.wrong(&app);
        assert_eq!(complete(&mut browser, &wrong).await, refused(401, "invalid_credentials"));
    }
    let right = factor.code(&app, 0);
    assert_eq!(complete(&mut browser, &right).await, refused(429, "too_many_attempts"));
    assert_eq!(complete(&mut browser, &factor.codes[0]).await.0, 200, "it has waited all the while");
    app.stop().await;
}

#[actix_rt::test]
async fn nothing_is_linked_before_the_code() {
    let (app, provider) = world(&[]).await;
    let (factor, session) = grace(&app, &provider).await;
    let mut browser = Browser::new(app.addr);
    let there = Person { subject: 99, ..GRACE };
    let location = visit_as(&app, &provider, &mut browser, "hub", &there).await;
    assert_eq!(location, WAITS, "the same person, by a verified address");
    let token = session["access_token"].as_str().unwrap();
    let identities = async || {
        let (_, page) = ask(&app, token, Method::GET, "/api/v1/auth/identities", json!(null)).await;
        page["items"].as_array().unwrap().iter().map(|one| one["provider"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(identities().await, ["house"]);
    assert_eq!(complete(&mut browser, &factor.codes[0]).await.0, 200);
    assert_eq!(identities().await, ["house"], "that is done by hand");
    app.stop().await;
}

#[actix_rt::test]
async fn an_account_without_a_password_begins_soon_after_signing_in() {
    let (app, provider) = world(&[]).await;
    let mut browser = Browser::new(app.addr);
    assert_eq!(visit(&app, &provider, &mut browser, "house").await, "/keys");
    app.advance(Duration::from_secs(600));
    let session = browser.session().await.unwrap();
    let token = session["access_token"].as_str().unwrap();
    for body in [json!({}), json!({"password": PASSWORD}), json!({"password": "!"})] {
        assert_eq!(post(&app, token, "", body).await, refused(403, "recent_sign_in_required"));
    }
    let mut again = Browser::new(app.addr);
    assert_eq!(visit(&app, &provider, &mut again, "house").await, "/keys");
    app.advance(Duration::from_millis(599_999));
    let session = again.session().await.unwrap();
    assert_eq!(post(&app, session["access_token"].as_str().unwrap(), "", json!({})).await.0, 200);
    app.stop().await;
}

#[actix_rt::test]
async fn over_https_what_waits_is_bound_to_the_host() {
    let (app, provider) = world(&[("server.public_url", "https://tocsin.example.org")]).await;
    grace(&app, &provider).await;
    let mut browser = Browser::new(app.addr);
    assert_eq!(visit(&app, &provider, &mut browser, "house").await, WAITS);
    let cookie = browser.last.iter().find(|line| line.starts_with("__Host-tocsin_pending=")).unwrap();
    assert!(cookie.contains("Secure") && cookie.contains("Path=/") && !cookie.contains("Domain"), "{cookie}");
    app.stop().await;
}
