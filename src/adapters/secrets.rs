//! Randomness, SHA-256 and HMAC-SHA256, by aws-lc.

use std::path::Path;

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::key_files;

const BYTES: usize = 32;

/// The port [`tocsin_actors::ports::Secrets`], with a key of this installation in `refresh.key`.
pub struct Secrets {
    random: SystemRandom,
    key: hmac::Key,
}

impl Secrets {
    /// Reads the key of the installation, or makes it.
    ///
    /// # Errors
    /// A sentence that says what to do about the file.
    pub fn open(keys_dir: &Path) -> Result<Self, String> {
        let random = SystemRandom::new();
        let key = key_files::read_or_make(keys_dir, "refresh.key", || Ok(fresh(&random).to_vec()))?;
        if key.len() != BYTES {
            return Err(format!(
                "{} is damaged: restore it, or remove it to sign everybody out",
                keys_dir.join("refresh.key").display()
            ));
        }
        Ok(Self { random, key: hmac::Key::new(hmac::HMAC_SHA256, &key) })
    }
}

fn fresh(random: &SystemRandom) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    // The system's generator cannot fail once it has been seeded; without one, nothing may go on.
    if random.fill(&mut bytes).is_err() {
        std::process::abort();
    }
    bytes
}

impl tocsin_actors::ports::Secrets for Secrets {
    fn random(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(fresh(&self.random))
    }

    fn digest(&self, text: &str) -> String {
        digest::digest(&digest::SHA256, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn derive(&self, text: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&self.key, text.as_bytes()))
    }

    fn is_derived(&self, text: &str, answer: &str) -> bool {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(answer);
        bytes.is_ok_and(|bytes| hmac::verify(&self.key, text.as_bytes(), &bytes).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use tocsin_actors::ports::Secrets as _;

    use super::*;

    #[test]
    fn what_is_derived_stays_with_the_key() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let first = Secrets::open(one.path()).unwrap();
        assert_eq!(first.derive("a"), Secrets::open(one.path()).unwrap().derive("a"));
        assert_ne!(first.derive("a"), Secrets::open(two.path()).unwrap().derive("a"));
        let answer = first.derive("a");
        assert!(first.is_derived("a", &answer));
        for other in ["", "a", &answer[1..], &format!("{answer}="), &format!("{answer}A"), &first.derive("b")] {
            assert!(!first.is_derived("a", other), "{other}");
        }
        assert_ne!(first.random(), first.random());
        assert_eq!(first.random().len(), 43);
        assert_eq!(first.digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        std::fs::write(one.path().join("refresh.key"), "short").unwrap();
        assert!(Secrets::open(one.path()).is_err());
    }
}
