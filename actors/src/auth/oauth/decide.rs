//! Whom an account elsewhere signs in here. Pure.

use super::Refusal;
use crate::auth::state::Registration;
use crate::domain::{User, UserId};

/// An account as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub id: UserId,
    /// Whether it has shown that its address is its own.
    pub verified: bool,
    /// Whether it is shut.
    pub disabled: bool,
}

impl From<&User> for Known {
    fn from(user: &User) -> Self {
        Self { id: user.id, verified: user.email_verified, disabled: user.disabled_at.is_some() }
    }
}

/// What is known when somebody comes back from a provider.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Who asked for the link, while signed in.
    pub linking: Option<Known>,
    /// Whom the identity signs in already.
    pub owner: Option<Known>,
    /// Whether the provider gave an address and has seen that it is theirs.
    pub address_verified: bool,
    /// The account that has this address here.
    pub account: Option<Known>,
    /// Whether the address is invited.
    pub invited: bool,
    /// Who may make an account.
    pub registration: Registration,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Sign them in.
    SignIn(UserId),
    /// Add the identity to the account that asked for it.
    Link(UserId),
    /// Both sides have seen that the address is the same person's: add the identity and sign in.
    LinkAndSignIn(UserId),
    /// Make an account.
    Create,
    /// Make an account by the invitation of the address.
    Accept,
    /// Do nothing.
    Refuse(Refusal),
}

/// Decides. An account whose address nobody has seen to be its own may have been made by somebody who waits for the
/// address's owner to come by, so it is never linked by that address. One that is shut comes by nothing.
#[must_use]
pub fn decide(facts: Facts) -> Decision {
    let Facts { linking, owner, address_verified, account, invited, registration } = facts;
    let open = |known: Known, decision: fn(UserId) -> Decision| {
        if known.disabled { Decision::Refuse(Refusal::Disabled) } else { decision(known.id) }
    };
    match (linking, owner, account) {
        (Some(asker), Some(owner), _) if asker.id != owner.id => Decision::Refuse(Refusal::IdentityTaken),
        (Some(asker), _, _) => open(asker, Decision::Link),
        (None, Some(owner), _) => open(owner, Decision::SignIn),
        (None, None, _) if !address_verified => Decision::Refuse(Refusal::EmailUnverified),
        (None, None, Some(account)) if account.verified => open(account, Decision::LinkAndSignIn),
        (None, None, Some(_)) => Decision::Refuse(Refusal::AccountExists),
        (None, None, None) => match registration {
            Registration::Open | Registration::Invite if invited => Decision::Accept,
            Registration::Open => Decision::Create,
            // Not the first of all either, or a stranger who comes by early owns the installation.
            Registration::Invite | Registration::Closed => Decision::Refuse(Refusal::RegistrationClosed),
        },
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
