//! How often a code may be wrong.

use reqwest::header::RETRY_AFTER;

use super::*;

/// A sign-in: the status, and how long to wait.
async fn attempt(app: &TestApp, otp: &str) -> (u16, Option<u64>) {
    let body = json!({"email": ADA, "password": PASSWORD, "otp": otp});
    let answer = answer(app.request(&Method::POST, "/api/v1/auth/login").json(&body)).await;
    let wait = answer.headers.get(RETRY_AFTER).map(|wait| wait.to_str().unwrap().parse().unwrap());
    if answer.status == 429 {
        assert_eq!(answer.problem().1, "too_many_attempts");
    }
    (answer.status, wait)
}

async fn guess(app: &TestApp, factor: &Factor, times: usize) {
    for _ in 0..times {
        assert_eq!(attempt(app, &factor.wrong(app)).await, (401, None));
    }
}

#[actix_rt::test]
async fn wrong_codes_wait_longer_each_time_and_a_recovery_code_does_not_wait() {
    let sets = [("auth.otp_attempts", "3")];
    let app = TestApp::with(&sets).await;
    let factor = Factor::of(&app, &app.token).await;
    app.advance(STEP * 2);
    guess(&app, &factor, 3).await;
    let (status, wait) = attempt(&app, &factor.code(&app, 0)).await;
    assert_eq!((status, wait), (429, Some(61)), "the right one neither, or guessing goes on");
    // Who has not found out the password learns nothing of it.
    let body = json!({"email": ADA, "password": "not the password", "otp": factor.code(&app, 0)});
    let other = ask(&app, "", Method::POST, "/api/v1/auth/login", body).await;
    assert_eq!(other, refused(401, "invalid_credentials"));

    // A restart forgets nothing; a minute later there is one try, and then two minutes.
    let (dir, clock, token) = app.stop().await;
    let mut app = TestApp::on(dir, clock, &sets).await;
    app.token = token;
    app.advance(Duration::from_secs(59));
    assert_eq!(attempt(&app, &factor.code(&app, 0)).await, (429, Some(2)));
    app.advance(Duration::from_secs(1));
    guess(&app, &factor, 1).await;
    assert_eq!(attempt(&app, &factor.code(&app, 0)).await, (429, Some(121)));

    // It is one count, wherever a code is asked for.
    for path in ["/disable", "/recovery-codes"] {
        let body = json!({"otp": factor.code(&app, 0)});
        assert_eq!(post(&app, &app.token, path, body).await, refused(429, "too_many_attempts"), "{path}");
    }
    // Whoever guesses does not shut out the owner.
    assert_eq!(attempt(&app, "aaaaa-aaaaa").await, (401, None));
    assert_eq!(attempt(&app, &factor.codes[0]).await.0, 200);
    guess(&app, &factor, 2).await;
    assert_eq!(attempt(&app, &factor.code(&app, 0)).await.0, 200, "counted from the start again");
    guess(&app, &factor, 3).await;
    app.advance(Duration::from_secs(60));
    assert_eq!(attempt(&app, &factor.code(&app, 0)).await.0, 200, "after the wait");
    app.stop().await;
}

#[actix_rt::test]
async fn whoever_has_an_access_token_does_not_guess_without_end() {
    let app = TestApp::with(&[("auth.otp_attempts", "2")]).await;
    let factor = Factor::of(&app, &app.token).await;
    app.advance(STEP * 2);
    for path in ["/disable", "/recovery-codes"] {
        let body = json!({"otp": factor.wrong(&app)});
        assert_eq!(post(&app, &app.token, path, body).await, refused(422, "invalid_otp"), "{path}");
    }
    let body = json!({"otp": factor.code(&app, 0)});
    assert_eq!(post(&app, &app.token, "/disable", body).await, refused(429, "too_many_attempts"));
    app.stop().await;

    // Recovery codes and passwords count as attempts at the account do.
    for (path, body, status) in [
        ("", json!({"password": "not the password"}), 401),
        ("/disable", json!({"otp": "aaaaa-aaaaa"}), 422),
        ("/recovery-codes", json!({"otp": "aaaaa-aaaaa"}), 422),
    ] {
        let app = TestApp::with(&[("auth.attempts_per_account", "4")]).await;
        if !path.is_empty() {
            Factor::of(&app, &app.token).await;
            app.advance(Duration::from_secs(60));
        }
        for _ in 0..4 {
            assert_eq!(post(&app, &app.token, path, body.clone()).await.0, status, "{path}");
        }
        assert_eq!(post(&app, &app.token, path, body).await, refused(429, "too_many_attempts"), "{path}");
        app.stop().await;
    }
}
