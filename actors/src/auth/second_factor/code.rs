//! What somebody types as a second factor, which time steps it may be of, and how often it may be wrong. Pure.

use std::time::Duration;

use crate::domain::Timestamp;

/// How long a code is shown (RFC 6238, section 5.2).
const STEP_MILLIS: i64 = 30_000;
/// How many steps the clock of a device may be off, either way.
const SKEW: i64 = 1;
/// The first wait after too many wrong codes; each further one doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(60);
/// The longest.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3_600);
/// Longer than any code, however it is grouped.
const TYPED_MAX: usize = 64;
/// 32 characters that are not mistaken for each other: five bits each.
const ALPHABET: &str = "0123456789abcdefghjkmnpqrstvwxyz";
const RECOVERY_CHARS: usize = 10;

/// How many recovery codes there are at first.
pub const RECOVERY_CODES: usize = 10;

/// What somebody typed, in the one form that is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// Six digits of an app.
    Totp(String),
    /// A recovery code, without its hyphen.
    Recovery(String),
}

impl Code {
    /// Reads what was typed; `None` when it can be neither.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.len() > TYPED_MAX {
            return None;
        }
        let text: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::Totp(text));
        }
        let unmistaken = |c: char| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        };
        let text: String = text.chars().map(unmistaken).collect();
        let sound = text.len() == RECOVERY_CHARS && text.chars().all(|c| ALPHABET.contains(c));
        sound.then_some(Self::Recovery(text))
    }
}

/// A recovery code of 50 bits, as it is shown, from a digest of something random in hexadecimal.
#[must_use]
pub fn recovery_code(hex: &str) -> String {
    let letters = ALPHABET.as_bytes();
    let letter = |n: usize| {
        let pair = hex.get(2 * n..2 * n + 2)?;
        letters.get(usize::from(u8::from_str_radix(pair, 16).ok()? % 32)).map(|byte| char::from(*byte))
    };
    let code: String = (0..RECOVERY_CHARS).filter_map(letter).collect();
    let (first, second) = code.split_at(code.len() / 2);
    format!("{first}-{second}")
}

/// The steps whose codes are taken now: those within reach that are later than the last one used.
pub fn steps(now: Timestamp, last_step: i64) -> impl Iterator<Item = i64> {
    let current = now.as_millis().div_euclid(STEP_MILLIS);
    (current - SKEW..=current + SKEW).filter(move |step| *step >= 0 && *step > last_step)
}

/// How long until a code may be tried again, after so many wrong ones in a row. Three codes in a million are right at any
/// time, so whoever guesses without end comes through; at one guess a day, in centuries.
#[must_use]
pub fn wait(tries: u32, tried_at: Timestamp, free: u32, now: Timestamp) -> Option<Duration> {
    let doubled = tries.checked_sub(free)?.min(16);
    let until = tried_at.plus(FIRST_WAIT.saturating_mul(1 << doubled).min(LONGEST_WAIT));
    (now < until).then(|| until.since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed() {
        let totp = |text: &str| Some(Code::Totp(text.into()));
        let recovery = |text: &str| Some(Code::Recovery(text.into()));
        for (typed, code) in [
            ("123456", totp("123456")),
            (" 123 456\n", totp("123456")),
            ("123-456", totp("123456")),
            ("000000", totp("000000")),
            ("abcde-fghjk", recovery("abcdefghjk")),
            ("ABCDE FGHJK", recovery("abcdefghjk")),
            ("oOiIl-LabcX", recovery("001111abcx")),
            ("12345-67890", recovery("1234567890")),
            ("", None),
            ("12345", None),
            ("1234567", None),
            ("12345a", None),
            ("١٢٣٤٥٦", None),
            ("abcde-fghj", None),
            ("abcde-fghjkm", None),
            ("abcde-fghju", None),
            ("abcde-fghjé", None),
        ] {
            assert_eq!(Code::parse(typed), code, "{typed}");
        }
        assert_eq!(Code::parse(&format!("123456{}", " ".repeat(60))), None, "nobody types that");
    }

    #[test]
    fn recovery_codes_are_read_as_they_are_shown() {
        let zeros = "0".repeat(64);
        assert_eq!(recovery_code(&zeros), "00000-00000");
        let hex = "00010a1f202af5ff3e9c0000";
        assert_eq!(recovery_code(hex), "01az0-anzyw");
        assert_eq!(Code::parse(&recovery_code(hex)), Some(Code::Recovery("01az0anzyw".into())));
    }

    #[test]
    fn one_step_either_way_and_none_twice() {
        for (seconds, last, expected) in [
            (1_000_020, -1, vec![33_333, 33_334, 33_335]),
            (1_000_049, -1, vec![33_333, 33_334, 33_335]),
            (1_000_050, -1, vec![33_334, 33_335, 33_336]),
            (1_000_020, 33_332, vec![33_333, 33_334, 33_335]),
            (1_000_020, 33_333, vec![33_334, 33_335]),
            (1_000_020, 33_334, vec![33_335]),
            (1_000_020, 33_335, vec![]),
            (1_000_020, 99_999, vec![]),
            (0, -1, vec![0, 1]),
        ] {
            let now = Timestamp::clamped(seconds * 1_000);
            assert_eq!(steps(now, last).collect::<Vec<_>>(), expected, "{seconds} after {last}");
        }
    }

    #[test]
    fn waits_double_up_to_a_day() {
        let minutes = |n: i64| Timestamp::clamped(n * 60_000);
        let left = |n: u64| Some(Duration::from_secs(n * 60));
        for (tries, minutes_later, expected) in [
            (0, 0, None),
            (4, 0, None),
            (5, 0, left(1)),
            (5, 1, None),
            (6, 0, left(2)),
            (6, 1, left(1)),
            (6, 2, None),
            (10, 31, left(1)),
            (10, 32, None),
            (15, 0, left(1_024)),
            (16, 0, left(1_440)),
            (u32::MAX, 1_439, left(1)),
            (u32::MAX, 1_440, None),
        ] {
            let found = wait(tries, minutes(100), 5, minutes(100 + minutes_later));
            assert_eq!(found, expected, "{tries} tries, {minutes_later} minutes later");
        }
    }
}
