use std::sync::Arc;

use super::at;
use crate::domain::{Quiet, RuleId, Silence, SilenceId, Weekly};
use crate::ports::{PortError, Silences};

/// What [`Silences`] promises.
///
/// # Panics
/// Where a promise is broken.
pub async fn silences(make: impl AsyncFn() -> Arc<dyn Silences>) {
    keeps_every_field(&*make().await).await;
    forgets_what_is_long_over_and_has_a_bound(&*make().await).await;
}

fn once(id: i64, from: i64, until: i64) -> Silence {
    Silence {
        id: SilenceId::new(at(id)),
        rule: None,
        group: None,
        quiet: Quiet::Once { from: at(from), until: at(until) },
        comment: String::new(),
        created_by: "Ada".to_owned(),
        created_at: at(id),
    }
}

async fn keeps_every_field(store: &dyn Silences) {
    let days = ["mon", "sun"].map(str::to_owned);
    let nights = Silence {
        rule: Some(RuleId::new(at(7))),
        group: Some(String::new()),
        quiet: Quiet::Weekly(Weekly::parse(&days, "22:00", "06:30", "Europe/Paris").unwrap()),
        comment: "nachts ist \"Ruhe\"".to_owned(),
        ..once(2, 0, 1)
    };
    let all = vec![once(3, 10, 20), nights];
    for silence in &all {
        store.create(silence.clone(), 9, at(0)).await.unwrap();
    }
    assert_eq!(store.list().await.unwrap(), all, "in the order in which they were made");
    assert!(store.remove(all[0].id).await.unwrap());
    assert!(!store.remove(all[0].id).await.unwrap(), "it is gone already");
    assert_eq!(store.list().await.unwrap(), all[1..]);
}

async fn forgets_what_is_long_over_and_has_a_bound(store: &dyn Silences) {
    let (first, second, third) = (once(1, 0, 10), once(2, 0, 11), once(3, 0, 99));
    store.create(first, 2, at(0)).await.unwrap();
    store.create(second.clone(), 2, at(0)).await.unwrap();
    assert_eq!(store.create(third.clone(), 2, at(9)).await, Err(PortError::Conflict("too_many_silences")));
    store.create(third.clone(), 2, at(10)).await.unwrap();
    assert_eq!(store.list().await.unwrap(), [second, third]);
}
