//! Access tokens as JWTs (RFC 7519, profile RFC 9068), signed with Ed25519 (RFC 8037).

use std::path::Path;

use aws_lc_rs::digest;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tocsin_actors::domain::{Role, Timestamp};
use tocsin_actors::ports::{Claims, TokenRefused};

use super::key_files;

const FILE: &str = "access.pk8";
/// The media type of access tokens (RFC 9068, section 2.1).
const TYPE: &str = "at+jwt";
const AUDIENCE: &str = "tocsin";
/// How far clocks of nodes may differ, in seconds.
const LEEWAY: i64 = 5;
/// A token longer than this is none of ours.
const MAX_BYTES: usize = 4_096;

/// Signs and checks access tokens with the key of this installation.
pub struct AccessTokens {
    signing: EncodingKey,
    verifying: DecodingKey,
    kid: String,
    public: String,
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
    /// Reads the key of the installation, or makes it.
    ///
    /// # Errors
    /// A sentence that says what to do about the file.
    pub fn open(keys_dir: &Path, issuer: String) -> Result<Self, String> {
        let made = || {
            let key = Ed25519KeyPair::generate().and_then(|pair| Ok(pair.to_pkcs8v1()?.as_ref().to_vec()));
            key.map_err(|_| "no signing key can be made".to_owned())
        };
        let pkcs8 = key_files::read_or_make(keys_dir, FILE, made)?;
        let damaged =
            || format!("{} is damaged: restore it, or remove it to make a new one", keys_dir.join(FILE).display());
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8).map_err(|_| damaged())?;
        let public = BASE64_URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let verifying = DecodingKey::from_ed_components(&public).map_err(|_| damaged())?;
        let kid = thumbprint(&public);
        Ok(Self { signing: EncodingKey::from_ed_der(&pkcs8), verifying, kid, public, issuer })
    }

    /// The public key as a JWK set (RFC 7517), for others who verify.
    #[must_use]
    pub fn jwks(&self) -> Value {
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": self.public, "kid": self.kid, "use": "sig", "alg": "EdDSA"}]})
    }

    fn checked(&self, token: &str, now: Timestamp) -> Option<Claims> {
        if token.len() > MAX_BYTES || !header_is_ours(token, &self.kid) {
            return None;
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // Times are checked below, by the clock that was passed in.
        validation.validate_exp = false;
        let body = jsonwebtoken::decode::<Body>(token, &self.verifying, &validation).ok()?.claims;
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

/// Looks at the header before the library does: exactly `alg`, `typ` and `kid`, each as we write it. So `crit`, `jku`,
/// `jwk`, `x5u` and foreign algorithms are refused without a word about what they might mean.
fn header_is_ours(token: &str, kid: &str) -> bool {
    let header = token.split('.').next().unwrap_or_default();
    let Ok(bytes) = BASE64_URL_SAFE_NO_PAD.decode(header) else { return false };
    let Ok(Value::Object(header)) = serde_json::from_slice(&bytes) else { return false };
    let is = |name: &str, value: &str| header.get(name).and_then(Value::as_str) == Some(value);
    header.len() == 3 && is("alg", "EdDSA") && is("typ", TYPE) && is("kid", kid)
}

/// RFC 7638, with the members of RFC 8037.
fn thumbprint(x: &str) -> String {
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, canonical.as_bytes()))
}

impl tocsin_actors::ports::AccessTokens for AccessTokens {
    fn issue(&self, claims: &Claims, now: Timestamp) -> Result<String, String> {
        let seconds = |at: Timestamp| at.as_millis().div_euclid(1_000);
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
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, &body, &self.signing)
            .map_err(|error| format!("a token cannot be signed: {error}"))
    }

    fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, TokenRefused> {
        self.checked(token, now).ok_or(TokenRefused)
    }
}

#[cfg(test)]
#[path = "jwt_tests.rs"]
mod tests;
