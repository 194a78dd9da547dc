//! Where addresses are verified before anybody signs in.

use std::sync::Arc;

use tempfile::TempDir;
use tocsin::config::Config;
use tocsin_actors::auth::newcomer::Newcomer;
use tocsin_actors::domain::Timestamp;
use tocsin_actors::testing::SimulatedClock;

use super::*;

const REQUIRED: (&str, &str) = ("auth.email_verification", "required");
const BOB: &str = "bob@example.org";

/// An installation whose owner is known, and that now wants addresses verified.
async fn strict(sets: &[(&str, &str)]) -> TestApp {
    let (dir, clock, _) = TestApp::start().await.stop().await;
    let sets: Vec<(&str, &str)> = [REQUIRED].iter().chain(sets).copied().collect();
    TestApp::on(dir, clock, &sets).await
}

async fn register(app: &TestApp, email: &str, password: &str) -> (StatusCode, Value) {
    post(app, "register", json!({"email": email, "password": password, "name": "Bob"})).await
}

#[actix_rt::test]
async fn who_registers_signs_in_after_the_address_was_verified() {
    let app = strict(&[]).await;
    let (status, answer) = register(&app, BOB, PASSWORD).await;
    assert_eq!((status, answer.get("access_token")), (StatusCode::ACCEPTED, None), "{answer}");
    let (page, token) = link(&mails(&app, BOB, 1).await[0]);
    assert_eq!(page, "http://localhost/verify");

    let wrong = login(&app, BOB, "incorrect horse").await;
    assert_eq!(login(&app, BOB, PASSWORD).await, wrong, "like any other failure");
    assert_eq!((wrong.0, &wrong.1["code"]), (StatusCode::UNAUTHORIZED, &json!("invalid_credentials")));
    let body = json!({"token": token, "new_password": ANOTHER});
    assert_eq!(outcome(&app, "password/reset", body).await, refused("invalid_link"), "it is not for that");
    assert_eq!(outcome(&app, "email/verify", json!({"token": token})).await, DONE);
    assert_eq!(outcome(&app, "email/verify", json!({"token": token})).await, refused("invalid_link"), "once");
    let (status, session) = login(&app, BOB, PASSWORD).await;
    assert_eq!((status, &session["user"]["email_verified"]), (StatusCode::OK, &json!(true)));
    assert_eq!(mails_at_the_end(app, BOB).await, 1);
}

#[actix_rt::test]
async fn a_link_lasts_a_day_and_trying_to_sign_in_brings_another_now_and_then() {
    let app = strict(&[]).await;
    register(&app, BOB, PASSWORD).await;
    let (_, first) = link(&mails(&app, BOB, 1).await[0]);
    app.advance(24 * HOUR);
    assert_eq!(outcome(&app, "email/verify", json!({"token": first})).await, refused("invalid_link"));
    for password in ["incorrect horse", PASSWORD, PASSWORD] {
        assert_eq!(login(&app, BOB, password).await.0, StatusCode::UNAUTHORIZED);
    }
    let (_, second) = link(&mails(&app, BOB, 2).await[1]);
    app.advance(5 * MINUTE);
    login(&app, BOB, PASSWORD).await;
    let (_, third) = link(&mails(&app, BOB, 3).await[2]);
    assert_eq!(outcome(&app, "email/verify", json!({"token": second})).await, refused("invalid_link"));
    assert_eq!(outcome(&app, "email/verify", json!({"token": third})).await, DONE);
    assert_eq!(mails_at_the_end(app, BOB).await, 3);
}

#[actix_rt::test]
async fn registering_says_the_same_for_every_address_and_tells_its_owner() {
    let app = strict(&[]).await;
    let unknown = register(&app, BOB, PASSWORD).await;
    let known = register(&app, "ADA@example.org", ANOTHER).await;
    assert_eq!(known, unknown);
    let finish = mails(&app, ADA, 1).await;
    assert_eq!(finish[0].summary.subject, "[Tocsin] Finish your account", "an owner who never verified the address");
    assert_eq!(link(&finish[0]).0, "http://localhost/reset");
    let body = json!({"token": link(&finish[0]).1, "new_password": "a password of the owner"});
    assert_eq!(outcome(&app, "password/reset", body).await, DONE);
    mails(&app, ADA, 2).await;

    app.advance(SECOND);
    assert_eq!(register(&app, ADA, ANOTHER).await, unknown);
    let told = mails(&app, ADA, 3).await;
    assert_eq!(told[2].summary.subject, "[Tocsin] You have an account already");
    assert!(!told[2].text.contains("#token="), "it changes nothing");
    assert_eq!(login(&app, ADA, ANOTHER).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(login(&app, ADA, "a password of the owner").await.0, StatusCode::OK);
    let bad = register(&app, ADA, "password").await;
    assert_eq!(bad, register(&app, "carol@example.org", "password").await, "nor does a refusal say more");
    assert_eq!(bad.0, StatusCode::UNPROCESSABLE_ENTITY);
    app.stop().await;
}

#[actix_rt::test]
async fn a_stranger_who_registers_first_gains_nothing() {
    let app = strict(&[]).await;
    register(&app, BOB, "the stranger's own password").await;
    mails(&app, BOB, 1).await;
    app.advance(SECOND);
    register(&app, BOB, PASSWORD).await;
    let (_, token) = link(&mails(&app, BOB, 2).await[1]);
    let body = json!({"token": token, "new_password": PASSWORD});
    assert_eq!(outcome(&app, "password/reset", body).await, DONE);
    assert_eq!(login(&app, BOB, PASSWORD).await.0, StatusCode::OK);
    assert_eq!(login(&app, BOB, "the stranger's own password").await.0, StatusCode::UNAUTHORIZED);
    app.stop().await;
}

#[actix_rt::test]
async fn registering_closed_says_so_here_too() {
    let app = strict(&[("auth.registration", "closed")]).await;
    let (status, problem) = register(&app, BOB, PASSWORD).await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("registration_closed")));
    app.stop().await;
}

#[actix_rt::test]
async fn who_was_added_by_the_operator_needs_no_mail() {
    let dir = Arc::new(TempDir::new().unwrap());
    let config = Config::for_test(dir.path(), &[REQUIRED]).unwrap();
    let newcomer = Newcomer { email: BOB.into(), password: PASSWORD.into(), name: "Bob".into(), role: None };
    assert!(tocsin::app::add_user(&config, newcomer).await.unwrap().email_verified);
    let clock = Arc::new(SimulatedClock::at(Timestamp::parse_rfc3339("2026-11-24T08:00:30Z").unwrap()));
    let app = TestApp::on(dir, clock, &[REQUIRED]).await;
    assert_eq!(login(&app, BOB, PASSWORD).await.0, StatusCode::OK);
    assert_eq!(mails_at_the_end(app, BOB).await, 0);
}
