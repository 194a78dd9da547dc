//! What can be asked about second factors.

use actix::Message;

use crate::auth::messages::{AuthError, Device};
use crate::domain::{SessionId, Timestamp, UserId};
use crate::ports::Enrolment;

/// Whether one is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Since when; `None` when it is not.
    pub enabled_at: Option<Timestamp>,
    /// Recovery codes that were not used yet.
    pub recovery_codes: u32,
}

/// Look at one's own.
#[derive(Debug, Clone, Copy, Message)]
#[rtype(result = "Result<Standing, AuthError>")]
pub struct Look {
    /// Whose.
    pub user_id: UserId,
}

/// Make a secret, which waits to be confirmed.
#[derive(Clone, Message)]
#[rtype(result = "Result<Enrolment, AuthError>")]
pub struct Begin {
    /// Whose.
    pub user_id: UserId,
    /// The sign-in that asks.
    pub session_id: SessionId,
    /// The password of the account, where it has one.
    pub password: Option<String>,
    /// Where from.
    pub from: Device,
}

macro_rules! with_code {
    ($($(#[$doc:meta])+ $name:ident => $answer:ty;)+) => {$(
        $(#[$doc])+
        #[derive(Clone)]
        pub struct $name {
            /// Whose.
            pub user_id: UserId,
            /// What was typed.
            pub otp: String,
            /// Where from.
            pub from: Device,
        }

        impl Message for $name {
            type Result = Result<$answer, AuthError>;
        }
    )+};
}

with_code! {
    /// Ask for the second factor from now on. Answers the recovery codes, for this once.
    Confirm => Vec<String>;
    /// Make other recovery codes. Answers them, for this once.
    Renew => Vec<String>;
    /// Ask for it no more.
    SwitchOff => ();
}

/// Take away the second factor of somebody else; whether there was one.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<bool, AuthError>")]
pub struct Remove {
    /// Who asks.
    pub by: UserId,
    /// Whose.
    pub id: UserId,
    /// Where from.
    pub from: Device,
}
