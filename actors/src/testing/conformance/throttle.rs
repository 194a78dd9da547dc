use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use crate::ports::{Counted, Rates, Throttle};
use crate::testing::SimulatedClock;

/// What [`Throttle`] promises. The function makes one that has counted nobody yet.
///
/// # Panics
/// Where a promise is broken.
pub async fn throttle(make: impl AsyncFn(Arc<SimulatedClock>, Rates) -> Arc<dyn Throttle>) {
    let clock = Arc::new(SimulatedClock::at(super::at(0)));
    let limit = |n| NonZeroU32::new(n).unwrap();
    let throttle =
        make(clock.clone(), Rates { per_address: limit(60), per_account: limit(3), tickets: limit(1) }).await;
    let attempt = async |what, who: &str| throttle.attempt(what, who.to_owned()).await.unwrap();
    for _ in 0..3 {
        assert_eq!(attempt(Counted::Account, "ada").await, None);
    }
    let twenty = Duration::from_secs(20);
    assert_eq!(attempt(Counted::Account, "ada").await, Some(twenty));
    assert_eq!(attempt(Counted::Account, "ada").await, Some(twenty), "a refused one does not count");
    assert_eq!(attempt(Counted::Account, "eve").await, None, "others are counted for themselves");
    assert_eq!(attempt(Counted::Address, "ada").await, None, "and so is another kind");
    assert_eq!(attempt(Counted::Ticket, "ada").await, None);
    assert_eq!(attempt(Counted::Ticket, "ada").await, Some(Duration::from_secs(60)));
    clock.advance(twenty / 4);
    assert_eq!(attempt(Counted::Account, "ada").await, Some(twenty * 3 / 4));
    clock.advance(twenty * 3 / 4);
    assert_eq!(attempt(Counted::Account, "ada").await, None);
    assert_eq!(attempt(Counted::Account, "ada").await, Some(twenty));
    clock.advance(twenty * 10);
    for _ in 0..3 {
        assert_eq!(attempt(Counted::Account, "ada").await, None, "a quiet while gives no more at once than at first");
    }
    assert_eq!(attempt(Counted::Account, "ada").await, Some(twenty));
}
