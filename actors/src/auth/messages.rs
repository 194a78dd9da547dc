//! What can be asked of the [`super::AuthActor`], and what it answers.

use std::fmt;
use std::time::Duration;

use actix::Message;

use super::people::rules::Refused;
use crate::domain::{ApiKey, ApiKeyId, Scope, SessionId, Timestamp, User, UserId};
use crate::ports::{Family, PortError};

/// Where a sign-in comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Device {
    /// As the client names itself; cut to 200 characters.
    pub user_agent: String,
    /// The client's address.
    pub ip: String,
    /// The mark that an earlier sign-in on the device left there.
    pub mark: Option<String>,
    /// The request, as in the log.
    pub request_id: String,
}

/// Make an account and sign in.
#[derive(Clone, Message)]
#[rtype(result = "Result<SignedIn, AuthError>")]
pub struct Register {
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// What others see.
    pub name: String,
    /// Where from.
    pub device: Device,
}

/// Sign in.
#[derive(Clone, Message)]
#[rtype(result = "Result<SignedIn, AuthError>")]
pub struct Login {
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// A code of the second factor, where the account has one.
    pub otp: Option<String>,
    /// Where from.
    pub device: Device,
}

/// Trade a refresh token for its successor and a fresh access token.
#[derive(Clone, Message)]
#[rtype(result = "Result<SignedIn, AuthError>")]
pub struct Refresh {
    /// The token.
    pub token: String,
    /// Where from.
    pub from: Device,
}

/// Which sign-ins a sign-out ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// This one.
    #[default]
    Local,
    /// All others of the same person.
    Others,
    /// All of the same person.
    Global,
}

/// End sign-ins. Asked with a token that is none, it is done already.
#[derive(Clone, Message)]
#[rtype(result = "Result<(), AuthError>")]
pub struct Logout {
    /// The refresh token of the sign-in.
    pub token: String,
    /// Which.
    pub reach: Reach,
    /// Where from.
    pub from: Device,
}

/// List one's sign-ins, the last used first.
#[derive(Debug, Clone, Copy, Message)]
#[rtype(result = "Result<Vec<Family>, AuthError>")]
pub struct Sessions {
    /// Whose.
    pub user_id: UserId,
}

/// End one of one's sign-ins; whether it was there.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<bool, AuthError>")]
pub struct EndSession {
    /// Whose.
    pub user_id: UserId,
    /// Which.
    pub session_id: SessionId,
    /// Where from.
    pub from: Device,
}

/// Change one's name.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<User, AuthError>")]
pub struct Rename {
    /// Whose.
    pub user_id: UserId,
    /// The new one.
    pub name: String,
}

/// Make an API key.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<(ApiKey, String), AuthError>")]
pub struct CreateKey {
    /// Whose; `None` for the installation's own.
    pub user_id: Option<UserId>,
    /// What it is called.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
    /// Where from.
    pub from: Device,
}

/// List one's API keys.
#[derive(Debug, Clone, Copy, Message)]
#[rtype(result = "Result<Vec<ApiKey>, AuthError>")]
pub struct Keys {
    /// Whose.
    pub user_id: UserId,
}

/// Remove an API key; whether it was there.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<bool, AuthError>")]
pub struct DeleteKey {
    /// Whose.
    pub user_id: UserId,
    /// Which.
    pub key_id: ApiKeyId,
    /// Where from.
    pub from: Device,
}

/// Somebody is signed in. Its `Debug` shows no token.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// A bearer token.
    pub access_token: String,
    /// How long it is valid.
    pub expires_in_seconds: u64,
    /// For the next one.
    pub refresh_token: String,
    /// For the device to keep: with it, guesses of others at the account do not count against this device.
    pub device_mark: Option<String>,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn").field("user", &self.user.id).finish_non_exhaustive()
    }
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// Whatever was wrong: address, password, or that there is no such account.
    #[error("the e-mail address or the password is wrong")]
    InvalidCredentials,
    /// All else was right; the account has a second factor.
    #[error("this account has a second factor: send the code that the app shows, or a recovery code")]
    OtpRequired,
    /// A code that is wrong or was used, from somebody who is signed in.
    #[error("this code is wrong, or it was used already")]
    InvalidOtp,
    /// A change that takes a password, at an account that has none.
    #[error("this account has no password to ask for: sign out, sign in again, and do it within ten minutes")]
    RecentSignInRequired,
    /// The refresh token is not valid any more.
    #[error("this sign-in has ended, please sign in again")]
    InvalidGrant,
    /// The token of a mailed link: used, expired, replaced by a newer one, or never ours.
    #[error("this link is not valid any more, please ask for a new one")]
    InvalidLink,
    /// The address has an account.
    #[error("this e-mail address has an account already")]
    EmailTaken,
    /// Nobody may register.
    #[error("this installation does not let people register themselves; ask whoever runs it for an account")]
    RegistrationClosed,
    /// Only the invited may register.
    #[error("this installation lets those register who were invited; ask whoever runs it for an invitation")]
    InvitationRequired,
    /// As many invitations wait as may.
    #[error("as many invitations wait as may; withdraw one, or let the operator raise auth.invitations")]
    TooManyInvitations,
    /// Too many attempts, from this address or at this account; how long to wait.
    #[error("there were too many attempts to sign in, please wait a moment")]
    TooMany(Duration),
    /// They may not do that to an account.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Parts of the input are wrong: JSON pointer and sentence of each.
    #[error("some fields are not acceptable")]
    Invalid(Vec<(&'static str, String)>),
    /// A store or the hashing pool could not do it.
    #[error(transparent)]
    Port(#[from] PortError),
}
