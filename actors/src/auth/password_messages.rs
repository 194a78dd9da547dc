//! What can be asked of the [`super::AuthActor`] about passwords and addresses.

use actix::Message;

use super::messages::{AuthError, Device, Register};
use crate::domain::{SessionId, UserId};

/// Make an account whose address is to be verified before anybody signs in. Says the same whether or not the address
/// has an account.
#[derive(Clone, Message)]
#[rtype(result = "Result<(), AuthError>")]
pub struct RegisterUnverified(pub Register);

/// Change one's own password.
#[derive(Clone, Message)]
#[rtype(result = "Result<(), AuthError>")]
pub struct ChangePassword {
    /// Whose.
    pub user_id: UserId,
    /// The sign-in that asks, which goes on.
    pub session_id: SessionId,
    /// The password as it is.
    pub current: String,
    /// The one that is to be.
    pub new: String,
    /// Whether their other sign-ins end.
    pub end_other_sessions: bool,
    /// Where from.
    pub device: Device,
}

/// Mail a link to choose a new password, if the address has an account.
#[derive(Clone, Message)]
#[rtype(result = "Result<(), AuthError>")]
pub struct ForgotPassword {
    /// The address.
    pub email: String,
    /// Where from.
    pub device: Device,
}

/// Choose a new password. Ends every sign-in of the account.
#[derive(Clone, Message)]
#[rtype(result = "Result<(), AuthError>")]
pub struct ResetPassword {
    /// The token of the mailed link.
    pub token: String,
    /// The password.
    pub new_password: String,
    /// Where from.
    pub device: Device,
}

/// Show that an address is one's own.
#[derive(Clone, Message)]
#[rtype(result = "Result<(), AuthError>")]
pub struct VerifyEmail {
    /// The token of the mailed link.
    pub token: String,
    /// Where from.
    pub device: Device,
}
