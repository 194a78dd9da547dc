//! Inviting people: who may, and what an invitation opens, once.

mod accepting;

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::passwords::{link, mails};
use super::support::app::{PASSWORD, TestApp};

const INVITATIONS: &str = "/api/v1/invitations";
const BOB: &str = "bob@example.org";
const HOURS_72: Duration = Duration::from_secs(72 * 3_600);

/// A server for the invited, with an owner who is signed in.
async fn house(sets: &[(&str, &str)]) -> TestApp {
    let app = TestApp::start().await;
    let (dir, clock, token) = app.stop().await;
    let sets: Vec<(&str, &str)> = [("auth.registration", "invite")].iter().chain(sets).copied().collect();
    let mut app = TestApp::on(dir, clock, &sets).await;
    app.token = token;
    app
}

/// The status, and the code of a problem or the whole answer.
async fn ask(app: &TestApp, method: Method, path: &str, body: Value) -> (u16, Value) {
    let (status, answer) = app.ask(method, path, Some(body).filter(|body| !body.is_null())).await;
    let code = answer["code"].clone();
    (status.as_u16(), if code.is_null() { answer } else { code })
}

async fn invite(app: &TestApp, body: Value) -> (u16, Value) {
    ask(app, Method::POST, INVITATIONS, body).await
}

async fn pending(app: &TestApp) -> Vec<String> {
    let (status, page) = ask(app, Method::GET, INVITATIONS, json!(null)).await;
    assert_eq!((status, &page["next_cursor"]), (200, &json!(null)), "{page}");
    page["items"].as_array().unwrap().iter().map(|one| one["email"].as_str().unwrap().to_owned()).collect()
}

async fn peek(app: &TestApp, token: &str) -> (u16, Value) {
    ask(app, Method::POST, "/api/v1/auth/invitation", json!({"token": token})).await
}

async fn register(app: &TestApp, body: Value) -> (u16, Value) {
    ask(app, Method::POST, "/api/v1/auth/register", body).await
}

fn joining(token: &str) -> Value {
    json!({"invitation": token, "password": PASSWORD, "name": "Bob"})
}

/// The token in the newest mail to an address, once there are so many.
async fn token(app: &TestApp, to: &str, count: usize) -> String {
    let mail = mails(app, to, count).await.pop().unwrap();
    assert_eq!(mail.summary.subject, "[Tocsin] You are invited");
    assert!(mail.text.contains("within 72 h") && !mail.text.contains("Ada"), "{}", mail.text);
    let (page, token) = link(&mail);
    assert_eq!(page, "http://localhost/join");
    token
}

/// Invites Bob; the token of his mail.
async fn invited(app: &TestApp, role: &str, count: usize) -> String {
    let (status, made) = invite(app, json!({"email": BOB, "role": role})).await;
    assert_eq!(status, 201, "{made}");
    token(app, BOB, count).await
}

fn refused(status: u16, code: &str) -> (u16, Value) {
    (status, json!(code))
}

#[actix_rt::test]
async fn invitations_are_made_listed_and_withdrawn() {
    let mut app = house(&[]).await;
    let (status, bob) = invite(&app, json!({"email": "Bob@Example.org"})).await;
    let (_, me) = ask(&app, Method::GET, "/api/v1/auth/me", json!(null)).await;
    let expected = json!({
        "id": bob["id"], "email": "Bob@Example.org", "role": "member", "created_at": "2026-11-24T08:00:30.000Z",
        "expires_at": "2026-11-27T08:00:30.000Z", "invited_by": {"id": me["id"], "name": "Ada"},
    });
    assert_eq!((status, &bob), (201, &expected));
    assert_eq!(invite(&app, json!({"email": "eve@example.org", "role": "admin"})).await.0, 201);
    assert_eq!(pending(&app).await, ["Bob@Example.org", "eve@example.org"]);

    let first = token(&app, "Bob@Example.org", 1).await;
    app.advance(Duration::from_secs(1));
    assert_eq!(invite(&app, json!({"email": BOB})).await.0, 201);
    assert_eq!(pending(&app).await, ["eve@example.org", BOB], "the second takes the place of the first");
    assert_eq!(peek(&app, &first).await, refused(401, "invalid_link"));
    let second = token(&app, BOB, 1).await;
    assert_eq!(peek(&app, &second).await.0, 200);

    let (_, page) = ask(&app, Method::GET, INVITATIONS, json!(null)).await;
    let path = format!("{INVITATIONS}/{}", page["items"][1]["id"].as_str().unwrap());
    assert_eq!(ask(&app, Method::DELETE, &path, json!(null)).await.0, 204);
    for path in [&*path, &format!("{INVITATIONS}/x")] {
        assert_eq!(ask(&app, Method::DELETE, path, json!(null)).await, refused(404, "not_found"));
    }
    assert_eq!(peek(&app, &second).await, refused(401, "invalid_link"));
    assert_eq!(pending(&app).await, ["eve@example.org"]);
    app.advance(HOURS_72);
    let login = json!({"email": "ada@example.org", "password": PASSWORD});
    let (_, session) = ask(&app, Method::POST, "/api/v1/auth/login", login).await;
    app.token = session["access_token"].as_str().unwrap().to_owned();
    assert_eq!(pending(&app).await, [""; 0], "they expire");
    app.stop().await;
}

#[actix_rt::test]
async fn what_is_not_invited() {
    let app = house(&[("auth.invitations", "2"), ("auth.attempts_per_account", "3")]).await;
    for (body, status, code) in [
        (json!({"email": "ADA@example.org"}), 409, "email_taken"),
        (json!({"email": "nobody"}), 422, "invalid_input"),
        (json!({"email": BOB, "role": "owner"}), 422, "invalid_input"),
        (json!({"email": BOB, "text": "Buy at https://evil.example"}), 422, "invalid_body"),
        (json!({}), 422, "invalid_body"),
    ] {
        assert_eq!(invite(&app, body.clone()).await, refused(status, code), "{body}");
    }
    assert_eq!(pending(&app).await, [""; 0]);
    for _ in 0..3 {
        assert_eq!(invite(&app, json!({"email": BOB})).await.0, 201);
    }
    assert_eq!(invite(&app, json!({"email": BOB})).await, refused(429, "too_many_attempts"), "nobody is flooded");
    assert_eq!(invite(&app, json!({"email": "eve@example.org"})).await.0, 201);
    let third = json!({"email": "third@example.org"});
    assert_eq!(invite(&app, third.clone()).await, refused(409, "too_many_invitations"));

    let (dir, clock, owner) = app.stop().await;
    let mut app = TestApp::on(dir, clock, &[("auth.registration", "closed")]).await;
    app.token = owner;
    assert_eq!(invite(&app, third).await, refused(403, "registration_closed"));
    let token = token(&app, "eve@example.org", 1).await;
    assert_eq!(peek(&app, &token).await, refused(401, "invalid_link"), "nor are those used that wait");
    assert_eq!(register(&app, joining(&token)).await, refused(403, "registration_closed"));
    app.stop().await;
}

#[actix_rt::test]
async fn who_invites_whom() {
    let mut app = house(&[]).await;
    let owner = app.token.clone();
    let admins = invited(&app, "admin", 1).await;
    let (_, admin) = register(&app, joining(&admins)).await;
    assert_eq!(invite(&app, json!({"email": "eve@example.org", "role": "admin"})).await.0, 201);
    let (_, page) = ask(&app, Method::GET, INVITATIONS, json!(null)).await;
    let of_admin = format!("{INVITATIONS}/{}", page["items"][0]["id"].as_str().unwrap());

    app.token = admin["access_token"].as_str().unwrap().to_owned();
    let carol = json!({"email": "carol@example.org", "role": "admin"});
    assert_eq!(invite(&app, carol).await, refused(403, "owner_required"));
    assert_eq!(ask(&app, Method::DELETE, &of_admin, json!(null)).await, refused(403, "owner_required"));
    assert_eq!(invite(&app, json!({"email": "carol@example.org"})).await.0, 201);
    let (_, member) = register(&app, joining(&token(&app, "carol@example.org", 1).await)).await;
    assert_eq!(invite(&app, json!({"email": "dan@example.org"})).await.0, 201);

    app.token = member["access_token"].as_str().unwrap().to_owned();
    for (method, path, body) in [
        (Method::POST, INVITATIONS, json!({"email": "x@example.org"})),
        (Method::GET, INVITATIONS, json!(null)),
        (Method::DELETE, &of_admin, json!(null)),
    ] {
        assert_eq!(ask(&app, method, path, body).await, refused(403, "admin_required"));
    }
    // What an admin invited goes with the admin.
    app.token = owner;
    let path = format!("/api/v1/users/{}", admin["user"]["id"].as_str().unwrap());
    let dans = token(&app, "dan@example.org", 1).await;
    assert_eq!(ask(&app, Method::PATCH, &path, json!({"disabled": true})).await.0, 200);
    assert_eq!(pending(&app).await, ["eve@example.org"]);
    assert_eq!(register(&app, joining(&dans)).await, refused(401, "invalid_link"));
    app.stop().await;
}
