//! A time that goes on evenly, pure: `(monotonic reading, reference) -> time`. Microseconds since the Unix epoch.

use std::time::Duration;

/// The fastest it catches up with its reference, or waits for it: one part in so many of the time that passes, 0.5 ms a
/// second. A minute is a minute to within 30 ms meanwhile.
const SLEW: i64 = 2_000;
/// A difference up to this is made good evenly; a larger one is doubted.
const SMALL: i64 = 500_000;
/// A difference that was doubted for so long is true.
const DOUBT: Duration = Duration::from_secs(300);

/// Carried on by a monotonic clock, drawn towards a reference. A step of the reference moves nothing at once: one that is
/// taken back within five minutes was none, and one that is not is followed then.
#[derive(Debug, Clone)]
pub(super) struct Steady {
    read_at: Duration,
    shown: i64,
    /// What is still to be made good.
    error: i64,
    /// A large difference, and since when it has been there.
    doubt: Option<(Duration, i64)>,
}

impl Steady {
    /// Shows what the reference says at this reading of the monotonic clock.
    #[must_use]
    pub(super) fn new(monotonic: Duration, reference: i64) -> Self {
        Self { read_at: monotonic, shown: reference, error: 0, doubt: None }
    }

    /// The time at this reading of the monotonic clock.
    pub(super) fn read(&mut self, monotonic: Duration) -> i64 {
        let passed = micros(monotonic.saturating_sub(self.read_at));
        // Readings that are closer together than this make no room for a correction, so they are counted together.
        let room = passed / SLEW;
        if room == 0 {
            return self.shown.saturating_add(passed);
        }
        let corrected = self.error.clamp(-room, room);
        self.read_at = self.read_at.max(monotonic);
        self.error -= corrected;
        self.shown = self.shown.saturating_add(passed).saturating_add(corrected);
        self.shown
    }

    /// Takes in what the reference says at this reading.
    pub(super) fn compare(&mut self, monotonic: Duration, reference: i64) {
        let difference = reference.saturating_sub(self.read(monotonic));
        if difference.abs() <= SMALL {
            (self.error, self.doubt) = (difference, None);
            return;
        }
        self.error = 0;
        match self.doubt {
            Some((since, before)) if difference.abs_diff(before) <= SMALL.unsigned_abs() => {
                if monotonic.saturating_sub(since) >= DOUBT {
                    self.step(difference);
                }
            }
            _ => self.doubt = Some((monotonic, difference)),
        }
    }

    /// Moves it at once.
    pub(super) fn step(&mut self, by: i64) {
        self.shown = self.shown.saturating_add(by);
        (self.error, self.doubt) = (0, None);
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_764_000_000_000_000;
    const SECOND: i64 = 1_000_000;

    /// Compares once a second with a reference that is `wall(second)` ahead, and returns how far ahead it is each second.
    fn ahead(seconds: u64, wall: impl Fn(u64) -> i64) -> Vec<i64> {
        let mut clock = Steady::new(Duration::ZERO, START);
        (1..=seconds)
            .map(|second| {
                let monotonic = Duration::from_secs(second);
                let passed = i64::try_from(second).unwrap() * SECOND;
                clock.compare(monotonic, START + passed + wall(second));
                clock.read(monotonic) - START - passed
            })
            .collect()
    }

    #[test]
    fn a_step_that_is_taken_back_changes_nothing() {
        for step in [-3_600, -30, -1, 1, 30, 3_600].map(|seconds| seconds * SECOND) {
            let seen = ahead(400, |second| if (50..340).contains(&second) { step } else { 0 });
            assert!(seen.iter().all(|ahead| *ahead == 0), "{step}: {seen:?}");
        }
    }

    #[test]
    fn a_step_that_stays_is_followed_after_five_minutes() {
        for step in [-30 * SECOND, 30 * SECOND, 86_400 * SECOND] {
            let seen = ahead(400, |second| if second >= 50 { step } else { 0 });
            assert_eq!(seen.iter().position(|ahead| *ahead != 0), Some(349), "{step}");
            assert!(seen[349..].iter().all(|ahead| *ahead == step), "{step}");
        }
    }

    #[test]
    fn a_small_difference_is_made_good_evenly() {
        for off in [-100_000, 100_000] {
            let seen = ahead(300, |_| off);
            for pair in seen.windows(2) {
                assert!((pair[1] - pair[0]).abs() <= 500, "{pair:?}");
            }
            assert_eq!(seen[299], off, "after 200 seconds");
        }
    }

    #[test]
    fn a_reference_that_jumps_about_is_never_followed() {
        let seen = ahead(2_000, |second| if second / 60 % 2 == 0 { 30 * SECOND } else { -30 * SECOND });
        assert!(seen.iter().all(|ahead| *ahead == 0));
    }

    #[test]
    fn readings_close_together_lose_no_time_and_never_go_back() {
        let mut clock = Steady::new(Duration::ZERO, START);
        clock.compare(Duration::ZERO, START - 400_000);
        let mut last = START;
        for step in 0..2_000_000_u64 {
            let now = clock.read(Duration::from_micros(step * 7));
            assert!(now >= last, "{step}");
            last = now;
        }
        let passed = 1_999_999 * 7;
        let behind = START + passed - last;
        assert!((behind - passed / SLEW).abs() <= passed / SLEW / 100 + 10, "{behind}");
        assert_eq!(clock.read(Duration::ZERO), clock.read(Duration::ZERO), "a monotonic clock that is not");
    }
}
