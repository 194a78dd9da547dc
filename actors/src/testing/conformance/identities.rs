use std::sync::Arc;

use futures_util::future::join_all;

use super::at;
use crate::auth::oauth::NO_PASSWORD;
use crate::domain::{Identity, IdentityId, Role, UserId};
use crate::ports::{Accounts, Identities, NewUser, PortError};

type Stores = (Arc<dyn Identities>, Arc<dyn Accounts>);

/// What [`Identities`] promises, together with the [`Accounts`] beside it.
///
/// # Panics
/// Where a promise is broken.
pub async fn identities(make: impl AsyncFn() -> Stores) {
    makes_accounts_with_identities(make().await).await;
    makes_all_of_it_or_nothing(make().await).await;
    links_an_identity_once(make().await).await;
    leaves_a_way_in(make().await).await;
    lets_a_try_return_once(&*make().await.0).await;
}

fn new(email: &str, password_hash: &str) -> NewUser {
    NewUser {
        id: UserId::new(at(0)),
        email: email.to_owned(),
        name: "Ada".to_owned(),
        role: None,
        password_hash: password_hash.to_owned(),
        created_at: at(0),
    }
}

fn identity(user_id: UserId, subject: &str) -> Identity {
    Identity {
        id: IdentityId::new(at(0)),
        user_id,
        provider: "house".to_owned(),
        issuer: "https://id.example.org".to_owned(),
        subject: subject.to_owned(),
        email: Some("there@example.org".to_owned()),
        created_at: at(0),
    }
}

async fn owner(store: &dyn Identities, subject: &str) -> Option<UserId> {
    store.owner("https://id.example.org".to_owned(), subject.to_owned()).await.unwrap().map(|user| user.id)
}

async fn makes_accounts_with_identities((store, accounts): Stores) {
    let ada = new("ada@example.org", NO_PASSWORD);
    let made = store.create(ada.clone(), identity(ada.id, "1"), None).await.unwrap();
    assert_eq!((made.id, made.role, made.email_verified), (ada.id, Role::Owner, true));
    assert_eq!(accounts.by_id(ada.id).await.unwrap(), Some(made.clone()));
    assert_eq!(accounts.by_email("ada@example.org".to_owned()).await.unwrap(), Some((made, NO_PASSWORD.to_owned())));
    assert_eq!(owner(&*store, "1").await, Some(ada.id));
    assert_eq!(owner(&*store, "2").await, None);
    let elsewhere = store.owner("https://evil.example.org".to_owned(), "1".to_owned()).await.unwrap();
    assert_eq!(elsewhere, None, "a number counts with its issuer only");
    let kept = store.of(ada.id).await.unwrap();
    assert_eq!(kept, [Identity { id: kept[0].id, ..identity(ada.id, "1") }]);
}

async fn makes_all_of_it_or_nothing((store, accounts): Stores) {
    let (ada, bob) = (new("ada@example.org", NO_PASSWORD), new("bob@example.org", NO_PASSWORD));
    store.create(ada.clone(), identity(ada.id, "1"), None).await.unwrap();
    let taken = store.create(bob.clone(), identity(bob.id, "1"), None).await;
    assert_eq!(taken, Err(PortError::Conflict("identity_taken")));
    assert_eq!(accounts.by_email("bob@example.org".to_owned()).await.unwrap(), None, "no account without its identity");
    let again = new("ADA@example.org", NO_PASSWORD);
    let taken = store.create(again.clone(), identity(again.id, "2"), None).await;
    assert_eq!(taken, Err(PortError::Conflict("email_taken")));
    assert_eq!(owner(&*store, "2").await, None);
}

async fn links_an_identity_once((store, accounts): Stores) {
    let ada = accounts.create(new("ada@example.org", "$scrypt$")).await.unwrap().id;
    let bob = accounts.create(new("bob@example.org", "$scrypt$")).await.unwrap().id;
    let linked = join_all([ada, bob, ada, bob].map(|user| store.link(identity(user, "1")))).await;
    let winner = owner(&*store, "1").await.unwrap();
    for (user, linked) in [ada, bob, ada, bob].into_iter().zip(linked) {
        let expected = if user == winner { Ok(()) } else { Err(PortError::Conflict("identity_taken")) };
        assert_eq!(linked, expected);
    }
    assert_eq!(store.of(winner).await.unwrap().len(), 1);
}

async fn leaves_a_way_in((store, accounts): Stores) {
    let (ada, bob) = (new("ada@example.org", NO_PASSWORD), new("bob@example.org", "$scrypt$"));
    let (first, second) = (identity(ada.id, "1"), identity(ada.id, "2"));
    store.create(ada.clone(), first.clone(), None).await.unwrap();
    accounts.create(bob.clone()).await.unwrap();
    assert_eq!(store.unlink(ada.id, first.id).await, Err(PortError::Conflict("last_sign_in")));
    assert_eq!(owner(&*store, "1").await, Some(ada.id), "it stays");
    store.link(second.clone()).await.unwrap();
    assert_eq!(store.unlink(bob.id, first.id).await, Ok(false), "nobody unlinks another's");
    assert_eq!(store.unlink(ada.id, first.id).await, Ok(true));
    assert_eq!(store.unlink(ada.id, first.id).await, Ok(false));
    assert_eq!(store.unlink(ada.id, second.id).await, Err(PortError::Conflict("last_sign_in")));
    let bobs = identity(bob.id, "1");
    store.link(bobs.clone()).await.unwrap();
    assert_eq!(store.unlink(bob.id, bobs.id).await, Ok(true), "a password is a way in");
}

async fn lets_a_try_return_once(store: &dyn Identities) {
    let used = join_all((0..4).map(|_| store.use_once("d".to_owned(), at(10), at(0)))).await;
    assert_eq!(used.iter().filter(|first| **first == Ok(true)).count(), 1);
    assert_eq!(store.use_once("d".to_owned(), at(20), at(10)).await, Ok(false));
    assert_eq!(store.use_once("d".to_owned(), at(30), at(11)).await, Ok(true), "forgotten");
}
