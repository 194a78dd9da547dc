use std::sync::Arc;

use futures_util::future::join_all;

use super::{at, firing, message};
use crate::domain::{Incident, NotificationId, NotificationState, RuleId, Transition};
use crate::ports::{Change, Incidents, Outbox, Settlement};

/// What [`Outbox`] promises, of one whose entries come from `Incidents` of the same store.
///
/// # Panics
/// Where a promise is broken.
pub async fn outbox(make: impl AsyncFn() -> (Arc<dyn Incidents>, Arc<dyn Outbox>)) {
    let (incidents, outbox) = make().await;
    gives_what_is_due(&*incidents, &*outbox).await;
    let (incidents, outbox) = make().await;
    notes_what_became_of_a_try(&*incidents, &*outbox).await;
    let (incidents, outbox) = make().await;
    settles_once(&*incidents, &*outbox).await;
    let (incidents, outbox) = make().await;
    gives_the_dead_another_life(&*incidents, &*outbox).await;
}

async fn due(outbox: &dyn Outbox, millis: i64, limit: usize) -> Vec<String> {
    outbox.due(at(millis), limit).await.unwrap().into_iter().map(|one| one.notification.to).collect()
}

async fn gives_what_is_due(incidents: &dyn Incidents, outbox: &dyn Outbox) {
    assert_eq!(outbox.due(at(9_000), 9).await.unwrap(), vec![]);
    assert_eq!(outbox.next_due(at(0)).await.unwrap(), None);
    let mails = [("third", 30), ("first", 10), ("second", 20), ("also-second", 20)];
    let mails = mails.map(|(to, millis)| message(to, Transition::Firing, at(millis)));
    let opened = incidents.open(firing(RuleId::new(at(0)), None, at(1), mails.to_vec())).await.unwrap().incident;

    assert!(due(outbox, 9, 9).await.is_empty());
    assert_eq!(due(outbox, 10, 9).await, ["first"], "due at its very instant");
    assert_eq!(due(outbox, 99, 9).await, ["first", "second", "also-second", "third"], "the longest waiting first");
    assert_eq!(due(outbox, 99, 2).await, ["first", "second"], "at most so many");
    let one = outbox.due(at(99), 1).await.unwrap().remove(0);
    assert_eq!((one.notification, one.incident), (mails[1].clone(), opened.clone()), "with its incident");
    for (now, next) in [(0, Some(10)), (9, Some(10)), (10, Some(20)), (29, Some(30)), (30, None)] {
        assert_eq!(outbox.next_due(at(now)).await.unwrap(), next.map(at), "after {now}");
    }

    let end = message("end", Transition::Resolved, at(40));
    let change = Change::Resolve { at: at(40), value: 0.0, peak: 51.0, notifications: vec![end] };
    let resolved = incidents.change(opened.id, change).await.unwrap().unwrap();
    let last = outbox.due(at(99), 9).await.unwrap().pop().unwrap();
    assert_eq!((last.notification.to.as_str(), last.incident), ("end", resolved), "the incident as it is now");
}

async fn notes_what_became_of_a_try(incidents: &dyn Incidents, outbox: &dyn Outbox) {
    let mails = ["sent", "retried", "dead"].map(|to| message(to, Transition::Firing, at(10)));
    let [sent, retried, dead] = mails.clone().map(|mail| mail.id);
    let opened = incidents.open(firing(RuleId::new(at(0)), None, at(1), mails.to_vec())).await.unwrap().incident;

    let retry = Settlement::Retry { error: "451 later".to_owned(), at: at(500) };
    let after_retry = outbox.settle(retried, retry).await.unwrap().unwrap();
    assert!(after_retry.seq > opened.seq, "what became of a message is news");
    let after_sent = outbox.settle(sent, Settlement::Sent).await.unwrap().unwrap();
    assert!(after_sent.seq > after_retry.seq);
    let refused = Settlement::Dead { error: "550 no such user".to_owned() };
    let after_dead = outbox.settle(dead, refused).await.unwrap().unwrap();
    assert_eq!(incidents.get(opened.id).await.unwrap(), Some(after_dead.clone()));

    let shown: Vec<_> = after_dead
        .notifications
        .iter()
        .map(|mail| (mail.to.as_str(), mail.state, mail.attempts, mail.last_error.as_deref()))
        .collect();
    assert_eq!(
        shown,
        [
            ("sent", NotificationState::Sent, 1, None),
            ("retried", NotificationState::Pending, 1, Some("451 later")),
            ("dead", NotificationState::Dead, 1, Some("550 no such user")),
        ]
    );
    assert!(due(outbox, 499, 9).await.is_empty(), "only the one that is tried again is left, and not yet due");
    assert_eq!(outbox.next_due(at(10)).await.unwrap(), Some(at(500)));
    assert_eq!(due(outbox, 500, 9).await, ["retried"]);
    let end = outbox.settle(retried, Settlement::Sent).await.unwrap().unwrap();
    let mail = &end.notifications[1];
    assert_eq!((mail.attempts, mail.last_error.as_deref(), mail.state), (2, None, NotificationState::Sent));
    assert_eq!(outbox.next_due(at(0)).await.unwrap(), None);
    let unchanged = Incident { seq: opened.seq, notifications: opened.notifications.clone(), ..end };
    assert_eq!(unchanged, opened, "the rest of the incident stays");
}

async fn settles_once(incidents: &dyn Incidents, outbox: &dyn Outbox) {
    let mail = message("a@example.org", Transition::Firing, at(10));
    let opened = incidents.open(firing(RuleId::new(at(0)), None, at(1), vec![mail.clone()])).await.unwrap().incident;
    assert_eq!(outbox.settle(NotificationId::new(at(0)), Settlement::Sent).await.unwrap(), None, "there is none such");
    let tries = join_all((0..6).map(|_| outbox.settle(mail.id, Settlement::Sent))).await;
    assert_eq!(tries.iter().filter(|one| one.as_ref().unwrap().is_some()).count(), 1, "it is pending only once");
    let late = Settlement::Retry { error: "too late".to_owned(), at: at(99) };
    assert_eq!(outbox.settle(mail.id, late).await.unwrap(), None, "what is sent stays sent");
    let (changed, highest) = incidents.since(opened.seq, 9).await.unwrap();
    assert_eq!((changed.len(), highest), (1, changed[0].seq), "no number was used up");
    assert_eq!((changed[0].notifications[0].attempts, highest), (1, opened.seq + 1));
}

async fn gives_the_dead_another_life(incidents: &dyn Incidents, outbox: &dyn Outbox) {
    let mails = ["dead", "waits"].map(|to| message(to, Transition::Firing, at(10)));
    let [dead, waits] = mails.clone().map(|mail| mail.id);
    let opened = incidents.open(firing(RuleId::new(at(0)), None, at(1), mails.to_vec())).await.unwrap().incident;
    let other = incidents.open(firing(RuleId::new(at(1)), None, at(1), Vec::new())).await.unwrap().incident;
    let refused = Settlement::Dead { error: "550 no such user".to_owned() };
    let gone = outbox.settle(dead, refused).await.unwrap().unwrap();
    assert_eq!(outbox.revive(other.id, dead, at(50)).await.unwrap(), None, "it is not of that incident");
    assert_eq!(outbox.revive(opened.id, waits, at(50)).await.unwrap(), None, "it is not dead");
    let revived = outbox.revive(opened.id, dead, at(50)).await.unwrap().unwrap();
    assert!(revived.seq > gone.seq, "that is news");
    let message = revived.notifications.iter().find(|message| message.id == dead).unwrap();
    assert_eq!((message.state, message.attempts), (NotificationState::Pending, 0));
    assert_eq!(due(outbox, 49, 9).await, ["waits"]);
    assert_eq!(due(outbox, 50, 9).await, ["waits", "dead"]);
    assert_eq!(outbox.revive(opened.id, dead, at(60)).await.unwrap(), None, "it lives already");
}
