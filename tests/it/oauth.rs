//! Signing in by providers, against one that can misbehave.

mod linking;
mod refusing;

use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::support::app::{PASSWORD, TestApp};
use super::support::browser::Browser;
use super::support::provider::{Mood, Person, Provider};

const GRACE: Person = Person { subject: 1, email: "grace@example.org", verified: true };
const START: &str = "/api/v1/auth/oauth/house/start";
const CALLBACK: &str = "/api/v1/auth/oauth/house/callback";

/// A server with the providers `house` (OpenID Connect) and `hub` (GitHub's kind), and its owner Ada.
async fn world(sets: &[(&str, &str)]) -> (TestApp, Provider) {
    let provider = Provider::start();
    let providers = format!("[{}, {}]", provider.entry("house", "oidc"), provider.entry("hub", "github"));
    let sets: Vec<(&str, &str)> = [("oauth.providers", &*providers)].iter().chain(sets).copied().collect();
    (TestApp::with(&sets).await, provider)
}

/// Goes to the provider's page.
async fn leave(browser: &mut Browser, path: &str) -> Url {
    let (status, location) = browser.get(path).await;
    assert_eq!(status, 302, "{location}");
    location.parse().unwrap_or_else(|_| panic!("sent to {location}"))
}

/// Goes there as this person and comes back; where that leads.
async fn visit(app: &TestApp, provider: &Provider, browser: &mut Browser, id: &str, person: &Person) -> String {
    let url = leave(browser, &format!("/api/v1/auth/oauth/{id}/start")).await;
    let (state, code) = provider.consent(&url, person, tocsin_actors::ports::Clock::now(&*app.clock));
    let (status, location) = browser.get(&format!("/api/v1/auth/oauth/{id}/callback?state={state}&code={code}")).await;
    assert_eq!(status, 302);
    location
}

#[actix_rt::test]
async fn a_newcomer_gets_an_account_and_comes_back_to_it() {
    for (id, name) in [("house", "Grace"), ("hub", "grace")] {
        let (app, provider) = world(&[]).await;
        let mut browser = Browser::new(app.addr);
        let (_, offer) = browser.ask(Method::GET, "/api/v1/auth/providers", "", json!(null)).await;
        assert_eq!(offer["items"], json!([{"id": "house", "name": "house"}, {"id": "hub", "name": "GitHub"}]));

        assert_eq!(visit(&app, &provider, &mut browser, id, &GRACE).await, "/");
        assert!(browser.cookies.contains_key("tocsin_refresh") && !browser.cookies.contains_key("tocsin_oauth"));
        let session = browser.session().await.unwrap();
        let user = &session["user"];
        assert_eq!(
            (&user["email"], &user["name"], &user["role"]),
            (&json!(GRACE.email), &json!(name), &json!("member"))
        );
        assert_eq!(user["email_verified"], true);

        // An address that changed, or is not vouched for any more, is still the same person.
        let mut elsewhere = Browser::new(app.addr);
        let moved = Person { email: "grace@elsewhere.example.org", verified: false, ..GRACE };
        assert_eq!(visit(&app, &provider, &mut elsewhere, id, &moved).await, "/");
        assert_eq!(elsewhere.session().await.unwrap()["user"], *user);

        // No password opens it, and the answer is that of a wrong one.
        for password in ["!", "", PASSWORD] {
            let login = |email: &str| json!({"email": email, "password": password});
            let refused = browser.ask(Method::POST, "/api/v1/auth/login", "", login(GRACE.email)).await;
            assert_eq!((refused.0, &refused.1["code"]), (401, &json!("invalid_credentials")));
            assert_eq!(refused, browser.ask(Method::POST, "/api/v1/auth/login", "", login("nobody@example.org")).await);
        }
        app.stop().await;
    }
}

#[actix_rt::test]
async fn every_way_to_sign_that_is_taken() {
    let (app, provider) = world(&[]).await;
    for (n, mood) in [Mood::Good, Mood::Rs256, Mood::Es256].into_iter().enumerate() {
        provider.mood(mood);
        let mut browser = Browser::new(app.addr);
        let person = Person { subject: n as u64, email: ["a@x.org", "b@x.org", "c@x.org"][n], verified: true };
        assert_eq!(visit(&app, &provider, &mut browser, "house", &person).await, "/", "{mood:?}");
        assert!(browser.session().await.is_some());
    }
    assert_eq!((provider.asked("discovery"), provider.asked("jwks")), (1, 1), "both are kept");
    app.stop().await;
}

#[actix_rt::test]
async fn what_the_browser_carries() {
    for (url, prefix, secure) in [("http://localhost", "", false), ("https://tocsin.example.org", "__Host-", true)] {
        let (app, provider) = world(&[("server.public_url", url), ("oauth.return_to", "/keys")]).await;
        let mut browser = Browser::new(app.addr);
        let there = leave(&mut browser, &format!("{START}?return_to=/keys")).await;
        assert!(there.as_str().starts_with(&format!("{}/authorize?ui=small&", provider.issuer)), "{there}");
        let cookie = browser.last[0].clone();
        for part in [&format!("{prefix}tocsin_oauth=house."), "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"] {
            assert!(cookie.contains(part), "{part} in {cookie}");
        }
        assert_eq!(cookie.contains("Secure"), secure, "{cookie}");
        let query: std::collections::HashMap<_, _> = there.query_pairs().into_owned().collect();
        assert_eq!(query["redirect_uri"], format!("{url}{CALLBACK}"));
        assert_eq!(query["scope"], "openid email profile");
        for name in ["state", "nonce", "code_challenge"] {
            assert_eq!(query[name].len(), 43, "{name}");
            assert!(!cookie.contains(&query[name]), "{name} does not lie in the cookie");
        }
        let (state, code) = provider.consent(&there, &GRACE, tocsin_actors::ports::Clock::now(&*app.clock));
        let (_, location) = browser.get(&format!("{CALLBACK}?state={state}&code={code}")).await;
        assert_eq!(location, "/keys");
        assert!(browser.last.iter().any(|line| line.starts_with(&format!("{prefix}tocsin_refresh=tcr_"))));
        app.stop().await;
    }
}

#[actix_rt::test]
async fn an_address_that_only_userinfo_has() {
    let (app, provider) = world(&[]).await;
    provider.has_addresses_in_userinfo_only();
    let mut browser = Browser::new(app.addr);
    assert_eq!(visit(&app, &provider, &mut browser, "house", &GRACE).await, "/");
    assert_eq!(browser.session().await.unwrap()["user"]["email"], GRACE.email);
    app.stop().await;
}

/// The identities of whoever has this session.
async fn identities(browser: &mut Browser, session: &Value) -> Vec<Value> {
    let token = session["access_token"].as_str().unwrap().to_owned();
    let (status, page) = browser.ask(Method::GET, "/api/v1/auth/identities", &token, json!(null)).await;
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}
