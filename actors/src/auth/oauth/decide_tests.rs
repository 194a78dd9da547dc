use super::*;
use crate::domain::Timestamp;

#[test]
fn an_invitation_is_for_an_address_that_is_vouched_for_and_has_no_account() {
    for (address_verified, invited, registration, decision) in [
        (true, false, Registration::Open, Decision::Create),
        (true, true, Registration::Open, Decision::Accept),
        (true, false, Registration::Invite, Decision::Refuse(Refusal::RegistrationClosed)),
        (true, true, Registration::Invite, Decision::Accept),
        (true, true, Registration::Closed, Decision::Refuse(Refusal::RegistrationClosed)),
        (false, true, Registration::Invite, Decision::Refuse(Refusal::EmailUnverified)),
        (false, true, Registration::Open, Decision::Refuse(Refusal::EmailUnverified)),
    ] {
        let facts = Facts { linking: None, owner: None, address_verified, account: None, invited, registration };
        assert_eq!(decide(facts), decision, "{facts:?}");
    }
}

#[test]
fn every_other_case_is_the_same_with_an_invitation() {
    use Decision::{Link, LinkAndSignIn, Refuse, SignIn};
    use Registration::{Closed, Open};
    let known = || Known { id: UserId::new(Timestamp::clamped(0)), verified: true, disabled: false };
    let (ada, bob) = (known(), known());
    let unverified = |known| Known { verified: false, ..known };
    let shut = |known| Known { disabled: true, ..known };
    for (linking, owner, address_verified, account, registration, decision) in [
        // A known identity signs in whatever became of addresses and registration.
        (None, Some(ada), true, None, Open, SignIn(ada.id)),
        (None, Some(ada), false, None, Closed, SignIn(ada.id)),
        (None, Some(ada), true, Some(bob), Open, SignIn(ada.id)),
        (None, Some(ada), false, Some(unverified(bob)), Open, SignIn(ada.id)),
        (None, Some(ada), true, Some(shut(bob)), Open, SignIn(ada.id)),
        // An unknown one whose address nobody vouches for does nothing, and does not tell who has an account.
        (None, None, false, None, Open, Refuse(Refusal::EmailUnverified)),
        (None, None, false, Some(ada), Open, Refuse(Refusal::EmailUnverified)),
        (None, None, false, Some(unverified(ada)), Open, Refuse(Refusal::EmailUnverified)),
        (None, None, false, Some(shut(ada)), Open, Refuse(Refusal::EmailUnverified)),
        (None, None, false, None, Closed, Refuse(Refusal::EmailUnverified)),
        // With a verified address: linked where both sides are, refused where the account's is not.
        (None, None, true, Some(ada), Open, LinkAndSignIn(ada.id)),
        (None, None, true, Some(ada), Closed, LinkAndSignIn(ada.id)),
        (None, None, true, Some(unverified(ada)), Open, Refuse(Refusal::AccountExists)),
        (None, None, true, Some(unverified(ada)), Closed, Refuse(Refusal::AccountExists)),
        (None, None, true, None, Closed, Refuse(Refusal::RegistrationClosed)),
        // Who is signed in and asks for it links whatever identity is free.
        (Some(ada), None, false, None, Closed, Link(ada.id)),
        (Some(ada), None, true, Some(bob), Open, Link(ada.id)),
        (Some(ada), Some(ada), true, Some(ada), Open, Link(ada.id)),
        (Some(ada), Some(bob), true, Some(ada), Open, Refuse(Refusal::IdentityTaken)),
        (Some(ada), Some(bob), false, None, Closed, Refuse(Refusal::IdentityTaken)),
        // An account that is shut comes by nothing.
        (None, Some(shut(ada)), true, None, Open, Refuse(Refusal::Disabled)),
        (None, Some(shut(ada)), false, Some(bob), Closed, Refuse(Refusal::Disabled)),
        (None, None, true, Some(shut(ada)), Open, Refuse(Refusal::Disabled)),
        (None, None, true, Some(unverified(shut(ada))), Open, Refuse(Refusal::AccountExists)),
        (Some(shut(ada)), None, true, None, Open, Refuse(Refusal::Disabled)),
        (Some(shut(ada)), Some(shut(ada)), true, None, Open, Refuse(Refusal::Disabled)),
    ] {
        for invited in [false, true] {
            let facts = Facts { linking, owner, address_verified, account, invited, registration };
            assert_eq!(decide(facts), decision, "{facts:?}");
        }
    }
}
