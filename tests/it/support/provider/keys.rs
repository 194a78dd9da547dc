//! The provider's keys, and what it signs with them.

use std::sync::OnceLock;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use serde_json::{Value, json};

use super::Mood;

struct Keys {
    ed: Ed25519KeyPair,
    ec: EcdsaKeyPair,
    rsa: RsaKeyPair,
}

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys {
        ed: Ed25519KeyPair::generate().unwrap(),
        ec: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap(),
        rsa: RsaKeyPair::generate(KeySize::Rsa2048).unwrap(),
    })
}

/// The set of public keys.
pub(super) fn published() -> Value {
    let point = keys().ec.public_key().as_ref();
    // SubjectPublicKeyInfo of a key of 2,048 bits ends in its modulus and the exponent 65537.
    let spki: aws_lc_rs::encoding::PublicKeyX509Der<'_> = keys().rsa.public_key().as_der().unwrap();
    let spki = spki.as_ref();
    let modulus = &spki[spki.len() - 5 - 256..spki.len() - 5];
    json!({"keys": [
        {"kty": "XYZ", "kid": "of another time"},
        {"kty": "OKP", "crv": "Ed25519", "kid": "ed", "use": "sig", "alg": "EdDSA", "x": B64.encode(keys().ed.public_key())},
        {"kty": "EC", "crv": "P-256", "kid": "ec", "x": B64.encode(&point[1..33]), "y": B64.encode(&point[33..])},
        {"kty": "RSA", "kid": "rsa", "use": "sig", "n": B64.encode(modulus), "e": "AQAB"},
    ]})
}

/// A token as this mood signs it.
pub(super) fn sign(claims: &Value, mood: Mood) -> String {
    let (algorithm, kid) = match mood {
        Mood::Rs256 => ("RS256", "rsa"),
        Mood::Es256 => ("ES256", "ec"),
        Mood::AlgNone => ("none", "ed"),
        Mood::Hs256 => ("HS256", "ed"),
        Mood::UnknownKey => ("EdDSA", "unknown"),
        _ => ("EdDSA", "ed"),
    };
    let header = json!({"alg": algorithm, "kid": kid, "typ": "JWT"});
    let message = format!("{}.{}", B64.encode(header.to_string()), B64.encode(claims.to_string()));
    let bytes = message.as_bytes();
    let signature = match mood {
        Mood::Rs256 => {
            let mut signature = vec![0; keys().rsa.public_modulus_len()];
            keys().rsa.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), bytes, &mut signature).unwrap();
            signature
        }
        Mood::Es256 => keys().ec.sign(&SystemRandom::new(), bytes).unwrap().as_ref().to_vec(),
        Mood::AlgNone => Vec::new(),
        Mood::Hs256 => {
            let public = hmac::Key::new(hmac::HMAC_SHA256, keys().ed.public_key().as_ref());
            hmac::sign(&public, bytes).as_ref().to_vec()
        }
        Mood::BadSignature => keys().ed.sign(b"something else").as_ref().to_vec(),
        _ => keys().ed.sign(bytes).as_ref().to_vec(),
    };
    format!("{message}.{}", B64.encode(signature))
}
