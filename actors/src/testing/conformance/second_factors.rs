use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::at;
use crate::domain::UserId;
use crate::ports::{Accounts, NewUser, PortError, SecondFactor, SecondFactors};

type Stores = (Arc<dyn Accounts>, Arc<dyn SecondFactors>);

/// What [`SecondFactors`] promises. The accounts are those that they belong to.
///
/// # Panics
/// Where a promise is broken.
pub async fn second_factors(make: impl AsyncFn() -> Stores) {
    waits_until_it_is_confirmed(make().await).await;
    uses_each_step_once(make().await).await;
    uses_each_recovery_code_once(make().await).await;
    counts_tries(make().await).await;
    is_removed_as_a_whole(make().await).await;
}

async fn account(accounts: &dyn Accounts, email: &str) -> UserId {
    let new = NewUser {
        id: UserId::new(at(0)),
        email: email.to_owned(),
        name: "Ada".to_owned(),
        role: None,
        password_hash: "hash".to_owned(),
        created_at: at(0),
    };
    accounts.create(new).await.unwrap().id
}

fn codes(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// An account with the secret `s`, step 10 used, and these recovery codes.
async fn enabled((accounts, store): &Stores, email: &str, recovery: &[&str]) -> UserId {
    let user = account(&**accounts, email).await;
    store.begin(user, "s".to_owned(), at(1)).await.unwrap();
    assert!(store.enable(user, "s".to_owned(), 10, codes(recovery), at(2)).await.unwrap());
    user
}

async fn waits_until_it_is_confirmed(stores: Stores) {
    let (accounts, store) = &stores;
    let ada = account(&**accounts, "ada@x.org").await;
    assert_eq!(store.get(ada).await, Ok(None));
    assert_eq!(store.enable(ada, "one".to_owned(), 7, codes(&["a"]), at(1)).await, Ok(false), "nothing waits");
    store.begin(ada, "one".to_owned(), at(1)).await.unwrap();
    store.begin(ada, "two".to_owned(), at(2)).await.unwrap();
    let waiting = SecondFactor { sealed: "two".to_owned(), enabled_at: None, last_step: -1, recovery_codes: 0 };
    assert_eq!(store.get(ada).await, Ok(Some(waiting.clone())));
    assert_eq!(store.use_step(ada, 7).await, Ok(false), "it is not asked for yet");
    assert_eq!(store.renew(ada, codes(&["a"])).await, Ok(false));
    assert_eq!(store.disable(ada).await, Ok(false));
    assert_eq!(store.enable(ada, "one".to_owned(), 7, codes(&["a"]), at(3)).await, Ok(false), "another took its place");
    assert_eq!(store.get(ada).await, Ok(Some(waiting)));
    let tries = (0..4).map(|_| store.enable(ada, "two".to_owned(), 7, codes(&["a", "b"]), at(3)));
    let won = join_all(tries).await;
    assert_eq!(won.iter().filter(|one| **one == Ok(true)).count(), 1, "once: {won:?}");
    let on = SecondFactor { sealed: "two".to_owned(), enabled_at: Some(at(3)), last_step: 7, recovery_codes: 2 };
    assert_eq!(store.get(ada).await, Ok(Some(on.clone())));
    let again = store.begin(ada, "three".to_owned(), at(4)).await;
    assert_eq!(again, Err(PortError::Conflict("second_factor_enabled")));
    assert_eq!(store.get(ada).await, Ok(Some(on)), "it stays");
}

async fn uses_each_step_once(stores: Stores) {
    let (ada, bob) = (enabled(&stores, "ada@x.org", &[]).await, enabled(&stores, "bob@x.org", &[]).await);
    let store = &stores.1;
    assert_eq!(store.use_step(ada, 10).await, Ok(false), "used by confirming");
    let won = join_all((0..8).map(|_| store.use_step(ada, 11))).await;
    assert_eq!(won.iter().filter(|one| **one == Ok(true)).count(), 1, "once, however many ask: {won:?}");
    assert_eq!(store.use_step(ada, 13).await, Ok(true));
    assert_eq!(store.use_step(ada, 12).await, Ok(false), "with all before it");
    assert_eq!(store.get(ada).await.unwrap().unwrap().last_step, 13);
    assert_eq!(store.use_step(bob, 11).await, Ok(true), "another's is another matter");
}

async fn uses_each_recovery_code_once(stores: Stores) {
    let ada = enabled(&stores, "ada@x.org", &["a", "b", "c"]).await;
    let bob = enabled(&stores, "bob@x.org", &["a", "d"]).await;
    let store = &stores.1;
    let take = async |user, digest: &str| store.use_recovery_code(user, digest.to_owned()).await;
    let won = join_all((0..8).map(|_| take(ada, "a"))).await;
    assert_eq!(won.iter().filter(|one| **one == Ok(true)).count(), 1, "once, however many ask: {won:?}");
    assert_eq!(take(ada, "d").await, Ok(false), "it is another's");
    assert_eq!(store.get(ada).await.unwrap().unwrap().recovery_codes, 2);
    assert_eq!(take(bob, "a").await, Ok(true));
    assert_eq!(store.renew(ada, codes(&["x", "y"])).await, Ok(true));
    assert_eq!((take(ada, "b").await, take(ada, "x").await), (Ok(false), Ok(true)), "the old ones ended");
    assert_eq!(take(bob, "d").await, Ok(true), "and nobody else's");
}

async fn counts_tries(stores: Stores) {
    let (ada, bob) = (enabled(&stores, "ada@x.org", &["a"]).await, enabled(&stores, "bob@x.org", &[]).await);
    let store = &stores.1;
    let minute = Duration::from_secs(60);
    let tries = join_all((0..8).map(|_| store.attempt(ada, 3, at(0)))).await;
    assert_eq!(tries.iter().filter(|one| **one == Ok(None)).count(), 3, "however many at once: {tries:?}");
    assert_eq!(tries.iter().filter(|one| **one == Ok(Some(minute))).count(), 5);
    assert_eq!(store.attempt(bob, 3, at(0)).await, Ok(None), "another's is another matter");
    assert_eq!(store.attempt(ada, 3, at(59_999)).await, Ok(Some(Duration::from_millis(1))));
    assert_eq!(store.attempt(ada, 3, at(60_000)).await, Ok(None));
    assert_eq!(store.attempt(ada, 3, at(60_000)).await, Ok(Some(2 * minute)), "longer each time");
    assert_eq!(store.use_step(ada, 10).await, Ok(false));
    assert_eq!(store.attempt(ada, 3, at(60_000)).await, Ok(Some(2 * minute)), "a code that was used helps nobody");
    assert_eq!(store.use_step(ada, 11).await, Ok(true));
    for _ in 0..3 {
        assert_eq!(store.attempt(ada, 3, at(60_000)).await, Ok(None), "the right one begins anew");
    }
    assert_eq!(store.attempt(ada, 3, at(60_000)).await, Ok(Some(minute)));
    assert_eq!(store.use_recovery_code(ada, "a".to_owned()).await, Ok(true));
    assert_eq!(store.attempt(ada, 3, at(60_000)).await, Ok(None), "and so does a recovery code");
}

async fn is_removed_as_a_whole(stores: Stores) {
    let (ada, bob) = (enabled(&stores, "ada@x.org", &["a"]).await, enabled(&stores, "bob@x.org", &["a"]).await);
    let store = &stores.1;
    assert_eq!(store.disable(ada).await, Ok(true));
    assert_eq!(store.disable(ada).await, Ok(false));
    assert_eq!(store.get(ada).await, Ok(None));
    assert_eq!(store.use_recovery_code(ada, "a".to_owned()).await, Ok(false));
    assert_eq!(store.attempt(ada, 3, at(0)).await, Ok(None), "there is nothing to guess");
    store.begin(ada, "again".to_owned(), at(9)).await.unwrap();
    assert_eq!(store.get(ada).await.unwrap().unwrap().recovery_codes, 0);
    assert_eq!(store.get(bob).await.unwrap().unwrap().recovery_codes, 1);
}
