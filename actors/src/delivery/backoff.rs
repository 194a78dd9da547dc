//! How long to wait before the next try.

use std::time::Duration;

/// Exponential back-off with full jitter: a `share` of `first · 2^(failures − 1)`, which never exceeds `longest`.
/// `share` is drawn evenly from `0.0..1.0`, so that many who failed together do not come back together.
#[must_use]
pub fn delay(first: Duration, longest: Duration, failures: u32, share: f64) -> Duration {
    let doubled = first.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1).min(31)));
    doubled.min(longest).mul_f64(if share.is_finite() { share.clamp(0.0, 1.0) } else { 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_the_longest_and_takes_a_share() {
        let (first, longest) = (Duration::from_secs(5), Duration::from_secs(600));
        for (failures, share, millis) in [
            (1, 1.0, 5_000),
            (2, 1.0, 10_000),
            (3, 0.5, 10_000),
            (7, 1.0, 320_000),
            (8, 1.0, 600_000),
            (40, 0.25, 150_000),
            (u32::MAX, 1.0, 600_000),
            (1, 0.0, 0),
            (0, 1.0, 5_000),
            (1, f64::NAN, 5_000),
        ] {
            assert_eq!(delay(first, longest, failures, share), Duration::from_millis(millis), "{failures} {share}");
        }
        assert_eq!(delay(Duration::MAX, longest, 32, 1.0), longest);
    }
}
