//! Who may do what to whose account. Pure.

use crate::domain::{Role, User};

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nobody changes their own role or shuts themself out.
    #[error("nobody does this to their own account; ask another owner")]
    OwnAccount,
    /// Only owners look after roles, admins and owners.
    #[error("this is for owners; ask one of them")]
    OwnerRequired,
    /// They look after nobody, or not any more.
    #[error("this is for owners and admins; ask one of them")]
    AdminRequired,
    /// There must be somebody who may do everything.
    #[error("this is the last owner; make somebody else an owner first")]
    LastOwner,
}

/// What somebody wants to become of an account; `None` leaves it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// The role.
    pub role: Option<Role>,
    /// Whether it is shut.
    pub disabled: Option<bool>,
}

/// Whether `by` may do that to the account of `of`. What the account is already is no change.
///
/// # Errors
/// [`Refused`].
pub fn may_change(by: &User, of: &User, wish: Wish) -> Result<(), Refused> {
    if by.id == of.id {
        return Err(Refused::OwnAccount);
    }
    may_look_after(by, of.role)?;
    match wish.role {
        Some(role) if role != of.role => may_look_after(by, Role::Admin),
        _ => Ok(()),
    }
}

/// Whether `by` may end the sign-ins of the account of `of`; one's own one may.
///
/// # Errors
/// [`Refused`].
pub fn may_end_sign_ins(by: &User, of: &User) -> Result<(), Refused> {
    may_look_after(by, if by.id == of.id { Role::Member } else { of.role })
}

/// Whether `by` may look after accounts of this role, or make one.
///
/// # Errors
/// [`Refused`].
pub fn may_look_after(by: &User, role: Role) -> Result<(), Refused> {
    match by.role {
        _ if by.disabled_at.is_some() => Err(Refused::AdminRequired),
        Role::Owner => Ok(()),
        Role::Admin if role == Role::Member => Ok(()),
        Role::Admin => Err(Refused::OwnerRequired),
        Role::Member => Err(Refused::AdminRequired),
    }
}

/// Whether a change takes something away: then what the account holds ends, so that the old rights do not live on in
/// access tokens. More rights come with the next refresh, and nobody is signed out for them.
#[must_use]
pub fn takes_away(of: &User, role: Role, disabled: bool) -> bool {
    role < of.role || (disabled && of.disabled_at.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Timestamp, UserId};

    fn user(role: Role) -> User {
        let now = Timestamp::clamped(0);
        User {
            id: UserId::new(now),
            email: "ada@example.org".into(),
            name: "Ada".into(),
            role,
            email_verified: true,
            created_at: now,
            disabled_at: None,
        }
    }

    #[test]
    fn who_may_change_whom() {
        use Refused::{AdminRequired, OwnerRequired};
        use Role::{Admin, Member, Owner};
        let shut = Wish { disabled: Some(true), ..Wish::default() };
        let open = Wish { disabled: Some(false), ..Wish::default() };
        let role = |role| Wish { role: Some(role), ..Wish::default() };
        for (by, of, wish, expected) in [
            (Owner, Owner, role(Member), Ok(())),
            (Owner, Owner, shut, Ok(())),
            (Owner, Admin, role(Owner), Ok(())),
            (Owner, Admin, open, Ok(())),
            (Owner, Member, role(Admin), Ok(())),
            (Admin, Member, shut, Ok(())),
            (Admin, Member, open, Ok(())),
            (Admin, Member, role(Member), Ok(())),
            (Admin, Member, role(Admin), Err(OwnerRequired)),
            (Admin, Member, role(Owner), Err(OwnerRequired)),
            (Admin, Member, Wish { role: Some(Admin), ..shut }, Err(OwnerRequired)),
            (Admin, Admin, shut, Err(OwnerRequired)),
            (Admin, Admin, role(Member), Err(OwnerRequired)),
            (Admin, Owner, open, Err(OwnerRequired)),
            (Admin, Owner, Wish::default(), Err(OwnerRequired)),
            (Member, Member, shut, Err(AdminRequired)),
            (Member, Owner, role(Member), Err(AdminRequired)),
        ] {
            assert_eq!(may_change(&user(by), &user(of), wish), expected, "{by:?} {of:?} {wish:?}");
        }
    }

    #[test]
    fn nobody_changes_themself_and_who_is_shut_out_nobody() {
        for role in [Role::Owner, Role::Admin, Role::Member] {
            let me = user(role);
            for wish in [Wish::default(), Wish { role: Some(Role::Owner), disabled: Some(true) }] {
                assert_eq!(may_change(&me, &me, wish), Err(Refused::OwnAccount), "{role:?}");
            }
            let shut_out = User { disabled_at: Some(Timestamp::clamped(1)), ..user(role) };
            assert_eq!(may_change(&shut_out, &user(Role::Member), Wish::default()), Err(Refused::AdminRequired));
        }
        let admin = user(Role::Admin);
        assert_eq!(may_end_sign_ins(&admin, &admin), Ok(()));
        assert_eq!(may_end_sign_ins(&admin, &user(Role::Admin)), Err(Refused::OwnerRequired));
        assert_eq!(may_end_sign_ins(&admin, &user(Role::Member)), Ok(()));
    }

    #[test]
    fn only_less_than_before_ends_sign_ins() {
        let disabled = |user: User| User { disabled_at: Some(Timestamp::clamped(1)), ..user };
        for (of, role, shut, expected) in [
            (user(Role::Admin), Role::Member, false, true),
            (user(Role::Owner), Role::Admin, false, true),
            (user(Role::Admin), Role::Admin, false, false),
            (user(Role::Member), Role::Owner, false, false),
            (user(Role::Member), Role::Admin, true, true),
            (user(Role::Member), Role::Member, true, true),
            (disabled(user(Role::Member)), Role::Member, true, false),
            (disabled(user(Role::Member)), Role::Member, false, false),
        ] {
            assert_eq!(takes_away(&of, role, shut), expected, "{of:?} {role:?} {shut}");
        }
    }
}
