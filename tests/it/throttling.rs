//! How often somebody may try to sign in, and who is not shut out by it.

use std::time::Duration;

use reqwest::header::{RETRY_AFTER, SET_COOKIE};
use reqwest::{Response, StatusCode};
use serde_json::json;

use super::support::app::{PASSWORD, TestApp};

async fn login(app: &TestApp, email: &str, password: &str, headers: &[(&str, &str)]) -> Response {
    let body = json!({"email": email, "password": password, "token_transport": "cookie"});
    let mut request = app.http.post(format!("http://{}/api/v1/auth/login", app.addr)).json(&body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

/// The name and value of each cookie that an answer sets.
fn cookies(answer: &Response) -> Vec<String> {
    let set = answer.headers().get_all(SET_COOKIE).iter();
    set.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned()).collect()
}

#[actix_rt::test]
async fn guesses_shut_out_who_guesses_and_not_the_owner_on_a_known_device() {
    let app = TestApp::with(&[("auth.attempts_per_account", "3")]).await;
    let home = login(&app, "ada@example.org", PASSWORD, &[]).await;
    assert_eq!(home.status(), StatusCode::OK);
    let cookies = cookies(&home);
    let device = cookies.iter().find(|cookie| cookie.starts_with("tocsin_device=")).unwrap();
    let refresh = cookies.iter().find(|cookie| cookie.starts_with("tocsin_refresh=")).unwrap();

    for email in ["ada@example.org", "nobody@example.org"] {
        let mut statuses = Vec::new();
        for _ in 0..5 {
            statuses.push(login(&app, email, "a guess of somebody", &[]).await.status().as_u16());
        }
        let first = if email.starts_with("ada") { 2 } else { 3 };
        assert_eq!(statuses.iter().filter(|status| **status == 401).count(), first, "{email}: {statuses:?}");
        assert_eq!(statuses.last(), Some(&429));
    }
    let refused = login(&app, " ADA@example.org", PASSWORD, &[]).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS, "the right password is no way to find it out");
    let wait: u64 = refused.headers()[RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=21).contains(&wait), "{wait}");

    let at_home = login(&app, "ada@example.org", PASSWORD, &[("cookie", device)]).await;
    assert_eq!(at_home.status(), StatusCode::OK, "a device that she has used before");
    let forged = format!("{device}x");
    assert_eq!(login(&app, "ada@example.org", PASSWORD, &[("cookie", &forged)]).await.status().as_u16(), 429);

    let url = format!("http://{}/api/v1/auth/refresh", app.addr);
    let refreshed = app.http.post(url).header("cookie", refresh).json(&json!({})).send().await.unwrap();
    assert_eq!(refreshed.status(), StatusCode::OK, "nobody is signed out by it");

    app.advance(Duration::from_secs(wait));
    assert_eq!(login(&app, "ada@example.org", PASSWORD, &[]).await.status(), StatusCode::OK);
    app.stop().await;
}

#[actix_rt::test]
async fn an_address_is_counted_once_whatever_it_claims_to_be() {
    let app = TestApp::with(&[("auth.attempts_per_address", "4")]).await;
    // Registering was the first.
    for n in 0..3 {
        let email = format!("user{n}@example.org");
        let forged = [("x-forwarded-for", format!("198.51.100.{n}"))];
        let headers = forged.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(login(&app, &email, "x", &headers).await.status(), StatusCode::UNAUTHORIZED);
    }
    let forged = [("x-forwarded-for", "198.51.100.99"), ("forwarded", "for=198.51.100.98")];
    assert_eq!(login(&app, "user9@example.org", "x", &forged).await.status(), StatusCode::TOO_MANY_REQUESTS);
    app.stop().await;

    let behind = [("auth.attempts_per_address", "2"), ("server.trusted_proxies", "127.0.0.1")];
    let app = TestApp::with(&behind).await;
    for n in 0..4 {
        let client = format!("198.51.100.{n}");
        let answer = login(&app, "ada@example.org", "x", &[("x-forwarded-for", &client)]).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "behind a trusted proxy each client counts for itself");
    }
    app.stop().await;
}

#[actix_rt::test]
async fn whatever_opens_something_is_counted_by_address() {
    let entry =
        "[{ id = 'house', kind = 'oidc', issuer = 'http://127.0.0.1:1', client_id = 'a', client_secret = 'b' }]";
    let app = TestApp::with(&[("auth.attempts_per_address", "2"), ("oauth.providers", entry)]).await;
    let token = json!({"token": "tcl_x"});
    let reset = json!({"token": "tcl_x", "new_password": PASSWORD});
    let join = json!({"invitation": "tcl_x", "password": PASSWORD, "name": "Bob"});
    let redirects = reqwest::redirect::Policy::none();
    let http = reqwest::Client::builder().redirect(redirects).build().unwrap();
    for (path, body, status) in [
        ("password/forgot", Some(json!({"email": "ada@example.org"})), 202),
        ("password/reset", Some(reset), 401),
        ("email/verify", Some(token.clone()), 401),
        ("invitation", Some(token), 401),
        ("register", Some(join), 401),
        ("oauth/house/start", None, 302),
    ] {
        app.advance(Duration::from_secs(60));
        let url = format!("http://{}/api/v1/auth/{path}", app.addr);
        let mut statuses = Vec::new();
        for _ in 0..3 {
            let request = body.as_ref().map_or_else(|| http.get(&url), |body| http.post(&url).json(body));
            let answer = request.send().await.unwrap();
            let waits = answer.headers().contains_key(RETRY_AFTER);
            statuses.push((answer.status().as_u16(), waits));
        }
        assert_eq!(statuses, [(status, false), (status, false), (429, true)], "{path}");
    }
    app.stop().await;
}
