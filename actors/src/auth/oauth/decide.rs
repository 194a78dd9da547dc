//! Whom an account elsewhere signs in here. Pure.

use super::Refusal;
use crate::auth::state::Registration;
use crate::domain::UserId;

/// What is known when somebody comes back from a provider.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Who asked for the link, while signed in.
    pub linking: Option<UserId>,
    /// Whom the identity signs in already.
    pub owner: Option<UserId>,
    /// Whether the provider gave an address and has seen that it is theirs.
    pub address_verified: bool,
    /// The account that has this address here, and whether it has shown that the address is its own.
    pub account: Option<(UserId, bool)>,
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
    /// Do nothing.
    Refuse(Refusal),
}

/// Decides. An account whose address nobody has seen to be its own may have been made by somebody who waits for the
/// address's owner to come by, so it is never linked by that address.
#[must_use]
pub fn decide(facts: Facts) -> Decision {
    let Facts { linking, owner, address_verified, account, registration } = facts;
    match (linking, owner, account) {
        (Some(asker), Some(owner), _) if asker != owner => Decision::Refuse(Refusal::IdentityTaken),
        (Some(asker), _, _) => Decision::Link(asker),
        (None, Some(owner), _) => Decision::SignIn(owner),
        (None, None, _) if !address_verified => Decision::Refuse(Refusal::EmailUnverified),
        (None, None, Some((account, true))) => Decision::LinkAndSignIn(account),
        (None, None, Some((_, false))) => Decision::Refuse(Refusal::AccountExists),
        // Not the first of all either, or a stranger who comes by early owns the installation.
        (None, None, None) if registration == Registration::Closed => Decision::Refuse(Refusal::RegistrationClosed),
        (None, None, None) => Decision::Create,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    #[test]
    fn every_case() {
        use Decision::{Create, Link, LinkAndSignIn, Refuse, SignIn};
        use Registration::{Closed, Open};
        let (ada, bob) = (UserId::new(Timestamp::clamped(0)), UserId::new(Timestamp::clamped(0)));
        for (linking, owner, address_verified, account, registration, decision) in [
            // A known identity signs in whatever became of addresses and registration.
            (None, Some(ada), true, None, Open, SignIn(ada)),
            (None, Some(ada), false, None, Closed, SignIn(ada)),
            (None, Some(ada), true, Some((bob, true)), Open, SignIn(ada)),
            (None, Some(ada), false, Some((bob, false)), Open, SignIn(ada)),
            // An unknown one whose address nobody vouches for does nothing, and does not tell who has an account.
            (None, None, false, None, Open, Refuse(Refusal::EmailUnverified)),
            (None, None, false, Some((ada, true)), Open, Refuse(Refusal::EmailUnverified)),
            (None, None, false, Some((ada, false)), Open, Refuse(Refusal::EmailUnverified)),
            (None, None, false, None, Closed, Refuse(Refusal::EmailUnverified)),
            // With a verified address: linked where both sides are, refused where the account's is not.
            (None, None, true, Some((ada, true)), Open, LinkAndSignIn(ada)),
            (None, None, true, Some((ada, true)), Closed, LinkAndSignIn(ada)),
            (None, None, true, Some((ada, false)), Open, Refuse(Refusal::AccountExists)),
            (None, None, true, Some((ada, false)), Closed, Refuse(Refusal::AccountExists)),
            (None, None, true, None, Open, Create),
            (None, None, true, None, Closed, Refuse(Refusal::RegistrationClosed)),
            // Who is signed in and asks for it links whatever identity is free.
            (Some(ada), None, false, None, Closed, Link(ada)),
            (Some(ada), None, true, Some((bob, true)), Open, Link(ada)),
            (Some(ada), Some(ada), true, Some((ada, true)), Open, Link(ada)),
            (Some(ada), Some(bob), true, Some((ada, true)), Open, Refuse(Refusal::IdentityTaken)),
            (Some(ada), Some(bob), false, None, Closed, Refuse(Refusal::IdentityTaken)),
        ] {
            let facts = Facts { linking, owner, address_verified, account, registration };
            assert_eq!(decide(facts), decision, "{facts:?}");
        }
    }
}
