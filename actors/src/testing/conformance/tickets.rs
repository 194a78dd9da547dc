use std::sync::Arc;

use futures_util::future::join_all;

use super::at;
use crate::domain::{Role, SessionId, UserId};
use crate::ports::{Grant, PortError, Tickets};

/// What [`Tickets`] promises, of stores that hold three.
///
/// # Panics
/// Where a promise is broken.
pub async fn tickets(make: impl AsyncFn() -> Arc<dyn Tickets>) {
    lets_in_once(&*make().await).await;
    expires(&*make().await).await;
    is_bounded(&*make().await).await;
}

fn grant(name: &str, role: Role) -> Grant {
    Grant { user_id: UserId::new(at(0)), session_id: SessionId::new(at(0)), role, name: name.to_owned() }
}

async fn lets_in_once(store: &dyn Tickets) {
    let (ada, bob) = (grant("Ada \"ü\", {0}", Role::Owner), grant("", Role::Member));
    store.issue("a".to_owned(), ada.clone(), at(0), at(100)).await.unwrap();
    store.issue("b".to_owned(), bob.clone(), at(0), at(100)).await.unwrap();
    assert_eq!(store.take("c".to_owned(), at(1)).await, Ok(None), "it was never issued");
    let taken = join_all((0..8).map(|_| store.take("a".to_owned(), at(1)))).await;
    let let_in: Vec<Grant> = taken.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(let_in, [ada], "once, however many ask, with all it says");
    assert_eq!(store.take("b".to_owned(), at(99)).await, Ok(Some(bob)), "and nobody else's");
}

async fn expires(store: &dyn Tickets) {
    store.issue("a".to_owned(), grant("Ada", Role::Owner), at(0), at(100)).await.unwrap();
    assert_eq!(store.take("a".to_owned(), at(100)).await, Ok(None));
    assert_eq!(store.take("a".to_owned(), at(99)).await, Ok(None), "and asking used it up");
}

async fn is_bounded(store: &dyn Tickets) {
    let issue = async |digest: &str, now, until| {
        store.issue(digest.to_owned(), grant(digest, Role::Member), at(now), at(until)).await
    };
    for (digest, until) in [("a", 300), ("b", 100), ("c", 200)] {
        assert_eq!(issue(digest, 0, until).await, Ok(()));
    }
    assert!(matches!(issue("d", 99, 199).await, Err(PortError::Busy(_))), "all of them wait still");
    assert_eq!(issue("d", 100, 200).await, Ok(()), "one has expired");
    assert!(store.take("a".to_owned(), at(100)).await.unwrap().is_some(), "not another");
    assert_eq!(issue("e", 100, 200).await, Ok(()), "one was used");
    assert!(matches!(issue("f", 199, 299).await, Err(PortError::Busy(_))));
}
