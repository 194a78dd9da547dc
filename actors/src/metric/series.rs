//! The value of a count at instants of the past, from what counted when.

use std::time::Duration;

use crate::domain::Timestamp;

/// The exact count over `(t − window, t]` at each `t` of `from, from + step, …` up to and including `to`.
///
/// `arrivals` rise in time and reach back to `from − window`. A step of zero gives the value at `from` only.
#[must_use]
pub fn series(
    arrivals: &[(Timestamp, u64)],
    window: Duration,
    from: Timestamp,
    to: Timestamp,
    step: Duration,
) -> Vec<(Timestamp, u64)> {
    let mut entering = arrivals.iter().peekable();
    let mut leaving = arrivals.iter().peekable();
    let mut value = 0_u64;
    let mut points = Vec::new();
    let mut at = from;
    while at <= to {
        while let Some((_, n)) = entering.next_if(|(arrived, _)| *arrived <= at) {
            value += n;
        }
        let edge = at.minus(window);
        while let Some((_, n)) = leaving.next_if(|(arrived, _)| *arrived <= edge) {
            value -= n;
        }
        points.push((at, value));
        let next = at.plus(step);
        if next <= at {
            break;
        }
        at = next;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::clamped(millis)
    }

    fn values(arrivals: &[(i64, u64)], window: u64, from: i64, to: i64, step: u64) -> Vec<u64> {
        let arrivals: Vec<_> = arrivals.iter().map(|(millis, n)| (at(*millis), *n)).collect();
        let ms = Duration::from_millis;
        series(&arrivals, ms(window), at(from), at(to), ms(step)).into_iter().map(|(_, value)| value).collect()
    }

    #[test]
    fn an_event_counts_from_its_instant_until_the_window_has_passed() {
        for (arrivals, from, to, step, expected) in [
            (&[][..], 0, 2, 1, &[0, 0, 0][..]),
            (&[(10, 1)], 9, 10, 1, &[0, 1]),
            (&[(10, 1)], 69, 70, 1, &[1, 0]),
            (&[(0, 2), (30, 3), (60, 5)], 0, 120, 30, &[2, 5, 8, 5, 0]),
            (&[(0, 1)], 0, 100, 1_000, &[1]),
            (&[(0, 1)], 5, 4, 1, &[]),
            (&[(0, 1)], 5, 9, 0, &[1]),
        ] {
            assert_eq!(values(arrivals, 60, from, to, step), expected, "{arrivals:?} {from}..={to} by {step}");
        }
    }

    #[test]
    fn two_bursts_a_window_apart_never_meet() {
        assert_eq!(values(&[(0, 26), (60_000, 26)], 60_000, 59_999, 60_001, 1), [26, 26, 26]);
    }

    proptest! {
        #[test]
        fn agrees_with_a_plain_recount(
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
}
