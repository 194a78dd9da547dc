use std::sync::Arc;

use futures_util::future::join_all;

use super::at;
use crate::domain::{Identity, IdentityId, Invitation, InvitationId, Role, User, UserId};
use crate::ports::{Accounts, Identities, Invitations, NewInvitation, NewUser, PortError, UserChange, Users};

/// The invitations, and what lies beside them and depends on them.
pub struct InvitationsStores {
    /// What is tested.
    pub invitations: Arc<dyn Invitations>,
    /// The accounts that invite and are made.
    pub accounts: Arc<dyn Accounts>,
    /// The same, to be changed.
    pub users: Arc<dyn Users>,
    /// Accounts elsewhere, by which an invitation may be used up too.
    pub identities: Arc<dyn Identities>,
}

/// What [`Invitations`] promises.
///
/// # Panics
/// Where a promise is broken.
pub async fn invitations(make: impl AsyncFn() -> InvitationsStores) {
    waits_until_it_expires(make().await).await;
    makes_one_account(make().await).await;
    takes_the_place_of_the_one_before(make().await).await;
    holds_so_many(make().await).await;
    is_as_good_as_who_made_it(make().await).await;
    ends_with_an_account_of_its_address(make().await).await;
    is_used_up_by_an_identity(make().await).await;
}

fn user(email: &str, role: Option<Role>) -> NewUser {
    NewUser {
        id: UserId::new(at(0)),
        email: email.to_owned(),
        name: "Ada".to_owned(),
        role,
        password_hash: "hash".to_owned(),
        created_at: at(0),
    }
}

async fn owner(stores: &InvitationsStores) -> User {
    stores.accounts.create(user("ada@x.org", Some(Role::Owner))).await.unwrap()
}

/// An invitation that lives for a second.
fn new(by: &User, email: &str, role: Role, millis: i64) -> NewInvitation {
    NewInvitation {
        id: InvitationId::new(at(millis)),
        digest: format!("{email} {millis}"),
        email: email.to_owned(),
        role,
        invited_by: by.id,
        created_at: at(millis),
        expires_at: at(millis + 1_000),
    }
}

fn stored(new: &NewInvitation) -> Invitation {
    Invitation {
        id: new.id,
        email: new.email.clone(),
        role: new.role,
        invited_by: new.invited_by,
        inviter: "Ada".to_owned(),
        created_at: new.created_at,
        expires_at: new.expires_at,
    }
}

async fn waits_until_it_expires(stores: InvitationsStores) {
    let (ada, store) = (owner(&stores).await, &stores.invitations);
    let (bob, eve) = (new(&ada, "Bob@x.org", Role::Member, 0), new(&ada, "eve@x.org", Role::Admin, 1));
    assert_eq!(store.invite(bob.clone(), 9).await.unwrap(), Some(stored(&bob)));
    assert_eq!(store.invite(eve.clone(), 9).await.unwrap(), Some(stored(&eve)));
    assert_eq!(store.pending(at(999)).await.unwrap(), [stored(&bob), stored(&eve)]);
    assert_eq!(store.pending(at(1_000)).await.unwrap(), [stored(&eve)]);
    let peek = async |digest: &str, millis| store.peek(digest.to_owned(), at(millis)).await.unwrap();
    let of = async |email: &str, millis| store.of_address(email.to_owned(), at(millis)).await.unwrap();
    assert_eq!((peek("Bob@x.org 0", 999).await, peek("Bob@x.org 0", 1_000).await), (Some(stored(&bob)), None));
    assert_eq!((of("bOB@x.org", 999).await, of("bob@x.org", 1_000).await), (Some(stored(&bob)), None));
    assert_eq!((peek("another", 2).await, of("ob@x.org", 2).await), (None, None));
    store.sweep(at(1_000)).await.unwrap();
    assert_eq!((peek("Bob@x.org 0", 2).await, peek("eve@x.org 1", 2).await), (None, Some(stored(&eve))));
    assert_eq!((store.withdraw(eve.id).await.unwrap(), store.withdraw(eve.id).await.unwrap()), (true, false));
    assert_eq!(store.pending(at(2)).await.unwrap(), []);
}

async fn makes_one_account(stores: InvitationsStores) {
    let (ada, store) = (owner(&stores).await, &stores.invitations);
    let bob = new(&ada, "Bob@x.org", Role::Admin, 0);
    store.invite(bob.clone(), 9).await.unwrap().unwrap();
    // The role and the address are those of the invitation, whatever is asked for.
    let asked = || user("mallory@x.org", Some(Role::Owner));
    let late = NewUser { created_at: at(1_000), ..asked() };
    assert_eq!(store.accept(bob.digest.clone(), late).await.unwrap(), None);
    assert_eq!(store.accept("another".to_owned(), asked()).await.unwrap(), None);
    let tries = join_all((0..4).map(|_| store.accept(bob.digest.clone(), asked()))).await;
    let made: Vec<User> = tries.into_iter().filter_map(Result::unwrap).collect();
    let [made] = made.as_slice() else { panic!("once, however many try: {made:?}") };
    assert_eq!((made.email.as_str(), made.role, made.email_verified), ("Bob@x.org", Role::Admin, true));
    assert_eq!(stores.accounts.by_id(made.id).await.unwrap().as_ref(), Some(made));
    assert_eq!(store.pending(at(1)).await.unwrap(), []);
}

async fn takes_the_place_of_the_one_before(stores: InvitationsStores) {
    let (ada, store) = (owner(&stores).await, &stores.invitations);
    let (first, second) = (new(&ada, "bob@x.org", Role::Member, 0), new(&ada, "BOB@x.org", Role::Admin, 1));
    store.invite(first.clone(), 1).await.unwrap().unwrap();
    store.invite(second.clone(), 1).await.unwrap().unwrap();
    assert_eq!(store.peek(first.digest, at(2)).await.unwrap(), None);
    assert_eq!(store.pending(at(2)).await.unwrap(), [stored(&second)]);
}

async fn holds_so_many(stores: InvitationsStores) {
    let (ada, store) = (owner(&stores).await, &stores.invitations);
    for n in 0..2 {
        store.invite(new(&ada, &format!("u{n}@x.org"), Role::Member, 0), 2).await.unwrap().unwrap();
    }
    let third = new(&ada, "third@x.org", Role::Member, 999);
    assert_eq!(store.invite(third, 2).await, Err(PortError::Conflict("too_many_invitations")));
    let later = new(&ada, "third@x.org", Role::Member, 1_000);
    assert!(store.invite(later, 2).await.unwrap().is_some(), "what has expired waits no more");
    let taken = store.invite(new(&ada, "ADA@x.org", Role::Member, 0), 9).await;
    assert_eq!(taken, Err(PortError::Conflict("email_taken")));
}

async fn is_as_good_as_who_made_it(stores: InvitationsStores) {
    let (ada, store) = (owner(&stores).await, &stores.invitations);
    let grace = stores.accounts.create(user("grace@x.org", Some(Role::Admin))).await.unwrap();
    let eve = stores.accounts.create(user("eve@x.org", Some(Role::Member))).await.unwrap();
    let invite = async |by: &User, role| store.invite(new(by, "bob@x.org", role, 0), 9).await.unwrap().is_some();
    assert_eq!((invite(&eve, Role::Member).await, invite(&grace, Role::Admin).await), (false, false));
    store.invite(new(&ada, "kept@x.org", Role::Admin, 0), 9).await.unwrap().unwrap();
    assert!(invite(&grace, Role::Member).await);
    let less = UserChange { seen: grace.clone(), role: Role::Member, disabled_at: None, takes_away: true };
    stores.users.change(less).await.unwrap().unwrap();
    let left = store.pending(at(1)).await.unwrap();
    assert_eq!(left.iter().map(|one| one.email.as_str()).collect::<Vec<_>>(), ["kept@x.org"]);
    assert!(!invite(&grace, Role::Member).await, "not any more");
}

async fn ends_with_an_account_of_its_address(stores: InvitationsStores) {
    let (ada, store) = (owner(&stores).await, &stores.invitations);
    let bob = new(&ada, "Bob@x.org", Role::Admin, 0);
    store.invite(bob.clone(), 9).await.unwrap().unwrap();
    let made = stores.accounts.create(user("bob@X.org", None)).await.unwrap();
    assert_eq!(made.role, Role::Member, "it was made otherwise");
    assert_eq!(store.peek(bob.digest, at(1)).await.unwrap(), None);
}

async fn is_used_up_by_an_identity(stores: InvitationsStores) {
    let (ada, store) = (owner(&stores).await, &stores.invitations);
    let bob = new(&ada, "bob@x.org", Role::Admin, 0);
    store.invite(bob.clone(), 9).await.unwrap().unwrap();
    let create = async |email: &str, role: Role, millis: i64| {
        let new = NewUser { created_at: at(millis), ..user(email, Some(role)) };
        let identity = Identity {
            id: IdentityId::new(at(0)),
            user_id: new.id,
            provider: "house".to_owned(),
            issuer: "https://id.example.org".to_owned(),
            subject: email.to_owned(),
            email: None,
            created_at: at(0),
        };
        stores.identities.create(new, identity, Some(bob.id)).await
    };
    let gone = Err(PortError::Conflict("invitation_gone"));
    assert_eq!(create("eve@x.org", Role::Admin, 0).await, gone, "of another address");
    assert_eq!(create("bob@x.org", Role::Owner, 0).await, gone, "for another role");
    assert_eq!(create("bob@x.org", Role::Admin, 1_000).await, gone, "too late");
    assert_eq!(create("bob@x.org", Role::Admin, 999).await.unwrap().role, Role::Admin);
    assert_eq!(store.pending(at(1)).await.unwrap(), []);
    assert_eq!(create("bob@x.org", Role::Admin, 1).await, gone, "once");
}
