//! An account that is disabled: nothing signs in to it, nothing that was open stays open, and nobody is told.

use std::sync::Arc;

use super::*;
use crate::support::browser::Browser;
use crate::support::provider::{self, Provider};
use crate::support::viewer::Viewer;

async fn watch(app: &TestApp, credential: &str) -> Viewer {
    let mut socket =
        Viewer::connect_with(app.addr, &[("authorization", &format!("Bearer {credential}"))]).await.unwrap();
    socket.until("a snapshot", |frame| frame["type"] == "snapshot").await;
    socket
}

/// A new API key of somebody.
async fn key_of(app: &TestApp, who: &Person) -> Person {
    let body = json!({"name": "test", "scopes": ["alerts:read"]});
    let (status, made) = who.ask(app, Method::POST, "/api/v1/api-keys", body).await;
    assert_eq!(status, 201, "{made}");
    Person { access: made["key"].as_str().unwrap().to_owned(), ..Person::of_nobody() }
}

impl Person {
    fn of_nobody() -> Self {
        Self { id: String::new(), email: String::new(), access: String::new(), refresh: String::new() }
    }
}

#[actix_rt::test]
async fn all_that_was_open_ends_at_once_and_for_good() {
    let (app, admin, member) = house().await;
    let key = key_of(&app, &member).await;
    let incidents = async |app: &TestApp| key.ask(app, Method::GET, "/api/v1/incidents", json!(null)).await.0;
    let (mut person, mut service) = (watch(&app, &member.access).await, watch(&app, &key.access).await);
    let mut others = app.viewer().await;
    assert_eq!(incidents(&app).await, 200);

    let (status, row) = admin.ask(&app, Method::PATCH, &member.path(), json!({"disabled": true})).await;
    assert_eq!((status, row["disabled_at"].is_string(), &row["last_seen_at"]), (200, true, &json!(null)));
    assert_eq!(member.is_signed_in(&app).await, (false, false));
    assert_eq!(incidents(&app).await, 401);
    assert_eq!((person.closed().await, service.closed().await), (4401, 4401));
    others.settled().await;
    assert!(Viewer::connect_with(app.addr, &[("authorization", &format!("Bearer {}", key.access))]).await.is_err());

    // Once more changes nothing, not even the time.
    app.advance(std::time::Duration::from_secs(1));
    assert_eq!(patch(&app, &member, json!({"disabled": true})).await["disabled_at"], row["disabled_at"]);

    let (dir, clock, token) = app.stop().await;
    let mut app = TestApp::on(Arc::clone(&dir), clock, &[]).await;
    app.token = token;
    assert_eq!(member.is_signed_in(&app).await, (false, false), "a restart remembers it");
    assert_eq!(login(&app, &member.email, PASSWORD).await.0, 401);

    assert_eq!(patch(&app, &member, json!({"disabled": false})).await["disabled_at"], json!(null));
    assert_eq!(incidents(&app).await, 200, "keys are as they were");
    assert_eq!(member.is_signed_in(&app).await, (false, false), "sign-ins that ended stay so");
    Person::sign_in(&app, &member.email).await;
    app.stop().await;
}

#[actix_rt::test]
async fn a_sign_in_answers_like_one_with_a_wrong_password() {
    let (app, _, member) = house().await;
    patch(&app, &member, json!({"disabled": true})).await;
    let wrong = login(&app, "ada@example.org", "not the password").await;
    assert_eq!((wrong.0, &wrong.1["code"]), (401, &json!("invalid_credentials")));
    for (email, password) in
        [(&*member.email, PASSWORD), (&member.email, "not the password"), ("nobody@example.org", PASSWORD)]
    {
        assert_eq!(login(&app, email, password).await, wrong, "{email}");
    }
    let body = json!({"email": member.email, "password": PASSWORD, "name": "Eve"});
    let (status, problem) = app.ask(Method::POST, "/api/v1/auth/register", Some(body)).await;
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("email_taken")), "it is still theirs");
    app.stop().await;
}

#[actix_rt::test]
async fn a_provider_does_not_let_them_in() {
    const GRACE: provider::Person = provider::Person { subject: 1, email: "grace@example.org", verified: true };
    let provider = Provider::start();
    let providers = format!("[{}]", provider.entry("house", "oidc"));
    let app = TestApp::with(&[("oauth.providers", &providers)]).await;
    let mut browser = Browser::new(app.addr);
    let visit = async |browser: &mut Browser, url: String| {
        let now = tocsin_actors::ports::Clock::now(&*app.clock);
        let (state, code) = provider.consent(&url.parse().unwrap(), &GRACE, now);
        browser.get(&format!("/api/v1/auth/oauth/house/callback?state={state}&code={code}")).await.1
    };
    let start = "/api/v1/auth/oauth/house/start";
    let url = browser.get(start).await.1;
    assert_eq!(visit(&mut browser, url).await, "/");
    let session = browser.session().await.unwrap();
    let id = session["user"]["id"].as_str().unwrap().to_owned();
    // A link that they began while they were let in.
    let token = session["access_token"].as_str().unwrap();
    let mut linking = Browser::new(app.addr);
    let (_, begun) = linking.ask(Method::POST, "/api/v1/auth/oauth/house/link", token, json!({})).await;

    let path = format!("/api/v1/users/{id}");
    assert_eq!(app.ask(Method::PATCH, &path, Some(json!({"disabled": true}))).await.0, 200);
    let mut again = Browser::new(app.addr);
    let url = again.get(start).await.1;
    for (browser, url) in [(&mut again, url), (&mut linking, begun["url"].as_str().unwrap().to_owned())] {
        assert_eq!(visit(browser, url).await, "/?oauth_error=registration_closed");
        assert!(browser.session().await.is_none());
    }
    assert!(browser.session().await.is_none(), "the first one has ended too");
    app.stop().await;
}
