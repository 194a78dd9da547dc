use std::sync::Arc;

use super::at;
use super::users::{account, as_it_is};
use crate::domain::{Choice, Mails, Role, RuleId, UserId};
use crate::ports::{Choices, UserChange};

/// What [`Choices`] promises, of people of the same store.
///
/// # Panics
/// Where a promise is broken.
pub async fn choices(make: impl AsyncFn() -> (Arc<dyn Choices>, super::UsersStores)) {
    let (choices, people) = make().await;
    let ann = account(&people, "ann@x.org", "Ann", Role::Member).await;
    let bob = account(&people, "bob@x.org", "Bob", Role::Owner).await;
    assert_eq!(choices.get(ann.id).await.unwrap(), Choice::default());
    assert_eq!(choices.all().await.unwrap(), vec![]);
    let some = Choice { mails: Mails::None, rules: [(RuleId::new(at(1)), true), (RuleId::new(at(2)), false)].into() };
    choices.put(ann.id, Choice { mails: Mails::All, ..Choice::default() }).await.unwrap();
    choices.put(ann.id, some.clone()).await.unwrap();
    choices.put(bob.id, Choice::default()).await.unwrap();
    assert_eq!(choices.get(ann.id).await.unwrap(), some, "the last one holds");
    let of = |email: &str, choice| (email.to_owned(), choice);
    assert_eq!(choices.all().await.unwrap(), [of("ann@x.org", some), of("bob@x.org", Choice::default())]);
    let shut = UserChange { disabled_at: Some(at(5)), ..as_it_is(&ann) };
    people.users.change(shut).await.unwrap().unwrap();
    assert_eq!(choices.all().await.unwrap().len(), 1, "an account that is shut gets nothing");
    assert_eq!(choices.get(UserId::new(at(9))).await.unwrap(), Choice::default());
}
