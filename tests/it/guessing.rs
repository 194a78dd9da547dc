//! Whoever guesses learns nothing from the time that an answer takes.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tocsin_actors::ports::Clock as _;

use super::support::app::{PASSWORD, TestApp};
use super::support::browser::Browser;
use super::support::provider::{Person, Provider};

const EACH: usize = 40;
/// The machine is shared and noisy: then there are more tries, among which noise evens out and a difference does not.
const ROUNDS: usize = 8;

/// A failed sign-in: the answer, and how long it took.
async fn guess(app: &TestApp, email: &str, password: &str) -> (Value, Duration) {
    let began = Instant::now();
    let body = json!({"email": email, "password": password});
    let (status, answer) = app.ask(Method::POST, "/api/v1/auth/login", Some(body)).await;
    assert_eq!(status, 401, "{email}: {answer}");
    (answer, began.elapsed())
}

/// An account without a password, and one that was disabled.
async fn accounts(app: &TestApp, provider: &Provider) {
    let mut browser = Browser::new(app.addr);
    let (_, url) = browser.get("/api/v1/auth/oauth/house/start").await;
    let grace = Person { subject: 1, email: "grace@example.org", verified: true };
    let (state, code) = provider.consent(&url.parse().unwrap(), &grace, app.clock.now());
    let back = format!("/api/v1/auth/oauth/house/callback?state={state}&code={code}");
    assert_eq!(browser.get(&back).await, (302, "/".to_owned()));

    let body = json!({"email": "eve@example.org", "password": PASSWORD, "name": "Eve"});
    let (_, eve) = app.ask(Method::POST, "/api/v1/auth/register", Some(body)).await;
    let path = format!("/api/v1/users/{}", eve["user"]["id"].as_str().unwrap());
    assert_eq!(app.ask(Method::PATCH, &path, Some(json!({"disabled": true}))).await.0, 200);
}

#[actix_rt::test]
async fn four_kinds_of_failed_sign_ins_are_answered_alike_and_after_the_same_time() {
    let provider = Provider::start();
    let providers = format!("[{}]", provider.entry("house", "oidc"));
    // Dear enough that an answer without a hash would show, and cheap enough for a test.
    let app = TestApp::with(&[("oauth.providers", &*providers), ("auth.scrypt_log_n", "11")]).await;
    accounts(&app, &provider).await;
    let kinds = [
        ("nobody@example.org", PASSWORD),
        ("ada@example.org", "not the password"),
        ("eve@example.org", PASSWORD),
        ("grace@example.org", PASSWORD),
    ];
    let mut told = Vec::new();
    let mut times = kinds.map(|_| Vec::new());
    for _ in 0..ROUNDS {
        for n in 0..EACH {
            // Each of them comes first as often as the others.
            for kind in (0..kinds.len()).map(|kind| (kind + n) % kinds.len()) {
                let (email, password) = kinds[kind];
                let (answer, took) = guess(&app, email, password).await;
                assert_eq!(answer["code"], "invalid_credentials", "{email}");
                times[kind].push(took.as_secs_f64());
            }
        }
        let medians = times.each_mut().map(|times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        });
        let (least, most) = medians.iter().fold((f64::MAX, 0.0_f64), |(least, most), m| (least.min(*m), most.max(*m)));
        if most < least * 1.1 {
            app.stop().await;
            return;
        }
        told.push(medians);
    }
    panic!("unknown, wrong, disabled and without a password, in seconds: {told:?}");
}
