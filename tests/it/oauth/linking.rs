//! Which account an identity belongs to.

use super::*;

/// Ada's account here has this address, and has never shown that it is its own.
const ADA: Person = Person { subject: 7, email: "Ada@Example.org", verified: true };

async fn link(browser: &mut Browser, token: &str, id: &str, body: Value) -> (u16, Value) {
    browser.ask(Method::POST, &format!("/api/v1/auth/oauth/{id}/link"), token, body).await
}

/// Comes back from where a link was begun.
async fn come_back(
    app: &TestApp,
    provider: &Provider,
    browser: &mut Browser,
    answer: &Value,
    person: &Person,
) -> String {
    let url: Url = answer["url"].as_str().unwrap().parse().unwrap();
    let (state, code) = provider.consent(&url, person, tocsin_actors::ports::Clock::now(&*app.clock));
    browser.get(&format!("{CALLBACK}?state={state}&code={code}")).await.1
}

#[actix_rt::test]
async fn an_account_is_never_linked_by_an_address_that_is_not_verified_on_both_sides() {
    let (app, provider) = world(&[]).await;
    for (id, person, code) in [
        ("house", Person { verified: false, ..ADA }, "email_unverified"),
        ("hub", Person { verified: false, ..ADA }, "email_unverified"),
        ("house", ADA, "account_exists"),
        ("hub", ADA, "account_exists"),
        ("house", Person { subject: 8, email: "new@example.org", verified: false }, "email_unverified"),
        ("house", Person { subject: 8, email: "not an address", verified: true }, "email_unverified"),
    ] {
        let mut browser = Browser::new(app.addr);
        let location = visit(&app, &provider, &mut browser, id, &person).await;
        assert_eq!(location, format!("/?oauth_error={code}"), "{id} {person:?}");
        assert!(browser.session().await.is_none());
    }
    let (_, page) = app.ask(Method::GET, "/api/v1/auth/identities", None).await;
    assert_eq!(page["items"], json!([]));
    app.stop().await;
}

#[actix_rt::test]
async fn verified_on_both_sides_it_is_the_same_person() {
    let (app, provider) = world(&[]).await;
    let (mut first, mut second) = (Browser::new(app.addr), Browser::new(app.addr));
    assert_eq!(visit(&app, &provider, &mut first, "house", &GRACE).await, "/");
    let there = Person { subject: 99, email: "GRACE@example.org", verified: true };
    assert_eq!(visit(&app, &provider, &mut second, "hub", &there).await, "/");
    let session = first.session().await.unwrap();
    assert_eq!(second.session().await.unwrap()["user"], session["user"]);
    let linked = identities(&mut first, &session).await;
    let providers: Vec<&Value> = linked.iter().map(|one| &one["provider"]).collect();
    assert_eq!(providers, ["house", "hub"]);

    // One may go, the last way in may not.
    let token = session["access_token"].as_str().unwrap().to_owned();
    let path = |n: usize| format!("/api/v1/auth/identities/{}", linked[n]["id"].as_str().unwrap());
    assert_eq!(app.ask(Method::DELETE, &path(0), None).await.0, 404, "not another's");
    assert_eq!(first.ask(Method::DELETE, &path(0), &token, json!(null)).await.0, 204);
    assert_eq!(first.ask(Method::DELETE, &path(0), &token, json!(null)).await.0, 404);
    let (status, problem) = first.ask(Method::DELETE, &path(1), &token, json!(null)).await;
    assert_eq!((status, &problem["code"]), (409, &json!("last_sign_in")));
    app.stop().await;
}

#[actix_rt::test]
async fn whoever_is_signed_in_links_and_unlinks() {
    let (app, provider) = world(&[("oauth.return_to", "/keys")]).await;
    let mut browser = Browser::new(app.addr);
    for (token, expected) in [("", 401), ("nonsense", 401)] {
        assert_eq!(link(&mut browser, token, "house", json!({})).await.0, expected);
    }
    let (status, problem) = link(&mut browser, &app.token, "house", json!({"return_to": "//evil.example.org"})).await;
    assert_eq!((status, &problem["code"]), (400, &json!("invalid_parameter")));
    assert_eq!(link(&mut browser, &app.token, "none", json!({})).await.0, 404);
    assert!(browser.cookies.is_empty());

    // The address there has nothing to do with it.
    let elsewhere = Person { subject: 7, email: "countess@elsewhere.example.org", verified: false };
    let (status, answer) = link(&mut browser, &app.token, "house", json!({"return_to": "/keys"})).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(come_back(&app, &provider, &mut browser, &answer, &elsewhere).await, "/keys");
    assert!(!browser.cookies.contains_key("tocsin_refresh"), "a link is no new sign-in");
    assert_eq!(visit(&app, &provider, &mut browser, "house", &elsewhere).await, "/");
    let session = browser.session().await.unwrap();
    assert_eq!(session["user"]["email"], "ada@example.org");

    // Another account cannot have it too.
    let body = json!({"email": "bob@example.org", "password": PASSWORD, "name": "Bob"});
    let (_, bob) = app.ask(Method::POST, "/api/v1/auth/register", Some(body)).await;
    let mut other = Browser::new(app.addr);
    let (_, answer) = link(&mut other, bob["access_token"].as_str().unwrap(), "house", json!({})).await;
    let location = come_back(&app, &provider, &mut other, &answer, &elsewhere).await;
    assert_eq!(location, "/?oauth_error=identity_taken");

    // Ada has a password, so all may go; then it opens nothing any more.
    let linked = identities(&mut browser, &session).await;
    let path = format!("/api/v1/auth/identities/{}", linked[0]["id"].as_str().unwrap());
    assert_eq!(app.ask(Method::DELETE, &path, None).await.0, 204);
    let mut after = Browser::new(app.addr);
    assert_eq!(visit(&app, &provider, &mut after, "house", &elsewhere).await, "/?oauth_error=email_unverified");
    app.stop().await;
}

#[actix_rt::test]
async fn a_link_that_another_browser_began_goes_nowhere() {
    let (app, provider) = world(&[]).await;
    let (mut attacker, mut victim) = (Browser::new(app.addr), Browser::new(app.addr));
    let (_, answer) = link(&mut attacker, &app.token, "house", json!({})).await;
    let location = come_back(&app, &provider, &mut victim, &answer, &GRACE).await;
    assert_eq!(location, "/?oauth_error=invalid_state");
    app.stop().await;
}
