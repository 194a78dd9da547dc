use std::sync::Arc;

use futures_util::future::join_all;

use super::at;
use crate::domain::{ApiKey, ApiKeyId, Role, Scope, User, UserId};
use crate::ports::{Accounts, NewUser, PortError};

/// What [`Accounts`] promises.
///
/// # Panics
/// Where a promise is broken.
pub async fn accounts(make: impl AsyncFn() -> Arc<dyn Accounts>) {
    keeps_what_it_is_given(&*make().await).await;
    knows_an_address_in_any_case(&*make().await).await;
    makes_one_owner(&*make().await).await;
    gives_an_address_once(&*make().await).await;
    changes_names_and_hashes(&*make().await).await;
    names_the_admins(&*make().await).await;
    keeps_keys(&*make().await).await;
    limits_keys(&*make().await).await;
    replaces_keys_of_the_installation(&*make().await).await;
    notes_the_use_of_keys(&*make().await).await;
}

fn new(email: &str, role: Option<Role>) -> NewUser {
    NewUser {
        id: UserId::new(at(0)),
        email: email.to_owned(),
        name: "Ada".to_owned(),
        role,
        password_hash: "$scrypt$ln=17$one".to_owned(),
        created_at: at(0),
    }
}

async fn create(store: &dyn Accounts, email: &str) -> User {
    store.create(new(email, None)).await.unwrap()
}

async fn keeps_what_it_is_given(store: &dyn Accounts) {
    let given = new("Ada@Example.org", None);
    let user = store.create(given.clone()).await.unwrap();
    let expected = User {
        id: given.id,
        email: "Ada@Example.org".to_owned(),
        name: "Ada".to_owned(),
        role: Role::Owner,
        email_verified: false,
        created_at: at(0),
        disabled_at: None,
    };
    assert_eq!(user, expected);
    assert_eq!(store.by_id(given.id).await.unwrap(), Some(expected.clone()));
    assert_eq!(store.by_email("Ada@Example.org".to_owned()).await.unwrap(), Some((expected, given.password_hash)));
    assert_eq!(store.by_id(UserId::new(at(1))).await.unwrap(), None);
    assert_eq!(store.by_email("nobody@example.org".to_owned()).await.unwrap(), None);
}

async fn knows_an_address_in_any_case(store: &dyn Accounts) {
    let user = create(store, "Zoë.ÅSTRÖM@Example.ORG").await;
    for same in ["zoë.åström@example.org", "ZOË.ÅSTRÖM@EXAMPLE.ORG", "Zoë.Åström@example.org"] {
        let found = store.by_email(same.to_owned()).await.unwrap().map(|(user, _)| user);
        assert_eq!(found.as_ref(), Some(&user), "{same}");
        assert_eq!(store.create(new(same, None)).await, Err(PortError::Conflict("email_taken")), "{same}");
    }
    assert_eq!(store.by_email("zoe.astrom@example.org".to_owned()).await.unwrap(), None, "accents are letters");
}

async fn makes_one_owner(store: &dyn Accounts) {
    let users: Vec<String> = (0..8).map(|n| format!("u{n}@example.org")).collect();
    let made = join_all(users.iter().map(|email| store.create(new(email, None)))).await;
    let roles: Vec<Role> = made.into_iter().map(|user| user.unwrap().role).collect();
    assert_eq!(roles.iter().filter(|role| **role == Role::Owner).count(), 1, "the first of all: {roles:?}");
    assert_eq!(roles.iter().filter(|role| **role == Role::Member).count(), 7, "{roles:?}");
    let admin = store.create(new("admin@example.org", Some(Role::Admin))).await.unwrap();
    assert_eq!(admin.role, Role::Admin, "a role that is given is the role");
}

async fn gives_an_address_once(store: &dyn Accounts) {
    let made =
        join_all(["x@example.org", "X@example.org"].repeat(4).into_iter().map(|to| store.create(new(to, None)))).await;
    assert_eq!(made.iter().filter(|one| one.is_ok()).count(), 1);
    let taken = |one: &Result<User, PortError>| one.is_ok() || *one == Err(PortError::Conflict("email_taken"));
    assert!(made.iter().all(taken), "{made:?}");
}

async fn changes_names_and_hashes(store: &dyn Accounts) {
    let user = create(store, "a@example.org").await;
    let other = create(store, "b@example.org").await;
    let renamed = store.rename(user.id, "Countess".to_owned()).await.unwrap();
    assert_eq!(renamed, Some(User { name: "Countess".to_owned(), ..user.clone() }));
    assert_eq!(store.by_id(user.id).await.unwrap(), renamed);
    assert_eq!(store.by_id(other.id).await.unwrap(), Some(other), "nobody else's");
    assert_eq!(store.rename(UserId::new(at(1)), "X".to_owned()).await.unwrap(), None);

    let hash = async || store.by_email("a@example.org".to_owned()).await.unwrap().unwrap().1;
    store.rehash(user.id, "another".to_owned(), "new".to_owned()).await.unwrap();
    assert_eq!(hash().await, "$scrypt$ln=17$one", "not where the old one was changed meanwhile");
    store.rehash(user.id, "$scrypt$ln=17$one".to_owned(), "new".to_owned()).await.unwrap();
    assert_eq!(hash().await, "new");
}

async fn names_the_admins(store: &dyn Accounts) {
    assert!(store.admin_emails().await.unwrap().is_empty());
    for (email, role) in [("z@x.org", Role::Owner), ("m@x.org", Role::Member), ("a@x.org", Role::Admin)] {
        store.create(new(email, Some(role))).await.unwrap();
    }
    assert_eq!(store.admin_emails().await.unwrap(), ["a@x.org", "z@x.org"], "by address");
}

fn key(user: Option<UserId>, millis: i64) -> ApiKey {
    ApiKey {
        id: ApiKeyId::new(at(millis)),
        user_id: user,
        name: "ingest".to_owned(),
        scopes: vec![Scope::DocumentsWrite, Scope::AlertsRead],
        prefix: "tcs_abcd".to_owned(),
        created_at: at(millis),
        last_used_at: None,
        expires_at: Some(at(99_000)),
    }
}

async fn keeps_keys(store: &dyn Accounts) {
    let (ada, bob) = (create(store, "a@x.org").await.id, create(store, "b@x.org").await.id);
    let keys = [key(Some(ada), 1), ApiKey { scopes: Vec::new(), expires_at: None, ..key(Some(ada), 2) }];
    for (one, digest) in keys.iter().zip(["d1", "d2"]) {
        store.create_key(one.clone(), digest.to_owned(), 9).await.unwrap();
    }
    assert_eq!(store.keys_of(ada).await.unwrap(), keys, "oldest first");
    assert_eq!(store.keys_of(bob).await.unwrap(), vec![]);
    assert_eq!(store.key_by_digest("d3".to_owned(), at(5)).await.unwrap(), None);
    assert!(!store.delete_key(bob, keys[0].id).await.unwrap(), "nobody removes another's");
    assert!(store.delete_key(ada, keys[0].id).await.unwrap());
    assert!(!store.delete_key(ada, keys[0].id).await.unwrap(), "it is gone");
    assert_eq!(store.key_by_digest("d1".to_owned(), at(5)).await.unwrap(), None, "and opens nothing");
    assert_eq!(store.keys_of(ada).await.unwrap(), keys[1..]);
}

async fn limits_keys(store: &dyn Accounts) {
    let (ada, bob) = (create(store, "a@x.org").await.id, create(store, "b@x.org").await.id);
    let made = join_all((0..6).map(|n| store.create_key(key(Some(ada), n), format!("d{n}"), 2))).await;
    assert_eq!(made.iter().filter(|one| one.is_ok()).count(), 2);
    let refused = |one: &Result<(), PortError>| one.is_ok() || *one == Err(PortError::Conflict("too_many_keys"));
    assert!(made.iter().all(refused), "{made:?}");
    store.create_key(key(Some(bob), 9), "of-bob".to_owned(), 2).await.unwrap();
    let one = store.keys_of(ada).await.unwrap()[0].id;
    assert!(store.delete_key(ada, one).await.unwrap());
    store.create_key(key(Some(ada), 9), "after".to_owned(), 2).await.unwrap();
}

async fn replaces_keys_of_the_installation(store: &dyn Accounts) {
    let ada = create(store, "a@x.org").await.id;
    let other = ApiKey { name: "another".to_owned(), ..key(None, 2) };
    for (one, digest) in [(key(Some(ada), 1), "ada"), (key(None, 1), "lost"), (other, "other"), (key(None, 3), "new")] {
        store.create_key(one, digest.to_owned(), 9).await.unwrap();
    }
    for (digest, there) in [("ada", true), ("lost", false), ("other", true), ("new", true)] {
        assert_eq!(store.key_by_digest(digest.to_owned(), at(5)).await.unwrap().is_some(), there, "{digest}");
    }
}

async fn notes_the_use_of_keys(store: &dyn Accounts) {
    let ada = create(store, "a@x.org").await.id;
    store.create_key(key(Some(ada), 1), "d".to_owned(), 9).await.unwrap();
    store.create_key(key(None, 1), "of-the-installation".to_owned(), 9).await.unwrap();
    let noted = async || store.keys_of(ada).await.unwrap()[0].last_used_at;
    for (used, expected) in [(1_000, 1_000), (2_000, 1_000), (60_999, 1_000), (61_000, 61_000), (61_001, 61_000)] {
        let found = store.key_by_digest("d".to_owned(), at(used)).await.unwrap().unwrap();
        assert_eq!((found.user_id, found.scopes.len()), (Some(ada), 2));
        assert_eq!(noted().await, Some(at(expected)), "used at {used}: at most once a minute");
    }
    let own = store.key_by_digest("of-the-installation".to_owned(), at(1)).await.unwrap().unwrap();
    assert_eq!(own.user_id, None);
}
