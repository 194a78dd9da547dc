//! The keys of an issuer (RFC 7517), fetched when needed, kept for a while.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use serde::Deserialize;
use serde_json::Value;
use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::OAuthError;
use tokio::sync::Mutex;

use super::channel::{Channel, LEFT_ALONE};

/// How long keys are believed without asking again: a key that the issuer withdraws lives on this long at most.
const KEPT: Duration = Duration::from_secs(3_600);
/// How often an unknown key is asked for. Anybody can name one.
const ASKED_EVERY: Duration = Duration::from_secs(60);
/// Keys of one issuer. Real ones have two or three.
const MAX_KEYS: usize = 64;

/// The keys that were fetched last.
#[derive(Default)]
pub(super) struct Keys(Mutex<Held>);

#[derive(Default)]
struct Held {
    fetched: Option<Fetched>,
    failed: Option<(OAuthError, Timestamp)>,
}

struct Fetched {
    keys: Vec<Jwk>,
    at: Timestamp,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

impl Keys {
    /// The key that signs so under this name; without a name, the only one that can.
    pub(super) async fn find(
        &self,
        channel: &Channel,
        url: &str,
        algorithm: Algorithm,
        kid: Option<&str>,
        now: Timestamp,
    ) -> Result<Jwk, OAuthError> {
        // Held while fetching, so that many who come at once make one request.
        let mut held = self.0.lock().await;
        let fresh = held.fetched.as_ref().is_some_and(|fetched| {
            let known = fetched.find(algorithm, kid).is_some();
            now.since(fetched.at) < if known { KEPT } else { ASKED_EVERY }
        });
        if !fresh {
            held.renew(channel, url, now).await?;
        }
        let found = held.fetched.as_ref().and_then(|fetched| fetched.find(algorithm, kid)).cloned();
        found.ok_or_else(|| OAuthError::Refused("the ID token is signed by a key that is not known".to_owned()))
    }
}

impl Held {
    async fn renew(&mut self, channel: &Channel, url: &str, now: Timestamp) -> Result<(), OAuthError> {
        if let Some((error, at)) = &self.failed
            && now.since(*at) < LEFT_ALONE
        {
            return Err(error.clone());
        }
        match fetch(channel, url).await {
            Ok(keys) => *self = Self { fetched: Some(Fetched { keys, at: now }), failed: None },
            Err(error) => {
                self.failed = Some((error.clone(), now));
                return Err(error);
            }
        }
        Ok(())
    }
}

impl Fetched {
    fn find(&self, algorithm: Algorithm, kid: Option<&str>) -> Option<&Jwk> {
        let mut fitting = self
            .keys
            .iter()
            .filter(|key| fits(key, algorithm) && kid.is_none_or(|kid| key.common.key_id.as_deref() == Some(kid)));
        let first = fitting.next()?;
        (kid.is_some() || fitting.next().is_none()).then_some(first)
    }
}

/// Keys of kinds we do not know are no reason to refuse those we do.
async fn fetch(channel: &Channel, url: &str) -> Result<Vec<Jwk>, OAuthError> {
    let set: Set = channel.json(url, None).await?;
    Ok(set.keys.into_iter().take(MAX_KEYS).filter_map(|key| serde_json::from_value(key).ok()).collect())
}

/// Whether this key may sign so. The algorithm is the key's, and not only what the token says of itself.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let kind = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256) => true,
        (AlgorithmParameters::EllipticCurve(key), Algorithm::ES256) => key.curve == EllipticCurve::P256,
        (AlgorithmParameters::OctetKeyPair(key), Algorithm::EdDSA) => key.curve == EllipticCurve::Ed25519,
        _ => false,
    };
    let named = key.common.key_algorithm.is_none_or(|named| named == KeyAlgorithm::from(algorithm));
    let signs = key.common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
    kind && named && signs
}
