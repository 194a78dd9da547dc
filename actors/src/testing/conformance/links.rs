use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::at;
use crate::domain::{User, UserId};
use crate::ports::{AccountMail, Accounts, LinkKind, Links, NewLink, NewUser};

/// What [`Links`] promises. The accounts are those that the links belong to.
///
/// # Panics
/// Where a promise is broken.
pub async fn links(make: impl AsyncFn() -> (Arc<dyn Accounts>, Arc<dyn Links>)) {
    let stores = make().await;
    opens_once_and_for_its_kind(&*stores.0, &*stores.1).await;
    let stores = make().await;
    a_new_one_ends_the_one_before(&*stores.0, &*stores.1).await;
    let stores = make().await;
    bounds_the_mails_of_an_account(&*stores.0, &*stores.1).await;
    let stores = make().await;
    ends_and_forgets(&*stores.0, &*stores.1).await;
}

async fn account(accounts: &dyn Accounts, email: &str) -> User {
    let new = NewUser {
        id: UserId::new(at(0)),
        email: email.to_owned(),
        name: "Ada".to_owned(),
        role: None,
        password_hash: "old".to_owned(),
        created_at: at(0),
    };
    accounts.create(new).await.unwrap()
}

/// A mail at an instant with a link that lives for a second.
fn mail(user: &User, kind: LinkKind, digest: &str, millis: i64) -> AccountMail {
    let link = NewLink { kind, digest: digest.to_owned(), expires_at: at(millis + 1_000) };
    AccountMail { user_id: user.id, link: Some(link), per_hour: 9, spacing: Duration::ZERO, now: at(millis) }
}

async fn opens_once_and_for_its_kind(accounts: &dyn Accounts, links: &dyn Links) {
    let (ada, bob) = (account(accounts, "ada@x.org").await, account(accounts, "bob@x.org").await);
    for (user, kind, digest) in
        [(&ada, LinkKind::Reset, "r"), (&ada, LinkKind::Verify, "v"), (&bob, LinkKind::Reset, "b")]
    {
        assert!(links.issue(mail(user, kind, digest, 0)).await.unwrap());
    }
    let peek = async |kind, digest: &str, millis| links.peek(kind, digest.to_owned(), at(millis)).await.unwrap();
    assert_eq!(peek(LinkKind::Reset, "r", 999).await, Some(ada.clone()));
    assert_eq!(peek(LinkKind::Reset, "r", 1_000).await, None, "it has expired");
    assert_eq!(peek(LinkKind::Verify, "r", 1).await, None, "it is for something else");
    assert_eq!(links.verify("r".to_owned(), at(1)).await.unwrap(), None);
    assert_eq!(links.reset("v".to_owned(), "new".to_owned(), at(1)).await.unwrap(), None);
    assert_eq!(links.reset("r".to_owned(), "new".to_owned(), at(1_000)).await.unwrap(), None, "too late");
    assert_eq!(accounts.by_email("ada@x.org".to_owned()).await.unwrap(), Some((ada.clone(), "old".to_owned())));

    let tries = join_all((0..4).map(|n| links.reset("r".to_owned(), format!("new{n}"), at(1)))).await;
    let won: Vec<User> = tries.into_iter().filter_map(Result::unwrap).collect();
    let verified = User { email_verified: true, ..ada };
    assert_eq!(won, std::slice::from_ref(&verified), "once, however many try");
    let (user, hash) = accounts.by_email("ada@x.org".to_owned()).await.unwrap().unwrap();
    assert!(user == verified && hash.starts_with("new"), "{hash}");
    assert_eq!(peek(LinkKind::Verify, "v", 1).await, None, "a reset ends every link of the account");
    assert_eq!(peek(LinkKind::Reset, "b", 1).await, Some(bob.clone()), "and nobody else's");

    assert!(links.issue(mail(&bob, LinkKind::Verify, "bv", 0)).await.unwrap());
    let verified = User { email_verified: true, ..bob };
    assert_eq!(links.verify("bv".to_owned(), at(1)).await.unwrap(), Some(verified.clone()));
    assert_eq!(links.verify("bv".to_owned(), at(1)).await.unwrap(), None, "once");
    assert_eq!(accounts.by_id(verified.id).await.unwrap(), Some(verified));
}

async fn a_new_one_ends_the_one_before(accounts: &dyn Accounts, links: &dyn Links) {
    let ada = account(accounts, "ada@x.org").await;
    for (kind, digest) in [(LinkKind::Reset, "one"), (LinkKind::Verify, "other"), (LinkKind::Reset, "two")] {
        assert!(links.issue(mail(&ada, kind, digest, 0)).await.unwrap());
    }
    for (kind, digest, good) in
        [(LinkKind::Reset, "one", false), (LinkKind::Reset, "two", true), (LinkKind::Verify, "other", true)]
    {
        assert_eq!(links.peek(kind, digest.to_owned(), at(1)).await.unwrap().is_some(), good, "{digest}");
    }
}

async fn bounds_the_mails_of_an_account(accounts: &dyn Accounts, links: &dyn Links) {
    const HOUR: i64 = 3_600_000;
    let (ada, bob) = (account(accounts, "ada@x.org").await, account(accounts, "bob@x.org").await);
    let bounded = |user: &User, kind, digest: &str, millis| AccountMail {
        per_hour: 2,
        spacing: Duration::from_millis(100),
        ..mail(user, kind, digest, millis)
    };
    let plain = |millis| AccountMail { link: None, ..bounded(&ada, LinkKind::Reset, "", millis) };
    assert!(links.issue(bounded(&ada, LinkKind::Reset, "one", 0)).await.unwrap());
    assert!(!links.issue(bounded(&ada, LinkKind::Reset, "soon", 99)).await.unwrap(), "too soon after the last");
    assert!(links.peek(LinkKind::Reset, "one".to_owned(), at(99)).await.unwrap().is_some(), "which stays good");
    assert!(links.issue(bounded(&ada, LinkKind::Verify, "two", 99)).await.unwrap(), "another kind is another matter");
    assert!(!links.issue(plain(500)).await.unwrap(), "the third within the hour");
    assert!(links.issue(bounded(&bob, LinkKind::Reset, "bob", 99)).await.unwrap(), "nobody else's");
    assert!(!links.issue(plain(HOUR - 1)).await.unwrap());
    assert!(links.issue(plain(HOUR)).await.unwrap(), "an hour after the first");
}

async fn ends_and_forgets(accounts: &dyn Accounts, links: &dyn Links) {
    let (ada, bob) = (account(accounts, "ada@x.org").await, account(accounts, "bob@x.org").await);
    for (user, kind, digest) in
        [(&ada, LinkKind::Reset, "r"), (&ada, LinkKind::Verify, "v"), (&bob, LinkKind::Reset, "b")]
    {
        assert!(links.issue(mail(user, kind, digest, 0)).await.unwrap());
    }
    links.end_of(ada.id).await.unwrap();
    for (kind, digest, good) in
        [(LinkKind::Reset, "r", false), (LinkKind::Verify, "v", false), (LinkKind::Reset, "b", true)]
    {
        assert_eq!(links.peek(kind, digest.to_owned(), at(1)).await.unwrap().is_some(), good, "{digest}");
    }
    links.sweep(at(999)).await.unwrap();
    assert!(links.peek(LinkKind::Reset, "b".to_owned(), at(999)).await.unwrap().is_some(), "not before its time");
    links.sweep(at(1_000)).await.unwrap();
    assert!(links.peek(LinkKind::Reset, "b".to_owned(), at(999)).await.unwrap().is_none());
    links.vouch(ada.id).await.unwrap();
    assert!(accounts.by_id(ada.id).await.unwrap().unwrap().email_verified);
    assert!(!accounts.by_id(bob.id).await.unwrap().unwrap().email_verified);
}
