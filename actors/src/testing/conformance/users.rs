use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::at;
use crate::domain::{ApiKey, ApiKeyId, Role, Scope, User, UserId};
use crate::ports::{AccountMail, Accounts, LinkKind, Links, ListUsers, NewLink, NewUser, PortError, UserChange, Users};

/// The accounts, and what lies beside them and depends on them.
pub struct UsersStores {
    /// What is tested.
    pub users: Arc<dyn Users>,
    /// The same accounts.
    pub accounts: Arc<dyn Accounts>,
    /// Their mailed links.
    pub links: Arc<dyn Links>,
}

/// What [`Users`] promises.
///
/// # Panics
/// Where a promise is broken.
pub async fn users(make: impl AsyncFn() -> UsersStores) {
    finds_and_pages(make().await).await;
    changes_what_was_seen_and_nothing_else(make().await).await;
    leaves_an_owner(make().await).await;
    shuts_and_opens(make().await).await;
    ends_what_was_held_only_where_asked(make().await).await;
}

pub(super) async fn account(stores: &UsersStores, email: &str, name: &str, role: Role) -> User {
    let new = NewUser {
        id: UserId::new(at(0)),
        email: email.to_owned(),
        name: name.to_owned(),
        role: Some(role),
        password_hash: "hash".to_owned(),
        created_at: at(0),
    };
    stores.accounts.create(new).await.unwrap()
}

pub(super) fn as_it_is(user: &User) -> UserChange {
    UserChange { seen: user.clone(), role: user.role, disabled_at: user.disabled_at, takes_away: false }
}

async fn finds_and_pages(stores: UsersStores) {
    for (email, name) in [("ada@x.org", "Ada"), ("Zoë@x.org", "Z"), ("bob@y.org", "ZOË 100%"), ("eve@y.org", "Eve")] {
        account(&stores, email, name, Role::Member).await;
    }
    let list = async |containing: &str, after: Option<UserId>, limit: usize| {
        let found = stores.users.list(ListUsers { containing: containing.to_owned(), after, limit }).await.unwrap();
        found.into_iter().map(|row| row.user).collect::<Vec<User>>()
    };
    let names = |users: &[User]| users.iter().map(|user| user.name.clone()).collect::<Vec<_>>();
    let all = list("", None, 10).await;
    assert_eq!(names(&all), ["Ada", "Z", "ZOË 100%", "Eve"], "the oldest first");
    assert_eq!(names(&list("zoË", None, 10).await), ["Z", "ZOË 100%"], "in address and name");
    assert_eq!(names(&list("0%", None, 10).await), ["ZOË 100%"], "no character means another");
    assert_eq!(list("%", None, 0).await, []);
    assert_eq!(list("nobody", None, 10).await, []);
    assert_eq!(list("", None, 3).await, all[..3]);
    assert_eq!(list("", Some(all[2].id), 3).await, all[3..]);
    assert_eq!(names(&list("y.org", Some(all[2].id), 3).await), ["Eve"]);
    assert_eq!(stores.users.get(all[0].id).await.unwrap().unwrap().user, all[0]);
    assert_eq!(stores.users.get(UserId::new(at(1))).await.unwrap(), None);
}

async fn changes_what_was_seen_and_nothing_else(stores: UsersStores) {
    let ada = account(&stores, "ada@x.org", "Ada", Role::Owner).await;
    let bob = account(&stores, "bob@x.org", "Bob", Role::Member).await;
    let made = UserChange { role: Role::Admin, ..as_it_is(&bob) };
    let changed = stores.users.change(made.clone()).await.unwrap().unwrap();
    let admin = User { role: Role::Admin, ..bob.clone() };
    assert_eq!(changed.row.user, admin);
    assert_eq!(stores.accounts.by_id(bob.id).await.unwrap(), Some(admin.clone()));
    assert_eq!(stores.users.change(made).await.unwrap(), None, "it is not as it was seen");
    let shut = UserChange { disabled_at: Some(at(1)), ..as_it_is(&bob) };
    assert_eq!(stores.users.change(shut).await.unwrap(), None);
    assert_eq!(stores.accounts.by_id(bob.id).await.unwrap(), Some(admin));
    assert_eq!(stores.accounts.by_id(ada.id).await.unwrap(), Some(ada));
}

async fn leaves_an_owner(stores: UsersStores) {
    let ada = account(&stores, "ada@x.org", "Ada", Role::Owner).await;
    let bob = account(&stores, "bob@x.org", "Bob", Role::Owner).await;
    // Each takes the role of the other, at the same time.
    let less = [&ada, &bob].map(|user| UserChange { role: Role::Member, ..as_it_is(user) });
    let done = join_all(less.map(|change| stores.users.change(change))).await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1);
    assert_eq!(done.iter().filter(|one| **one == Err(PortError::Conflict("last_owner"))).count(), 1);
    let rows = stores.users.list(ListUsers { limit: 9, ..ListUsers::default() }).await.unwrap();
    let last = rows.into_iter().find(|row| row.user.role == Role::Owner).unwrap().user;
    let shut = UserChange { disabled_at: Some(at(1)), takes_away: true, ..as_it_is(&last) };
    assert_eq!(stores.users.change(shut).await, Err(PortError::Conflict("last_owner")));
    assert_eq!(stores.accounts.by_id(last.id).await.unwrap(), Some(last.clone()));
}

async fn shuts_and_opens(stores: UsersStores) {
    account(&stores, "ada@x.org", "Ada", Role::Owner).await;
    let bob = account(&stores, "bob@x.org", "Bob", Role::Admin).await;
    let key = ApiKey {
        id: ApiKeyId::new(at(0)),
        user_id: Some(bob.id),
        name: "k".to_owned(),
        scopes: vec![Scope::AlertsRead],
        prefix: "tcs_".to_owned(),
        created_at: at(0),
        last_used_at: None,
        expires_at: None,
    };
    stores.accounts.create_key(key.clone(), "key".to_owned(), 9).await.unwrap();
    let finds = async || {
        let key = stores.accounts.key_by_digest("key".to_owned(), at(2)).await.unwrap().is_some();
        let admins = stores.accounts.admin_emails().await.unwrap().len();
        let link = NewLink { kind: LinkKind::Reset, digest: "reset".to_owned(), expires_at: at(99) };
        let mail = AccountMail { user_id: bob.id, link: Some(link), per_hour: 9, spacing: Duration::ZERO, now: at(2) };
        stores.links.issue(mail).await.unwrap();
        let link = stores.links.peek(LinkKind::Reset, "reset".to_owned(), at(3)).await.unwrap().is_some();
        let reset = stores.links.reset("reset".to_owned(), "new".to_owned(), at(3)).await.unwrap().is_some();
        (key, admins, link, reset)
    };
    let shut = UserChange { disabled_at: Some(at(2)), takes_away: true, ..as_it_is(&bob) };
    let changed = stores.users.change(shut).await.unwrap().unwrap();
    assert_eq!(changed.keys, [key.id]);
    assert_eq!(changed.row.user.disabled_at, Some(at(2)));
    assert_eq!(finds().await, (false, 1, false, false));

    let open = UserChange { disabled_at: None, ..as_it_is(&changed.row.user) };
    assert_eq!(stores.users.change(open).await.unwrap().unwrap().row.user, bob);
    assert_eq!(finds().await, (true, 2, true, true));
}

async fn ends_what_was_held_only_where_asked(stores: UsersStores) {
    account(&stores, "ada@x.org", "Ada", Role::Owner).await;
    let bob = account(&stores, "bob@x.org", "Bob", Role::Member).await;
    let eve = account(&stores, "eve@x.org", "Eve", Role::Member).await;
    for (user, digest) in [(&bob, "bob's"), (&eve, "eve's")] {
        let link = NewLink { kind: LinkKind::Reset, digest: digest.to_owned(), expires_at: at(99) };
        let mail = AccountMail { user_id: user.id, link: Some(link), per_hour: 9, spacing: Duration::ZERO, now: at(2) };
        assert!(stores.links.issue(mail).await.unwrap());
    }
    let good =
        async |digest: &str| stores.links.peek(LinkKind::Reset, digest.to_owned(), at(3)).await.unwrap().is_some();
    let more = stores.users.change(UserChange { role: Role::Owner, ..as_it_is(&bob) }).await.unwrap().unwrap();
    assert!(good("bob's").await);
    let less = UserChange { role: Role::Member, takes_away: true, ..as_it_is(&more.row.user) };
    stores.users.change(less).await.unwrap().unwrap();
    assert_eq!((good("bob's").await, good("eve's").await), (false, true), "nobody else's");
}
