//! Instants, as the milliseconds since the Unix epoch that every table and frame holds.

use std::fmt;
use std::time::Duration;

use super::Invalid;

/// An instant in UTC, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 0001-01-01T00:00:00.000Z, the earliest instant that is accepted.
    pub const MIN: Self = Self(-62_135_596_800_000);
    /// 9999-12-30T22:00:00.000Z, the latest instant that is accepted: RFC 3339 has four digits for the year.
    pub const MAX: Self = Self(253_402_207_200_000);

    /// From milliseconds since the epoch.
    ///
    /// # Errors
    /// When the instant lies outside [`Timestamp::MIN`] and [`Timestamp::MAX`].
    pub fn from_millis(millis: i64) -> Result<Self, Invalid> {
        if (Self::MIN.0..=Self::MAX.0).contains(&millis) {
            Ok(Self(millis))
        } else {
            Err(Invalid("must be a time between the years 1 and 9999".into()))
        }
    }

    /// From milliseconds that a clock or our own store gave; out-of-range values are clamped.
    #[must_use]
    pub fn clamped(millis: i64) -> Self {
        Self(millis.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Parses RFC 3339; fractions beyond a millisecond are cut.
    ///
    /// # Errors
    /// When the text is not RFC 3339 or lies outside the accepted years.
    pub fn parse_rfc3339(text: &str) -> Result<Self, Invalid> {
        let instant: jiff::Timestamp = text
            .parse()
            .map_err(|_| Invalid("must be an RFC 3339 time with an offset, such as 2026-01-31T08:30:00Z".into()))?;
        Self::from_millis(instant.as_millisecond())
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// This instant moved into the future, or held at [`Timestamp::MAX`].
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self::clamped(self.0.saturating_add(millis_of(duration)))
    }

    /// This instant moved into the past, or held at [`Timestamp::MIN`].
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self::clamped(self.0.saturating_sub(millis_of(duration)))
    }

    /// How long after `earlier` this is; zero when it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

fn millis_of(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// RFC 3339 in UTC with milliseconds.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(instant) => write!(f, "{instant:.3}"),
            Err(_) => write!(f, "{}ms", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for (text, shown) in [
            ("2026-11-24T07:47:47Z", "2026-11-24T07:47:47.000Z"),
            ("2026-11-24T08:47:47.123456+01:00", "2026-11-24T07:47:47.123Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(Timestamp::parse_rfc3339(text).unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in ["", "yesterday", "2026-11-24", "2026-11-24T07:47:47", "2026-13-01T00:00:00Z"] {
            assert!(Timestamp::parse_rfc3339(text).is_err(), "{text}");
        }
        assert!(Timestamp::from_millis(i64::MAX).is_err());
    }
}
