//! One-time codes of authenticator apps: TOTP (RFC 6238) with SHA-1, six digits and steps of 30 seconds, which is what
//! every app knows.

use super::PortError;
use crate::domain::UserId;

/// A new secret, on its way into an app. Has no `Debug`.
#[derive(Clone)]
pub struct Enrolment {
    /// The secret as it is kept.
    pub sealed: String,
    /// The secret in Base32, to be typed.
    pub secret: String,
    /// The secret as a URI with the scheme `otpauth`.
    pub uri: String,
    /// The URI as a QR code.
    pub qr_svg: String,
}

/// Makes secrets and checks codes.
pub trait Otp: Send + Sync + 'static {
    /// A fresh secret of 160 bits; `label` is what the app shows beside the name of the installation.
    ///
    /// # Errors
    /// When it cannot be sealed.
    fn enrol(&self, user: UserId, label: &str) -> Result<Enrolment, PortError>;

    /// Whether `code` is that of a time step. Takes the same time wherever they differ.
    ///
    /// # Errors
    /// When the secret cannot be opened: it is another account's, or the key was lost.
    fn is_code(&self, user: UserId, sealed: &str, step: u64, code: &str) -> Result<bool, PortError>;
}
