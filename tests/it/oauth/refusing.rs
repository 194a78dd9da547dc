//! What is refused: then nobody is signed in, and no account was made.

use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tocsin::adapters::clock::SystemClock;
use tocsin_actors::domain::Timestamp;
use tocsin_actors::testing::SimulatedClock;
use tocsin_actors::testing::samples::MORNING;

use super::*;
use crate::support::binary::Binary;
use crate::support::provider::SECRET;

/// Asserts that the browser was sent home with this error and is signed in nowhere.
async fn refused(browser: &mut Browser, location: &str, code: &str) {
    assert_eq!(location, format!("/?oauth_error={code}"));
    assert!(!browser.cookies.contains_key("tocsin_refresh"), "{code}");
    assert!(!browser.cookies.contains_key("tocsin_oauth"), "what is left of a try is taken away");
    assert!(browser.session().await.is_none());
}

/// Grace's address is still free.
async fn nobody_was_made(app: &TestApp) {
    let body = json!({"email": GRACE.email, "password": PASSWORD, "name": "Grace"});
    assert_eq!(app.ask(Method::POST, "/api/v1/auth/register", Some(body)).await.0, 201);
}

#[actix_rt::test]
async fn answers_that_are_not_to_be_believed() {
    let (app, provider) = world(&[]).await;
    for (mood, code) in [
        (Mood::WrongNonce, "provider_refused"),
        (Mood::NoNonce, "provider_refused"),
        (Mood::WrongIssuer, "provider_refused"),
        (Mood::WrongAudience, "provider_refused"),
        (Mood::Expired, "provider_refused"),
        (Mood::BadSignature, "provider_refused"),
        (Mood::AlgNone, "provider_refused"),
        (Mood::Hs256, "provider_refused"),
        (Mood::NoIdToken, "provider_refused"),
        (Mood::RedirectsToken, "provider_refused"),
        (Mood::HugeToken, "provider_unreachable"),
    ] {
        provider.mood(mood);
        let before = provider.asked("token");
        let mut browser = Browser::new(app.addr);
        let location = visit(&app, &provider, &mut browser, "house", &GRACE).await;
        assert_eq!(provider.asked("token"), before + 1, "asked once, whatever it answers");
        refused(&mut browser, &location, code).await;
    }
    nobody_was_made(&app).await;
    app.stop().await;
}

#[actix_rt::test]
async fn an_unknown_key_is_asked_for_once_a_minute() {
    let (app, provider) = world(&[]).await;
    provider.mood(Mood::UnknownKey);
    let mut browser = Browser::new(app.addr);
    for (wait_seconds, asked) in [(0, 1), (0, 1), (59, 1), (1, 2), (30, 2), (30, 3)] {
        app.advance(Duration::from_secs(wait_seconds));
        let location = visit(&app, &provider, &mut browser, "house", &GRACE).await;
        refused(&mut browser, &location, "provider_refused").await;
        assert_eq!(provider.asked("jwks"), asked);
    }
    provider.mood(Mood::HugeKeys);
    app.advance(Duration::from_secs(3_600));
    let location = visit(&app, &provider, &mut browser, "house", &GRACE).await;
    refused(&mut browser, &location, "provider_unreachable").await;
    provider.mood(Mood::Good);
    let asked = provider.asked("jwks");
    app.advance(Duration::from_secs(14));
    let location = visit(&app, &provider, &mut browser, "house", &GRACE).await;
    refused(&mut browser, &location, "provider_unreachable").await;
    assert_eq!(provider.asked("jwks"), asked, "left alone for a while");
    app.advance(Duration::from_secs(1));
    assert_eq!(visit(&app, &provider, &mut browser, "house", &GRACE).await, "/");
    app.stop().await;
}

#[actix_rt::test]
async fn a_provider_that_announces_its_issuer_must_name_it() {
    let (app, provider) = world(&[]).await;
    provider.announces_issuer();
    for (issuer, code) in [
        (None, Some("provider_refused")),
        (Some("https://evil.example.org"), Some("provider_refused")),
        (Some(&*provider.issuer), None),
    ] {
        let mut browser = Browser::new(app.addr);
        let url = leave(&mut browser, START).await;
        let (state, code_) = provider.consent(&url, &GRACE, tocsin_actors::ports::Clock::now(&*app.clock));
        let issuer = issuer.map(|issuer| format!("&iss={issuer}")).unwrap_or_default();
        let (_, location) = browser.get(&format!("{CALLBACK}?state={state}&code={code_}{issuer}")).await;
        match code {
            Some(code) => refused(&mut browser, &location, code).await,
            None => assert_eq!(location, "/"),
        }
    }
    app.stop().await;
}

#[actix_rt::test]
async fn a_state_is_good_for_one_browser_once_and_for_ten_minutes() {
    let (app, provider) = world(&[]).await;
    let now = || tocsin_actors::ports::Clock::now(&*app.clock);
    let (mut victim, mut attacker) = (Browser::new(app.addr), Browser::new(app.addr));

    // Missing, made up, of another browser, of another provider: nothing of it reaches the provider.
    let url = leave(&mut attacker, START).await;
    let (state, code) = provider.consent(&url, &GRACE, now());
    let ticket = attacker.cookies["tocsin_oauth"].clone();
    for (path, cookie) in [
        (format!("{CALLBACK}?code={code}"), Some(&ticket)),
        (format!("{CALLBACK}?state=&code={code}"), Some(&ticket)),
        (format!("{CALLBACK}?state=A{state}&code={code}"), Some(&ticket)),
        (format!("{CALLBACK}?state={state}&code={code}"), None),
        (format!("/api/v1/auth/oauth/hub/callback?state={state}&code={code}"), Some(&ticket)),
        (format!("/api/v1/auth/oauth/none/callback?state={state}&code={code}"), Some(&ticket)),
        (CALLBACK.to_owned(), None),
    ] {
        if let Some(ticket) = cookie {
            victim.cookies.insert("tocsin_oauth".to_owned(), ticket.clone());
        }
        let (status, location) = victim.get(&path).await;
        assert_eq!(status, 302, "{path}");
        refused(&mut victim, &location, "invalid_state").await;
    }
    leave(&mut victim, START).await;
    let (_, location) = victim.get(&format!("{CALLBACK}?state={state}&code={code}")).await;
    refused(&mut victim, &location, "invalid_state").await;
    assert_eq!(provider.asked("token"), 0);

    // Once, also for whoever kept the cookie.
    assert_eq!(attacker.get(&format!("{CALLBACK}?state={state}&code={code}")).await.1, "/");
    victim.cookies.insert("tocsin_oauth".to_owned(), ticket);
    let (_, location) = victim.get(&format!("{CALLBACK}?state={state}&code={code}")).await;
    refused(&mut victim, &location, "invalid_state").await;
    assert_eq!(provider.asked("token"), 1);

    // Ten minutes.
    let url = leave(&mut victim, START).await;
    let (state, code) = provider.consent(&url, &GRACE, now());
    app.advance(Duration::from_secs(600));
    let (_, location) = victim.get(&format!("{CALLBACK}?state={state}&code={code}")).await;
    refused(&mut victim, &location, "invalid_state").await;
    app.stop().await;
}

#[actix_rt::test]
async fn a_provider_that_says_no_or_is_away() {
    let (app, provider) = world(&[]).await;
    for (error, code) in [("access_denied", "access_denied"), ("server_error", "provider_refused")] {
        let mut browser = Browser::new(app.addr);
        let url = leave(&mut browser, START).await;
        let (state, _) = provider.consent(&url, &GRACE, tocsin_actors::ports::Clock::now(&*app.clock));
        let (_, location) = browser.get(&format!("{CALLBACK}?state={state}&error={error}")).await;
        refused(&mut browser, &location, code).await;
        let mut browser = Browser::new(app.addr);
        let (_, location) = browser.get(&format!("{CALLBACK}?state=x&error={error}")).await;
        refused(&mut browser, &location, "invalid_state").await;
    }
    app.stop().await;

    let gone = format!("http://127.0.0.1:{}", {
        std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    });
    let entry = format!("[{{ id = 'house', kind = 'oidc', issuer = '{gone}', client_id = 'a', client_secret = 'b' }}]");
    let app = TestApp::with(&[("oauth.providers", &entry)]).await;
    let mut browser = Browser::new(app.addr);
    assert_eq!(browser.get(START).await, (302, "/?oauth_error=provider_unreachable".to_owned()));
    app.stop().await;
}

#[actix_rt::test]
async fn nobody_is_sent_where_the_list_does_not_say() {
    let (app, _provider) = world(&[("oauth.return_to", "/keys,https://app.example.org/done")]).await;
    let mut browser = Browser::new(app.addr);
    for good in ["", "?return_to=/", "?return_to=/keys", "?return_to=https%3A%2F%2Fapp.example.org%2Fdone"] {
        assert_eq!(browser.get(&format!("{START}{good}")).await.0, 302, "{good}");
    }
    browser.cookies.clear();
    for bad in [
        "",
        "/keys/",
        "/keys?x",
        "//evil.example.org",
        "https://evil.example.org",
        "https://app.example.org/",
        "/%0d%0aX:y",
        "keys",
        "javascript:alert(1)",
    ] {
        let (status, problem) = browser.ask(Method::GET, &format!("{START}?return_to={bad}"), "", json!(null)).await;
        assert_eq!((status, &problem["code"]), (400, &json!("invalid_parameter")), "{bad}");
        assert!(browser.cookies.is_empty());
    }
    assert_eq!(browser.get("/api/v1/auth/oauth/none/start").await.0, 404);
    app.stop().await;
}

#[actix_rt::test]
async fn where_registration_is_closed_only_known_people_come_in() {
    let (app, provider) = world(&[("auth.registration", "open")]).await;
    let mut browser = Browser::new(app.addr);
    assert_eq!(visit(&app, &provider, &mut browser, "house", &GRACE).await, "/");
    let (dir, clock, _) = app.stop().await;
    let providers = format!("[{}]", provider.entry("house", "oidc"));
    let sets = [("auth.registration", "invite"), ("oauth.providers", &*providers)];
    let app = TestApp::on(dir, clock, &sets).await;
    let mut browser = Browser::new(app.addr);
    let stranger = Person { subject: 2, email: "stranger@example.org", verified: true };
    let location = visit(&app, &provider, &mut browser, "house", &stranger).await;
    refused(&mut browser, &location, "registration_closed").await;
    assert_eq!(visit(&app, &provider, &mut browser, "house", &GRACE).await, "/");
    app.stop().await;
}

#[actix_rt::test]
async fn nobody_becomes_the_first_owner_by_a_provider_where_registration_is_not_open() {
    let provider = Provider::start();
    let providers = format!("[{}]", provider.entry("house", "oidc"));
    for registration in ["invite", "closed"] {
        let clock = Arc::new(SimulatedClock::at(Timestamp::clamped(MORNING)));
        let sets = [("auth.registration", registration), ("oauth.providers", &*providers)];
        let app = TestApp::on(Arc::new(TempDir::new().unwrap()), clock, &sets).await;
        let mut browser = Browser::new(app.addr);
        let location = visit(&app, &provider, &mut browser, "house", &GRACE).await;
        refused(&mut browser, &location, "registration_closed").await;
        app.stop().await;
    }
}

#[actix_rt::test]
async fn no_secret_reaches_the_log() {
    let (dir, provider) = (TempDir::new().unwrap(), Provider::start());
    let providers = format!("oauth.providers=[{}]", provider.entry("house", "oidc"));
    let server = Binary::serve(dir.path(), &["--set", "log.level=trace", "--set", &providers]);
    let mut browser = Browser::new(server.url().trim_start_matches("http://").parse().unwrap());
    let mut secrets = vec![SECRET.to_owned(), SECRET.replace(' ', "+"), format!("access-{}", GRACE.subject)];
    for (mood, expected) in [
        (Mood::Good, "/"),
        (Mood::BadSignature, "/?oauth_error=provider_refused"),
        (Mood::NoIdToken, "/?oauth_error=provider_refused"),
    ] {
        provider.mood(mood);
        let url = leave(&mut browser, START).await;
        secrets.push(browser.cookies["tocsin_oauth"].clone());
        let (state, code) = provider.consent(&url, &GRACE, tocsin_actors::ports::Clock::now(&SystemClock));
        assert_eq!(browser.get(&format!("{CALLBACK}?state={state}&code={code}")).await.1, expected);
        secrets.extend([state, code]);
        secrets.extend(url.query_pairs().filter(|(name, _)| name == "nonce").map(|(_, nonce)| nonce.into_owned()));
        secrets.extend(browser.cookies.get("tocsin_refresh").cloned());
    }
    let (ended, log) = actix_rt::task::spawn_blocking(move || server.terminate()).await.unwrap();
    assert_eq!(ended, Some(0));
    assert!(log.contains("somebody signed in") && log.contains("a provider's answer is of no use"), "{log}");
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} reached the log: {log}");
    }
}
