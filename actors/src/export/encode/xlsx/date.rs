//! Days and instants as Excel counts them.
//!
//! A date is a number of days, 1 for 1900-01-01 (ECMA-376 part 1, 18.17.4.1). Excel counts a 1900-02-29 that never was,
//! so that numbers are unambiguous only from 61, 1900-03-01, on. The last day is 9999-12-31.

use super::super::time::{DAY_MS, days};

/// Days from Excel's day 0 (from day 61 on) to 1970-01-01.
const EPOCH: i64 = 25_569;
/// 1900-03-01.
const FIRST: i64 = 61;
/// 9999-12-31.
const LAST: i64 = 2_958_465;
/// Nanoseconds of a millisecond.
const MS: i64 = 1_000_000;

/// What a text that names a time names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Date {
    /// A day since 1970-01-01.
    Day(i64),
    /// A day since 1970-01-01, and nanoseconds within it, in UTC.
    Instant(i64, i64),
}

impl Date {
    /// From milliseconds since 1970-01-01T00:00:00Z.
    #[inline]
    pub(super) fn of_ms(ms: i64) -> Self {
        Self::Instant(ms.div_euclid(DAY_MS), ms.rem_euclid(DAY_MS) * MS)
    }

    /// Reads `2026-01-31`, or a date-time of RFC 3339.
    #[inline]
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        if text.len() < 10 || text.get(4) != Some(&b'-') || text.get(7) != Some(&b'-') {
            return None;
        }
        let year = number(text, 0, 4)?;
        let month = number(text, 5, 2).filter(|month| (1..=12).contains(month))?;
        let day = number(text, 8, 2).filter(|day| (1..=length(year, month)).contains(day))?;
        let day = days(year, month, day);
        if text.len() == 10 { Some(Self::Day(day)) } else { instant(day, text) }
    }

    /// Writes it as Excel's number; whether it has one.
    #[inline]
    pub(super) fn serial(self, out: &mut Vec<u8>) -> bool {
        let (day, nanos) = match self {
            Self::Day(day) => (day, 0),
            Self::Instant(day, nanos) => (day, nanos),
        };
        let serial = day + EPOCH;
        if !(FIRST..=LAST).contains(&serial) {
            return false;
        }
        decimal(serial, 1, out);
        if nanos > 0 {
            out.push(b'.');
            // A millisecond is 1.16e-8 days: ten digits tell it apart, twelve a microsecond.
            if nanos % MS == 0 {
                decimal((nanos / MS * 10_000_000_000 + DAY_MS / 2) / DAY_MS, 10, out);
            } else {
                let day = i128::from(DAY_MS) * i128::from(MS);
                decimal(i64::try_from(i128::from(nanos) * 1_000_000_000_000 / day).unwrap_or_default(), 12, out);
            }
            while out.last() == Some(&b'0') {
                out.pop();
            }
        }
        true
    }
}

/// The time and offset behind a date.
fn instant(day: i64, text: &[u8]) -> Option<Date> {
    let hour = number(text, 11, 2).filter(|hour| *hour < 24)?;
    let minute = number(text, 14, 2).filter(|minute| *minute < 60)?;
    let second = number(text, 17, 2).filter(|second| *second < 60)?;
    let marks = (text.get(10)?, text.get(13)?, text.get(16)?);
    if !matches!(marks, (b'T' | b't', b':', b':')) {
        return None;
    }
    let mut rest = text.get(19..)?;
    let mut nanos = 0;
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 {
            return None;
        }
        for at in 0..9 {
            let digit = fraction.get(at).filter(|byte| byte.is_ascii_digit()).map_or(0, |byte| i64::from(byte - b'0'));
            nanos = nanos * 10 + digit;
        }
        rest = fraction.get(length..)?;
    }
    let offset = match rest {
        b"Z" | b"z" => 0,
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let hours = number(rest, 1, 2).filter(|hours| *hours < 24)?;
            let minutes = number(rest, 4, 2).filter(|minutes| *minutes < 60)?;
            let offset = hours * 60 + minutes;
            if *sign == b'-' { -offset } else { offset }
        }
        _ => return None,
    };
    let minutes = hour * 60 + minute - offset;
    let day = day + minutes.div_euclid(1_440);
    Some(Date::Instant(day, (minutes.rem_euclid(1_440) * 60 + second) * 1_000 * MS + nanos))
}

/// The days of a month.
fn length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The number that these digits are.
#[inline]
fn number(text: &[u8], from: usize, length: usize) -> Option<i64> {
    let digits = text.get(from..from + length)?;
    digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

/// Writes a number that is not negative, with zeros in front up to that many digits.
#[inline]
pub(super) fn decimal(number: i64, digits: usize, out: &mut Vec<u8>) {
    let mut text = [b'0'; 20];
    let mut rest = number;
    let mut used = 0;
    for place in text.iter_mut().rev() {
        if rest == 0 && used >= digits {
            break;
        }
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
        used += 1;
    }
    out.extend_from_slice(text.get(text.len() - used..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_excels_numbers() {
        for (text, serial) in [
            ("1900-03-01", "61"),
            ("1970-01-01", "25569"),
            ("2000-02-29", "36585"),
            ("9999-12-31", "2958465"),
            ("2026-11-24T12:00:00Z", "46350.5"),
            ("2026-11-24t00:00:00z", "46350"),
            ("2026-11-24T01:00:00+01:00", "46350"),
            ("2026-11-23T23:30:00-00:30", "46350"),
            ("2026-11-24T00:00:00.001Z", "46350.0000000116"),
            ("2026-11-24T23:59:59.999Z", "46350.9999999884"),
            ("2026-11-24T00:00:00.000001Z", "46350.000000000011"),
            ("2026-11-24T00:00:00.1234567899Z", "46350.000001428898"),
        ] {
            let mut out = Vec::new();
            assert!(Date::parse(text.as_bytes()).unwrap().serial(&mut out), "{text}");
            assert_eq!(String::from_utf8(out).unwrap(), serial, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_stays_text() {
        for text in [
            "",
            "2026",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "2026-1-1",
            "2026-01-01 ",
            "20260101",
            "2026-01-01T",
            "2026-01-01T00:00",
            "2026-01-01T00:00:00",
            "2026-01-01 00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T23:59:60Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00+0100",
            "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00Zx",
            "2026-W01-01",
            "+026-01-01",
            "2026-01-01T00:00:00+1:000",
        ] {
            assert_eq!(Date::parse(text.as_bytes()), None, "{text}");
        }
        for text in ["1900-02-28", "0001-01-01", "9999-12-31T23:59:59-00:01", "1900-03-01T00:00:00+00:01"] {
            assert!(!Date::parse(text.as_bytes()).unwrap().serial(&mut Vec::new()), "{text}");
        }
    }
}
