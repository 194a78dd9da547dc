//! What would have rung, and the values over time.

use proptest::prelude::*;

use super::*;
use crate::domain::{Decimal, FieldPath, Measure};
use crate::testing::samples;

fn at(millis: i64) -> Timestamp {
    Timestamp::clamped(millis)
}

fn ask(from: i64, to: i64, step: u64) -> Question {
    Question {
        from: at(from),
        to: at(to),
        step: Duration::from_millis(step),
        future_tolerance: Duration::ZERO,
        max_groups: 10,
        max_incidents: 3,
    }
}

fn run(rule: Rule, question: Question, documents: &[(i64, &str, Entry)]) -> Replayed {
    let mut replay = Replay::new(rule, question);
    for (when, group, entry) in documents {
        replay.take(at(*when), (!group.is_empty()).then(|| Arc::from(*group)), *entry);
    }
    replay.end()
}

fn more_than(threshold: f64, window: u64) -> Rule {
    Rule { threshold, window: Duration::from_millis(window), ..samples::rule(at(0)).unwrap() }
}

fn incidents(replayed: &Replayed) -> Vec<(i64, Option<i64>, f64)> {
    let plain = |past: &Past| (past.started_at.as_millis(), past.resolved_at.map(Timestamp::as_millis), past.peak);
    replayed.incidents.iter().map(plain).collect()
}

#[test]
fn shows_the_incidents_there_would_have_been() {
    let of = |count| Entry::of(count);
    type Incident = (i64, Option<i64>, f64);
    type Case<'a> = (&'a str, &'a [(i64, &'a str, Entry)], &'a [Incident]);
    let cases: &[Case<'_>] = &[
        ("nothing", &[], &[]),
        ("one that ends", &[(1_000, "", of(51))], &[(1_000, Some(61_000), 51.0)]),
        ("one that goes on", &[(99_000, "", of(51)), (99_500, "", of(9))], &[(99_000, None, 60.0)]),
        ("what came before counts", &[(-30_000, "", of(50)), (10, "", of(1))], &[(10, Some(30_000), 51.0)]),
        ("what began before is there from the first instant", &[(-10, "", of(51))], &[(0, Some(59_990), 51.0)]),
        (
            "what expires and what arrives at one instant are judged together",
            &[(0, "", of(51)), (60_000, "", of(51))],
            &[(0, None, 51.0)],
        ),
    ];
    for (name, documents, expected) in cases {
        let found = run(more_than(50.0, 60_000), ask(0, 100_000, 60_000), documents);
        assert_eq!(incidents(&found), *expected, "{name}");
    }
}

#[test]
fn keeps_the_first_incidents_and_counts_the_others() {
    let bursts: Vec<(i64, &str, Entry)> = (0..9).map(|n| (n * 100, "", Entry::of(51))).collect();
    let found = run(more_than(50.0, 50), ask(0, 10_000, 10_000), &bursts);
    assert_eq!((found.incidents.len(), found.total, found.counted), (3, 9, 9 * 51));
}

#[test]
fn groups_ring_for_themselves() {
    let rule = Rule { group_by: Some(FieldPath::parse("city").unwrap()), ..more_than(1.0, 100) };
    let found =
        run(rule, ask(0, 1_000, 1_000), &[(10, "b", Entry::of(2)), (10, "a", Entry::of(2)), (50, "c", Entry::of(1))]);
    let groups: Vec<_> = found.incidents.iter().map(|past| past.group.as_deref().unwrap()).collect();
    assert_eq!(groups, ["a", "b"]);
}

#[test]
fn sums_are_judged_exactly() {
    let sum = Rule { measure: Measure::parse("sum", Some("amount")).unwrap(), ..more_than(10_000.0, 60_000) };
    let amount = |text: &str| Entry::with(Decimal::parse(text).unwrap());
    let fits = run(sum.clone(), ask(0, 1_000, 1_000), &[(1, "", amount("9999.99")), (2, "", amount("0.01"))]);
    assert_eq!(incidents(&fits), []);
    let over = run(sum, ask(0, 1_000, 1_000), &[(1, "", amount("9999.99")), (2, "", amount("0.02"))]);
    assert_eq!(incidents(&over), [(2, None, 10_000.01)]);
}

fn values(arrivals: &[(i64, u64)], window: u64, from: i64, to: i64, step: u64) -> Vec<u64> {
    let documents: Vec<_> = arrivals.iter().map(|(when, count)| (*when, "", Entry::of(*count))).collect();
    let found = run(more_than(1e9, window), ask(from, to, step), &documents);
    found.series.into_iter().map(|(_, value)| value.unwrap() as u64).collect()
}

#[test]
fn an_event_counts_from_its_instant_until_the_window_has_passed() {
    for (arrivals, from, to, step, expected) in [
        (&[][..], 0, 2, 1, &[0, 0, 0][..]),
        (&[(10, 1)], 9, 10, 1, &[0, 1]),
        (&[(10, 1)], 69, 70, 1, &[1, 0]),
        (&[(0, 2), (30, 3), (60, 5)], 0, 120, 30, &[2, 5, 8, 5, 0]),
        (&[(0, 1)], 0, 100, 1_000, &[1]),
        (&[(0, 1)], 5, 9, 0, &[1]),
    ] {
        assert_eq!(values(arrivals, 60, from, to, step), expected, "{arrivals:?} {from}..={to} by {step}");
    }
    assert_eq!(values(&[(0, 26), (60_000, 26)], 60_000, 59_999, 60_001, 1), [26, 26, 26]);
}

proptest! {
    #[test]
    fn the_series_is_that_of_a_plain_recount(
        mut instants in proptest::collection::vec((0_i64..500, 1_u64..5), 0..50), window in 1_u64..100, step in 1_u64..50,
    ) {
        instants.sort_unstable();
        let plain: Vec<u64> = (0..=500).step_by(usize::try_from(step).unwrap()).map(|t| {
            let begin = t - i64::try_from(window).unwrap();
            instants.iter().filter(|(i, _)| begin < *i && *i <= t).map(|(_, n)| n).sum()
        }).collect();
        prop_assert_eq!(values(&instants, window, 0, 500, step), plain);
    }
}
