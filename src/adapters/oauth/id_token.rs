//! The checks of an ID token (OpenID Connect Core, section 3.1.3.7; RFC 8725).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value;
use tocsin_actors::domain::Timestamp;

/// How far a provider's clock may differ from ours, in seconds.
const LEEWAY: i64 = 60;
/// How old a token may be that was asked for just now, in seconds.
const MAX_AGE: i64 = 600;
/// The longest token that is looked at.
const MAX_BYTES: usize = 32 * 1024;
/// The longest number of a person (OpenID Connect Core, section 2).
const SUBJECT_MAX: usize = 255;

/// What the token must be about.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

/// What it says.
#[derive(Deserialize)]
pub(super) struct Claims {
    iss: String,
    pub(super) sub: String,
    aud: Value,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nonce: Option<String>,
    pub(super) email: Option<String>,
    #[serde(default)]
    pub(super) email_verified: Value,
    pub(super) name: Option<String>,
}

/// The algorithm and the name of the key of a token. Nothing is believed yet.
pub(super) fn header(token: &str) -> Result<(Algorithm, Option<String>), &'static str> {
    if token.len() > MAX_BYTES {
        return Err("the ID token is too long");
    }
    let header = token.split('.').next().unwrap_or_default();
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(header).map_err(|_| "the ID token is no JWT")?;
    let header: Value = serde_json::from_slice(&bytes).map_err(|_| "the ID token is no JWT")?;
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    let algorithm = match text("alg") {
        Some("RS256") => Algorithm::RS256,
        Some("ES256") => Algorithm::ES256,
        Some("EdDSA") => Algorithm::EdDSA,
        _ => return Err("the ID token is signed in a way that is not taken"),
    };
    if header.get("crit").is_some() || text("typ").is_some_and(|kind| !kind.eq_ignore_ascii_case("JWT")) {
        return Err("the ID token has a header that is not taken");
    }
    Ok((algorithm, text("kid").map(str::to_owned)))
}

/// Checks signature and claims.
pub(super) fn check(
    token: &str,
    algorithm: Algorithm,
    key: &Jwk,
    expected: &Expected<'_>,
) -> Result<Claims, &'static str> {
    let key = DecodingKey::from_jwk(key).map_err(|_| "the provider's key cannot be used")?;
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    // All claims are checked below: times by the clock that was passed in, the rest more strictly.
    (validation.validate_exp, validation.validate_aud) = (false, false);
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation)
        .map_err(|_| "the ID token's signature or form is wrong")?
        .claims;
    judge(&claims, expected)?;
    Ok(claims)
}

fn judge(claims: &Claims, expected: &Expected<'_>) -> Result<(), &'static str> {
    let now = expected.now.as_millis().div_euclid(1_000);
    let audiences: Vec<&str> = match &claims.aud {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let for_us = claims.azp.as_deref() == Some(expected.client_id);
    let checks = [
        (claims.iss == expected.issuer, "the ID token is of another issuer"),
        (audiences.contains(&expected.client_id), "the ID token is for somebody else"),
        (audiences.len() == 1 || for_us, "the ID token is for others too"),
        (claims.azp.is_none() || for_us, "the ID token was asked for by somebody else"),
        (now < claims.exp.saturating_add(LEEWAY), "the ID token has expired"),
        (claims.iat <= now.saturating_add(LEEWAY), "the ID token is from the future"),
        (claims.iat >= now.saturating_sub(MAX_AGE + LEEWAY), "the ID token is old"),
        (claims.nonce.as_deref() == Some(expected.nonce), "the ID token is the answer to another request"),
        ((1..=SUBJECT_MAX).contains(&claims.sub.len()), "the ID token names nobody"),
    ];
    checks.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, sentence)| Err(sentence))
}

/// Whether a provider vouches for an address. Some write the truth as text.
pub(super) fn is_true(value: &Value) -> bool {
    *value == Value::Bool(true) || value.as_str() == Some("true")
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;

    #[test]
    fn only_signatures_that_are_taken() {
        let header_of = |value: Value| format!("{}.e30.x", BASE64_URL_SAFE_NO_PAD.encode(value.to_string()));
        for good in
            [json!({"alg": "RS256"}), json!({"alg": "ES256", "typ": "jwt"}), json!({"alg": "EdDSA", "kid": "1"})]
        {
            assert!(header(&header_of(good.clone())).is_ok(), "{good}");
        }
        for bad in [
            json!({}),
            json!({"alg": "none"}),
            json!({"alg": "None"}),
            json!({"alg": "HS256"}),
            json!({"alg": "RS384"}),
            json!({"alg": "PS256"}),
            json!({"alg": "RS256", "crit": ["exp"]}),
            json!({"alg": "RS256", "typ": "at+jwt"}),
            json!(["RS256"]),
        ] {
            assert!(header(&header_of(bad.clone())).is_err(), "{bad}");
        }
        for bad in ["", ".", "a.b.c", &"x".repeat(MAX_BYTES + 1)] {
            assert!(header(bad).is_err());
        }
    }

    #[test]
    fn every_claim_counts() {
        let now = Timestamp::clamped(1_764_000_000_000);
        let second = now.as_millis() / 1_000;
        let expected = Expected { issuer: "https://id.example.org", client_id: "us", nonce: "n", now };
        let good = json!({"iss": "https://id.example.org", "sub": "1", "aud": "us", "exp": second + 60, "iat": second,
            "nonce": "n"});
        for (change, holds) in [
            (json!({}), true),
            (json!({"aud": ["us"]}), true),
            (json!({"aud": ["us", "them"], "azp": "us"}), true),
            (json!({"azp": "us"}), true),
            (json!({"exp": second - LEEWAY + 1}), true),
            (json!({"iat": second + LEEWAY}), true),
            (json!({"iat": second - MAX_AGE - LEEWAY}), true),
            (json!({"iss": "https://id.example.org/"}), false),
            (json!({"iss": "https://evil.example.org"}), false),
            (json!({"aud": "them"}), false),
            (json!({"aud": ["us", "them"]}), false),
            (json!({"aud": ["us", "them"], "azp": "them"}), false),
            (json!({"aud": []}), false),
            (json!({"aud": 7}), false),
            (json!({"azp": "them"}), false),
            (json!({"exp": second - LEEWAY}), false),
            (json!({"iat": second + LEEWAY + 1}), false),
            (json!({"iat": second - MAX_AGE - LEEWAY - 1}), false),
            (json!({"nonce": "m"}), false),
            (json!({"nonce": null}), false),
            (json!({"sub": ""}), false),
            (json!({"sub": "x".repeat(256)}), false),
        ] {
            let mut claims = good.clone();
            claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let claims: Claims = serde_json::from_value(claims).unwrap();
            assert_eq!(judge(&claims, &expected).is_ok(), holds, "{change}");
        }
    }

    #[test]
    fn only_true_is_true() {
        for (value, truth) in
            [(json!(true), true), (json!("true"), true), (json!(1), false), (json!("yes"), false), (json!(null), false)]
        {
            assert_eq!(is_true(&value), truth, "{value}");
        }
    }
}
