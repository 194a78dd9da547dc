//! Making an account by an invitation.

use futures_util::future::join_all;

use super::*;
use crate::support::browser::Browser;
use crate::support::provider::{Person, Provider};

#[actix_rt::test]
async fn an_invitation_makes_one_account_with_its_address_and_role() {
    for sets in [&[][..], &[("auth.email_verification", "required")], &[("auth.registration", "open")]] {
        let app = house(sets).await;
        let token = invited(&app, "admin", 1).await;
        let shown = json!({"email": BOB, "invited_by": "Ada", "expires_at": "2026-11-27T08:00:30.000Z"});
        for _ in 0..2 {
            assert_eq!(peek(&app, &token).await, (200, shown.clone()), "looking changes nothing");
        }
        for (body, code) in [
            (json!({"invitation": token, "password": "short", "name": "Bob"}), "invalid_input"),
            (
                json!({"invitation": token, "password": PASSWORD, "name": "B", "email": "eve@example.org"}),
                "invalid_input",
            ),
        ] {
            assert_eq!(register(&app, body).await, refused(422, code));
        }
        let mut body = joining(&token);
        body["email"] = json!(" BOB@example.org");
        let (status, session) = register(&app, body).await;
        assert_eq!(status, 201, "{session}");
        let user = &session["user"];
        assert_eq!((&user["email"], &user["role"], &user["name"]), (&json!(BOB), &json!("admin"), &json!("Bob")));
        assert_eq!(user["email_verified"], true);
        assert_eq!(register(&app, joining(&token)).await, refused(401, "invalid_link"), "once");
        assert_eq!(peek(&app, &token).await, refused(401, "invalid_link"));
        assert_eq!(pending(&app).await, [""; 0]);
        let login = json!({"email": BOB, "password": PASSWORD});
        assert_eq!(ask(&app, Method::POST, "/api/v1/auth/login", login).await.0, 200);
        app.stop().await;
    }
}

#[actix_rt::test]
async fn however_many_try_one_gets_in() {
    let app = house(&[]).await;
    let token = invited(&app, "member", 1).await;
    let tries = join_all((0..4).map(|_| register(&app, joining(&token)))).await;
    assert_eq!(tries.iter().filter(|(status, _)| *status == 201).count(), 1, "{tries:?}");
    assert_eq!(tries.iter().filter(|one| **one == refused(401, "invalid_link")).count(), 3, "{tries:?}");
    app.stop().await;
}

#[actix_rt::test]
async fn what_is_no_invitation_lets_nobody_in() {
    let app = house(&[]).await;
    let token = invited(&app, "member", 1).await;
    let uninvited = json!({"email": BOB, "password": PASSWORD, "name": "Bob"});
    assert_eq!(register(&app, uninvited).await, refused(403, "invitation_required"), "the address alone is not enough");
    for bad in ["", "tcl_x", &format!("{token}x"), &"x".repeat(200)] {
        assert_eq!(register(&app, joining(bad)).await, refused(401, "invalid_link"), "{bad}");
        assert_eq!(peek(&app, bad).await, refused(401, "invalid_link"), "{bad}");
    }
    // A link of another kind opens it no more than it opens another.
    let reset = json!({"token": token, "new_password": PASSWORD});
    for (path, body) in [("password/reset", reset), ("email/verify", json!({"token": token}))] {
        let path = format!("/api/v1/auth/{path}");
        assert_eq!(ask(&app, Method::POST, &path, body).await, refused(401, "invalid_link"));
    }
    app.advance(HOURS_72);
    assert_eq!(register(&app, joining(&token)).await, refused(401, "invalid_link"), "it has expired");
    app.stop().await;
}

#[actix_rt::test]
async fn open_registration_needs_an_address() {
    let app = TestApp::start().await;
    let (status, problem) =
        app.ask(Method::POST, "/api/v1/auth/register", Some(json!({"password": PASSWORD, "name": "B"}))).await;
    assert_eq!((status.as_u16(), &problem["errors"][0]["path"]), (422, &json!("/email")), "{problem}");
    app.stop().await;
}

#[actix_rt::test]
async fn an_account_elsewhere_with_the_invited_address_is_let_in_by_it() {
    let provider = Provider::start();
    let providers = format!("[{}]", provider.entry("house", "oidc"));
    let app = house(&[("oauth.providers", &providers)]).await;
    let token = invited(&app, "admin", 1).await;
    let visit = async |browser: &mut Browser, person: &Person| {
        let url = browser.get("/api/v1/auth/oauth/house/start").await.1;
        let now = tocsin_actors::ports::Clock::now(&*app.clock);
        let (state, code) = provider.consent(&url.parse().unwrap(), person, now);
        browser.get(&format!("/api/v1/auth/oauth/house/callback?state={state}&code={code}")).await.1
    };
    let person = |subject, email, verified| Person { subject, email, verified };
    for (person, code) in
        [(person(1, BOB, false), "email_unverified"), (person(1, "eve@example.org", true), "registration_closed")]
    {
        let location = visit(&mut Browser::new(app.addr), &person).await;
        assert_eq!(location, format!("/?oauth_error={code}"));
    }
    assert_eq!(pending(&app).await, [BOB], "it still waits");
    let mut browser = Browser::new(app.addr);
    assert_eq!(visit(&mut browser, &person(1, "BOB@example.org", true)).await, "/");
    let user = browser.session().await.unwrap()["user"].clone();
    assert_eq!((&user["role"], &user["email_verified"]), (&json!("admin"), &json!(true)));
    assert_eq!(pending(&app).await, [""; 0]);
    assert_eq!(register(&app, joining(&token)).await, refused(401, "invalid_link"), "it is used up");
    app.stop().await;
}
