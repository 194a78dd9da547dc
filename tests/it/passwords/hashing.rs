//! How passwords are kept, and that all of a password counts however it is typed.

use super::*;

/// The stored hash of Ada's password.
fn stored(app: &TestApp) -> String {
    let database = rusqlite::Connection::open(app.dir.path().join("tocsin.db")).unwrap();
    database.query_row("SELECT password_hash FROM users WHERE email = ?1", [ADA], |row| row.get(0)).unwrap()
}

#[actix_rt::test]
async fn a_password_is_hashed_again_when_it_is_used_and_the_parameters_have_changed() {
    let app = TestApp::with(&[("auth.scrypt_log_n", "10")]).await;
    let before = stored(&app);
    assert!(before.starts_with("$scrypt$ln=10,r=8,p=1$") && !before.contains(PASSWORD), "{before}");
    assert_eq!(login(&app, ADA, PASSWORD).await.0, StatusCode::OK);
    assert_eq!(stored(&app), before, "there is no need");

    let (dir, clock, _) = app.stop().await;
    let app = TestApp::on(dir, clock, &[("auth.scrypt_log_n", "11")]).await;
    assert_eq!(login(&app, ADA, "not the password").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(stored(&app), before, "a wrong one changes nothing");
    assert_eq!(login(&app, ADA, PASSWORD).await.0, StatusCode::OK);
    let after = stored(&app);
    assert!(after.starts_with("$scrypt$ln=11,r=8,p=1$"), "{after}");
    assert_eq!(login(&app, ADA, PASSWORD).await.0, StatusCode::OK);
    assert_eq!(stored(&app), after);
    app.stop().await;
}

#[actix_rt::test]
async fn composed_or_not_it_is_the_same_password() {
    let app = TestApp::start().await;
    // NFC here, NFD there, and the wide letters of another keyboard.
    let (composed, apart, wide) =
        ("çà et là, Ångström", "c\u{327}a\u{300} et la\u{300}, A\u{30a}ngstro\u{308}m", "ｃ\u{327}à et là, Ångström");
    let change = json!({"current_password": PASSWORD, "new_password": apart});
    assert_eq!(outcome(&app, "password", change).await, DONE);
    for typed in [composed, apart, wide] {
        assert_eq!(login(&app, ADA, typed).await.0, StatusCode::OK, "{typed}");
    }
    assert_eq!(login(&app, ADA, "ca et la, Angstrom").await.0, StatusCode::UNAUTHORIZED);
    app.stop().await;
}
