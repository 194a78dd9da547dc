//! Why somebody does not come in by a provider.

use crate::auth::messages::AuthError;

/// Why nobody was signed in or linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The answer belongs to no try of this browser, or to one that is too old or was used.
    #[error("it belongs to no try of this browser")]
    InvalidState,
    /// They, or their provider, said no.
    #[error("the provider or its user said no")]
    AccessDenied,
    /// The provider's answer is not to be believed.
    #[error("the provider's answer is not acceptable")]
    ProviderRefused,
    /// The provider cannot be reached.
    #[error("the provider does not answer")]
    ProviderUnreachable,
    /// The provider does not vouch for their address.
    #[error("the provider does not vouch for the address")]
    EmailUnverified,
    /// Their address has an account here that has not shown that it is its own.
    #[error("the address has an account here")]
    AccountExists,
    /// They have no account and may not make one.
    #[error("registration is not open")]
    RegistrationClosed,
    /// The account is shut.
    #[error("the account is disabled")]
    Disabled,
    /// It signs in another account already.
    #[error("it is linked to another account")]
    IdentityTaken,
    /// A store is busy.
    #[error("busy")]
    Busy,
    /// A store failed.
    #[error("a failure of the server")]
    Failed,
}

/// Why somebody is not sent to a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotSent {
    /// There is no such provider.
    UnknownProvider,
    /// The browser may not be sent there afterwards.
    ForeignReturn,
    /// They tried too often, or that cannot be told.
    Guarded(AuthError),
    /// The provider cannot be reached.
    Unreachable,
}
