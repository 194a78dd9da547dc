//! Groups in tables: one apart from the other, how many there may be, and what dashboards see.

use super::*;
use crate::domain::{FieldPath, Hysteresis, Measure};
use crate::testing::samples;

const PACE: Pace = Pace { report_every: Duration::from_millis(100), progress_every: Duration::from_secs(1) };

fn at(millis: i64) -> Timestamp {
    Timestamp::clamped(millis)
}

fn grouped() -> Rule {
    Rule { group_by: Some(FieldPath::parse("city").unwrap()), ..samples::rule(at(0)).unwrap() }
}

fn begin(rule: Rule, limit: usize, open: &[Open], now: i64) -> Groups {
    let begin = at(now).minus(rule.hysteresis.memory());
    let mut groups = Groups::new(Arc::new(rule), PACE, limit, open, begin);
    groups.resume(at(now));
    groups
}

fn samples_of(group: &str, when: i64, count: u64) -> Sample {
    let group = (!group.is_empty()).then(|| Arc::from(group));
    Sample { place: 0, at: at(when), group, entry: Entry::of(count) }
}

/// What a step brings, in words.
fn see(groups: &mut Groups, samples: Vec<Sample>, now: i64) -> Vec<String> {
    let name = |group: &Group| group.as_deref().unwrap_or("-").to_owned();
    let word = |turn: Turn| match turn {
        Turn::Of(group, Effect::Open { at, value, .. }) => {
            format!("{} rings {value} at {}", name(&group), at.as_millis())
        }
        Turn::Of(group, Effect::Resolve { at, .. }) => format!("{} ends at {}", name(&group), at.as_millis()),
        Turn::Of(group, Effect::Ring) => format!("{} rings late", name(&group)),
        Turn::Of(group, Effect::Remind) => format!("{} rings still", name(&group)),
        Turn::Of(group, Effect::Progress { value, .. }) => format!("{} moves {value}", name(&group)),
        Turn::Report(summary, _) => {
            format!("{} {} {:?}", name(&summary.group), summary.state.as_str(), summary.value)
        }
    };
    groups.catch_up(samples, at(now), at(now)).into_iter().map(word).collect()
}

#[test]
fn each_group_has_a_window_of_its_own() {
    let mut groups = begin(grouped(), 10, &[], 0);
    let fifty_each = vec![samples_of("Lyon", 0, 50), samples_of("Nice", 0, 50)];
    assert_eq!(see(&mut groups, fifty_each, 0), ["Lyon ok Some(50.0)"]);
    assert_eq!(see(&mut groups, vec![samples_of("Nice", 1, 1)], 1), ["Nice rings 51 at 1", "Nice firing Some(51.0)"]);
    assert_eq!(groups.firing().count(), 1);
    let ended = see(&mut groups, vec![], 70_000);
    assert_eq!(ended, ["Nice ends at 60000", "- ok Some(0.0)"]);
    assert_eq!((groups.watches.len(), groups.wake_at()), (0, None), "what is quiet is forgotten");
}

#[test]
fn there_are_so_many_groups_and_no_more() {
    let mut groups = begin(grouped(), 2, &[], 0);
    let three = vec![samples_of("a", 0, 1), samples_of("b", 0, 1), samples_of("c", 0, 60)];
    assert_eq!(see(&mut groups, three, 0), ["a ok Some(1.0)"]);
    assert_eq!(groups.take_missed(), Missed { late: 0, refused: 60 });
    see(&mut groups, vec![], 60_000);
    assert_eq!(see(&mut groups, vec![samples_of("c", 60_001, 60)], 60_001)[0], "c rings 60 at 60001", "there is room");
    assert_eq!(groups.take_missed(), Missed::default());
}

#[test]
fn the_past_of_many_groups_needs_no_more_room_than_there_is() {
    let mut groups = Groups::new(Arc::new(grouped()), PACE, 2, &[], at(1_000_000));
    let rule =
        Rule { hysteresis: Hysteresis { keep_firing: Duration::from_secs(600), ..Hysteresis::default() }, ..grouped() };
    let mut long = Groups::new(Arc::new(rule), PACE, 2, &[], at(0));
    for n in 0..10 {
        let group: Group = Some(format!("g{n}").into());
        long.recall(at(1 + n * 60_000), [(group.clone(), Entry::of(1))]);
        groups.recall(at(941_000 + n * 6_000), [(group, Entry::of(1))]);
    }
    assert_eq!(long.take_missed().refused, 0, "those that ended make room");
    assert_eq!(groups.take_missed().refused, 8, "all of these count");
}

#[test]
fn what_is_open_goes_on_or_ends() {
    let firing = Firing { since: at(0), peak: 80.0, silenced: false };
    let open = |group: &str| Open { group: Some(group.into()), firing };
    let mut groups = Groups::new(Arc::new(grouped()), PACE, 10, &[open("Lyon"), open("Nice")], at(30_000));
    groups.recall(at(10_000), [(Some("Lyon".into()), Entry::of(60))]);
    groups.resume(at(30_000));
    let seen = see(&mut groups, vec![], 30_000);
    assert!(seen.contains(&"Nice ends at 30000".to_owned()), "{seen:?}");
    assert_eq!(seen.last().unwrap(), "Lyon firing Some(60.0)");
    assert_eq!(groups.firing().map(|(_, value, peak)| (value, peak)).collect::<Vec<_>>(), [(60.0, 80.0)]);
}

#[test]
fn reports_come_at_their_pace_and_the_last_value_always_comes() {
    let mut groups = begin(Rule { threshold: 1_000.0, ..samples::rule(at(0)).unwrap() }, 1, &[], 0);
    assert_eq!(see(&mut groups, vec![samples_of("", 0, 1)], 0), ["- ok Some(1.0)"]);
    for now in 1..100 {
        assert_eq!(see(&mut groups, vec![samples_of("", now, 1)], now), [""; 0], "held back at {now}");
    }
    assert_eq!(groups.wake_at(), Some(at(100)));
    assert_eq!(see(&mut groups, vec![], 100), ["- ok Some(100.0)"]);
    assert_eq!(groups.wake_at(), Some(at(60_000)), "then the next thing is an expiry");
}

#[test]
fn a_rule_that_waits_is_seen_at_once() {
    let hysteresis = Hysteresis { hold: Duration::from_secs(30), ..Hysteresis::default() };
    let mut groups = begin(Rule { hysteresis, ..samples::rule(at(0)).unwrap() }, 1, &[], 0);
    see(&mut groups, vec![samples_of("", 0, 50)], 0);
    assert_eq!(see(&mut groups, vec![samples_of("", 1, 1)], 1), ["- pending Some(51.0)"]);
    assert_eq!(groups.wake_at(), Some(at(30_001)));
}

#[test]
fn where_there_is_nothing_to_measure_it_does_not_ring() {
    for (kind, comparison) in [("avg", "<"), ("min", "<"), ("max", "<="), ("p95", "<")] {
        let rule = Rule {
            measure: Measure::parse(kind, Some("amount")).unwrap(),
            comparison: crate::domain::Comparison::parse(comparison).unwrap(),
            ..samples::rule(at(0)).unwrap()
        };
        let mut groups = begin(rule, 1, &[], 0);
        assert_eq!(see(&mut groups, vec![], 0), ["- ok None"], "{kind}");
        let one = Sample { entry: Entry::with(Decimal::from(1)), ..samples_of("", 5, 1) };
        assert!(see(&mut groups, vec![one], 5)[0].starts_with("- rings "), "{kind}");
        let ended = see(&mut groups, vec![], 61_000);
        assert_eq!(ended[0], "- ends at 60005", "{kind}");
    }
}

#[test]
fn what_waited_for_its_turn_is_judged_when_it_came() {
    let hysteresis = Hysteresis { keep_firing: Duration::from_secs(60), ..Hysteresis::default() };
    let mut groups = begin(Rule { hysteresis, ..samples::rule(at(0)).unwrap() }, 1, &[], 0);
    see(&mut groups, vec![samples_of("", 0, 51)], 0);
    // It came while the incident was kept open, and is looked at after that would have ended.
    let turns = groups.catch_up(vec![samples_of("", 90_000, 51)], at(90_000), at(130_000));
    assert!(!turns.iter().any(|turn| matches!(turn, Turn::Of(_, Effect::Resolve { .. }))), "{turns:?}");
    assert_eq!(groups.summary().state, RuleState::Firing);
    // What was judged stays: something that came before, and is seen only now, does not bring back the past.
    let turns = groups.catch_up(vec![samples_of("", 100_000, 1)], at(100_000), at(140_000));
    assert_eq!(groups.summary().value, Some(52.0), "{turns:?}");
}

#[test]
fn late_ones_are_counted_as_late() {
    let mut groups = begin(samples::rule(at(0)).unwrap(), 1, &[], 100_000);
    see(&mut groups, vec![samples_of("", 41_000, 1), samples_of("", 40_000, 2)], 100_000);
    assert_eq!((groups.summary().value, groups.take_missed()), (Some(1.0), Missed { late: 2, refused: 0 }));
}
