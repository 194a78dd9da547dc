//! What a JSON parser does not tell: depth, numbers no double can hold, and where in a document an offset lies.
//!
//! Nothing here recurses, so depth costs no stack.

use std::ops::Range;

/// Something valid by the grammar that is refused all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// A number beyond the range of a double (RFC 8259, section 6).
    NumberTooLarge,
    /// Half of a surrogate pair (RFC 8259, section 8.2).
    LoneSurrogate,
}

impl Flaw {
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::NumberTooLarge => "is a number beyond the range of a double",
            Self::LoneSurrogate => "has half of a surrogate pair, which is no character",
        }
    }
}

/// What a scan found. Only meaningful for text that a parser accepts, but for the depth.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scan {
    /// Where the nesting first went past the limit; the scan ended there.
    pub(super) too_deep: Option<usize>,
    /// Other flaws with their offsets, at most [`MAX_FLAWS`].
    pub(super) flaws: Vec<(usize, Flaw)>,
}

const MAX_FLAWS: usize = 20;

/// A number of fewer characters and without an exponent is below 1e300.
const SHORT_NUMBER: usize = 300;

/// Reads the text once. `max_depth` counts arrays and objects, the outermost included.
pub(super) fn scan(text: &[u8], max_depth: usize) -> Scan {
    let mut found = Scan::default();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'"' => {
                let lone;
                (at, lone) = string_end(text, at);
                if lone {
                    found.note(start, Flaw::LoneSurrogate);
                }
            }
            b'{' | b'[' => {
                depth += 1;
                if depth > max_depth {
                    found.too_deep = Some(start);
                    return found;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'-' | b'0'..=b'9' => {
                at = number_end(text, at);
                if is_too_large(text.get(start..at).unwrap_or_default()) {
                    found.note(start, Flaw::NumberTooLarge);
                }
            }
            _ => {}
        }
    }
    found
}

impl Scan {
    fn note(&mut self, at: usize, flaw: Flaw) {
        if self.flaws.len() < MAX_FLAWS {
            self.flaws.push((at, flaw));
        }
    }
}

/// The offset behind the closing quote of the string whose content begins at `at`, and whether it has a lone surrogate.
fn string_end(text: &[u8], mut at: usize) -> (usize, bool) {
    let mut lone = false;
    let mut high = false;
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => break,
            b'\\' if text.get(at) == Some(&b'u') => {
                let unit = text.get(at + 1..at + 5).and_then(hex4).unwrap_or(0);
                at += 5;
                let low = (0xdc00..0xe000).contains(&unit);
                lone |= high != low;
                high = (0xd800..0xdc00).contains(&unit);
            }
            b'\\' => {
                lone |= std::mem::take(&mut high);
                at += 1;
            }
            _ => lone |= std::mem::take(&mut high),
        }
    }
    (at, lone || high)
}

fn hex4(digits: &[u8]) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn number_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let digits = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    at + rest.iter().position(|byte| !digits(byte)).unwrap_or(rest.len())
}

fn is_too_large(number: &[u8]) -> bool {
    let suspect = number.len() >= SHORT_NUMBER || number.iter().any(|byte| matches!(byte, b'e' | b'E'));
    suspect
        && std::str::from_utf8(number).ok().and_then(|number| number.parse::<f64>().ok()).is_some_and(f64::is_infinite)
}

/// The JSON pointer (RFC 6901) of the value that begins at `offset`, or that encloses it.
pub(super) fn pointer_at(text: &[u8], offset: usize) -> String {
    let mut stack: Vec<Level> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if at >= offset {
            break;
        }
        let start = at;
        at += 1;
        match byte {
            b'"' => {
                at = string_end(text, at).0;
                if let Some(Level::Object { key, in_key: in_key @ true }) = stack.last_mut() {
                    *key = start..at;
                    *in_key = false;
                }
            }
            b'{' => stack.push(Level::Object { key: 0..0, in_key: true }),
            b'[' => stack.push(Level::Array { index: 0 }),
            b'}' | b']' => _ = stack.pop(),
            b',' => match stack.last_mut() {
                Some(Level::Array { index }) => *index += 1,
                Some(Level::Object { in_key, .. }) => *in_key = true,
                None => {}
            },
            _ => {}
        }
    }
    stack.iter().map(|level| level.token(text)).collect()
}

/// One array or object on the way down to an offset.
enum Level {
    Array { index: usize },
    Object { key: Range<usize>, in_key: bool },
}

impl Level {
    fn token(&self, text: &[u8]) -> String {
        match self {
            Self::Array { index } => format!("/{index}"),
            Self::Object { key, .. } => {
                let key = text.get(key.clone()).and_then(|key| serde_json::from_slice::<String>(key).ok());
                format!("/{}", escape_token(&key.unwrap_or_default()))
            }
        }
    }
}

/// A key as a token of a JSON pointer.
pub(super) fn escape_token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Line and column of an offset, both from 1, columns in bytes.
pub(super) fn line_and_column(text: &[u8], offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    (line, before.len() - line_start + 1)
}

/// A valid JSON text without the white space between its tokens.
pub(super) fn compact(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(quote) = rest.find('"') {
        let (outside, string) = rest.split_at(quote);
        out.extend(outside.chars().filter(|c| !c.is_ascii_whitespace()));
        let (end, _) = string_end(string.as_bytes(), 1);
        let (string, after) = string.split_at_checked(end).unwrap_or((string, ""));
        out.push_str(string);
        rest = after;
    }
    out.extend(rest.chars().filter(|c| !c.is_ascii_whitespace()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_too_deep_without_a_stack() {
        let deep = "[".repeat(100_000);
        assert_eq!(scan(deep.as_bytes(), 64).too_deep, Some(64));
        assert_eq!(scan(br#"{"a":[{"b":"[[[["}]}"#, 3), Scan::default());
        assert_eq!(scan(br#"{"a":[{"b":[]}]}"#, 3).too_deep, Some(11));
    }

    #[test]
    fn finds_numbers_and_surrogates_with_their_place() {
        for (text, flaw, pointer) in [
            (r#"{"a":{"b/c":[1,1e999]}}"#, Some(Flaw::NumberTooLarge), "/a/b~1c/1"),
            (r#"{"a":-1e400}"#, Some(Flaw::NumberTooLarge), "/a"),
            (r#"[{"x":1},{"y~":"\ud800"}]"#, Some(Flaw::LoneSurrogate), "/1/y~0"),
            (r#"{"a":"\udc00\ud800"}"#, Some(Flaw::LoneSurrogate), "/a"),
            (r#"{"a":"\ud83d\ude00","b":1e308,"c":"1e999","d":"\\ud800"}"#, None, ""),
        ] {
            let found = scan(text.as_bytes(), 64).flaws;
            assert_eq!(found.first().map(|(_, flaw)| *flaw), flaw, "{text}");
            if let Some((at, _)) = found.first() {
                assert_eq!(pointer_at(text.as_bytes(), *at), pointer, "{text}");
            }
        }
        let huge = format!("{{\"n\":{}}}", "9".repeat(400));
        assert_eq!(scan(huge.as_bytes(), 64).flaws, [(5, Flaw::NumberTooLarge)]);
    }

    #[test]
    fn counts_lines_and_columns_from_one() {
        for (offset, place) in [(0, (1, 1)), (3, (2, 1)), (4, (2, 2)), (99, (2, 3))] {
            assert_eq!(line_and_column(b"ab\ncd", offset), place);
        }
    }

    #[test]
    fn compacts_outside_strings_only() {
        let mut out = String::new();
        compact("{ \"a b\" :\n [ 1,\t\"x\\\" y\" ] }", &mut out);
        assert_eq!(out, "{\"a b\":[1,\"x\\\" y\"]}");
    }
}
