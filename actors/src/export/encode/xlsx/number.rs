//! Which numbers a spreadsheet keeps.

/// What becomes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// A number cell.
    Plain,
    /// A number cell whose format shows all digits; Excel's own shows `1.23E+11` from twelve digits on.
    Long,
    /// A text cell: as a number it would lose digits.
    Text,
}

/// Digits that Excel shows and a double keeps.
const DIGITS: usize = 15;
/// 2^53: up to it, a double holds every whole number.
const WHOLE: u64 = 1 << 53;
/// Powers of ten of a first digit that a double holds with all [`DIGITS`].
const POWERS: std::ops::RangeInclusive<i64> = -307..=307;

/// Judges a number as JSON writes it.
#[inline]
pub(super) fn judge(text: &[u8]) -> Number {
    if text.len() <= 11 && !text.iter().any(|byte| matches!(byte, b'e' | b'E')) {
        return Number::Plain;
    }
    thorough(text)
}

fn thorough(text: &[u8]) -> Number {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let split = text.iter().position(|byte| matches!(byte, b'e' | b'E'));
    let (mantissa, exponent) = split.and_then(|at| text.split_at_checked(at)).unwrap_or((text, b""));
    let exponent = match exponent.get(1..).map(std::str::from_utf8) {
        None => 0,
        // What is no number of 64 bits is far out of range anyway.
        Some(digits) => digits.ok().and_then(|digits| digits.parse::<i64>().ok()).unwrap_or(i64::MAX),
    };
    let point = mantissa.iter().position(|byte| *byte == b'.').unwrap_or(mantissa.len());
    let is_digit = |byte: &&u8| byte.is_ascii_digit();
    let digits = || mantissa.iter().filter(is_digit);
    let leading = digits().take_while(|digit| **digit == b'0').count();
    let trailing = digits().rev().take_while(|digit| **digit == b'0').count();
    let count = digits().count();
    if leading == count {
        return Number::Plain;
    }
    if count - leading - trailing > DIGITS {
        return Number::Text;
    }
    let power = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    let first = (power(point) - 1 - power(leading)).saturating_add(exponent);
    if !POWERS.contains(&first) {
        return Number::Text;
    }
    if point < mantissa.len() || split.is_some() {
        return Number::Plain;
    }
    let whole = std::str::from_utf8(mantissa).ok().and_then(|digits| digits.parse::<u64>().ok());
    match whole {
        Some(0..=99_999_999_999) => Number::Plain,
        Some(whole) if whole <= WHOLE => Number::Long,
        _ => Number::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_cell_loses_no_digit() {
        for text in [
            "0",
            "-0",
            "1",
            "-5",
            "1.50",
            "1e-7",
            "1E+5",
            "-2.5e-300",
            "99999999999",
            "0.1",
            "123456789012.345",
            "0.000000000000000000001",
            "0e999999999999999999999",
            "0.0000000000000",
            "1e300",
            "9.99e307",
            "1e-307",
        ] {
            assert_eq!(judge(text.as_bytes()), Number::Plain, "{text}");
        }
        for text in ["100000000000", "-999999999999999", "9007199254740000"] {
            assert_eq!(judge(text.as_bytes()), Number::Long, "{text}");
        }
        for text in [
            "9007199254740993",
            "9007199254740991",
            "9007199254741000",
            "1234567890123456",
            "0.1234567890123456",
            "1E400",
            "1e308",
            "1e-308",
            "-1e-999",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "100000000000000000000",
            "18446744073709551616",
        ] {
            assert_eq!(judge(text.as_bytes()), Number::Text, "{text}");
        }
    }
}
