//! Which key signs, which ones verify, and when the next one is due: pure.

use std::time::Duration;

use tocsin_actors::domain::Timestamp;

/// What nodes may be late to read the keys, and their clocks apart. A key verifies for so much longer than its tokens
/// last.
pub const LATE: Duration = Duration::from_secs(60);

/// When keys take turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// How long a key signs; `None` until somebody rotates.
    pub every: Option<Duration>,
    /// How long a key is published before it signs.
    pub notice: Duration,
    /// How long an access token lasts.
    pub access: Duration,
}

/// What a key is for at some instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Published, and signs when its time has come.
    Next,
    /// Signs.
    Signing,
    /// Signs no more; its last tokens may still be valid.
    Verifying {
        /// From when on it is of no use.
        until: Timestamp,
    },
    /// Of no use.
    Expired,
}

/// Of keys that sign from these instants, in order, the one that signs now: the last whose time has come. Where none
/// has, because a clock was set back or the first key was made on a node that is ahead, it is the first.
pub(super) fn signing(starts: &[Timestamp], now: Timestamp) -> usize {
    starts.iter().rposition(|start| *start <= now).unwrap_or(0)
}

impl Schedule {
    /// What each of the keys is for now; they sign from these instants, in order.
    #[must_use]
    pub fn standings(&self, starts: &[Timestamp], now: Timestamp) -> Vec<Standing> {
        let signing = signing(starts, now);
        let standing = |at: usize| match (at.cmp(&signing), self.until(starts, at)) {
            (std::cmp::Ordering::Greater, _) => Standing::Next,
            (std::cmp::Ordering::Less, Some(until)) if until <= now => Standing::Expired,
            (std::cmp::Ordering::Less, Some(until)) => Standing::Verifying { until },
            _ => Standing::Signing,
        };
        (0..starts.len()).map(standing).collect()
    }

    /// From when on a key is of no use: its successor has signed for as long as a token lasts. `None` for the last.
    #[must_use]
    pub fn until(&self, starts: &[Timestamp], at: usize) -> Option<Timestamp> {
        Some(starts.get(at.checked_add(1)?)?.plus(self.access).plus(LATE))
    }

    /// From when on a key signs that is to be made now; `None` when there is no need yet, or it is there already.
    #[must_use]
    pub fn due(&self, starts: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
        let last = starts.last()?;
        if starts.len() > signing(starts, now) + 1 {
            return None;
        }
        let planned = last.plus(self.every?);
        // All nodes that are in time come to the same instant, and so to the same name of a file.
        (now >= planned.minus(self.notice)).then(|| planned.max(now.plus(self.notice)))
    }
}

#[cfg(test)]
mod tests {
    use super::Standing::{Expired, Next, Signing};
    use super::*;

    const SCHEDULE: Schedule = Schedule {
        every: Some(Duration::from_secs(1_000)),
        notice: Duration::from_secs(100),
        access: Duration::from_secs(40),
    };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::clamped(seconds * 1_000)
    }

    fn verifying(until: i64) -> Standing {
        Standing::Verifying { until: at(until) }
    }

    #[test]
    fn standings() {
        for (starts, now, expected) in [
            (&[][..], 0, &[][..]),
            (&[500], 0, &[Signing]),
            (&[500, 600], 0, &[Signing, Next]),
            (&[0], 9_999, &[Signing]),
            (&[0, 1_000], 999, &[Signing, Next]),
            (&[0, 1_000], 1_000, &[verifying(1_100), Signing]),
            (&[0, 1_000], 1_099, &[verifying(1_100), Signing]),
            (&[0, 1_000], 1_100, &[Expired, Signing]),
            (&[0, 1_000, 1_010], 1_050, &[verifying(1_100), verifying(1_110), Signing]),
            (&[0, 1_000, 1_010, 2_000], 1_105, &[Expired, verifying(1_110), Signing, Next]),
        ] {
            let starts: Vec<Timestamp> = starts.iter().copied().map(at).collect();
            assert_eq!(SCHEDULE.standings(&starts, at(now)), expected, "{starts:?} at {now}");
        }
    }

    #[test]
    fn the_next_key_is_due_in_time_and_once() {
        for (starts, now, expected) in [
            (&[][..], 0, None),
            (&[0], 899, None),
            (&[0], 900, Some(1_000)),
            (&[0], 950, Some(1_050)),
            (&[0], 5_000, Some(5_100)),
            (&[0, 1_000], 950, None),
            (&[0, 1_000], 1_899, None),
            (&[0, 1_000], 1_900, Some(2_000)),
            (&[500], 0, None),
        ] {
            let starts: Vec<Timestamp> = starts.iter().copied().map(at).collect();
            assert_eq!(SCHEDULE.due(&starts, at(now)), expected.map(at), "{starts:?} at {now}");
        }
        let never = Schedule { every: None, ..SCHEDULE };
        assert_eq!(never.due(&[at(0)], Timestamp::MAX), None);
    }
}
