//! An authenticator app, written from the RFCs and not from the server's code.

use aws_lc_rs::hmac;
use tocsin_actors::domain::Timestamp;

/// The code of RFC 6238 for a secret in Base32, so many steps from `now`.
pub(crate) fn code(secret: &str, now: Timestamp, ahead: i64) -> String {
    let step = u64::try_from(now.as_millis() / 30_000 + ahead).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes(secret));
    let mac = hmac::sign(&key, &step.to_be_bytes());
    let at = usize::from(mac.as_ref()[19] & 15);
    let four: [u8; 4] = mac.as_ref()[at..at + 4].try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

/// Six digits that are no code of this secret about now.
pub(crate) fn wrong(secret: &str, now: Timestamp) -> String {
    let right: Vec<String> = (-3..=3).map(|ahead| code(secret, now, ahead)).collect();
    (0..).map(|n| format!("{n:06}")).find(|guess| !right.contains(guess)).unwrap()
}

/// Base32 (RFC 4648, section 6).
pub(crate) fn bytes(secret: &str) -> Vec<u8> {
    let bits: String = secret
        .chars()
        .map(|letter| format!("{:05b}", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).unwrap()))
        .collect();
    bits.as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect()
}
