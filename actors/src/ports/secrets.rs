//! Randomness and digests. The actors have no cryptography of their own.

/// Makes and digests what nobody may guess.
pub trait Secrets: Send + Sync + 'static {
    /// 32 random bytes, base64url without padding.
    fn random(&self) -> String;

    /// SHA-256, in hexadecimal.
    fn digest(&self, text: &str) -> String;

    /// 32 bytes that follow from `text` and a key of this installation (HMAC-SHA256), base64url without padding. The
    /// same text gives the same answer; nobody without the key can tell it.
    fn derive(&self, text: &str) -> String;

    /// Whether `answer` is what follows from `text`. Takes the same time wherever they differ.
    fn is_derived(&self, text: &str, answer: &str) -> bool;
}
