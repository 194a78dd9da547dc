//! A service in Python checks our tokens with its usual library and the published keys: `tests/python/verify_token.py`.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tocsin_actors::ports::Clock as _;

use super::key_rotation::{kid, new_token, published_are};
use super::{TestApp, sign_in};
use crate::support::smtp::python;
use crate::support::soon;

/// Runs until it is dropped.
struct Service {
    process: Child,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Service {
    fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut process = Command::new(python(root))
            .arg(root.join("tests/python/verify_token.py"))
            .env("no_proxy", "*")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, answers }
    }

    /// What it makes of a token of this server.
    async fn check(mut self, app: &TestApp, token: &str, issuer: &str) -> (Self, Value) {
        let jwks = format!("http://{}/.well-known/jwks.json", app.addr);
        let now = app.clock.now().as_millis() / 1_000;
        let line = json!({"jwks": jwks, "issuer": issuer, "token": token, "now": now});
        let asked = actix_rt::task::spawn_blocking(move || {
            writeln!(self.process.stdin.as_mut().unwrap(), "{line}").unwrap();
            let answer = self.answers.next().expect("it ended; its standard error says why").unwrap();
            (self, serde_json::from_str(&answer).unwrap())
        });
        soon("what Python makes of it", asked).await.unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const ISSUER: &str = "http://localhost";

#[actix_rt::test]
async fn a_service_in_python_takes_our_tokens_before_and_after_a_rotation() {
    let app = TestApp::start().await;
    let mut answer;
    let mut service = Service::start();
    (service, answer) = service.check(&app, &app.token, ISSUER).await;
    assert_eq!((&answer["kid"], &answer["claims"]["iss"]), (&json!(kid(&app.token)), &json!(ISSUER)), "{answer}");
    assert_eq!((&answer["claims"]["aud"], &answer["claims"]["typ"]), (&json!("tocsin"), &json!("access")));
    (service, answer) = service.check(&app, &app.token, "https://evil.example.org").await;
    assert_eq!(answer, json!({"error": "InvalidIssuerError"}));
    let (message, signature) = app.token.rsplit_once('.').unwrap();
    (service, answer) = service.check(&app, &format!("{message}.{}", "A".repeat(signature.len())), ISSUER).await;
    assert_eq!(answer, json!({"error": "InvalidSignatureError"}));
    (service, answer) = service.check(&app, &sign_in(&app).await, ISSUER).await;
    assert_eq!(answer, json!({"error": "DecodeError"}), "a refresh token");

    let old = app.token.clone();
    app.advance(Duration::from_secs(90 * 24 * 3_600 - 600));
    let both = published_are(&app, 2).await;
    app.advance(Duration::from_secs(301));
    (service, answer) = service.check(&app, &new_token(&app).await, ISSUER).await;
    assert_eq!(answer["kid"], json!(both[0]), "{answer}");
    // Its copy of the keys is good for five minutes, and it asks no more often than that: it has the next one.
    app.advance(Duration::from_secs(299));
    let new = new_token(&app).await;
    assert_eq!((kid(&old), kid(&new)), (both[0].clone(), both[1].clone()));
    (service, answer) = service.check(&app, &new, ISSUER).await;
    assert_eq!((&answer["kid"], &answer["claims"]["role"]), (&json!(both[1]), &json!("owner")), "{answer}");
    (_, answer) = service.check(&app, &old, ISSUER).await;
    assert_eq!(answer, json!({"error": "ExpiredSignatureError"}), "its key is published still");
    app.stop().await;
}
