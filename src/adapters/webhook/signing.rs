//! Signing calls as Standard Webhooks 1.0.0 says: HMAC-SHA256 over id, time and body.

use std::path::Path;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::super::key_files;

const BYTES: usize = 32;
const FILE: &str = "webhook.key";
const PREFIX: &str = "whsec_";

/// The key by which an installation signs; whoever is called has it too.
pub struct SigningKey(hmac::Key);

impl SigningKey {
    /// Reads the key of the installation, or makes it.
    ///
    /// # Errors
    /// A sentence that says what to do about the file.
    pub fn open(keys_dir: &Path) -> Result<Self, String> {
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes(keys_dir)?)))
    }

    /// The key as those who are called need it: `whsec_` and base64.
    ///
    /// # Errors
    /// As [`SigningKey::open`].
    pub fn shown(keys_dir: &Path) -> Result<String, String> {
        Ok(format!("{PREFIX}{}", BASE64_STANDARD.encode(bytes(keys_dir)?)))
    }

    /// The header `webhook-signature` of a call.
    #[must_use]
    pub fn sign(&self, id: &str, seconds: i64, body: &str) -> String {
        let signed = hmac::sign(&self.0, format!("{id}.{seconds}.{body}").as_bytes());
        format!("v1,{}", BASE64_STANDARD.encode(signed))
    }
}

fn bytes(keys_dir: &Path) -> Result<Vec<u8>, String> {
    let key = key_files::read_or_make(keys_dir, FILE, || {
        let mut bytes = [0; BYTES];
        SystemRandom::new().fill(&mut bytes).map_err(|_| "the system gives no random numbers".to_owned())?;
        Ok(bytes.to_vec())
    })?;
    if key.len() != BYTES {
        return Err(format!(
            "{} is damaged: restore it, or remove it and give the new one (tocsin webhook-key) to those who are called",
            keys_dir.join(FILE).display()
        ));
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own documentation.
    #[test]
    fn signs_as_the_specification_does() {
        let key = BASE64_STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let key = SigningKey(hmac::Key::new(hmac::HMAC_SHA256, &key));
        let signed = key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn the_key_is_made_once() {
        let dir = tempfile::tempdir().unwrap();
        let key = SigningKey::shown(dir.path()).unwrap();
        assert_eq!(SigningKey::shown(dir.path()).unwrap(), key);
        assert!(key.starts_with("whsec_") && key.len() == 50, "{key}");
        std::fs::write(dir.path().join(FILE), "short").unwrap();
        assert!(SigningKey::open(dir.path()).is_err());
    }
}
