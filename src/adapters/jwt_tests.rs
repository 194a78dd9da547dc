//! What passes, and everything that must not.

use std::time::Duration;

use tocsin_actors::domain::{SessionId, UserId};
use tocsin_actors::ports::AccessTokens as _;

use super::*;

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
    let pair = Ed25519KeyPair::from_pkcs8(&std::fs::read(dir.join(FILE)).unwrap()).unwrap();
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(pair.sign(signed.as_bytes())))
}

#[test]
fn our_own_token_passes_until_it_expires() {
    let dir = tempfile::tempdir().unwrap();
    let tokens = AccessTokens::open(dir.path(), "https://tocsin.example.org".into()).unwrap();
    let token = tokens.issue(&claims(), now()).unwrap();
    assert_eq!(tokens.verify(&token, now()).map(|c| (c.name, c.role)), Ok(("Zoë".into(), Role::Admin)));
    let again = AccessTokens::open(dir.path(), "https://tocsin.example.org".into()).unwrap();
    assert!(again.verify(&token, now()).is_ok(), "the key is kept");
    let end = claims().expires_at;
    assert!(tokens.verify(&token, end.plus(Duration::from_secs(4))).is_ok());
    assert_eq!(tokens.verify(&token, end.plus(Duration::from_secs(5))), Err(TokenRefused));
    assert_eq!(tokens.verify(&token, now().minus(Duration::from_secs(60))), Err(TokenRefused), "not yet");
}

#[test]
fn everything_else_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let tokens = AccessTokens::open(dir.path(), "https://tocsin.example.org".into()).unwrap();
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
    let tokens = AccessTokens::open(dir.path(), "i".into()).unwrap();
    let token = tokens.issue(&claims(), now()).unwrap();
    let public = BASE64_URL_SAFE_NO_PAD.decode(&tokens.public).unwrap();
    let body = token.split('.').nth(1).unwrap();
    let head = encoded(&json!({"alg": "HS256", "typ": TYPE, "kid": tokens.kid}));
    let signed = format!("{head}.{body}");
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &public);
    let signature = BASE64_URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&key, signed.as_bytes()));
    assert_eq!(tokens.verify(&format!("{signed}.{signature}"), now()), Err(TokenRefused));
}

#[test]
fn the_key_set_has_the_public_half_only() {
    let dir = tempfile::tempdir().unwrap();
    let set = AccessTokens::open(dir.path(), "i".into()).unwrap().jwks();
    let key = &set["keys"][0];
    assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA")));
    assert!(key.get("d").is_none());
    std::fs::write(dir.path().join(FILE), b"rubbish").unwrap();
    assert!(AccessTokens::open(dir.path(), "i".into()).is_err_and(|error| error.contains("damaged")));
}
