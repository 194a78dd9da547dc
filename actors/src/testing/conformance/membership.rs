use std::sync::Arc;

use super::at;
use super::chatting::{group, person};
use crate::domain::{Person, RoomName};
use crate::ports::{Member, Membership, Rooms};

/// What [`Membership`] promises. The rooms are those it speaks of.
///
/// # Panics
/// Where a promise is broken.
pub async fn membership(make: impl AsyncFn() -> (Arc<dyn Rooms>, Arc<dyn Membership>)) {
    let (rooms, store) = make().await;
    let [ops, dev] = ["ops", "dev"].map(|name| RoomName::parse(name).unwrap());
    for name in ["ops", "dev"] {
        rooms.create(group(name), 10).await.unwrap();
    }
    let (ada, bob) = (person("ada"), person("bob"));
    let member = |person: &Person, millis| Member { person: person.clone(), joined_at: at(millis) };
    assert!(store.add(ops.clone(), member(&ada, 1)).await.unwrap());
    assert!(!store.add(ops.clone(), member(&ada, 2)).await.unwrap(), "there already");
    assert_eq!(store.members(ops.clone(), 9).await.unwrap(), [member(&ada, 1)], "since the first time");
    let renamed = Person { name: "Ada".into(), ..ada.clone() };
    store.add(ops.clone(), member(&renamed, 3)).await.unwrap();
    assert_eq!(store.members(ops.clone(), 9).await.unwrap(), [member(&renamed, 1)], "by the newest name");
    store.add(ops.clone(), member(&bob, 4)).await.unwrap();
    store.add(dev.clone(), member(&bob, 5)).await.unwrap();
    assert_eq!(store.members(ops.clone(), 1).await.unwrap().len(), 1, "no more than asked for");
    assert_eq!(store.rooms_of(bob.id, 9).await.unwrap(), [dev.clone(), ops.clone()], "by name");
    assert_eq!(store.rooms_of(bob.id, 1).await.unwrap(), std::slice::from_ref(&dev));
    assert!(store.has(ops.clone(), bob.id).await.unwrap());
    assert!(store.remove(ops.clone(), bob.id).await.unwrap());
    assert!(!store.remove(ops.clone(), bob.id).await.unwrap());
    assert!(!store.has(ops.clone(), bob.id).await.unwrap());
    assert_eq!(store.members(ops, 9).await.unwrap(), [member(&renamed, 1)]);
    assert_eq!(store.rooms_of(bob.id, 9).await.unwrap(), [dev]);
    let nowhere = RoomName::parse("nowhere").unwrap();
    assert_eq!(store.members(nowhere, 9).await.unwrap(), []);
}
