use std::sync::Arc;

use futures_util::future::join_all;

use super::{at, firing, message};
use crate::domain::{Incident, IncidentId, IncidentState, RuleId, Transition};
use crate::ports::{Change, Incidents, ListIncidents};

/// What [`Incidents`] promises.
///
/// # Panics
/// Where a promise is broken.
pub async fn incidents(make: impl AsyncFn() -> Arc<dyn Incidents>) {
    keeps_what_it_is_given(&*make().await).await;
    lets_one_fire_for_a_rule_and_group(&*make().await).await;
    opens_one_however_many_ask(&*make().await).await;
    progresses_without_news(&*make().await).await;
    resolves_once(&*make().await).await;
    keeps_the_first_acknowledgement(&*make().await).await;
    rings_once_after_a_silence(&*make().await).await;
    reminds_until_somebody_is_on_it(&*make().await).await;
    pages_newest_first(&*make().await).await;
    tells_what_changed_since(&*make().await).await;
}

fn resolve(millis: i64) -> Change {
    Change::Resolve { at: at(millis), value: 3.0, peak: 80.0, notifications: Vec::new() }
}

async fn open(store: &dyn Incidents, incident: Incident) -> Incident {
    let opened = store.open(incident).await.unwrap();
    assert!(opened.fresh);
    opened.incident
}

async fn keeps_what_it_is_given(store: &dyn Incidents) {
    let mails = ["b@example.org", "a@example.org"].map(|to| message(to, Transition::Firing, at(1)));
    let given = Incident { seq: 4711, ..firing(RuleId::new(at(0)), Some("host ä"), at(1), mails.to_vec()) };
    let opened = open(store, given.clone()).await;
    assert!(opened.seq > 0 && opened.seq != 4711, "the store gives the number");
    assert_eq!(Incident { seq: 4711, ..opened.clone() }, given, "messages stay in their order");
    assert_eq!(store.get(given.id).await.unwrap(), Some(opened.clone()));
    assert_eq!(store.firing(given.rule_id).await.unwrap(), vec![opened]);
    assert_eq!(store.get(IncidentId::new(at(2))).await.unwrap(), None);
    assert_eq!(store.firing(RuleId::new(at(2))).await.unwrap(), vec![]);
}

async fn lets_one_fire_for_a_rule_and_group(store: &dyn Incidents) {
    let rule = RuleId::new(at(0));
    let first = open(store, firing(rule, None, at(1), vec![message("a@example.org", Transition::Firing, at(1))])).await;
    let second = firing(rule, None, at(2), vec![message("b@example.org", Transition::Firing, at(2))]);
    let again = store.open(second.clone()).await.unwrap();
    assert!(!again.fresh);
    assert_eq!(again.incident, first, "the one that fires comes back as it is");
    assert_eq!(store.get(second.id).await.unwrap(), None);
    assert_eq!(store.since(0, 9).await.unwrap(), (vec![first.clone()], first.seq), "no number was used up");

    // The empty group is a group, and not the lack of one.
    for group in ["", "0", "web"] {
        open(store, firing(rule, Some(group), at(3), Vec::new())).await;
        assert!(!store.open(firing(rule, Some(group), at(4), Vec::new())).await.unwrap().fresh, "{group:?}");
    }
    open(store, firing(RuleId::new(at(5)), None, at(5), Vec::new())).await;
    assert_eq!(store.firing(rule).await.unwrap().len(), 4);

    store.change(first.id, resolve(6)).await.unwrap().unwrap();
    assert!(store.open(second).await.unwrap().fresh, "once it is resolved the rule may ring again");
}

async fn opens_one_however_many_ask(store: &dyn Incidents) {
    let rule = RuleId::new(at(0));
    let nodes =
        (0..8).map(|n| store.open(firing(rule, None, at(n), vec![message("a@b.c", Transition::Firing, at(n))])));
    let opened: Vec<_> = join_all(nodes).await.into_iter().map(|one| one.unwrap()).collect();
    assert_eq!(opened.iter().filter(|one| one.fresh).count(), 1, "one node rings");
    assert!(opened.windows(2).all(|pair| pair[0].incident == pair[1].incident), "and all know which incident it is");
    let all = store.list(ListIncidents { limit: 99, ..ListIncidents::default() }).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].notifications.len(), 1, "and one mail goes out");
}

async fn progresses_without_news(store: &dyn Incidents) {
    let opened = open(store, firing(RuleId::new(at(0)), None, at(1), Vec::new())).await;
    let moved = store.change(opened.id, Change::Progress { value: 70.0, peak: 90.5 }).await.unwrap().unwrap();
    assert_eq!(moved, Incident { value: 70.0, peak: 90.5, ..opened.clone() }, "and nothing else, seq neither");
    assert_eq!(store.get(opened.id).await.unwrap(), Some(moved));
    assert_eq!(store.since(opened.seq, 9).await.unwrap(), (vec![], opened.seq));
    assert_eq!(store.change(IncidentId::new(at(2)), Change::Progress { value: 1.0, peak: 1.0 }).await.unwrap(), None);
}

async fn resolves_once(store: &dyn Incidents) {
    let begin = message("a@example.org", Transition::Firing, at(1));
    let opened = open(store, firing(RuleId::new(at(0)), None, at(1), vec![begin.clone()])).await;
    let end = message("a@example.org", Transition::Resolved, at(61_000));
    let change = Change::Resolve { at: at(61_000), value: 50.0, peak: 99.0, notifications: vec![end.clone()] };
    let resolved = store.change(opened.id, change.clone()).await.unwrap().unwrap();
    let expected = Incident {
        state: IncidentState::Resolved,
        value: 50.0,
        peak: 99.0,
        resolved_at: Some(at(61_000)),
        seq: resolved.seq,
        notifications: vec![begin, end],
        ..opened.clone()
    };
    assert_eq!(resolved, expected);
    assert!(resolved.seq > opened.seq, "a resolution is news");
    assert_eq!(store.firing(opened.rule_id).await.unwrap(), vec![]);
    for late in [change, Change::Progress { value: 1.0, peak: 1.0 }] {
        assert_eq!(store.change(opened.id, late).await.unwrap(), None, "it is resolved already");
    }
    assert_eq!(store.get(opened.id).await.unwrap(), Some(resolved.clone()), "no message twice, no number used up");
    assert_eq!(store.since(0, 9).await.unwrap(), (vec![resolved.clone()], resolved.seq));
    assert_eq!(store.change(IncidentId::new(at(2)), resolve(3)).await.unwrap(), None);

    let race = open(store, firing(RuleId::new(at(3)), None, at(3), Vec::new())).await;
    let ends = join_all((0..6).map(|_| store.change(race.id, resolve(4)))).await;
    assert_eq!(ends.iter().filter(|end| end.as_ref().unwrap().is_some()).count(), 1, "one of many resolves it");
}

async fn keeps_the_first_acknowledgement(store: &dyn Incidents) {
    let by = |name: &str| Change::Acknowledge { by: name.to_owned() };
    let opened = open(store, firing(RuleId::new(at(0)), None, at(1), Vec::new())).await;
    let acknowledged = store.change(opened.id, by("Ada")).await.unwrap().unwrap();
    assert_eq!(acknowledged.acknowledged_by.as_deref(), Some("Ada"));
    assert!(acknowledged.seq > opened.seq, "an acknowledgement is news");
    let again = store.change(opened.id, by("Grace")).await.unwrap().unwrap();
    assert_eq!(again, acknowledged, "the first one stays, and there is no news");
    assert_eq!(store.change(IncidentId::new(at(2)), by("Ada")).await.unwrap(), None);

    let other = open(store, firing(RuleId::new(at(2)), None, at(2), Vec::new())).await;
    store.change(other.id, resolve(3)).await.unwrap().unwrap();
    let late = store.change(other.id, by("Ada")).await.unwrap().unwrap();
    assert_eq!((late.state, late.acknowledged_by.as_deref()), (IncidentState::Resolved, Some("Ada")));
}

async fn pages_newest_first(store: &dyn Incidents) {
    // Two of one instant, and every second one resolved.
    let mut all = Vec::new();
    for (n, millis) in (0..).zip([1, 2, 2, 3, 4]) {
        let mail = message(&format!("{n}@example.org"), Transition::Firing, at(millis));
        let mut one = open(store, firing(RuleId::new(at(n)), None, at(millis), vec![mail])).await;
        if n % 2 == 1 {
            one = store.change(one.id, resolve(9)).await.unwrap().unwrap();
        }
        all.push(one);
    }
    all.sort_by_key(|one| std::cmp::Reverse((one.started_at, one.id)));
    for state in [None, Some(IncidentState::Firing), Some(IncidentState::Resolved)] {
        let expected: Vec<&Incident> = all.iter().filter(|one| state.is_none_or(|state| one.state == state)).collect();
        for limit in 1..=6 {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = store.list(ListIncidents { state, after, limit }).await.unwrap();
                assert!(page.len() <= limit);
                let Some(last) = page.last() else { break };
                after = Some(last.id);
                seen.extend(page);
            }
            assert_eq!(seen.iter().collect::<Vec<_>>(), expected, "{state:?} in pages of {limit}");
        }
    }
}

async fn tells_what_changed_since(store: &dyn Incidents) {
    assert_eq!(store.since(0, 9).await.unwrap(), (vec![], 0), "nothing happened yet");
    let mut opened = Vec::new();
    for n in 0..3 {
        opened.push(open(store, firing(RuleId::new(at(n)), None, at(n), Vec::new())).await);
    }
    let first = store.change(opened[0].id, Change::Acknowledge { by: "Ada".to_owned() }).await.unwrap().unwrap();
    let order = |list: &[Incident]| list.iter().map(|one| one.id).collect::<Vec<_>>();
    let (changed, highest) = store.since(0, 9).await.unwrap();
    assert_eq!(order(&changed), [opened[1].id, opened[2].id, first.id], "by the last change, each once");
    assert_eq!(highest, first.seq);
    let (some, highest) = store.since(opened[0].seq, 2).await.unwrap();
    assert_eq!((order(&some), highest), (vec![opened[1].id, opened[2].id], first.seq), "the highest, not the page's");
    assert_eq!(store.since(highest, 9).await.unwrap(), (vec![], highest));
    assert_eq!(store.since(highest + 100, 9).await.unwrap(), (vec![], highest), "a number never given");
}

async fn rings_once_after_a_silence(store: &dyn Incidents) {
    let silent = Incident { silenced: true, ..firing(RuleId::new(at(0)), None, at(1), Vec::new()) };
    let silent = open(store, silent).await;
    assert!(store.get(silent.id).await.unwrap().unwrap().silenced);
    let ring = || Change::Ring { notifications: vec![message("a@example.org", Transition::Firing, at(2))] };
    let rung = store.change(silent.id, ring()).await.unwrap().unwrap();
    assert!(!rung.silenced && rung.seq > silent.seq, "that is news");
    assert_eq!(rung.notifications.len(), 1);
    assert_eq!(store.change(silent.id, ring()).await.unwrap(), None, "it rang already");
    let over = Incident { silenced: true, ..firing(RuleId::new(at(9)), None, at(3), Vec::new()) };
    let over = open(store, over).await;
    store.change(over.id, resolve(4)).await.unwrap();
    assert_eq!(store.change(over.id, ring()).await.unwrap(), None, "what is over does not ring");
}

async fn reminds_until_somebody_is_on_it(store: &dyn Incidents) {
    let begun = open(store, firing(RuleId::new(at(0)), None, at(1), Vec::new())).await;
    let remind = || Change::Remind { notifications: vec![message("a@example.org", Transition::Reminder, at(2))] };
    let reminded = store.change(begun.id, remind()).await.unwrap().unwrap();
    assert_eq!((reminded.seq, reminded.notifications.len()), (begun.seq, 1), "that is no news");
    store.change(begun.id, Change::Acknowledge { by: "Ada".to_owned() }).await.unwrap();
    assert_eq!(store.change(begun.id, remind()).await.unwrap(), None);
    assert_eq!(store.get(begun.id).await.unwrap().unwrap().notifications.len(), 1);
}
