use std::sync::Arc;

use crate::ports::{Lease, Leases};

const BELL: &str = "bell";

/// What [`Leases`] promises.
///
/// # Panics
/// Where a promise is broken.
pub async fn leases(make: impl AsyncFn() -> Arc<dyn Leases>) {
    let leases = make().await;
    let of = |holder: &str, turn| Lease { holder: Some(holder.to_owned()), turn };
    assert_eq!(leases.look(BELL).await.unwrap(), Lease::default());
    assert!(!leases.release(BELL, "one").await.unwrap(), "nobody has it");

    assert_eq!(leases.claim(BELL, "one", None).await.unwrap(), of("one", 1));
    assert_eq!(leases.claim(BELL, "one", None).await.unwrap(), of("one", 2), "renewed");
    assert_eq!(leases.claim("other", "two", None).await.unwrap(), of("two", 1), "another lease");
    assert_eq!(leases.claim(BELL, "two", None).await.unwrap(), of("one", 2), "it is taken");
    assert_eq!(leases.claim(BELL, "two", Some(1)).await.unwrap(), of("one", 2), "it was renewed meanwhile");
    assert_eq!(leases.look(BELL).await.unwrap(), of("one", 2));

    assert_eq!(leases.claim(BELL, "two", Some(2)).await.unwrap(), of("two", 3), "it stood still");
    assert_eq!(leases.claim(BELL, "three", Some(2)).await.unwrap(), of("two", 3), "somebody else was first");
    assert_eq!(leases.claim(BELL, "one", None).await.unwrap(), of("two", 3), "who lost it has to wait as well");
    assert!(!leases.release(BELL, "one").await.unwrap());

    assert!(leases.release(BELL, "two").await.unwrap());
    assert_eq!(leases.look(BELL).await.unwrap(), Lease { holder: None, turn: 4 });
    assert_eq!(leases.claim(BELL, "one", None).await.unwrap(), of("one", 5));
}
