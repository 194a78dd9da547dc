//! What the escapes in a JSON string mean.

/// Stands for what cannot be written, such as half of a surrogate pair.
pub(super) const REPLACEMENT: char = '\u{fffd}';

/// Decodes the inside of a JSON string (RFC 8259, section 7) into `out`, which is emptied first. Returns how many
/// lone surrogates became U+FFFD.
pub(super) fn decode(raw: &str, out: &mut String) -> u64 {
    out.clear();
    let mut replaced = 0;
    let mut rest = raw;
    while let Some((plain, escape)) = memchr::memchr(b'\\', rest.as_bytes()).and_then(|at| rest.split_at_checked(at)) {
        out.push_str(plain);
        let mut length = 2;
        match escape.as_bytes().get(1) {
            Some(b'n') => out.push('\n'),
            Some(b't') => out.push('\t'),
            Some(b'r') => out.push('\r'),
            Some(b'b') => out.push('\u{8}'),
            Some(b'f') => out.push('\u{c}'),
            Some(b'u') => {
                let character;
                (character, length) = unit(escape.as_bytes());
                replaced += u64::from(character.is_none());
                out.push(character.unwrap_or(REPLACEMENT));
            }
            Some(other) => out.push(char::from(*other)),
            None => {}
        }
        rest = escape.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    replaced
}

/// The character of `\uXXXX`, or of two of them that are a surrogate pair, and how long its text is.
fn unit(escape: &[u8]) -> (Option<char>, usize) {
    let first = hex(escape, 0);
    if let Some(0xd800..0xdc00) = first
        && let Some(low @ 0xdc00..0xe000) = hex(escape, 6)
    {
        let code = 0x1_0000 + ((first.unwrap_or_default() - 0xd800) << 10) + (low - 0xdc00);
        return (char::from_u32(code), 12);
    }
    (first.and_then(char::from_u32), 6)
}

/// The number in the `\uXXXX` at `at`.
fn hex(escape: &[u8], at: usize) -> Option<u32> {
    let digits = escape.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_mean_characters() {
        let mut out = String::from("old");
        for (raw, text, replaced) in [
            ("", "", 0),
            ("plain é", "plain é", 0),
            (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t", 0),
            (r"a\u00e9b\u6771", "aéb東", 0),
            (r"\ud83d\ude9a!", "🚚!", 0),
            (r"\uD83D\uDE9A", "🚚", 0),
            (r"\ud83d", "\u{fffd}", 1),
            (r"\ude9a\ud83d", "\u{fffd}\u{fffd}", 2),
            (r"\ud83dx\ud83d\n", "\u{fffd}x\u{fffd}\n", 2),
            (r"\ud83d\ud83d\ude9a", "\u{fffd}🚚", 1),
            (r"\u0000", "\0", 0),
        ] {
            assert_eq!(decode(raw, &mut out), replaced, "{raw}");
            assert_eq!(out, text, "{raw}");
        }
    }
}
