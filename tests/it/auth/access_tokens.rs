//! Access tokens, as somebody else would check them.

use std::time::Duration;

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{ME, REFRESH, TestApp, refresh, sign_in, text};

/// What a token consists of: header, payload, signature.
pub(super) fn parts(token: &str) -> (Value, Value, Vec<u8>) {
    let bytes: Vec<Vec<u8>> = token.split('.').map(|part| BASE64.decode(part).unwrap()).collect();
    let [header, payload, signature] = bytes.try_into().unwrap();
    (serde_json::from_slice(&header).unwrap(), serde_json::from_slice(&payload).unwrap(), signature)
}

/// The one key that is published.
pub(super) async fn jwk(app: &TestApp) -> Value {
    let (status, set) = app.ask(Method::GET, "/.well-known/jwks.json", None).await;
    assert_eq!((status, set["keys"].as_array().map(Vec::len)), (StatusCode::OK, Some(1)), "{set}");
    set["keys"][0].clone()
}

/// What `GET /me` says to a token.
pub(super) async fn answers(app: &TestApp, token: &str) -> StatusCode {
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
    let claims: Vec<&str> = payload.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(claims, ["aud", "exp", "iat", "iss", "jti", "name", "nbf", "role", "sid", "sub", "typ"]);
    let (_, again, _) = parts(&text(&refresh(&app, &sign_in(&app).await).await.1, "access_token"));
    assert_ne!(again["jti"], payload["jti"]);
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
