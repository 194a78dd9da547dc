//! One-time codes by aws-lc: HOTP (RFC 4226) over time steps (RFC 6238), the secrets sealed with AES-256-GCM.

use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use aws_lc_rs::{constant_time, hmac};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::QrCode;
use qrcode::render::svg;
use tocsin_actors::domain::UserId;
use tocsin_actors::ports::{Enrolment, PortError};

use super::key_files;

const FILE: &str = "second-factor.key";
const KEY_BYTES: usize = 32;
/// What RFC 4226, section 4, asks for.
const SECRET_BYTES: usize = 20;
/// The unreserved characters stay (RFC 3986, section 2.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The port [`tocsin_actors::ports::Otp`], with a key of this installation in `second-factor.key`.
pub struct Otp {
    key: RandomizedNonceKey,
    issuer: String,
}

impl Otp {
    /// Reads the key of the installation, or makes it. `issuer` is the name that apps show.
    ///
    /// # Errors
    /// A sentence that says what to do about the file.
    pub fn open(keys_dir: &Path, issuer: String) -> Result<Self, String> {
        let key = key_files::read_or_make(keys_dir, FILE, || random(KEY_BYTES).map_err(|error| error.to_string()))?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, &key).map_err(|_| {
            let path = keys_dir.join(FILE);
            format!("{} is damaged: restore it; without it second factors must be reset", path.display())
        })?;
        Ok(Self { key, issuer })
    }

    fn seal(&self, user: UserId, secret: &[u8]) -> Result<String, PortError> {
        let mut sealed = secret.to_vec();
        let nonce = self.key.seal_in_place_append_tag(bound_to(user), &mut sealed);
        let nonce = nonce.map_err(|_| PortError::Failed("a second factor cannot be sealed".into()))?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode([nonce.as_ref().as_slice(), &sealed].concat()))
    }

    fn open_sealed(&self, user: UserId, sealed: &str) -> Option<Vec<u8>> {
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, secret) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        Some(self.key.open_in_place(nonce, bound_to(user), secret).ok()?.to_vec())
    }

    fn uri(&self, label: &str, secret: &str) -> String {
        let escaped = |text| utf8_percent_encode(text, ESCAPED).to_string();
        let (issuer, label) = (escaped(&self.issuer), escaped(label));
        format!("otpauth://totp/{issuer}:{label}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30")
    }
}

impl tocsin_actors::ports::Otp for Otp {
    fn enrol(&self, user: UserId, label: &str) -> Result<Enrolment, PortError> {
        let bytes = random(SECRET_BYTES)?;
        let (sealed, secret) = (self.seal(user, &bytes)?, base32(&bytes));
        let uri = self.uri(label, &secret);
        let qr_svg = drawn(&uri)?;
        Ok(Enrolment { sealed, secret, uri, qr_svg })
    }

    fn is_code(&self, user: UserId, sealed: &str, step: u64, code: &str) -> Result<bool, PortError> {
        let secret = self.open_sealed(user, sealed).ok_or_else(|| {
            PortError::Failed(format!("a second factor cannot be opened: restore {FILE}, or reset it"))
        })?;
        Ok(constant_time::verify_slices_are_equal(hotp(&secret, step).as_bytes(), code.as_bytes()).is_ok())
    }
}

/// A sealed secret opens for its account only.
fn bound_to(user: UserId) -> Aad<String> {
    Aad::from(format!("second factor:{user}"))
}

fn random(count: usize) -> Result<Vec<u8>, PortError> {
    let mut bytes = vec![0; count];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map(|()| bytes).map_err(|_| PortError::Failed("the system has no randomness".into()))
}

/// Six digits (RFC 4226, section 5.3).
fn hotp(secret: &[u8], counter: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &counter.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last().copied().unwrap_or_default() & 0x0f);
    let four = bytes.iter().skip(offset).take(4);
    let number = four.fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// RFC 4648, section 6, without padding.
fn base32(bytes: &[u8]) -> String {
    let digit = |group: u32| BASE32.get((group & 31) as usize).map(|byte| char::from(*byte));
    let letters = bytes.chunks(5).flat_map(|chunk| {
        let bits = chunk.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte)) << (8 * (5 - chunk.len()));
        let used = (chunk.len() * 8).div_ceil(5);
        (0..used).map(move |n| u32::try_from(bits >> (35 - 5 * n) & 31).unwrap_or_default())
    });
    letters.filter_map(digit).collect()
}

/// Black on white whatever the page's colours are: readers of QR codes want it so.
fn drawn(text: &str) -> Result<String, PortError> {
    let code = QrCode::new(text).map_err(|error| PortError::Failed(format!("no QR code can be drawn: {error}")))?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    // It stands inside a page, where a declaration of XML must not.
    Ok(image.split_once("?>").map_or(image.as_str(), |(_, svg)| svg).to_owned())
}

#[cfg(test)]
mod tests {
    use tocsin_actors::domain::Timestamp;
    use tocsin_actors::ports::Otp as _;

    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn user() -> UserId {
        UserId::new(Timestamp::clamped(0))
    }

    #[test]
    fn the_vectors_of_rfc_4226() {
        let expected =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (counter, code) in (0..).zip(expected) {
            assert_eq!(hotp(SECRET, counter), code, "{counter}");
        }
    }

    /// Appendix B, of whose eight digits the last six are ours.
    #[test]
    fn the_vectors_of_rfc_6238() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000_u64, "353130"),
        ] {
            assert_eq!(hotp(SECRET, seconds / 30), code, "{seconds}");
        }
    }

    #[test]
    fn the_vectors_of_rfc_4648() {
        for (text, encoded) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(text.as_bytes()), encoded);
        }
    }

    #[test]
    fn a_secret_opens_with_its_key_and_for_its_account_only() {
        let (home, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let otp = |dir: &tempfile::TempDir| Otp::open(dir.path(), "bell.example.org".into()).unwrap();
        let (ada, eve) = (user(), user());
        let sealed = otp(&home).seal(ada, SECRET).unwrap();
        assert_ne!(sealed, otp(&home).seal(ada, SECRET).unwrap(), "no nonce twice");
        let again = otp(&home);
        assert_eq!(again.is_code(ada, &sealed, 0, "755224"), Ok(true));
        for wrong in ["287082", "", "75522", "7552244"] {
            assert_eq!(again.is_code(ada, &sealed, 0, wrong), Ok(false), "{wrong}");
        }
        let mut tampered = sealed.clone().into_bytes();
        tampered[20] ^= 1;
        let tampered = String::from_utf8(tampered).unwrap();
        for (who, sealed) in [(eve, sealed.as_str()), (ada, &tampered), (ada, ""), (ada, &sealed[..8]), (ada, "?")] {
            assert!(again.is_code(who, sealed, 0, "755224").is_err(), "{sealed}");
        }
        assert!(otp(&elsewhere).is_code(ada, &sealed, 0, "755224").is_err());
        std::fs::write(home.path().join(FILE), "short").unwrap();
        assert!(Otp::open(home.path(), String::new()).is_err_and(|error| error.contains("damaged")));
    }

    #[test]
    fn what_an_app_reads() {
        let dir = tempfile::tempdir().unwrap();
        let otp = Otp::open(dir.path(), "bell.example.org".into()).unwrap();
        let Enrolment { sealed, secret, uri, qr_svg } = otp.enrol(user(), "o'ädä+x@example.org&a=b").unwrap();
        assert_eq!(secret.len(), 32);
        assert!(!sealed.contains(&secret));
        let label = "o%27%C3%A4d%C3%A4%2Bx%40example.org%26a%3Db";
        let expected = format!(
            "otpauth://totp/bell.example.org:{label}?secret={secret}&issuer=bell.example.org&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(uri, expected);
        assert!(qr_svg.trim_start().starts_with("<svg") && qr_svg.ends_with("</svg>"), "{qr_svg}");
        assert_ne!(otp.enrol(user(), "a@b").unwrap().secret, secret);
    }

    #[test]
    fn the_longest_address_fits() {
        let dir = tempfile::tempdir().unwrap();
        let otp = Otp::open(dir.path(), "x".repeat(253)).unwrap();
        assert!(otp.enrol(user(), &format!("{}@example.org", "ü".repeat(120))).is_ok());
    }
}
