//! The judgements, in tables: when it rings, when it stops, and how often it says so.

use super::*;
use crate::domain::{Comparison, Hysteresis, RuleState};
use crate::testing::samples;

const PACE: Pace = Pace { report_every: Duration::from_millis(100), progress_every: Duration::from_secs(1) };

fn at(millis: i64) -> Timestamp {
    Timestamp::clamped(millis)
}

fn more_than(threshold: f64) -> Rule {
    Rule { threshold, ..samples::rule(at(0)).unwrap() }
}

fn resume(rule: Rule, counted: &[(Timestamp, u64)], firing: Option<(Timestamp, f64)>, now: Timestamp) -> Watch {
    let firing = firing.map(|(since, peak)| Firing { since, peak, silenced: false });
    let begin = now.minus(rule.hysteresis.memory());
    let mut watch = Watch::new(Arc::new(rule), PACE, firing, begin);
    for (at, count) in counted {
        watch.recall([Entry::of(*count)], *at);
    }
    watch.recall([], now.minus(Duration::from_millis(1)));
    watch
}

fn fresh(rule: Rule) -> Watch {
    resume(rule, &[], None, at(0))
}

fn see(watch: &mut Watch, events: &[(i64, u64)], now: i64) -> Vec<Effect> {
    watch.observe(events.iter().map(|(t, n)| (at(*t), Entry::of(*n))), at(now), &|_| None)
}

/// The rings and ends of `(now, [(event at, count)])` steps: `(instant, "ring" | "end", value)`.
fn turns(watch: &mut Watch, steps: &[(i64, &[(i64, u64)])]) -> Vec<(i64, &'static str, f64)> {
    let mut seen = Vec::new();
    for (now, events) in steps {
        for effect in see(watch, events, *now) {
            match effect {
                Effect::Open { at, value, .. } => seen.push((at.as_millis(), "ring", value)),
                Effect::Resolve { at, value, .. } => seen.push((at.as_millis(), "end", value.unwrap())),
                Effect::Remind => seen.push((*now, "again", 0.0)),
                Effect::Ring => seen.push((*now, "late ring", 0.0)),
                Effect::Progress { .. } => {}
            }
        }
    }
    seen
}

#[test]
fn rings_once_for_the_fifty_first() {
    type Step<'a> = (i64, &'a [(i64, u64)]);
    type Turn = (i64, &'static str, f64);
    let cases: &[(&str, &[Step<'_>], &[Turn])] = &[
        ("fifty do not", &[(1_000, &[(1_000, 50)])], &[]),
        (
            "the next one does, once",
            &[(1_000, &[(1_000, 50)]), (2_000, &[(2_000, 1)]), (3_000, &[(3_000, 9)])],
            &[(2_000, "ring", 51.0)],
        ),
        ("all in one batch", &[(1_000, &[(1_000, 100_000)])], &[(1_000, "ring", 100_000.0)]),
        ("two bursts a minute apart do not", &[(0, &[(0, 26)]), (60_000, &[(60_000, 26)])], &[]),
        ("a millisecond closer they do", &[(0, &[(0, 26)]), (59_999, &[(59_999, 26)])], &[(59_999, "ring", 52.0)]),
        (
            "across the turn of a clock minute",
            &[(59_500, &[(59_500, 30)]), (60_500, &[(60_500, 30)])],
            &[(60_500, "ring", 60.0)],
        ),
        (
            "late ones count in their own time",
            &[(30_000, &[(30_000, 50)]), (40_000, &[(1_000, 1)])],
            &[(40_000, "ring", 51.0)],
        ),
        ("too late ones do not count", &[(70_000, &[(70_000, 50)]), (70_000, &[(10_000, 9)])], &[]),
        (
            "it ends at the exact instant, however late it is looked at",
            &[(0, &[(0, 1)]), (10, &[(10, 50)]), (90_000, &[])],
            &[(10, "ring", 51.0), (60_000, "end", 50.0)],
        ),
        (
            "expiry and arrival at one instant are judged together",
            &[(0, &[(0, 51)]), (60_000, &[(60_000, 51)]), (120_000, &[])],
            &[(0, "ring", 51.0), (120_000, "end", 0.0)],
        ),
        (
            "a gap of a millisecond makes two incidents",
            &[(0, &[(0, 51)]), (60_001, &[(60_001, 51)])],
            &[(0, "ring", 51.0), (60_000, "end", 0.0), (60_001, "ring", 51.0)],
        ),
    ];
    for (name, steps, expected) in cases {
        assert_eq!(turns(&mut fresh(more_than(50.0)), steps), *expected, "{name}");
    }
}

#[test]
fn a_restart_changes_nothing() {
    let counted = [(at(0), 51)];
    let mut silent = resume(more_than(50.0), &counted, Some((at(0), 80.0)), at(1_000));
    assert_eq!(turns(&mut silent, &[(1_000, &[])]), [], "still firing: no second ring");
    assert_eq!(silent.peak(), Some(80.0));

    let mut missed = resume(more_than(50.0), &counted, None, at(1_000));
    assert_eq!(turns(&mut missed, &[(1_000, &[])]), [(1_000, "ring", 51.0)], "crossed, but never told");

    let mut over = resume(more_than(50.0), &[], Some((at(0), 80.0)), at(90_000));
    assert_eq!(turns(&mut over, &[(90_000, &[])]), [(90_000, "end", 0.0)], "ended while nobody watched");
}

#[test]
fn every_comparison_rings_on_its_own_side() {
    for (sign, threshold, rings) in
        [(">", 3.0, false), (">=", 3.0, true), ("<", 3.0, false), ("<=", 3.0, true), (">", 2.0, true), ("<", 4.0, true)]
    {
        let rule = Rule { comparison: Comparison::parse(sign).unwrap(), ..more_than(threshold) };
        let seen = turns(&mut fresh(rule), &[(0, &[(0, 3)])]);
        assert_eq!(!seen.is_empty(), rings, "3 {sign} {threshold}");
    }
}

#[test]
fn the_peak_is_the_furthest_there_was() {
    let mut watch = fresh(more_than(50.0));
    see(&mut watch, &[(0, 60)], 0);
    see(&mut watch, &[(30_000, 40)], 30_000);
    let effects = see(&mut watch, &[], 90_000);
    assert!(effects.contains(&Effect::Resolve { at: at(60_000), value: Some(40.0), peak: 100.0 }), "{effects:?}");
}

#[test]
fn progress_is_stored_at_most_once_a_second_and_the_last_value_is() {
    let mut watch = fresh(more_than(50.0));
    see(&mut watch, &[(0, 51)], 0);
    let effects = see(&mut watch, &[(500, 49)], 500);
    assert!(!effects.iter().any(|e| matches!(e, Effect::Progress { .. })), "{effects:?}");
    see(&mut watch, &[], 600);
    assert_eq!(watch.wake_at(), Some(at(1_000)));
    assert!(see(&mut watch, &[], 1_000).contains(&Effect::Progress { value: 100.0, peak: 100.0 }));
}

/// More than 50, and so steady.
fn steady(recover_at: Option<f64>, hold: i64, keep_firing: i64) -> Rule {
    let duration = |millis: i64| Duration::from_millis(millis.unsigned_abs());
    let hysteresis = Hysteresis { recover_at, hold: duration(hold), keep_firing: duration(keep_firing) };
    Rule { hysteresis, ..more_than(50.0) }
}

#[test]
fn it_recovers_where_it_is_said() {
    let mut watch = fresh(steady(Some(40.0), 0, 0));
    let steps: &[(i64, &[(i64, u64)])] =
        &[(0, &[(0, 6)]), (1_000, &[(1_000, 5)]), (2_000, &[(2_000, 40)]), (90_000, &[])];
    // 51 rings; 45 at 60 s stays; 40 at 61 s ends it.
    assert_eq!(turns(&mut watch, steps), [(2_000, "ring", 51.0), (61_000, "end", 40.0)]);
}

#[test]
fn it_rings_when_it_was_over_the_line_long_enough() {
    let over: &[(i64, u64)] = &[(0, 51)];
    for (name, rule, steps, expected) in [
        ("29 s do not", steady(None, 30_000, 0), &[(0, over), (29_000, &[])][..], &[][..]),
        ("30 s do, at that instant", steady(None, 30_000, 0), &[(0, over), (40_000, &[])], &[(30_000, "ring", 51.0)]),
        (
            "a break begins anew",
            steady(None, 30_000, 0),
            &[(0, &[(-40_000, 51)]), (19_999, &[]), (25_000, &[(25_000, 60)]), (60_000, &[])],
            &[(55_000, "ring", 60.0)],
        ),
        ("at once without it", steady(None, 0, 0), &[(0, over)], &[(0, "ring", 51.0)]),
    ] {
        assert_eq!(turns(&mut fresh(rule), steps), expected, "{name}");
    }
    let mut watch = fresh(steady(None, 30_000, 0));
    see(&mut watch, &[(0, 51)], 0);
    assert_eq!((watch.state(), watch.wake_at()), (RuleState::Pending, Some(at(30_000))));
}

#[test]
fn swings_about_the_line_are_one_incident() {
    let mut watch = fresh(steady(None, 0, 60_000));
    // 49 that stay, for a minute and the next one, and three more that come and go 20 times.
    let mut steps: Vec<(i64, Vec<(i64, u64)>)> = vec![(0, vec![(0, 49)])];
    for swing in 0..20 {
        let now = 60_000 + swing * 2_000;
        // Late ones, which leave the window a second after they came.
        let stay = if swing == 0 { 49 } else { 0 };
        steps.push((now, vec![(now - 59_000, 3), (now, stay)]));
        steps.push((now + 1_000, vec![]));
    }
    steps.push((400_000, vec![]));
    let steps: Vec<(i64, &[(i64, u64)])> = steps.iter().map(|(now, events)| (*now, &events[..])).collect();
    let seen = turns(&mut watch, &steps);
    assert_eq!(seen.iter().map(|(_, turn, _)| *turn).collect::<Vec<_>>(), ["ring", "end"], "{seen:?}");
    assert_eq!(seen[1].0, 60_000 + 19 * 2_000 + 1_000 + 60_000, "a minute after the last swing ended");
}

#[test]
fn a_restart_remembers_since_when() {
    let counted = [(at(0), 51)];
    let taken_over = |rule, firing, now| resume(rule, &counted, firing, at(now));
    let mut waiting = taken_over(steady(None, 30_000, 0), None, 10_000);
    assert_eq!(turns(&mut waiting, &[(29_999, &[]), (40_000, &[])]), [(30_000, "ring", 51.0)]);
    let mut late = taken_over(steady(None, 30_000, 0), None, 45_000);
    assert_eq!(turns(&mut late, &[(45_000, &[])]), [(45_000, "ring", 51.0)], "it still is over the line");
    let mut past = taken_over(steady(None, 30_000, 0), None, 70_000);
    assert_eq!(turns(&mut past, &[(70_000, &[])]), [], "what is over by now does not ring");
    let mut ending = taken_over(steady(None, 0, 60_000), Some((at(0), 51.0)), 100_000);
    assert_eq!(turns(&mut ending, &[(110_000, &[]), (200_000, &[])]), [(120_000, "end", 0.0)]);
}

#[test]
fn people_are_told_again_while_it_rings() {
    let rule = Rule { repeat: Some(Duration::from_secs(10)), ..more_than(50.0) };
    let mut watch = fresh(rule.clone());
    let steps: &[(i64, &[(i64, u64)])] =
        &[(0, &[(0, 51)]), (9_999, &[]), (10_000, &[]), (19_999, &[]), (45_000, &[]), (60_000, &[]), (90_000, &[])];
    let seen: Vec<(i64, &str)> = turns(&mut watch, steps).iter().map(|(at, turn, _)| (*at, *turn)).collect();
    assert_eq!(
        seen,
        [(0, "ring"), (10_000, "again"), (45_000, "again"), (60_000, "end")],
        "what was slept through is one"
    );
    assert_eq!(watch.wake_at(), None);
    // Whoever takes over does not begin anew.
    let mut later = resume(rule, &[(at(0), 51)], Some((at(0), 51.0)), at(25_000));
    let seen = turns(&mut later, &[(25_000, &[]), (29_999, &[]), (30_000, &[])]);
    assert_eq!(seen, [(30_000, "again", 0.0)]);
}

/// Silent from 10 s to 20 s.
fn silent(now: Timestamp) -> Option<Timestamp> {
    (at(10_000) <= now && now < at(20_000)).then_some(at(20_000))
}

#[test]
fn what_still_rings_at_the_end_of_a_silence_rings_once() {
    let rule = Rule { repeat: Some(Duration::from_secs(1)), ..more_than(50.0) };
    let mut watch = fresh(rule.clone());
    let mut look = |now: i64, count: u64| watch.observe([(at(now), Entry::of(count))], at(now), &silent);
    assert_eq!(look(12_000, 51), [Effect::Open { at: at(12_000), value: 51.0, silenced: true }]);
    assert_eq!(look(15_000, 0), [], "nobody is told again");
    assert_eq!(look(20_000, 0), [Effect::Ring, Effect::Remind]);
    assert!(!look(20_500, 0).contains(&Effect::Ring));

    // It ended while it was silent.
    let mut watch = fresh(Rule { window: Duration::from_secs(5), ..rule.clone() });
    watch.observe([(at(12_000), Entry::of(51))], at(12_000), &silent);
    assert_eq!(watch.wake_at(), Some(at(13_000)));
    let ends = watch.observe([], at(30_000), &silent);
    assert_eq!(ends, [Effect::Resolve { at: at(17_000), value: Some(0.0), peak: 51.0 }]);

    // Whoever takes over knows that people were not told.
    let firing = Some(Firing { since: at(12_000), peak: 51.0, silenced: true });
    let mut later = Watch::new(Arc::new(rule), PACE, firing, at(18_000));
    later.recall([Entry::of(51)], at(12_000));
    assert!(!later.observe([], at(18_000), &silent).contains(&Effect::Ring));
    assert!(later.observe([], at(20_000), &silent).contains(&Effect::Ring));
}

#[test]
fn a_silence_that_is_taken_back_is_over() {
    let mut watch = fresh(more_than(50.0));
    watch.observe([(at(12_000), Entry::of(51))], at(12_000), &silent);
    assert_eq!(watch.wake_at(), Some(at(20_000)));
    watch.look_again(at(13_000));
    assert_eq!(watch.observe([], at(13_000), &|_| None), [Effect::Ring]);
}
