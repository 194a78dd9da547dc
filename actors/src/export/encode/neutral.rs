//! Text that a spreadsheet would run as a formula (OWASP ASVS 1.2.10).

use super::text::REPLACEMENT;

/// Whether `text` begins as a formula may, so that it gets an apostrophe in front.
///
/// Such are `= + - @`, their fullwidth forms, tab, line feed, carriage return and NUL. A text that is a negative
/// number as JSON writes it, such as `-5`, cannot do anything and stays as it is.
#[inline]
pub(super) fn is_dangerous(text: &[u8]) -> bool {
    match text.first() {
        Some(b'=' | b'+' | b'@' | b'\t' | b'\n' | b'\r' | 0) => true,
        Some(b'-') => !is_number(text),
        Some(0xef) => ["＝", "＋", "－", "＠"].iter().any(|wide| text.starts_with(wide.as_bytes())),
        _ => false,
    }
}

/// Whether `text` is a number as JSON writes it (RFC 8259, section 6).
pub(super) fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.first() == Some(&b'0')) {
        return false;
    }
    let mut rest = rest.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = fraction.get(length..).unwrap_or_default();
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        let exponent = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        let length = digits(exponent);
        if length == 0 {
            return false;
        }
        rest = exponent.get(length..).unwrap_or_default();
    }
    rest.is_empty()
}

/// A header as it is written: harmless, and without NUL.
pub(super) fn header(text: &str) -> String {
    let guard = if is_dangerous(text.as_bytes()) { "'" } else { "" };
    format!("{guard}{text}").replace('\0', REPLACEMENT.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_run_is_told_from_what_may_not() {
        for text in
            ["=1+1", "+1", "-x", "-", "-1-1", "--1", "-5 ", "-05", "@x", "\tx", "\rx", "\nx", "\0", "＝1", "＠a"]
        {
            assert!(is_dangerous(text.as_bytes()), "{text:?}");
        }
        for text in ["", "x", "-5", "-0.5e-3", "-0", "1-1", "'=1", " =1", "\"=1", "ｅ", "５", "é"] {
            assert!(!is_dangerous(text.as_bytes()), "{text:?}");
        }
    }

    #[test]
    fn numbers_are_those_of_json() {
        for text in ["0", "-0", "10", "1.5", "1e9", "1E+9", "-1.25e-10"] {
            assert!(is_number(text.as_bytes()), "{text}");
        }
        for text in ["", "-", "01", "1.", ".5", "1e", "1e+", "+1", "1 ", "0x1", "1,5"] {
            assert!(!is_number(text.as_bytes()), "{text}");
        }
    }
}
