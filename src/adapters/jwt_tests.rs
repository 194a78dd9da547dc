//! What passes, and everything that must not.

use std::path::Path;
use std::time::Duration;

use aws_lc_rs::signature::Ed25519KeyPair;
use serde_json::{Value, json};
use tocsin_actors::domain::{SessionId, UserId};
use tocsin_actors::ports::AccessTokens as _;

use super::super::signing_keys::{KeyFiles, Rotation, Schedule};
use super::*;

const ISSUER: &str = "https://tocsin.example.org";

fn files(dir: &Path) -> KeyFiles {
    let (notice, access) = (Duration::from_secs(600), Duration::from_secs(600));
    KeyFiles::new(dir, Schedule { every: None, notice, access })
}

fn open(dir: &Path) -> AccessTokens {
    AccessTokens::new(Arc::new(KeyRing::open(files(dir), now()).unwrap()), ISSUER.into())
}

fn now() -> Timestamp {
    Timestamp::clamped(1_764_000_000_500)
}

fn claims() -> Claims {
    let expires_at = Timestamp::clamped(1_764_000_600_000);
    Claims {
        user_id: UserId::new(now()),
        session_id: SessionId::new(now()),
        role: Role::Admin,
        name: "Zoë".into(),
        expires_at,
    }
}

fn encoded(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// The token with header and body changed, signed anew with the real key.
fn forged(dir: &Path, token: &str, header: impl Fn(&mut Value), body: impl Fn(&mut Value)) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let (mut head, mut claims) = (decoded(parts[0]), decoded(parts[1]));
    header(&mut head);
    body(&mut claims);
    let signed = format!("{}.{}", encoded(&head), encoded(&claims));
    let pair =
        Ed25519KeyPair::from_pkcs8(&std::fs::read(dir.join(format!("access-{}.pk8", now().as_millis()))).unwrap())
            .unwrap();
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(pair.sign(signed.as_bytes())))
}

#[test]
fn our_own_token_passes_until_it_expires() {
    let dir = tempfile::tempdir().unwrap();
    let tokens = open(dir.path());
    let token = tokens.issue(&claims(), now()).unwrap();
    assert_eq!(tokens.verify(&token, now()).map(|c| (c.name, c.role)), Ok(("Zoë".into(), Role::Admin)));
    let again = open(dir.path());
    assert!(again.verify(&token, now()).is_ok(), "the key is kept");
    let end = claims().expires_at;
    assert!(tokens.verify(&token, end.plus(Duration::from_secs(4))).is_ok());
    assert_eq!(tokens.verify(&token, end.plus(Duration::from_secs(5))), Err(TokenRefused));
    assert_eq!(tokens.verify(&token, now().minus(Duration::from_secs(60))), Err(TokenRefused), "not yet");
}

#[test]
fn everything_else_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let tokens = open(dir.path());
    let token = tokens.issue(&claims(), now()).unwrap();
    let same = |_: &mut Value| {};
    assert!(tokens.verify(&forged(dir.path(), &token, same, same), now()).is_ok(), "the forger's tool works");
    let set = |name: &'static str, value: Value| move |json: &mut Value| json[name] = value.clone();
    for (name, value) in [
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("typ", json!("JWT")),
        ("kid", json!("another")),
        ("crit", json!(["exp"])),
        ("jku", json!("https://evil.example.org/jwks.json")),
        ("jwk", json!({"kty": "OKP"})),
        ("x5u", json!("https://evil.example.org/cert")),
    ] {
        let bad = forged(dir.path(), &token, set(name, value.clone()), same);
        assert_eq!(tokens.verify(&bad, now()), Err(TokenRefused), "header {name}: {value}");
    }
    for (name, value) in [
        ("iss", json!("https://evil.example.org")),
        ("aud", json!("another")),
        ("aud", json!(null)),
        ("typ", json!("refresh")),
        ("sub", json!("not an id")),
        ("exp", json!(null)),
        ("exp", json!(1_763_999_000)),
        ("exp", json!(i64::MAX)),
        ("nbf", json!(1_764_000_100)),
        ("role", json!("emperor")),
    ] {
        let bad = forged(dir.path(), &token, same, set(name, value.clone()));
        assert_eq!(tokens.verify(&bad, now()), Err(TokenRefused), "claim {name}: {value}");
    }
    let unsigned = token.rsplit_once('.').unwrap().0;
    for bad in ["", "..", "a.b.c", &format!("{unsigned}."), &format!("{unsigned}.AAAA"), &"x".repeat(10_000)] {
        assert_eq!(tokens.verify(bad, now()), Err(TokenRefused), "{bad}");
    }
}

#[test]
fn a_key_confused_with_a_secret_signs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let tokens = open(dir.path());
    let token = tokens.issue(&claims(), now()).unwrap();
    let jwk = tokens.keys.jwks(now())["keys"][0].clone();
    let public = BASE64_URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap();
    let body = token.split('.').nth(1).unwrap();
    let head = encoded(&json!({"alg": "HS256", "typ": TYPE, "kid": jwk["kid"]}));
    let signed = format!("{head}.{body}");
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &public);
    let signature = BASE64_URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&key, signed.as_bytes()));
    assert_eq!(tokens.verify(&format!("{signed}.{signature}"), now()), Err(TokenRefused));
}

#[test]
fn each_token_is_checked_with_the_key_that_it_names() {
    let dir = tempfile::tempdir().unwrap();
    let tokens = open(dir.path());
    let old = tokens.issue(&claims(), now()).unwrap();
    let later = now().plus(Duration::from_secs(1));
    files(dir.path()).rotate(Rotation::Now, later).unwrap();
    assert_eq!(tokens.keys.follow(later), Ok(false), "no key was revoked");
    let new = tokens.issue(&claims(), later).unwrap();
    let kid = |token: &str| decoded(token.split('.').next().unwrap())["kid"].clone();
    assert_ne!(kid(&old), kid(&new));
    assert!(tokens.verify(&old, later).is_ok() && tokens.verify(&new, later).is_ok());
    let renamed = encoded(&json!({"alg": "EdDSA", "typ": TYPE, "kid": kid(&old)}));
    let (_, rest) = new.split_once('.').unwrap();
    assert_eq!(tokens.verify(&format!("{renamed}.{rest}"), later), Err(TokenRefused));

    files(dir.path()).rotate(Rotation::Revoking, later).unwrap();
    assert_eq!(tokens.keys.follow(later), Ok(true));
    assert_eq!((tokens.verify(&old, later), tokens.verify(&new, later)), (Err(TokenRefused), Err(TokenRefused)));
    assert!(tokens.verify(&tokens.issue(&claims(), later).unwrap(), later).is_ok());
}
