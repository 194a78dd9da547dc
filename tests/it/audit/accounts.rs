//! What happens to accounts is written down, with who did it where that was somebody else.

use super::*;
use crate::passwords::{link, mails};
use crate::support::browser::Browser;
use crate::support::provider::{Person, Provider};

/// A request that is named after what it is about to do.
async fn ask(app: &TestApp, method: Method, path: &str, body: Value, event: &str) -> Value {
    let id = format!("request-{event}");
    let body = Some(body).filter(|body| !body.is_null()).map(|body| ("application/json", body.to_string()));
    let (status, answer) = app.ask_raw(method, path, body, &[("x-request-id", &id)]).await;
    assert!(status.is_success(), "{event}: {answer}");
    answer
}

/// Checks the newest entry of an event: that of the request that is named after it.
async fn written(app: &TestApp, event: &str, user: &Value, by: &Value, detail: Value) -> Value {
    let entry = audit(app, &format!("event={event}&limit=1")).await.pop().unwrap_or_default();
    let found = ["user_id", "by", "detail", "request_id", "ip"].map(|member| entry[member].clone());
    let expected = [user.clone(), by.clone(), detail, json!(format!("request-{event}")), json!("127.0.0.1")];
    assert_eq!(found, expected, "{event}");
    entry
}

async fn me(app: &TestApp) -> Value {
    app.ask(Method::GET, "/api/v1/auth/me", None).await.1["id"].clone()
}

#[actix_rt::test]
async fn what_admins_do_names_them() {
    let app = TestApp::start().await;
    let (ada, nobody) = (me(&app).await, json!(null));
    let body = json!({"email": "eve@example.org", "password": PASSWORD, "name": "Eve"});
    let eve = ask(&app, Method::POST, "/api/v1/auth/register", body, "account_made").await["user"]["id"].clone();
    written(&app, "account_made", &eve, &nobody, json!(null)).await;
    let path = format!("/api/v1/users/{}", eve.as_str().unwrap());
    for (body, event, detail) in [
        (json!({"role": "admin"}), "role_changed", json!("member to admin")),
        (json!({"role": "member"}), "role_changed", json!("admin to member")),
        (json!({"disabled": true}), "account_disabled", json!(null)),
        (json!({"disabled": false}), "account_enabled", json!(null)),
    ] {
        ask(&app, Method::PATCH, &path, body, event).await;
        written(&app, event, &eve, &ada, detail).await;
    }
    ask(&app, Method::DELETE, &format!("{path}/sessions"), json!(null), "sign_ins_ended").await;
    written(&app, "sign_ins_ended", &eve, &ada, json!(null)).await;
    let before = audit(&app, "").await.len();
    ask(&app, Method::PATCH, &path, json!({"role": "member", "disabled": false}), "nothing").await;
    assert_eq!(audit(&app, "").await.len(), before, "what is already so is no event");
    app.stop().await;
}

#[actix_rt::test]
async fn invitations_from_making_to_accepting() {
    let app = TestApp::start().await;
    let (ada, nobody) = (me(&app).await, json!(null));
    let body = json!({"email": "bob@example.org", "role": "admin"});
    let detail = json!("bob@example.org as admin");
    let made = ask(&app, Method::POST, "/api/v1/invitations", body.clone(), "invitation_made").await;
    written(&app, "invitation_made", &nobody, &ada, detail.clone()).await;
    mails(&app, "bob@example.org", 1).await;
    app.advance(Duration::from_secs(1));
    let path = format!("/api/v1/invitations/{}", made["id"].as_str().unwrap());
    ask(&app, Method::DELETE, &path, json!(null), "invitation_withdrawn").await;
    written(&app, "invitation_withdrawn", &nobody, &ada, detail).await;

    ask(&app, Method::POST, "/api/v1/invitations", body, "invitation_made").await;
    let token = link(&mails(&app, "bob@example.org", 2).await[1]).1;
    let body = json!({"invitation": token, "password": PASSWORD, "name": "Bob"});
    let bob = ask(&app, Method::POST, "/api/v1/auth/register", body, "invitation_accepted").await["user"]["id"].clone();
    let by = json!(format!("invited by {}", ada.as_str().unwrap()));
    written(&app, "invitation_accepted", &bob, &nobody, by).await;
    let text = serde_json::to_string(&audit(&app, "").await).unwrap();
    assert!(!text.contains(&token), "no token in it");
    app.stop().await;
}

#[actix_rt::test]
async fn passwords_and_addresses() {
    const ANOTHER: &str = "seven quiet lighthouses";
    let app = TestApp::start().await;
    let (ada, nobody) = (me(&app).await, json!(null));
    let change = json!({"current_password": PASSWORD, "new_password": ANOTHER});
    ask(&app, Method::POST, "/api/v1/auth/password", change, "password_changed").await;
    let entry = written(&app, "password_changed", &ada, &nobody, json!(null)).await;
    let (_, sessions) = app.ask(Method::GET, "/api/v1/auth/sessions", None).await;
    assert_eq!(entry["session_id"], sessions["items"][0]["id"]);

    // The first mail says so; it is to be the older one.
    mails(&app, "ada@example.org", 1).await;
    app.advance(Duration::from_secs(1));
    let login = |password: &str| json!({"email": "ada@example.org", "password": password});
    for email in ["nobody@example.org", "ada@example.org"] {
        let body = json!({"email": email});
        ask(&app, Method::POST, "/api/v1/auth/password/forgot", body, "password_reset_asked").await;
    }
    let token = link(&mails(&app, "ada@example.org", 2).await[1]).1;
    written(&app, "password_reset_asked", &ada, &nobody, json!(null)).await;
    assert_eq!(audit(&app, "event=password_reset_asked").await.len(), 1, "of an account there is");
    let reset = json!({"token": token, "new_password": PASSWORD});
    ask(&app, Method::POST, "/api/v1/auth/password/reset", reset, "password_reset").await;
    let mut app = app;
    let sign_in = async |app: &TestApp| {
        let (_, session) = app.ask(Method::POST, "/api/v1/auth/login", Some(login(PASSWORD))).await;
        session["access_token"].as_str().unwrap_or_default().to_owned()
    };
    app.token = sign_in(&app).await;
    written(&app, "password_reset", &ada, &nobody, json!(null)).await;

    let body = json!({"email": "eve@example.org", "password": PASSWORD, "name": "Eve"});
    let eve = app.ask(Method::POST, "/api/v1/auth/register", Some(body)).await.1["user"]["id"].clone();
    let (dir, clock, _) = app.stop().await;
    let mut app = TestApp::on(dir, clock, &[("auth.email_verification", "required")]).await;
    let mut eves = login(PASSWORD);
    eves["email"] = json!("eve@example.org");
    assert_eq!(app.ask(Method::POST, "/api/v1/auth/login", Some(eves)).await.0, StatusCode::UNAUTHORIZED);
    let token = link(&mails(&app, "eve@example.org", 1).await[0]).1;
    ask(&app, Method::POST, "/api/v1/auth/email/verify", json!({"token": token}), "email_verified").await;
    // Choosing a password by a link has shown that Ada's address is hers.
    app.token = sign_in(&app).await;
    written(&app, "email_verified", &eve, &nobody, json!(null)).await;
    app.token.clear();
    let body = json!({"email": "dan@example.org", "password": PASSWORD, "name": "Dan"});
    ask(&app, Method::POST, "/api/v1/auth/register", body, "account_made").await;
    app.token = sign_in(&app).await;
    let dan = audit(&app, "event=account_made&limit=1").await[0]["user_id"].clone();
    written(&app, "account_made", &dan, &nobody, json!(null)).await;
    assert!(dan.is_string() && dan != eve);
    let text = serde_json::to_string(&audit(&app, "").await).unwrap();
    assert!(!text.contains(PASSWORD) && !text.contains(ANOTHER) && !text.contains("tcl_"));
    app.stop().await;
}

#[actix_rt::test]
async fn accounts_elsewhere() {
    const GRACE: Person = Person { subject: 1, email: "grace@example.org", verified: true };
    let provider = Provider::start();
    let providers = format!("[{}]", provider.entry("house", "oidc"));
    let app = TestApp::with(&[("oauth.providers", &providers)]).await;
    let (ada, nobody) = (me(&app).await, json!(null));
    let come_back = async |browser: &mut Browser, url: &str, person: &Person| {
        let now = tocsin_actors::ports::Clock::now(&*app.clock);
        let (state, code) = provider.consent(&url.parse().unwrap(), person, now);
        let path = format!("/api/v1/auth/oauth/house/callback?state={state}&code={code}");
        assert_eq!(browser.get(&path).await, (302, "/".to_owned()));
    };
    let newest = async |event: &str| audit(&app, &format!("event={event}&limit=1")).await.pop().unwrap_or_default();
    let about = |entry: &Value| ["user_id", "by", "detail", "ip"].map(|member| entry[member].clone());

    let mut browser = Browser::new(app.addr);
    let url = browser.get("/api/v1/auth/oauth/house/start").await.1;
    come_back(&mut browser, &url, &GRACE).await;
    let grace = browser.session().await.unwrap()["user"]["id"].clone();
    let made = newest("account_made").await;
    assert_eq!(about(&made), [grace, nobody.clone(), json!("house"), json!("127.0.0.1")]);
    assert!(made["request_id"].is_string());

    let mut browser = Browser::new(app.addr);
    let (_, begun) = browser.ask(Method::POST, "/api/v1/auth/oauth/house/link", &app.token, json!({})).await;
    let elsewhere = Person { subject: 2, email: "countess@example.org", verified: false };
    come_back(&mut browser, begun["url"].as_str().unwrap(), &elsewhere).await;
    let linked = newest("identity_linked").await;
    assert_eq!(about(&linked), [ada.clone(), nobody.clone(), json!("house"), json!("127.0.0.1")]);
    let (_, page) = app.ask(Method::GET, "/api/v1/auth/identities", None).await;
    let path = format!("/api/v1/auth/identities/{}", page["items"][0]["id"].as_str().unwrap());
    ask(&app, Method::DELETE, &path, json!(null), "identity_unlinked").await;
    written(&app, "identity_unlinked", &ada, &nobody, json!("house")).await;
    app.stop().await;
}
