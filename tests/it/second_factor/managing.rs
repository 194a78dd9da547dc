//! New recovery codes, switching it off, and removing that of somebody else; what is mailed and written down.

use super::*;
use crate::passwords::mails;

/// Makes an account; its id and its access token.
async fn register(app: &TestApp, name: &str) -> (String, String) {
    let body = json!({"email": format!("{name}@example.org"), "password": PASSWORD, "name": name});
    let (status, session) = app.ask(Method::POST, "/api/v1/auth/register", Some(body)).await;
    assert_eq!(status, 201, "{session}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&session["user"]["id"]), text(&session["access_token"]))
}

/// An admin; the id and an access token of that role.
async fn admin(app: &TestApp, name: &str) -> (String, String) {
    let (id, _) = register(app, name).await;
    let path = format!("/api/v1/users/{id}");
    assert_eq!(app.ask(Method::PATCH, &path, Some(json!({"role": "admin"}))).await.0, 200);
    let body = json!({"email": format!("{name}@example.org"), "password": PASSWORD});
    let (_, session) = app.ask(Method::POST, "/api/v1/auth/login", Some(body)).await;
    (id, session["access_token"].as_str().unwrap().to_owned())
}

async fn remove(app: &TestApp, token: &str, id: &str) -> (u16, Value) {
    ask(app, token, Method::DELETE, &format!("/api/v1/users/{id}/second-factor"), json!(null)).await
}

const DONE: u16 = 204;

#[actix_rt::test]
async fn new_recovery_codes_end_those_before() {
    let app = TestApp::start().await;
    let me = app.token.as_str();
    let factor = Factor::of(&app, me).await;
    for bad in [factor.wrong(&app), factor.code(&app, 0), "aaaaa-aaaaa".into(), "x".into()] {
        let body = json!({"otp": bad});
        assert_eq!(post(&app, me, "/recovery-codes", body).await, refused(422, "invalid_otp"), "{bad}");
    }
    let (status, renewed) = post(&app, me, "/recovery-codes", json!({"otp": factor.code(&app, 1)})).await;
    let fresh = texts(&renewed["recovery_codes"]);
    assert_eq!((status, fresh.len(), standing(&app, me).await), (200, 10, (true, 10)));
    for old in &factor.codes {
        assert!(!fresh.contains(old));
        assert_eq!(signs_in(&app, old).await, 401);
    }
    assert_eq!(signs_in(&app, &fresh[0]).await, 200);
    // A recovery code does as well, and is used up by it.
    let (status, renewed) = post(&app, me, "/recovery-codes", json!({"otp": fresh[1]})).await;
    assert_eq!((status, renewed["recovery_codes"].as_array().unwrap().len()), (200, 10));
    assert_eq!(signs_in(&app, &fresh[1]).await, 401);
    app.stop().await;
}

#[actix_rt::test]
async fn switching_off_takes_a_code_and_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let me = app.token.as_str();
    let factor = Factor::of(&app, me).await;
    for bad in [factor.wrong(&app), factor.code(&app, 0), "aaaaa-aaaaa".into()] {
        assert_eq!(post(&app, me, "/disable", json!({"otp": bad})).await, refused(422, "invalid_otp"));
    }
    assert_eq!(login(&app, json!(null)).await, refused(401, "otp_required"));
    let code = json!({"otp": factor.code(&app, 1)});
    assert_eq!(post(&app, me, "/disable", code.clone()).await.0, DONE);
    assert_eq!((standing(&app, me).await, signs_in(&app, "").await), ((false, 0), 200));
    assert_eq!(post(&app, me, "/disable", code).await, refused(409, "second_factor_not_begun"));

    // Switched on again it is another one.
    app.advance(STEP * 4);
    let again = Factor::of(&app, me).await;
    assert_ne!(again.secret, factor.secret);
    assert_eq!(signs_in(&app, &factor.codes[0]).await, 401);
    assert_eq!(signs_in(&app, &factor.code(&app, 1)).await, 401);
    assert_eq!(
        post(&app, me, "/disable", json!({"otp": again.codes[0]})).await.0,
        DONE,
        "a recovery code does as well"
    );
    app.stop().await;
}

#[actix_rt::test]
async fn who_may_remove_whose() {
    let app = TestApp::start().await;
    let owner = app.token.as_str();
    let ada = app.ask(Method::GET, "/api/v1/auth/me", None).await.1["id"].as_str().unwrap().to_owned();
    let ((grace, admin_), (bob, other)) = (admin(&app, "grace").await, admin(&app, "bob").await);
    let (eve, member) = register(&app, "eve").await;
    let service = app.api_key(&["alerts:read"]).await;
    for token in [owner, &admin_, &other, &member] {
        Factor::of(&app, token).await;
    }
    let nowhere = "0199d0a0-0000-7000-8000-000000000000";
    for (token, id, status, code) in [
        (member.as_str(), eve.as_str(), 403, "admin_required"),
        (&member, &grace, 403, "admin_required"),
        (&service, &eve, 403, "person_required"),
        ("", &eve, 401, "unauthenticated"),
        (&admin_, &ada, 403, "owner_required"),
        (&admin_, &bob, 403, "owner_required"),
        (&admin_, &grace, 409, "own_account"),
        (owner, &ada, 409, "own_account"),
        (owner, nowhere, 404, "not_found"),
        (owner, "x", 404, "not_found"),
    ] {
        let (found, answer) = remove(&app, token, id).await;
        assert_eq!((found, answer.as_str()), (status, Some(code)), "{id} {code}");
    }
    for (token, id) in [(admin_.as_str(), &eve), (owner, &bob)] {
        assert_eq!(remove(&app, token, id).await.0, DONE);
        assert_eq!(remove(&app, token, id).await, refused(404, "not_found"), "it is gone");
        let (_, row) = app.ask(Method::GET, &format!("/api/v1/users/{id}"), None).await;
        assert_eq!(row["second_factor"], false);
    }
    assert_eq!((standing(&app, &member).await, standing(&app, &admin_).await), ((false, 0), (true, 10)));
    let body = json!({"email": "eve@example.org", "password": PASSWORD});
    assert_eq!(app.ask(Method::POST, "/api/v1/auth/login", Some(body)).await.0, 200);
    app.stop().await;
}

#[actix_rt::test]
async fn only_people_have_one() {
    let app = TestApp::start().await;
    let key = app.api_key(&["documents:read", "alerts:read"]).await;
    for (token, status) in [(key.as_str(), 403), ("", 401), ("nonsense", 401)] {
        assert_eq!(ask(&app, token, Method::GET, ROUTE, json!(null)).await.0, status);
        for path in ["", "/confirm", "/recovery-codes", "/disable"] {
            let body = json!({"otp": "123456", "password": PASSWORD});
            assert_eq!(post(&app, token, path, body).await.0, status, "{path}");
        }
    }
    app.stop().await;
}

/// The newest entries of the audit log, oldest first: what, whose, by whom, and with what to say.
async fn written(app: &TestApp, count: usize) -> Vec<Value> {
    let (_, page) = app.ask(Method::GET, &format!("/api/v1/audit?limit={count}"), None).await;
    let entries = page["items"].as_array().unwrap().iter().rev();
    entries.map(|entry| json!([entry["event"], entry["user_id"], entry["by"], entry["detail"]])).collect()
}

#[actix_rt::test]
async fn all_of_it_is_written_down_and_what_changes_is_mailed() {
    let app = TestApp::start().await;
    let (eve, member) = register(&app, "eve").await;
    let ada = app.ask(Method::GET, "/api/v1/auth/me", None).await.1["id"].clone();
    let sign_in = async |otp: Value| {
        let body = json!({"email": "eve@example.org", "password": PASSWORD, "otp": otp});
        app.ask(Method::POST, "/api/v1/auth/login", Some(body)).await.0.as_u16()
    };
    post(&app, &member, "", json!({"password": "not the password"})).await;
    let secret = begin(&app, &member, PASSWORD).await;
    post(&app, &member, "/confirm", json!({"otp": totp::wrong(&secret, app.clock.now())})).await;
    let codes = confirm(&app, &member, &totp::code(&secret, app.clock.now(), 0)).await;
    let factor = Factor { secret, codes };
    assert_eq!(sign_in(json!(null)).await, 401);
    assert_eq!(sign_in(json!(factor.wrong(&app))).await, 401);
    assert_eq!(sign_in(json!(factor.codes[0])).await, 200);
    post(&app, &member, "/recovery-codes", json!({"otp": factor.wrong(&app)})).await;
    let (_, renewed) = post(&app, &member, "/recovery-codes", json!({"otp": factor.code(&app, 1)})).await;
    mails(&app, "eve@example.org", 1).await;
    app.advance(Duration::from_secs(1));
    let last = &renewed["recovery_codes"][0];
    assert_eq!(post(&app, &member, "/disable", json!({"otp": last})).await.0, DONE);
    mails(&app, "eve@example.org", 2).await;
    app.advance(STEP * 4);
    let again = Factor::of(&app, &member).await;
    mails(&app, "eve@example.org", 3).await;
    app.advance(Duration::from_secs(1));
    assert_eq!(remove(&app, &app.token, &eve).await.0, DONE);

    let (nobody, nothing) = (json!(null), json!(null));
    let expected: Vec<Value> = [
        ("check_failed", &nobody, json!("password")),
        ("check_failed", &nobody, json!("code")),
        ("second_factor_enabled", &nobody, nothing.clone()),
        ("second_factor_asked", &nobody, nothing.clone()),
        ("sign_in_failed", &nobody, nothing.clone()),
        ("recovery_code_used", &nobody, nothing.clone()),
        ("signed_in", &nobody, nothing.clone()),
        ("check_failed", &nobody, json!("code")),
        ("recovery_codes_renewed", &nobody, nothing.clone()),
        ("recovery_code_used", &nobody, nothing.clone()),
        ("second_factor_disabled", &nobody, nothing.clone()),
        ("second_factor_enabled", &nobody, nothing.clone()),
        ("second_factor_removed", &ada, nothing.clone()),
    ]
    .into_iter()
    .map(|(event, by, detail)| json!([event, eve, by, detail]))
    .collect();
    assert_eq!(written(&app, expected.len()).await, expected);

    let told = mails(&app, "eve@example.org", 4).await;
    let subjects: Vec<&str> = told.iter().map(|mail| mail.summary.subject.as_str()).collect();
    let (on, off) = ("[Tocsin] Signing in takes a code now", "[Tocsin] Signing in takes no code any more");
    assert_eq!(subjects, [on, off, on, off]);
    for mail in &told {
        for secret in [&factor.secret, &again.secret].into_iter().chain(&factor.codes).chain(&again.codes) {
            assert!(!mail.text.contains(secret) && !mail.html.contains(secret), "{mail:?}");
        }
    }
    app.stop().await;
}
