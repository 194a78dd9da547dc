//! Access tokens as JWTs (RFC 7519, profile RFC 9068), signed with Ed25519 (RFC 8037).

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use tocsin_actors::domain::{Role, Timestamp};
use tocsin_actors::ports::{Claims, TokenRefused};

use super::signing_keys::KeyRing;

/// The media type of access tokens (RFC 9068, section 2.1).
const TYPE: &str = "at+jwt";
const AUDIENCE: &str = "tocsin";
/// How far clocks of nodes may differ, in seconds.
const LEEWAY: i64 = 5;
/// A token longer than this is none of ours.
const MAX_BYTES: usize = 4_096;

/// Signs and checks access tokens with the keys of this installation.
pub struct AccessTokens {
    keys: Arc<KeyRing>,
    issuer: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Body {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
    typ: String,
    role: String,
    name: String,
}

impl AccessTokens {
    /// With these keys; `issuer` is who tokens say they are from.
    #[must_use]
    pub fn new(keys: Arc<KeyRing>, issuer: String) -> Self {
        Self { keys, issuer }
    }

    fn checked(&self, token: &str, now: Timestamp) -> Option<Claims> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let ring = self.keys.current();
        let key = ring.verifying(&kid_of(token)?, now)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // Times are checked below, by the clock that was passed in.
        validation.validate_exp = false;
        let body = jsonwebtoken::decode::<Body>(token, &key.verifying, &validation).ok()?.claims;
        let now_s = now.as_millis().div_euclid(1_000);
        if body.typ != "access" || now_s >= body.exp.saturating_add(LEEWAY) || now_s < body.nbf.saturating_sub(LEEWAY) {
            return None;
        }
        Some(Claims {
            user_id: body.sub.parse().ok()?,
            session_id: body.sid.parse().ok()?,
            role: Role::parse(&body.role).ok()?,
            name: body.name,
            expires_at: Timestamp::from_millis(body.exp.checked_mul(1_000)?).ok()?,
        })
    }
}

/// Looks at the header before the library does: exactly `alg`, `typ` and `kid`, each once and the first two as we write
/// them. So `crit`, `jku`, `jwk`, `x5u` and foreign algorithms are refused without a word about what they might mean.
fn kid_of(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Head {
        alg: String,
        typ: String,
        kid: String,
    }
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').next()?).ok()?;
    let head: Head = serde_json::from_slice(&bytes).ok()?;
    (head.alg == "EdDSA" && head.typ == TYPE).then_some(head.kid)
}

impl tocsin_actors::ports::AccessTokens for AccessTokens {
    fn issue(&self, claims: &Claims, now: Timestamp) -> Result<String, String> {
        let seconds = |at: Timestamp| at.as_millis().div_euclid(1_000);
        let ring = self.keys.current();
        let key = ring.signing(now).ok_or("there is no signing key")?;
        let body = Body {
            iss: self.issuer.clone(),
            aud: AUDIENCE.into(),
            sub: claims.user_id.to_string(),
            sid: claims.session_id.to_string(),
            iat: seconds(now),
            nbf: seconds(now),
            exp: seconds(claims.expires_at),
            jti: tocsin_actors::domain::id::v7(now).to_string(),
            typ: "access".into(),
            role: claims.role.as_str().into(),
            name: claims.name.clone(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.into());
        header.kid = Some(key.kid.clone());
        jsonwebtoken::encode(&header, &body, &key.signing).map_err(|error| format!("a token cannot be signed: {error}"))
    }

    fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, TokenRefused> {
        self.checked(token, now).ok_or(TokenRefused)
    }
}

#[cfg(test)]
#[path = "jwt_tests.rs"]
mod tests;
