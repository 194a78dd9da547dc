//! The keys that sign access tokens. They take turns, and a running server follows what is in the directory.

mod files;
mod schedule;

use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::digest;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use tocsin_actors::domain::Timestamp;

pub use files::{KeyFiles, Rotation};
pub use schedule::{LATE, Schedule, Standing};

/// An Ed25519 key and from when on it signs.
pub struct SigningKey {
    /// Its name in tokens and in the published set: the thumbprint of its public half (RFC 7638).
    pub kid: String,
    /// From when on it signs; 1970 for the one from before keys took turns.
    pub start: Timestamp,
    pub(super) signing: EncodingKey,
    pub(super) verifying: DecodingKey,
    public: String,
}

impl SigningKey {
    fn from_pkcs8(start: Timestamp, pkcs8: &[u8]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8).ok()?;
        let public = BASE64_URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let verifying = DecodingKey::from_ed_components(&public).ok()?;
        Some(Self { kid: thumbprint(&public), start, signing: EncodingKey::from_ed_der(pkcs8), verifying, public })
    }

    fn jwk(&self) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": self.public, "kid": self.kid, "use": "sig", "alg": "EdDSA"})
    }
}

/// RFC 7638, with the members of RFC 8037.
fn thumbprint(x: &str) -> String {
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, canonical.as_bytes()))
}

/// The keys as they were when somebody last looked, in the order in which they sign.
pub struct Ring {
    keys: Vec<SigningKey>,
    starts: Vec<Timestamp>,
    schedule: Schedule,
}

impl Ring {
    /// Keys in the order of their starts.
    #[must_use]
    pub fn new(keys: Vec<SigningKey>, schedule: Schedule) -> Self {
        let starts = keys.iter().map(|key| key.start).collect();
        Self { keys, starts, schedule }
    }

    /// The keys that are of any use, and what each is for.
    pub fn standings(&self, now: Timestamp) -> impl Iterator<Item = (&SigningKey, Standing)> {
        let standings = self.schedule.standings(&self.starts, now);
        self.keys.iter().zip(standings).filter(|(_, standing)| *standing != Standing::Expired)
    }

    /// The key that signs.
    pub(super) fn signing(&self, now: Timestamp) -> Option<&SigningKey> {
        self.keys.get(schedule::signing(&self.starts, now))
    }

    /// The key of this name, if it verifies. One that is yet to sign does: on a node whose clock is ahead it may have.
    pub(super) fn verifying(&self, kid: &str, now: Timestamp) -> Option<&SigningKey> {
        let at = self.keys.iter().position(|key| key.kid == kid)?;
        let expired = self.schedule.until(&self.starts, at).is_some_and(|until| until <= now);
        self.keys.get(at).filter(|_| !expired)
    }

    /// Whether a key is missing in `next` whose tokens could still be valid.
    fn lost_one_in(&self, next: &Self, now: Timestamp) -> bool {
        // Another node may have removed an expired one by a clock that is ahead of ours.
        let soon = now.plus(LATE);
        self.keys
            .iter()
            .any(|key| self.verifying(&key.kid, soon).is_some() && !next.keys.iter().any(|k| k.kid == key.kid))
    }
}

/// The ring that is in force, and the directory that it follows. Using it takes no I/O.
pub struct KeyRing {
    files: KeyFiles,
    ring: RwLock<Arc<Ring>>,
}

impl KeyRing {
    /// Reads the keys, making the first where there is none.
    ///
    /// # Errors
    /// A sentence that says what to do about a file.
    pub fn open(files: KeyFiles, now: Timestamp) -> Result<Self, String> {
        let ring = Ring::new(files.read_or_begin(now)?, files.schedule());
        Ok(Self { files, ring: RwLock::new(Arc::new(ring)) })
    }

    /// The keys as they are.
    #[must_use]
    pub fn current(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes over what is in the directory, makes the key that is due and removes those that are of no use. Blocks.
    /// Returns whether keys were revoked.
    ///
    /// # Errors
    /// A sentence for the log. What could be read is in force then, and if nothing could, the keys from before.
    pub fn follow(&self, now: Timestamp) -> Result<bool, String> {
        let revoked = self.take_over(now)?;
        if self.files.tend(&self.current().keys, now)? {
            self.take_over(now)?;
        }
        Ok(revoked)
    }

    fn take_over(&self, now: Timestamp) -> Result<bool, String> {
        let next = Ring::new(self.files.read()?, self.files.schedule());
        if next.keys.is_empty() {
            return Err("all signing keys are gone from auth.keys_dir: restore them, or run tocsin keys rotate".into());
        }
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        let revoked = ring.lost_one_in(&next, now);
        *ring = Arc::new(next);
        Ok(revoked)
    }

    /// The public keys as a JWK set (RFC 7517), for others who verify.
    #[must_use]
    pub fn jwks(&self, now: Timestamp) -> Value {
        let ring = self.current();
        let keys: Vec<Value> = ring.standings(now).map(|(key, _)| key.jwk()).collect();
        json!({ "keys": keys })
    }
}
