//! Access tokens, as somebody else's library would check them, and as an attacker would make them.

use std::time::Duration;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{ME, REFRESH, TestApp, sign_in, text};

/// What a token consists of: header, payload, signature.
fn parts(token: &str) -> (Value, Value, Vec<u8>) {
    let bytes: Vec<Vec<u8>> = token.split('.').map(|part| BASE64.decode(part).unwrap()).collect();
    let [header, payload, signature] = bytes.try_into().unwrap();
    (serde_json::from_slice(&header).unwrap(), serde_json::from_slice(&payload).unwrap(), signature)
}

fn signed(header: &Value, payload: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let message = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(payload.to_string()));
    let signature = BASE64.encode(sign(message.as_bytes()));
    format!("{message}.{signature}")
}

async fn jwk(app: &TestApp) -> Value {
    let (status, set) = app.ask(Method::GET, "/.well-known/jwks.json", None).await;
    assert_eq!((status, set["keys"].as_array().map(Vec::len)), (StatusCode::OK, Some(1)), "{set}");
    set["keys"][0].clone()
}

async fn answers(app: &TestApp, token: &str) -> StatusCode {
    let bearer = app.http.get(format!("http://{}{ME}", app.addr)).bearer_auth(token).send().await.unwrap();
    bearer.status()
}

#[actix_rt::test]
async fn the_published_key_verifies_and_tells_nothing_private() {
    let app = TestApp::start().await;
    let key = jwk(&app).await;
    for private in ["d", "k", "p", "q"] {
        assert!(key.get(private).is_none(), "{key}");
    }
    let (header, payload, signature) = parts(&app.token);
    assert_eq!(header, json!({"alg": "EdDSA", "typ": "at+jwt", "kid": key["kid"]}));
    let (message, _) = app.token.rsplit_once('.').unwrap();
    let public = BASE64.decode(text(&key, "x")).unwrap();
    assert!(UnparsedPublicKey::new(&ED25519, &public).verify(message.as_bytes(), &signature).is_ok());
    assert!(UnparsedPublicKey::new(&ED25519, &public).verify(b"other", &signature).is_err());
    let times = (payload["exp"].as_i64().unwrap() - payload["iat"].as_i64().unwrap(), &payload["iss"]);
    assert_eq!(times, (600, &json!("http://localhost")));
    app.stop().await;
}

#[actix_rt::test]
async fn forged_tokens_are_refused() {
    let app = TestApp::start().await;
    let (header, payload, _) = parts(&app.token);
    let pkcs8 = std::fs::read(app.dir.path().join("keys/access.pk8")).unwrap();
    let own = Ed25519KeyPair::from_pkcs8(&pkcs8).unwrap();
    let ours = |message: &[u8]| own.sign(message).as_ref().to_vec();
    let with = |value: &Value, name: &str, new: Value| {
        let mut value = value.clone();
        value[name] = new;
        value
    };
    assert_eq!(answers(&app, &signed(&header, &payload, ours)).await, StatusCode::OK, "forging works at all");

    let x = text(&jwk(&app).await, "x");
    let none = |_: &[u8]| Vec::new();
    let mut forged = Vec::new();
    for alg in ["none", "None", "NONE", ""] {
        forged.push(signed(&with(&header, "alg", json!(alg)), &payload, none));
    }
    forged.push(signed(&header, &payload, none));
    for secret in [x.as_bytes().to_vec(), BASE64.decode(&x).unwrap()] {
        let mac = |message: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), message).as_ref().to_vec();
        forged.push(signed(&with(&header, "alg", json!("HS256")), &payload, mac));
        forged.push(signed(&header, &payload, mac));
    }
    let foreign = Ed25519KeyPair::generate().unwrap();
    let by_foreign = |message: &[u8]| foreign.sign(message).as_ref().to_vec();
    forged.push(signed(&header, &payload, by_foreign));
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": x});
    for (name, value) in [
        ("typ", json!("JWT")),
        ("typ", Value::Null),
        ("kid", json!("another")),
        ("crit", json!(["exp"])),
        ("jwk", jwk),
        ("jku", json!("https://evil.example.org/jwks.json")),
    ] {
        forged.push(signed(&with(&header, name, value), &payload, ours));
    }
    for (name, value) in [
        ("typ", json!("refresh")),
        ("aud", json!("another")),
        ("iss", json!("https://evil.example.org")),
        ("exp", json!(payload["iat"].as_i64().unwrap() - 600)),
        ("exp", Value::Null),
        ("nbf", json!(payload["iat"].as_i64().unwrap() + 600)),
        ("sub", json!("ada@example.org")),
        ("role", json!("emperor")),
    ] {
        forged.push(signed(&header, &with(&payload, name, value), ours));
    }
    let (message, signature) = app.token.rsplit_once('.').unwrap();
    let (start, _) = message.split_once('.').unwrap();
    let other = BASE64.encode(with(&payload, "role", json!("member")).to_string());
    forged.extend([format!("{start}.{other}.{signature}"), message.to_owned(), format!("{}.", app.token)]);
    for token in forged {
        assert_eq!(answers(&app, &token).await, StatusCode::UNAUTHORIZED, "{token}");
    }
    // A refresh token opens nothing but the next pair.
    assert_eq!(answers(&app, &sign_in(&app).await).await, StatusCode::UNAUTHORIZED);
    app.stop().await;
}

#[actix_rt::test]
async fn an_access_token_expires_and_the_sign_in_goes_on() {
    let app = TestApp::start().await;
    let token = sign_in(&app).await;
    app.advance(Duration::from_secs(600));
    assert_eq!(answers(&app, &app.token).await, StatusCode::OK, "clocks may differ by five seconds");
    app.advance(Duration::from_secs(5));
    assert_eq!(answers(&app, &app.token).await, StatusCode::UNAUTHORIZED);
    let (status, next) = app.ask(Method::POST, REFRESH, Some(json!({"refresh_token": token}))).await;
    assert_eq!(status, StatusCode::OK, "{next}");
    assert_eq!(answers(&app, &text(&next, "access_token")).await, StatusCode::OK);
    app.stop().await;
}
