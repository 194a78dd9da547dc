use std::sync::Arc;

use futures_util::future::join_all;

use super::at;
use crate::domain::{SessionId, UserId};
use crate::ports::{Family, RefreshTokens};

/// What [`RefreshTokens`] promises.
///
/// # Panics
/// Where a promise is broken.
pub async fn refresh_tokens(make: impl AsyncFn() -> Arc<dyn RefreshTokens>) {
    keeps_and_ends_families(&*make().await).await;
    rotates_by_compare_and_set(&*make().await).await;
    rotates_once_however_many_ask(&*make().await).await;
    sweeps_what_is_old(&*make().await).await;
    lists_those_of_a_user(&*make().await).await;
    remembers_ends(&*make().await).await;
}

fn family(current: &str, created: i64, rotated: i64) -> Family {
    Family {
        id: SessionId::new(at(created)),
        user_id: UserId::new(at(0)),
        current: current.to_owned(),
        previous: None,
        rotated_at: at(rotated),
        created_at: at(created),
        user_agent: "Browser/1 (ü)".to_owned(),
        ip: "2001:db8::1".to_owned(),
    }
}

async fn keeps_and_ends_families(store: &dyn RefreshTokens) {
    let (one, two) = (family("a", 1, 1), Family { previous: Some("x".to_owned()), ..family("b", 2, 3) });
    store.start(one.clone()).await.unwrap();
    store.start(two.clone()).await.unwrap();
    assert_eq!(store.get(one.id).await.unwrap(), Some(one.clone()));
    assert_eq!(store.get(two.id).await.unwrap(), Some(two.clone()));
    assert!(store.end(one.id, at(50)).await.unwrap());
    assert!(!store.end(one.id, at(60)).await.unwrap(), "it is gone");
    assert_eq!(store.get(one.id).await.unwrap(), None);
    assert!(!store.rotate(one.id, "a".to_owned(), "c".to_owned(), at(9)).await.unwrap(), "and gives no tokens");
    assert_eq!(store.get(two.id).await.unwrap(), Some(two), "nobody else's");
}

async fn rotates_by_compare_and_set(store: &dyn RefreshTokens) {
    let begun = family("first", 1, 1);
    store.start(begun.clone()).await.unwrap();
    assert!(store.rotate(begun.id, "first".to_owned(), "second".to_owned(), at(5)).await.unwrap());
    let rotated =
        Family { current: "second".to_owned(), previous: Some("first".to_owned()), rotated_at: at(5), ..begun.clone() };
    assert_eq!(store.get(begun.id).await.unwrap(), Some(rotated.clone()));
    for stale in ["first", "third", ""] {
        assert!(!store.rotate(begun.id, stale.to_owned(), "other".to_owned(), at(6)).await.unwrap(), "{stale:?}");
    }
    assert_eq!(store.get(begun.id).await.unwrap(), Some(rotated), "a refused one changes nothing");
    assert!(store.rotate(begun.id, "second".to_owned(), "third".to_owned(), at(7)).await.unwrap());
    let end = store.get(begun.id).await.unwrap().unwrap();
    assert_eq!(
        (end.current.as_str(), end.previous.as_deref()),
        ("third", Some("second")),
        "the grandparent is forgotten"
    );
}

async fn rotates_once_however_many_ask(store: &dyn RefreshTokens) {
    let begun = family("first", 1, 1);
    store.start(begun.clone()).await.unwrap();
    let tabs = (0..8).map(|n| store.rotate(begun.id, "first".to_owned(), format!("next-{n}"), at(n)));
    let won: Vec<bool> = join_all(tabs).await.into_iter().map(|one| one.unwrap()).collect();
    assert_eq!(won.iter().filter(|one| **one).count(), 1);
    let winner = won.iter().position(|one| *one).unwrap();
    let end = store.get(begun.id).await.unwrap().unwrap();
    assert_eq!((end.current, end.previous), (format!("next-{winner}"), Some("first".to_owned())));
}

async fn sweeps_what_is_old(store: &dyn RefreshTokens) {
    let idle = family("idle", 500, 999);
    let fresh = family("fresh", 500, 1_000);
    let ancient = family("ancient", 99, 5_000);
    let old = family("old", 100, 5_000);
    for one in [&idle, &fresh, &ancient, &old] {
        store.start(one.clone()).await.unwrap();
    }
    let swept = store.sweep(at(1_000), at(100), at(0)).await.unwrap();
    let mut gone = 0;
    for (one, stays) in [(idle, false), (fresh, true), (ancient, false), (old, true)] {
        let there = store.get(one.id).await.unwrap().is_some();
        assert!(there || !stays, "{} was swept too early", one.current);
        gone += u64::from(!there);
    }
    assert_eq!(swept, gone, "it tells how many");
    assert_eq!(store.sweep(at(1_000), at(100), at(0)).await.unwrap(), 0);
}

async fn lists_those_of_a_user(store: &dyn RefreshTokens) {
    let old = family("old", 1, 10);
    let used = Family { user_id: old.user_id, ..family("used", 2, 30) };
    let other = family("other", 3, 20);
    for one in [&old, &used, &other] {
        store.start(one.clone()).await.unwrap();
    }
    assert_eq!(store.of_user(old.user_id).await.unwrap(), [used.clone(), old.clone()], "the last used first");
    store.end(used.id, at(99)).await.unwrap();
    assert_eq!(store.of_user(old.user_id).await.unwrap(), [old]);
    assert_eq!(store.of_user(UserId::new(at(7))).await.unwrap(), []);
}

async fn remembers_ends(store: &dyn RefreshTokens) {
    let (one, two, live) = (family("a", 1, 1), family("b", 2, 2), family("c", 3, 3));
    for family in [&one, &two, &live] {
        store.start(family.clone()).await.unwrap();
    }
    store.end(one.id, at(100)).await.unwrap();
    store.end(two.id, at(200)).await.unwrap();
    let ended = async |now| {
        let mut ended = store.ended(at(now)).await.unwrap();
        ended.sort();
        ended
    };
    assert_eq!(ended(50).await, [(one.id, at(100)), (two.id, at(200))]);
    assert_eq!(ended(100).await, [(two.id, at(200))]);
    store.sweep(at(0), at(0), at(100)).await.unwrap();
    assert_eq!(ended(50).await, [(two.id, at(200))], "what is over is forgotten");
}
