//! Access tokens as an attacker would make them, and credentials where they do not belong. Nobody is signed in.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD as BASE64};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::access_tokens::{answers, jwk, parts};
use super::{LOGOUT, REFRESH, TestApp, refresh, sign_in, text};
use crate::passwords::reset_token;
use crate::support::viewer::Viewer;

/// An owner's token, the key that made it, and a stranger's key.
struct Forge {
    app: TestApp,
    header: Value,
    payload: Value,
    own: Ed25519KeyPair,
    foreign: Ed25519KeyPair,
}

fn with(value: &Value, name: &str, new: Value) -> Value {
    let mut value = value.clone();
    value[name] = new;
    value
}

fn without(value: &Value, name: &str) -> Value {
    let mut value = value.clone();
    assert!(value.as_object_mut().unwrap().remove(name).is_some(), "there is a {name}");
    value
}

/// A token of these two texts, signed in some way.
fn signed(header: &str, payload: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let message = format!("{}.{}", BASE64.encode(header), BASE64.encode(payload));
    let signature = BASE64.encode(sign(message.as_bytes()));
    format!("{message}.{signature}")
}

/// The JSON object with one more member, the name of which may be there already; first or last.
fn twice(value: &Value, member: &str) -> [String; 2] {
    let text = value.to_string();
    let inner = &text[1..text.len() - 1];
    [format!("{{{member},{inner}}}"), format!("{{{inner},{member}}}")]
}

impl Forge {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let (header, payload, _) = parts(&app.token);
        let mut files = std::fs::read_dir(app.dir.path().join("keys")).unwrap().map(|entry| entry.unwrap().path());
        let key = files.find(|path| path.extension().is_some_and(|it| it == "pk8")).unwrap();
        let own = Ed25519KeyPair::from_pkcs8(&std::fs::read(key).unwrap()).unwrap();
        let forge = Self { app, header, payload, own, foreign: Ed25519KeyPair::generate().unwrap() };
        let good = forge.ours(&forge.header, &forge.payload);
        assert_eq!(answers(&forge.app, &good).await, StatusCode::OK, "forging works at all");
        forge
    }

    /// Signed with the real key.
    fn ours(&self, header: &Value, payload: &Value) -> String {
        self.ours_raw(&header.to_string(), &payload.to_string())
    }

    fn ours_raw(&self, header: &str, payload: &str) -> String {
        signed(header, payload, |message| self.own.sign(message).as_ref().to_vec())
    }

    /// Signed with the stranger's key.
    fn theirs(&self, header: &Value) -> String {
        signed(&header.to_string(), &self.payload.to_string(), |message| self.foreign.sign(message).as_ref().to_vec())
    }

    /// Each is refused, over HTTP and, for one of them, on a socket; then the server stops.
    async fn refuses(self, forged: Vec<String>) {
        for token in &forged {
            assert_eq!(answers(&self.app, token).await, StatusCode::UNAUTHORIZED, "{token}");
        }
        let mut socket = Viewer::connect(self.app.addr).await;
        socket.send(json!({"type": "auth", "token": forged[0]})).await;
        assert_eq!(socket.closed().await, 4401);
        assert_eq!(answers(&self.app, &self.app.token).await, StatusCode::OK, "the owner is not disturbed");
        self.app.stop().await;
    }
}

#[actix_rt::test]
async fn without_a_signature() {
    let forge = Forge::start().await;
    let mut forged = Vec::new();
    let (_, real) = forge.app.token.rsplit_once('.').unwrap();
    for alg in ["none", "None", "NONE", "nOnE", " none", "", "eddsa", "Ed25519", "HS256", "RS256", "ES256"] {
        let header = with(&forge.header, "alg", json!(alg)).to_string();
        let unsigned = signed(&header, &forge.payload.to_string(), |_| Vec::new());
        forged.extend([unsigned.trim_end_matches('.').to_owned(), format!("{unsigned}{real}"), unsigned]);
        forged.push(forge.ours_raw(&header, &forge.payload.to_string()));
    }
    for alg in [json!(null), json!(["EdDSA"]), json!(0)] {
        forged.push(forge.ours(&with(&forge.header, "alg", alg), &forge.payload));
    }
    forged.push(forge.ours(&without(&forge.header, "alg"), &forge.payload));
    let (message, signature) = forge.app.token.rsplit_once('.').unwrap();
    let (start, _) = message.split_once('.').unwrap();
    let other = BASE64.encode(with(&forge.payload, "role", json!("admin")).to_string());
    forged.extend([
        message.to_owned(),
        format!("{message}."),
        format!("{message}.{}", &signature[1..]),
        format!("{message}.{signature}.{signature}"),
        format!("{message}.{signature}="),
        format!("{message}.{}", BASE64.encode([0; 64])),
        format!("{start}.{other}.{signature}"),
        format!("{}x", "y".repeat(5_000)),
        "..".to_owned(),
    ]);
    forge.refuses(forged).await;
}

#[actix_rt::test]
async fn with_the_public_key_as_a_secret() {
    let forge = Forge::start().await;
    let jwk = jwk(&forge.app).await;
    let x = text(&jwk, "x");
    let raw = BASE64.decode(&x).unwrap();
    // RFC 8410: SubjectPublicKeyInfo of Ed25519 is this and the key.
    let der = [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00][..], &raw].concat();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64_STANDARD.encode(&der));
    let secrets = [
        raw,
        x.into_bytes(),
        der,
        pem.trim_end().as_bytes().to_vec(),
        pem.into_bytes(),
        jwk.to_string().into_bytes(),
        json!({"keys": [jwk]}).to_string().into_bytes(),
        Vec::new(),
    ];
    let mut forged = Vec::new();
    for secret in secrets {
        for (alg, hash) in [
            ("HS256", hmac::HMAC_SHA256),
            ("HS384", hmac::HMAC_SHA384),
            ("HS512", hmac::HMAC_SHA512),
            ("EdDSA", hmac::HMAC_SHA256),
        ] {
            let header = with(&forge.header, "alg", json!(alg)).to_string();
            let mac = |message: &[u8]| hmac::sign(&hmac::Key::new(hash, &secret), message).as_ref().to_vec();
            forged.push(signed(&header, &forge.payload.to_string(), mac));
        }
    }
    forge.refuses(forged).await;
}

#[actix_rt::test]
async fn with_a_header_that_brings_its_own_key() {
    let forge = Forge::start().await;
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": BASE64.encode(forge.foreign.public_key().as_ref())});
    let mut forged = vec![forge.theirs(&forge.header)];
    for (name, value) in [
        ("jwk", jwk.clone()),
        ("jku", json!("http://127.0.0.1:1/jwks.json")),
        ("x5u", json!("http://127.0.0.1:1/cert.pem")),
        ("x5c", json!(["MCowBQYDK2VwAyEA"])),
        ("x5t", json!("AAAA")),
        ("x5t#S256", json!("AAAA")),
        ("crit", json!(["exp"])),
        ("crit", json!(["urn:example:unknown"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
        ("typ", json!("JWT")),
        ("typ", json!("application/at+jwt")),
        ("typ", json!("AT+JWT")),
        ("typ", json!(null)),
    ] {
        let header = with(&forge.header, name, value);
        forged.extend([forge.theirs(&header), forge.ours(&header, &forge.payload)]);
        forged.push(forge.theirs(&with(&header, "kid", json!("mine"))));
    }
    for kid in [
        json!("another"),
        json!("../../keys/access"),
        json!("../../../../../../dev/null"),
        json!("/dev/null"),
        json!("access.pk8"),
        json!("x' OR '1'='1"),
        json!("a\u{0}b"),
        json!(""),
        json!(null),
        json!(0),
        json!([forge.header["kid"]]),
        json!(text(&forge.header, "kid").to_lowercase()),
        json!("k".repeat(3_000)),
    ] {
        let header = with(&forge.header, "kid", kid);
        forged.extend([forge.theirs(&header), forge.ours(&header, &forge.payload)]);
    }
    for name in ["typ", "kid"] {
        forged.push(forge.ours(&without(&forge.header, name), &forge.payload));
    }
    for member in [r#""alg":"none""#, r#""alg":"EdDSA""#, r#""kid":"another""#] {
        forged.extend(twice(&forge.header, member).iter().map(|head| forge.ours_raw(head, &forge.payload.to_string())));
    }
    for head in ["", "null", "[]", "{", "\u{feff}{}"] {
        forged.push(forge.ours_raw(head, &forge.payload.to_string()));
    }
    forge.refuses(forged).await;
}

#[actix_rt::test]
async fn with_claims_that_are_not_as_we_write_them() {
    let forge = Forge::start().await;
    let iat = forge.payload["iat"].as_i64().unwrap();
    let exp = forge.payload["exp"].as_i64().unwrap();
    let mut forged = Vec::new();
    for (name, value) in [
        ("typ", json!("refresh")),
        ("typ", json!(null)),
        ("aud", json!("another")),
        ("aud", json!("Tocsin")),
        ("aud", json!([])),
        ("aud", json!(["another", "tocsin"])),
        ("aud", json!(null)),
        ("iss", json!("https://evil.example.org")),
        ("iss", json!("http://localhost/")),
        ("iss", json!(null)),
        ("exp", json!(iat - 600)),
        ("exp", json!(exp.to_string())),
        ("exp", json!(exp as f64 + 0.5)),
        ("exp", json!(exp as f64)),
        ("exp", json!(-1)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(1e300)),
        ("exp", json!(true)),
        ("exp", json!(null)),
        ("nbf", json!(iat + 600)),
        ("nbf", json!(iat.to_string())),
        ("nbf", json!(null)),
        ("sub", json!("ada@example.org")),
        ("sub", json!("")),
        ("sub", json!(null)),
        ("sid", json!("x")),
        ("role", json!("emperor")),
        ("role", json!(["owner"])),
    ] {
        forged.push(forge.ours(&forge.header, &with(&forge.payload, name, value)));
    }
    for name in ["exp", "nbf", "iss", "aud", "sub", "sid", "typ", "role"] {
        forged.push(forge.ours(&forge.header, &without(&forge.payload, name)));
    }
    let far = format!(r#""exp":{}"#, exp + 600);
    for member in [far.as_str(), r#""role":"owner""#, r#""sub":"x""#, r#""aud":"tocsin""#] {
        let both = twice(&forge.payload, member);
        forged.extend(both.iter().map(|body| forge.ours_raw(&forge.header.to_string(), body)));
    }
    for body in ["", "null", "[]", "{}"] {
        forged.push(forge.ours_raw(&forge.header.to_string(), body));
    }
    forge.refuses(forged).await;
}

#[actix_rt::test]
async fn a_credential_where_another_belongs_opens_nothing() {
    let app = TestApp::start().await;
    let sign_in = sign_in(&app).await;
    let link = reset_token(&app, 1).await;
    let api_key = app.api_key(&["documents:read"]).await;
    let access = app.token.clone();
    let count = async || app.ask(Method::GET, "/api/v1/auth/sessions", None).await.1["items"].as_array().unwrap().len();
    let before = count().await;

    let prefixed = |prefix: &str, token: &str| format!("{prefix}{token}");
    for token in [
        sign_in.clone(),
        link.clone(),
        prefixed("tcs_", &access),
        prefixed("tcs_", &sign_in),
        prefixed("tcs_", &link),
        prefixed("tcr_", &access),
        "tcs_".to_owned(),
        format!("{api_key}x"),
        api_key[..api_key.len() - 1].to_owned(),
        api_key.to_uppercase(),
    ] {
        assert_eq!(answers(&app, &token).await, StatusCode::UNAUTHORIZED, "as an access token: {token}");
    }
    // A key is known, and is no person.
    assert_eq!(answers(&app, &api_key).await, StatusCode::FORBIDDEN);

    for token in [&access, &link, &api_key, &prefixed("tcr_", &access), &prefixed("tcr_", &link)] {
        let (status, problem) = refresh(&app, token).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("invalid_grant")), "{token}");
        let (status, _) = app.ask(Method::POST, LOGOUT, Some(json!({"refresh_token": token, "scope": "global"}))).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
    }
    for token in [&access, &sign_in, &api_key] {
        for (path, body) in [
            ("/api/v1/auth/password/reset", json!({"token": token, "new_password": "seven quiet lighthouses"})),
            ("/api/v1/auth/email/verify", json!({"token": token})),
        ] {
            let (status, problem) = app.ask(Method::POST, path, Some(body)).await;
            assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("invalid_link")), "{path}");
        }
    }
    let body = json!({"token": link});
    assert_eq!(app.ask(Method::POST, "/api/v1/auth/email/verify", Some(body)).await.0, StatusCode::UNAUTHORIZED);

    assert_eq!(count().await, before, "nobody was signed in or out");
    let (status, _) = app.ask(Method::POST, REFRESH, Some(json!({"refresh_token": sign_in}))).await;
    assert_eq!(status, StatusCode::OK);
    app.stop().await;
}
